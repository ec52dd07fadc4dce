"""What was spent on what: by kind and by supplier, in one period and over time."""

from dataclasses import replace
from decimal import Decimal

import features
from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import RATIO, clause
from assistant.books import DIMENSION, named_in
from assistant.desk import Desk
from assistant.horizon import Default, Span
from assistant.parts import Figure
from assistant.plan import Plan, Stop
from assistant.tools.common import span, understood
from assistant.tools.values import _in
from core.language import plural
from core.periods import Grain, Period, label
from features.query import Filter, Query

SHOWN = 8
_COLUMNS, _SPANS = 5, 24
_MANY = {"category": "tipo de gasto", "supplier": "proveedor"}
_WORDS = {Grain.day: "día", Grain.week: "semana", Grain.month: "mes", Grain.quarter: "trimestre", Grain.year: "año"}


def spending(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Expenses by kind or by supplier, or those of one of them with their part of the whole."""
    found = _span(plan, desk)
    if isinstance(found, Stop):
        return found
    if "sales" in plan.metrics:
        return _of_sales(plan, found, desk, report)
    by = plan.into or "category"
    name = named_in(plan, by)
    others = tuple(f for f in plan.filters if f.dimension != DIMENSION[by])
    rows = features.spending(found.period, by, others, desk.scope, desk.connection)
    query = Query((plan.metrics[0],), found.period, filters=others)
    report.understood = understood(plan, found)
    whole = report.figure(query, sum((r.total for r in rows), Decimal(0)), label="gastos")
    if name:
        _one(name, by, found, rows, query, whole, report)
    elif not rows:
        report.say(f"No hay gastos anotados {_in(found)}{clause(others)}.")
    else:
        _ranked(by, found, rows, query, whole, min(plan.limit or SHOWN, SHOWN), report)
        if not desk.lacks("operating_result"):
            report.follow_ups.append("¿Cuál fue mi resultado después de gastos?")
    report.note(found.note)
    return None


def _of_sales(plan: Plan, found: Span, desk: Desk, report: Report) -> Stop | None:
    """Expenses as a part of what was sold."""
    report.understood = understood(plan, found)
    query = Query(plan.metrics, found.period, filters=plan.filters)
    told = desk.run(query)
    spent, sold = told.value("expenses"), told.value("sales")
    ratio = _part(spent, sold)
    if ratio is None or spent is None:
        return Stop("no_data", "no_data", f"Me faltan gastos o ventas {_in(found)} para comparar.", ("¿Cuánto gasté?",))
    one = report.figure(query, ratio, label="gastos sobre ventas", kind="of_sales", unit=RATIO)
    whole = report.figure(query, spent, label="gastos")
    sales = report.figure(replace(query, metrics=("sales",)), sold, label="ventas")
    where = f"{_in(found)}{clause(plan.filters)}"
    report.say(
        f"Tus gastos fueron el **{report.told(one)}** de tus ventas {where}: {report.told(whole)} de "
        f"{report.told(sales)}. No cuenta lo que te costó lo vendido."
    )
    report.note(found.note)
    report.follow_ups += ["¿En qué gasté más?", "¿Cuál fue mi resultado después de gastos?"]
    return None


def _ranked(
    by: str, found: Span, rows: tuple[features.Spending, ...], query: Query, whole: Figure, most: int, report: Report
) -> None:
    # What nobody named leads no list, however much it is.
    rows = (*(r for r in rows if not _unnamed(r)), *(r for r in rows if _unnamed(r)))
    made = [_figure(query, by, r.name, r.total, by, report) for r in rows[:most]]
    first = made[0]
    part = report.figure(query, _part(first.value, whole.value), label=first.label, kind="share", unit=RATIO)
    report.say(
        f"Donde más gastaste {_in(found)}{clause(query.filters)} fue en **{first.label}**: {report.told(first)}, "
        f"{report.told(part)} de los {report.told(whole)} en total."
    )
    if len(made) > 1:
        report.say("\n".join(f"{i}. {f.label}: {report.told(f)}" for i, f in enumerate(made, 1)))
        report.chart("Gastos", charts.bars(made, [f.label for f in made], f"Gastos por {_MANY[by]}"))
    if len(rows) > most:
        report.note(f"Y {plural(len(rows) - most, 'más', 'más')}.")
    report.facts += [r.name for r in rows]
    named = "" if _unnamed(rows[0]) else rows[0].name
    report.follow_ups += [f"Gastos de {named} por mes"] if named else ["¿Cómo han evolucionado mis gastos por mes?"]


def _one(
    name: str, by: str, found: Span, rows: tuple[features.Spending, ...], query: Query, whole: Figure, report: Report
) -> None:
    report.facts.append(name)
    value = next((r.total for r in rows if r.name == name), Decimal(0))
    if not value:
        report.say(f"No hay gastos en {name} anotados {_in(found)}{clause(query.filters)}.")
        return
    one = _figure(query, by, name, value, "spent", report)
    part = report.figure(query, _part(one.value, whole.value), label=name, kind="share", unit=RATIO)
    total = "tus gastos" if not query.filters else "esos gastos"
    when = f"{_in(found)}{clause(query.filters)}"
    report.say(f"Gastaste **{report.told(one)}** en {name} {when}: {report.told(part)} de {total}.")
    report.follow_ups += [f"Gastos de {name} por mes", "¿En qué gasté más?"]


def spending_over(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """The biggest kinds of expense, or suppliers, beside each other span by span."""
    by, grain = plan.into or "category", plan.grain or Grain.month
    found = _span(plan, desk, "all")
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    query = Query((plan.metrics[0],), found.period, grain, DIMENSION[by], plan.filters)
    _table(by, grain, query, found, desk, report)
    report.note(found.note)
    report.follow_ups += ["¿En qué gasté más?", "¿Cómo han evolucionado mis gastos por mes?"]
    return None


def _table(by: str, grain: Grain, query: Query, found: Span, desk: Desk, report: Report) -> None:
    cells = {(r.period, r.member): r.value or Decimal(0) for r in desk.run(query).rows}
    totals: dict[str, Decimal] = {}
    for (_, name), value in cells.items():
        totals[name] = totals.get(name, Decimal(0)) + value
    names = sorted(totals, key=lambda n: (-totals[n], n))[:_COLUMNS]
    if not names:
        report.say(f"No hay gastos anotados {_in(found)}{clause(query.filters)}.")
        return
    spans = list(found.period.spans(grain))[-_SPANS:]
    told = Query(query.metrics, found.period, filters=query.filters)
    rows = []
    for one in spans:
        made = [_figure(told, by, n, cells.get((one, n), Decimal(0)), "spent", report, one) for n in names]
        rows.append(f"| {label(one)} | {' | '.join(report.told(f) for f in made)} |")
    report.facts += [*names, *(label(one) for one in spans), str(len(names))]
    left = f", los {len(names)} más grandes" if len(totals) > len(names) else ""
    report.say(f"Tus gastos por {_MANY[by]} y por {_WORDS[grain]}, {found.label}{clause(query.filters)}{left}:")
    report.say("\n".join([f"| Período | {' | '.join(names)} |", f"|---|{'---:|' * len(names)}", *rows]))


def _unnamed(one: features.Spending) -> bool:
    return one.name.startswith("(sin ")


def _figure(
    query: Query, by: str, name: str, value: Decimal, kind: str, report: Report, span: Period | None = None
) -> Figure:
    """What was spent on one of them; its source are those lines alone, where the books name it."""
    only = replace(
        query, filters=(*query.filters, Filter(DIMENSION[by], (name,))), period=span or query.period, dimension=None
    )
    return report.figure(only, value, label=name, slice={by: name}, kind=kind)


def _span(plan: Plan, desk: Desk, default: Default = "month") -> Span | Stop:
    """The plan's period as far as the books cover it. Stop where they cover nothing of it."""
    found = span(plan, desk, default)
    if isinstance(found, Stop):
        return found
    covered = features.expense_coverage(desk.scope, desk.connection)
    assert covered is not None  # planned only where there are expenses
    inside = found.period.overlap(covered)
    if inside is None or (inside != found.period and found.period.days <= 31):
        return Stop(
            "no_data", "no_data", f"Tus gastos van {_from_to(covered)}: de {found.label} no los tengo completos. "
            "¿Subimos los que faltan?", (),
        )  # fmt: skip
    if inside == found.period:
        return found
    note = f"Tus gastos van {_from_to(covered)}: cuento lo que hay."
    return replace(found, period=inside, label=label(inside), note=" ".join(n for n in (note, found.note) if n))


def _from_to(period: Period) -> str:
    text = label(period)
    return text if text.startswith("del ") else f"de {text}"


def _part(one: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return one / whole if one is not None and whole else None
