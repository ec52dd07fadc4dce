"""What was spent on what, and what is left in stock."""

from decimal import ROUND_DOWN, Decimal

import features
from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import RATIO
from assistant.books import ALL_BRANCHES
from assistant.desk import Desk
from assistant.parts import Figure, Understood
from assistant.plan import Plan, Stop
from assistant.tools.common import span, understood
from assistant.tools.values import _in
from core.language import join, plural
from core.periods import Period, day_label, label
from features.query import Filter, Query

SHOWN = 8
SOON_DAYS = 14
_MANY = {"category": "tipo de gasto", "supplier": "proveedor"}


def spending(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Expenses by kind or by supplier, or those of one of them."""
    found = span(plan, desk, "month")
    if isinstance(found, Stop):
        return found
    covered = features.expense_coverage(desk.scope, desk.connection)
    assert covered is not None  # planned only where there are expenses
    if not (covered.start <= found.period.start and found.period.end <= covered.end):
        return Stop(
            "no_data", "no_data", f"Tus gastos van {_from_to(covered)}: de {found.label} no los tengo completos. "
            "¿Subimos los que faltan?", (),
        )  # fmt: skip
    by = plan.into or "category"
    rows = features.spending(found.period, by, (), desk.scope, desk.connection)
    query = Query(("expenses",), found.period)
    report.understood = understood(plan, found)
    whole = report.figure(query, sum((r.total for r in rows), Decimal(0)), label="gastos")
    if plan.notes:
        return _one(plan.notes[0], rows, query, whole, f"{_in(found)}", report)
    if not rows:
        report.say(f"No hay gastos anotados {_in(found)}.")
        return None
    made = [report.figure(query, r.total, label=r.name, slice={by: r.name}, kind=by) for r in rows[:SHOWN]]
    first = made[0]
    part = report.figure(query, _part(first.value, whole.value), label=first.label, kind="share", unit=RATIO)
    report.say(
        f"Donde más gastaste {_in(found)} fue en **{first.label}**: {report.told(first)}, {report.told(part)} de los "
        f"{report.told(whole)} en total."
    )
    if len(made) > 1:
        report.say("\n".join(f"{i}. {f.label}: {report.told(f)}" for i, f in enumerate(made, 1)))
        report.chart("Gastos", charts.bars(made, [f.label for f in made], f"Gastos por {_MANY[by]}"))
    if len(rows) > SHOWN:
        report.say(f"Y {plural(len(rows) - SHOWN, 'más chico', 'más chicos')}.")
        report.facts.append(str(len(rows) - SHOWN))
    report.facts += [r.name for r in rows]
    if not desk.lacks("operating_result"):
        report.follow_ups.append("¿Cuál fue mi resultado después de gastos?")
    report.follow_ups += ["¿Cómo han evolucionado mis gastos por mes?"]
    report.note(found.note)
    return None


def _from_to(period: Period) -> str:
    text = label(period)
    return text if text.startswith("del ") else f"de {text}"


def _one(
    name: str, rows: tuple[features.Spending, ...], query: Query, whole: Figure, when: str, report: Report
) -> Stop | None:
    row = next((r for r in rows if r.name == name), None)
    one = report.figure(query, row.total if row else Decimal(0), label=name, kind="spent")
    report.facts.append(name)
    if row is None:
        report.say(f"No hay gastos en {name} anotados {when}.")
        return None
    part = report.figure(query, _part(one.value, whole.value), label=name, kind="share", unit=RATIO)
    report.say(f"Gastaste **{report.told(one)}** en {name} {when}: {report.told(part)} de tus gastos.")
    report.follow_ups.append("¿En qué gasté más?")
    return None


def _part(one: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return one / whole if one is not None and whole else None


def stock(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """What is left of the named products, or what runs out first."""
    products = tuple(m for f in plan.filters for m in f.members)
    found = features.stock(desk.scope, desk.connection, desk.today, products)
    if not found:
        what = f" de {join(products)}" if products else ""
        return Stop(
            "no_data", "stock", f"No tengo un conteo{what} en tus planillas de inventario. Si lo agregas y la subes, "
            "te respondo al tiro.", ("¿Qué se me está acabando?",),
        )  # fmt: skip
    report.understood = Understood(
        plan.intent, (), filters=tuple({"dimension": "product", "members": [p], "exclude": False} for p in products)
    )
    urgent = [s for s in found if s.low or (s.days is not None and s.days <= SOON_DAYS)]
    told = found if products else (urgent or found)
    shown = [_Told(one, desk, report) for one in told[:SHOWN]]
    report.facts += [f"{t.stock.product} {day_label(t.stock.counted_on)}" for t in shown]
    if ALL_BRANCHES in plan.notes:
        report.note("El inventario lo veo por producto, para todo el negocio: no lo separo por sucursal.")
    if products and len(shown) == 1:
        shown[0].say_all(report)
        return None
    head = "Lo que se acaba primero" if urgent or products else "Nada se acaba pronto. Lo que menos dura"
    report.say(f"{head}, al ritmo de las últimas cuatro semanas:")
    report.say("\n".join(f"{i}. {t.line(report)}" for i, t in enumerate(shown, 1)))
    oldest = min(t.stock.counted_on for t in shown)
    report.note(f"Según tu conteo del {day_label(oldest)}, menos lo vendido desde entonces.")
    report.follow_ups += ["¿Qué productos se venden más?"]
    return None


class _Told:
    """A product's stock with its figures in the report."""

    def __init__(self, stock: features.Stock, desk: Desk, report: Report) -> None:
        self.stock = stock
        day = Period(stock.counted_on, desk.today)
        query = Query(("units",), day, filters=(Filter("product", (stock.product,)),))
        title = f"Inventario del {day_label(stock.counted_on)}"
        cited = report.cite_other(
            "upload", title, f"{stock.product}: línea {stock.source_line} de tu planilla.", f"/datos/{stock.upload_id}"
        )
        report.facts.append(title)

        def figure(value: Decimal | None, label: str, kind: str, unit: str = "") -> Figure:
            return report.figure(
                query, value, label=f"{label} de {stock.product}", kind=kind, unit=unit, citation=cited
            )

        self.left = figure(stock.left, "lo que queda", "left")
        self.counted = figure(stock.counted, "contado", "counted")
        self.sold = figure(stock.sold, "vendido desde el conteo", "sold")
        whole = stock.days.quantize(Decimal(1), ROUND_DOWN) if stock.days is not None else None
        self.days = figure(whole, "días que alcanza", "days", "days")
        self.minimum = figure(stock.minimum, "mínimo", "minimum") if stock.minimum is not None else None

    def say_all(self, report: Report) -> None:
        one = self.stock
        report.say(f"Te quedan **{report.told(self.left)}** de {one.product}.")
        report.say(
            f"Contaste {report.told(self.counted)} el {day_label(one.counted_on)} y desde entonces vendiste "
            f"{report.told(self.sold)}."
        )
        if self.days.value is not None:
            report.say(f"Al ritmo de las últimas cuatro semanas alcanza para {self._days(report)}.")
        if self.minimum is not None and one.low:
            report.say(f"Estás en tu mínimo o bajo él ({report.told(self.minimum)}).")

    def line(self, report: Report) -> str:
        lasts = "" if self.days.value is None else f", para {self._days(report)}"
        low = f" (mínimo {report.told(self.minimum)})" if self.minimum is not None and self.stock.low else ""
        return f"{self.stock.product}: quedan {report.told(self.left)}{lasts}{low}"

    def _days(self, report: Report) -> str:
        if not self.days.value:
            return "menos de un día"
        return f"{report.told(self.days)} {'día' if self.days.value == 1 else 'días'}"
