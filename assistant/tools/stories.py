"""More than one figure: the summary of a period, and what moved between two."""

from decimal import Decimal
from itertools import islice

import features
from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import RATIO, change, clause, exact, short
from assistant.desk import Desk
from assistant.horizon import Span
from assistant.parts import Figure
from assistant.plan import Plan, Stop
from assistant.tools.beside import series
from assistant.tools.common import baselines, figure, members, span, understood, value
from assistant.tools.values import _in, _more, _two, alike, compared
from core.periods import Period, label
from features import metric as declared
from features.query import Filter, Query

_DRIVERS = ("branch", "category", "product", "channel")
_OF_EXPENSES = ("expense_kind", "supplier", "branch")


def summary(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """How it went: sales with comparisons, transactions, ticket, margin, and who moved most."""
    found = span(plan, desk, "month")
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    sales = figure(report, desk, "sales", found.period, plan.filters)
    if not sales.value:
        report.say(f"No hubo ventas {_in(found)}{clause(plan.filters)}: **{report.told(sales)}**.")
        report.note(found.note)
        return None
    report.say(f"Vendiste **{report.told(sales)}** {_in(found)}{clause(plan.filters)} (neto de devoluciones).")
    report.say(compared(sales, found, desk, report, plan.filters))
    report.say(_three(plan, desk, report, found))
    report.say(_movers(plan, desk, report, found))
    series("sales", found, plan.filters, desk, report)
    report.note(found.note)
    report.follow_ups += ["¿Por qué cambió?", "¿Qué productos se vendieron más?", "¿Cómo han evolucionado mis ventas?"]
    return None


def _three(plan: Plan, desk: Desk, report: Report, found: Span) -> str:
    """'1.234 transacciones (+3 %) de $6.800 en promedio (+4 %); de cada 100 pesos te quedan 38.'"""
    said = []
    for id in ("transactions", "average_ticket"):
        one = figure(report, desk, id, found.period, plan.filters)
        if one.value is not None:
            text = f"{report.told(one)} {'transacciones' if id == 'transactions' else 'de ticket promedio'}"
            said.append(f"{text}{_moved(one, found, desk, report, plan.filters)}")
    if not desk.lacks("gross_margin"):
        one = figure(report, desk, "gross_margin", found.period, plan.filters)
        if one.value is not None:
            said.append(f"margen bruto de {report.told(one)}")
    return f"Fueron {', '.join(said)}." if said else ""


def _moved(one: Figure, found: Span, desk: Desk, report: Report, filters: tuple[Filter, ...]) -> str:
    previous = baselines(found, desk)[0]
    was = value(desk, one.metric, previous, filters) if previous else None
    if previous is None or not was or one.value is None:
        return ""
    query = Query((one.metric,), previous, filters=filters)
    ratio = report.figure(
        query, (one.value - was) / was, label=f"cambio frente a {label(previous)}", kind="change", unit=RATIO
    )
    return f" ({report.told(ratio) if (ratio.value or 0) < 0 else change(ratio.value or Decimal(0))})"


def _movers(plan: Plan, desk: Desk, report: Report, found: Span) -> str:
    """Who rose and who fell most against the period before."""
    previous = baselines(found, desk)[0]
    dimension = next((d for d in ("category", "product", "branch") if not desk.lacks_dimension(d)), None)
    if previous is None or dimension is None:
        return ""
    moves = differences(desk, "sales", found.period, previous, dimension, plan.filters)
    if len(moves) < 2:
        return ""
    said = []
    for (member, gap), verb in ((moves[-1], "Lo que más subió"), (moves[0], "lo que más bajó")):
        if (gap > 0) == verb.startswith("Lo"):
            query = Query(("sales",), found.period, filters=plan.filters)
            one = report.figure(query, gap, slice={dimension: member}, label=f"cambio de {member}", kind="change")
            said.append(f"{verb}: {member} ({'+' if gap > 0 else ''}{short(one.value, one.unit)})")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def differences(
    desk: Desk, metric: str, now: Period, base: Period, dimension: str, filters: tuple[Filter, ...]
) -> list[tuple[str, Decimal]]:
    """Each member's change between two periods, the biggest fall first."""
    after = {r.member: r.value or Decimal(0) for r in members(desk, metric, now, dimension, filters)}
    was = {r.member: r.value or Decimal(0) for r in members(desk, metric, base, dimension, filters)}
    gaps = {m: after.get(m, Decimal(0)) - was.get(m, Decimal(0)) for m in {**was, **after}}
    return sorted(((m, g) for m, g in gaps.items() if g), key=lambda p: (p[1], p[0]))


def why(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """What a change consists of: tickets or their size, and which members; never a cause."""
    spans = _two(plan, desk)
    if isinstance(spans, Stop):
        return spans
    now, base = spans
    report.understood = understood(plan, now, base)
    id = plan.metrics[0] if declared(plan.metrics[0]).additive else "sales"
    now, base = alike(id, now, base, desk)
    gap = _change(id, now, base, plan, desk, report)
    if gap is None:
        return None
    if id == "sales":
        report.say(_volume_or_price(now, base, plan, desk, report))
    found = (_drivers(id, d, now, base, plan, desk, gap) for d in _driver_dimensions(id, plan, desk))
    for dimension, top in islice((one for one in found if one), 2):
        report.say(_driven(id, dimension, top, now, plan, report))
    _own_up(id, plan, report)
    report.say("Los datos no dicen la causa; sí dónde estuvo el cambio.")
    report.note(now.note)
    report.follow_ups += [
        "¿En qué gasté más?" if id == "expenses" else "¿Y por producto?",
        f"¿Cómo me fue en {now.label}?",
    ]
    return None


def _change(id: str, now: Span, base: Span, plan: Plan, desk: Desk, report: Report) -> Decimal | None:
    a = figure(report, desk, id, now.period, plan.filters)
    b = figure(report, desk, id, base.period, plan.filters)
    name = declared(id).name
    if a.value is None or not b.value:
        report.say(f"No hay {name} en {base.label} con que comparar.")
        return None
    gap = a.value - b.value
    query = Query((id,), now.period, filters=plan.filters)
    ratio = report.figure(query, gap / b.value, label="cambio", kind="change", unit=RATIO)
    report.figure(query, gap, label="diferencia", kind="difference")
    text = change(ratio.value or Decimal(0))
    premise = ""
    asked_down = "baj" in plan.intent
    if gap == 0 or (asked_down and gap > 0):
        premise = "No bajaron: "
    report.say(f"{premise}{name.capitalize()} {_in(now)}{clause(plan.filters)}: **{report.told(a)}**, "
               f"{exact(abs(gap), a.unit)} {_more(gap)} que {_in(base)} ({text}).")  # fmt: skip
    return gap


def _volume_or_price(now: Span, base: Span, plan: Plan, desk: Desk, report: Report) -> str:
    """More tickets or bigger ones: the two factors of sales."""
    said = []
    for id, name in (("transactions", "transacciones"), ("average_ticket", "ticket promedio")):
        a, b = value(desk, id, now.period, plan.filters), value(desk, id, base.period, plan.filters)
        if not a or not b or (a < 0) != (b < 0):
            return ""
        query = Query((id,), now.period, filters=plan.filters)
        ratio = report.figure(query, (a - b) / b, label=f"cambio de {name}", kind="change", unit=RATIO)
        said.append((name, ratio.value or Decimal(0), (a / b).ln()))
    (first, one, weight), (second, two, other) = said
    # The factors multiply: half and double weigh the same, and the one that went the other way explains nothing.
    main = first if abs(weight) >= abs(other) else second
    return f"Se explica sobre todo por {main}: {first} {change(one)}, {second} {change(two)}."


def _driver_dimensions(id: str, plan: Plan, desk: Desk) -> list[str]:
    fixed = {f.dimension for f in plan.filters if not f.exclude and len(f.members) == 1}
    known, usual = features.splits(declared(id)), _OF_EXPENSES if id == "expenses" else _DRIVERS
    asked = [plan.dimension] if plan.dimension in known else []
    return list(dict.fromkeys(d for d in (*asked, *usual) if d not in fixed and not desk.lacks_dimension(d)))


def _drivers(
    id: str, dimension: str, now: Span, base: Span, plan: Plan, desk: Desk, gap: Decimal
) -> tuple[str, list[tuple[str, Decimal]]] | None:
    """The members that moved most the way of the whole; None where none did, or where none of them has a name."""
    moves = differences(desk, id, now.period, base.period, dimension, plan.filters)
    same = [m for m in moves if (m[1] < 0) == (gap < 0)]
    top = same[:3] if gap < 0 else same[::-1][:3]
    return (dimension, top) if any(m != features.dimension(dimension).unknown for m, _ in top) else None


def _driven(id: str, dimension: str, top: list[tuple[str, Decimal]], now: Span, plan: Plan, report: Report) -> str:
    query = Query((id,), now.period, filters=plan.filters)
    said, made = [], []
    for member, amount in top:
        one = report.figure(query, amount, slice={dimension: member}, label=f"cambio de {member}", kind="change")
        said.append(f"{member} ({'+' if amount > 0 else ''}{short(one.value, one.unit)})")
        made.append(one)
    if len(made) > 1:
        name = f"Cambio por {features.dimension(dimension).name}"
        report.chart(name, charts.bars(made, [m for m, _ in top], name))
    return f"Por {features.dimension(dimension).name}, lo que más pesa: {', '.join(said)}."


def contribution(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Which members explain a change, in order of their part."""
    spans = _two(plan, desk)
    if isinstance(spans, Stop):
        return spans
    now, base = spans
    report.understood = understood(plan, now, base)
    id = plan.metrics[0] if declared(plan.metrics[0]).additive else "sales"
    now, base = alike(id, now, base, desk)
    dimension = plan.dimension or _driver_dimensions(id, plan, desk)[0]
    moves = [m for m in differences(desk, id, now.period, base.period, dimension, plan.filters)
             if m[0] != features.dimension(dimension).unknown]  # fmt: skip
    if plan.order == "desc":
        moves.reverse()
    if not moves:
        return Stop("no_data", "no_data", f"No hubo cambios por {features.dimension(dimension).name} entre "
                    f"{base.label} y {now.label}.")  # fmt: skip
    query = Query((id,), now.period, filters=plan.filters)
    shown = moves[: plan.limit or 5]
    made = [report.figure(query, g, slice={dimension: m}, label=f"cambio de {m}", kind="change") for m, g in shown]
    first, amount = shown[0]
    was = {r.member: r.value for r in members(desk, id, base.period, dimension, plan.filters)}.get(first)
    relative = ""
    if was and was > 0:
        ratio = report.figure(
            query, amount / was, slice={dimension: first}, label=f"cambio de {first}", kind="change", unit=RATIO
        )
        relative = f" ({change(ratio.value or Decimal(0))})"
    fewest = "menos" if (amount < 0) != (plan.order == "asc") else "más"  # all rose: who rose least "fell most"
    verb = f"la que {fewest} {'bajó' if amount < 0 else 'subió'}"
    if not features.dimension(dimension).feminine:
        verb = verb.replace("la que", "el que")
    one = made[0]
    report.say(f"**{first}** es {verb}: {exact(abs(amount), one.unit)} {_more(amount)} {_in(now)} que {_in(base)}"
               f"{relative}.")  # fmt: skip
    if len(shown) > 1:
        report.say("\n".join(f"{i}. {m}: {'+' if g > 0 else ''}{report.told(f)}"
                             for i, ((m, g), f) in enumerate(zip(shown, made, strict=True), 1)))  # fmt: skip
    _own_up(id, plan, report)
    _total(id, now, base, plan, desk, report)
    report.chart(f"Cambio por {features.dimension(dimension).name}",
                 charts.bars(made, [m for m, _ in shown], "Cambio"))  # fmt: skip
    report.note(now.note)
    report.follow_ups.append("¿Por qué?")
    return None


def _own_up(id: str, plan: Plan, report: Report) -> None:
    """A change is told apart only for what adds up; asked of another figure, it is said that this is of sales."""
    if id != plan.metrics[0]:
        report.say(f"Qué movió tu {declared(plan.metrics[0]).name} no lo sé separar todavía; esto es de tus ventas.")


def _total(id: str, now: Span, base: Span, plan: Plan, desk: Desk, report: Report) -> None:
    a, b = value(desk, id, now.period, plan.filters), value(desk, id, base.period, plan.filters)
    if a is None or b is None:
        return
    query = Query((id,), now.period, filters=plan.filters)
    one = report.figure(query, a)
    two = report.figure(Query((id,), base.period, filters=plan.filters), b)
    gap = report.figure(query, a - b, label="cambio total", kind="change")
    report.say(f"En total, {declared(id).name}: {report.told(one)} contra {report.told(two)} "
               f"({'+' if a > b else ''}{report.told(gap)}).")  # fmt: skip
