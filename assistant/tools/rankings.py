"""Members set in order, split, shared out, concentrated, or held against one another."""

from dataclasses import replace
from decimal import Decimal

import features
from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import RATIO, change, clause, exact, headline, points, short
from assistant.desk import Desk
from assistant.horizon import Span
from assistant.parts import Figure
from assistant.plan import Plan, Stop
from assistant.tools.common import Pair, figure, leading, members, span, understood, unnamed, value
from assistant.tools.values import _in
from core.language import plural
from core.periods import WEEKDAYS, Grain
from features import metric as declared
from features.catalog.types import Unit
from features.query import Filter, Query, Row

_SHOWN = 10
_SPLIT = 15


def ranking(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Top or bottom members by a metric."""
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    dimension, id = plan.dimension or "product", plan.metrics[0]
    nonzero = declared(id).additive and plan.order == "desc" and id != "returns"
    shown = leading(desk, id, found.period, dimension, plan.filters, plan.order, plan.limit or _SHOWN, nonzero=nonzero)
    if not shown:
        return _empty(found, dimension)
    made = _list(shown, id, dimension, found, plan, report)
    head = declared(id)
    most = "menos" if plan.order == "asc" else "más"
    first, one = shown[0], declared(id)
    filtered = clause(plan.filters)
    led = f"**{first.member}** es {_article(dimension)} con {most} {head.name} {_in(found)}{filtered}"
    report.lines.insert(0, f"{led}: **{report.told(made[0])}**.")
    if id == "sales" and dimension in ("product", "category") and not desk.lacks("units"):
        _by_units(plan, desk, report, found, dimension, first.member)
    if dimension == "weekday" and one.additive:
        _by_day(plan, desk, report, found, first.member)
    if len(made) > 1:
        report.chart(f"{one.name.capitalize()} por {features.dimension(dimension).name}",
                     charts.bars(made, [r.member for r in shown], one.name.capitalize()))  # fmt: skip
    report.note(found.note)
    report.follow_ups += [f"¿Y {first.member}?", "¿Cómo han evolucionado mis ventas por mes?"]
    return None


def _empty(found: Span, dimension: str) -> Stop:
    plural = features.dimension(dimension).plural
    return Stop("no_data", "no_data", f"No hay {plural} con datos en {found.label}.", ("¿Cómo me fue el mes pasado?",))


def _article(dimension: str) -> str:
    one = features.dimension(dimension)
    return f"{'la' if one.feminine else 'el'} {one.name}"


def _list(
    shown: list[Row], id: str, dimension: str, found: Span, plan: Plan, report: Report, total: Decimal | None = None
) -> list[Figure]:
    """Each member's figure, and the list in words."""
    query = Query((id,), found.period, filters=plan.filters)
    made, lines, shares = [], [], []
    for row in shown:
        made.append(
            report.figure(_of(query, dimension, row.member), row.value, slice={dimension: row.member}, label=row.member)
        )
    for i, (row, one) in enumerate(zip(shown, made, strict=True), 1):
        share = ""
        if total and row.value is not None and total > 0:
            shares.append((row.member, row.value / total))
            share = f" ({exact(row.value / total, RATIO)})"
        lines.append(f"{i}. {row.member}: {report.told(one)}{share}")
    for member, part in shares:
        report.figure(
            query, part, slice={dimension: member}, label=f"participación de {member}", kind="share", unit=RATIO
        )
    if len(shown) > 1:
        report.say("\n".join(lines) if plan.view != "table" else _table(shown, made, dimension, report))
    return made


def _of(query: Query, dimension: str, member: str) -> Query:
    """The query of one member alone where several of its dimension were asked for: its source is its own lines."""
    if not any(f.dimension == dimension and not f.exclude for f in query.filters) or member.startswith("(sin "):
        return query
    return replace(query, filters=tuple(Filter(dimension, (member,)) if f.dimension == dimension and not f.exclude
                                        else f for f in query.filters))  # fmt: skip


def _table(shown: list[Row], made: list[Figure], dimension: str, report: Report) -> str:
    name = features.dimension(dimension).name.capitalize()
    rows = [f"| {r.member} | {report.told(f)} |" for r, f in zip(shown, made, strict=True)]
    return "\n".join([f"| {name} | {declared(made[0].metric).name.capitalize()} |", "|---|---:|", *rows])


def _by_day(plan: Plan, desk: Desk, report: Report, found: Span, first: str) -> None:
    """A month has five of some weekdays and four of others: which sells most a day is said too."""
    id, days = plan.metrics[0], dict[str, list[Decimal]]()
    for row in desk.run(Query((id,), found.period, Grain.day, filters=plan.filters)).rows:
        days.setdefault(WEEKDAYS[row.period.start.weekday()], []).append(row.value or Decimal(0))
    if first not in days:
        return
    averages = {name: sum(values, Decimal(0)) / len(values) for name, values in days.items()}
    best = min(averages, key=lambda n: averages[n] if plan.order == "asc" else -averages[n])
    query = Query((id,), found.period, filters=(*plan.filters, Filter("weekday", (best,))))
    one = report.figure(query, averages[best], slice={"weekday": best}, label=f"promedio por {best}", kind="average")
    if best == first:
        report.say(f"Cada {best} deja en promedio {report.told(one)}.")
        return
    counted = f"{_days(first, days)} y {_days(best, days)}"
    report.facts.append(counted)
    least = "menos" if plan.order == "asc" else "más"
    report.say(f"Pero hubo {counted}: en promedio por día, el que {least} deja es el **{best}**, {report.told(one)}.")


def _days(name: str, days: dict[str, list[Decimal]]) -> str:
    return plural(len(days[name]), name, name if name.endswith("s") else f"{name}s")


def _by_units(plan: Plan, desk: Desk, report: Report, found: Span, dimension: str, first: str) -> None:
    """Money and units may crown different ones: say so."""
    rows = leading(desk, "units", found.period, dimension, plan.filters, plan.order, 1)
    if not rows or rows[0].member == first:
        return
    query = Query(("units",), found.period, filters=plan.filters)
    one = report.figure(query, rows[0].value, slice={dimension: rows[0].member}, label=rows[0].member)
    report.say(f"En unidades, {'el que menos' if plan.order == 'asc' else 'el primero'} es {rows[0].member}: "
               f"{report.told(one)}.")  # fmt: skip


def breakdown(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """A metric for every member, with its share where parts make a whole."""
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    dimension, id = plan.dimension or "product", plan.metrics[0]
    every = members(desk, id, found.period, dimension, plan.filters)
    rows = [r for r in every if not unnamed(r, dimension)]
    if not rows:
        return _empty(found, dimension)
    order = features.dimension(dimension).order
    metric = declared(id)
    total = sum((r.value or Decimal(0) for r in every), Decimal(0)) if metric.additive else None
    shown = rows[: plan.limit or _SPLIT]
    if order and not plan.limit:
        shown = sorted(rows, key=lambda r: order.index(r.member) if r.member in order else len(order))
    made = _list(shown, id, dimension, found, plan, report, total)
    whole = figure(report, desk, id, found.period, plan.filters, label=f"{metric.name}, total")
    report.lines.insert(0, f"{headline(metric, report.told(whole))} {_in(found)}{clause(plan.filters)}, por "
                        f"{features.dimension(dimension).name}:")  # fmt: skip
    _rest(every, dimension, found, plan, report)
    if plan.counted and metric.additive:
        count = sum(1 for r in rows if r.value)
        one, many = features.dimension(dimension).name, features.dimension(dimension).plural
        counted = f"**{count}** {one if count == 1 else many} con {metric.name}"
        report.lines.insert(0, f"{counted} {_in(found)}{clause(plan.filters)}.")
        report.facts.append(str(count))
    if len(rows) > len(shown):
        report.say(f"Muestro {len(shown)} de {len(rows)} {features.dimension(dimension).plural}.")
        report.facts.append(f"{len(shown)} {len(rows)}")
    report.chart(f"{metric.name.capitalize()} por {features.dimension(dimension).name}",
                 charts.bars(made, [r.member for r in shown], metric.name.capitalize()))  # fmt: skip
    report.note(found.note)
    report.follow_ups += ["¿Y comparado con el período anterior?", "¿Cómo han evolucionado mis ventas por mes?"]
    return None


def _rest(rows: list[Row], dimension: str, found: Span, plan: Plan, report: Report) -> None:
    """What carries no name, told apart from the named ones."""
    rest = next((r for r in rows if unnamed(r, dimension)), None)
    if rest is None or rest.value is None:
        return
    query = Query((rest.metric,), found.period, filters=plan.filters)
    one = report.figure(query, rest.value, label=rest.member, kind="unnamed")
    report.say(f"Además, {report.told(one)} {rest.member.strip('()')}.")


def share(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """What part of the whole a member is, or every member."""
    own = next((f for f in plan.filters if not f.exclude and f.dimension not in ("weekday", "hour")), None)
    metric = declared(plan.metrics[0])
    if own is None or plan.dimension not in (None, own.dimension):
        return breakdown(plan, desk, report)
    if not metric.additive and metric.unit is not Unit.count:
        return Stop(
            "clarify",
            "share",
            f"El {metric.name} no se reparte en partes. ¿Lo quieres por {features.dimension(own.dimension).name}?",
        )
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    rest = tuple(f for f in plan.filters if f != own)
    part = value(desk, metric.id, found.period, plan.filters) or Decimal(0)
    whole = value(desk, metric.id, found.period, rest)
    if not whole:
        return _empty(found, own.dimension)
    query = Query((metric.id,), found.period, filters=plan.filters)
    name = ", ".join(own.members)
    one = report.figure(query, part / whole, label=f"participación de {name}", kind="share", unit=RATIO)
    a = report.figure(query, part)
    b = report.figure(Query((metric.id,), found.period, filters=rest), whole, label=f"{metric.name}, total")
    report.say(f"**{report.told(one)}** de tus {metric.name} {_in(found)} es {name}: {report.told(a)} de "
               f"{report.told(b)}.")  # fmt: skip
    report.note(found.note)
    report.follow_ups.append(f"¿Y por {features.dimension(own.dimension).name}?")
    return None


def compare_members(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Members of one dimension side by side, in the order they were named."""
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    id = plan.metrics[0]
    metric = declared(id)
    made: list[tuple[str, Figure]] = []
    for side in plan.sides:
        made.append((", ".join(side.members), figure(report, desk, id, found.period, (*plan.filters, side))))
    known = [(n, f) for n, f in made if f.value is not None]
    if not known:
        return _empty(found, plan.sides[0].dimension)
    best = max(known, key=lambda p: p[1].value or Decimal(0))
    other = min(known, key=lambda p: p[1].value or Decimal(0))
    said = "; ".join(f"{n}: **{report.told(f)}**" for n, f in made)
    report.say(f"{said} ({metric.name}, {found.label}{clause(plan.filters)}).")
    pair = Pair(best[1].value, other[1].value)
    if len(known) > 1 and pair.now is not None and pair.was is not None and pair.now != pair.was:
        query = Query((id,), found.period, filters=plan.filters)
        gap = report.figure(query, pair.now - pair.was, label="diferencia", kind="difference", unit=best[1].unit)
        apart, relative = points(pair.now - pair.was), ""
        if metric.unit is not Unit.ratio:
            apart = f"{short(gap.value, gap.unit)} más"
            if pair.ratio is not None:
                ratio = report.figure(query, pair.ratio, label="diferencia relativa", kind="difference", unit=RATIO)
                relative = f" ({change(ratio.value or Decimal(0))})"
        verb = "lleva" if metric.additive else "tiene"
        report.say(f"{best[0]} {verb} {apart} que {other[0]}{relative}.")
    report.chart(metric.name.capitalize(), charts.bars([f for _, f in made], [n for n, _ in made], metric.name))
    report.note(found.note)
    return None


def pareto(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """How few members make most of the whole."""
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    dimension, id = plan.dimension or "product", plan.metrics[0]
    if not declared(id).additive:
        id = "sales"
    every = members(desk, id, found.period, dimension, plan.filters)
    rows = [r for r in every if (r.value or 0) > 0 and not unnamed(r, dimension)]
    total = sum((r.value or Decimal(0) for r in rows), Decimal(0))
    if not total:
        return _empty(found, dimension)
    goal = Decimal(str(plan.share or 0.8))
    running, few = Decimal(0), []
    for row in rows:
        few.append(row)
        running += row.value or Decimal(0)
        if running >= goal * total:
            break
    query = Query((id,), found.period, filters=plan.filters)
    plural = features.dimension(dimension).plural
    shown = few[:_SHOWN]
    made = _list(shown, id, dimension, found, plan, report)
    count = report.figure(
        query, Decimal(len(few)), label=f"{plural} que hacen la mayor parte", kind="count", unit="count"
    )
    of = report.figure(query, Decimal(len(rows)), label=f"{plural} con ventas", kind="count", unit="count")
    part = report.figure(query, running / total, label="participación acumulada", kind="share", unit=RATIO)
    named = f" con {features.dimension(dimension).name} conocido" if len(every) > len(rows) else ""
    whole = f"{declared(id).name}{named} {_in(found)}{clause(plan.filters)}"
    report.lines.insert(
        0, f"**{report.told(count)} de {report.told(of)} {plural}** hacen el {report.told(part)} de tus {whole}."
    )
    if len(shown) < len(few):
        report.say(f"Muestro los {len(shown)} más grandes.")
        report.facts.append(str(len(shown)))
    report.chart(f"Concentración por {features.dimension(dimension).name}",
                 charts.bars(made, [r.member for r in shown], declared(id).name.capitalize()))  # fmt: skip
    report.note(found.note)
    return None
