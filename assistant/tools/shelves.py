"""What is left in stock, what runs out, what stands still, and what it is worth."""

from decimal import ROUND_DOWN, Decimal

import features
from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import unit_of
from assistant.desk import Desk
from assistant.parts import Figure, Understood
from assistant.plan import Plan, Stop
from assistant.shelves import BY_BRANCH, LOW, STILL
from core.language import join, plural
from core.periods import Period, day_label
from features.query import Filter, Query

SHOWN = 8
SOON_DAYS = 14
_NO_BRANCHES = "Tu planilla de inventario no dice la sucursal: te lo digo por producto, para todo el negocio."
_ADD_BRANCHES = "Si le agregas una columna Sucursal, te lo separo."


def stock(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """What is left of the named products, in the named branch where there is one, or what runs out first."""
    asked = _asked(plan, desk)
    found, whole = _found(asked, plan, desk, report)
    if isinstance(found, Stop):
        return found
    _understood(plan, report)
    if BY_BRANCH in plan.notes and not whole and not asked.products:
        _branches(found, desk, report)
        return None
    if whole:
        asked = _Asked(asked.products, ())  # what is told is of the whole business, and says so
    told, head = _chosen(found, plan, asked, desk)
    shown = [_Told(one, desk, report) for one in told[:SHOWN]]
    report.facts += [f"{t.stock.product} {day_label(t.stock.counted_on)}" for t in shown]
    if asked.products and len(shown) == 1:
        shown[0].say_all(report)
        return None
    report.note(head)
    report.say("\n".join(f"{i}. {t.line(report)}" for i, t in enumerate(shown, 1)))
    if len(told) > SHOWN:
        report.note(f"Y {plural(len(told) - SHOWN, 'producto más', 'productos más')}.")
    if shown:
        oldest = min(t.stock.counted_on for t in shown)
        report.note(f"Según tu conteo del {day_label(oldest)}, menos lo vendido desde entonces.")
    report.follow_ups += ["¿Cuánto vale mi inventario?", "¿Qué productos se venden más?"]
    return None


def stock_value(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """What the stock cost, at the last known unit cost of each product; what has none is left out and named."""
    asked = _asked(plan, desk)
    found, whole = _found(asked, plan, desk, report)
    if isinstance(found, Stop):
        return found
    _understood(plan, report)
    branch = None if whole else asked.branch
    told = features.stock_value(desk.scope, desk.connection, desk.today, asked.products, branch)
    if not told.known:
        what = join(list(told.unknown[:3])) or "lo que queda"
        return Stop(
            "no_data", "stock_cost", f"Sé cuánto queda, pero no cuánto cuesta: no conozco el costo de {what}. Agrega "
            "una columna Costo unitario a tu planilla de inventario, y te digo cuánto vale.",
            ("¿Qué se me está acabando?",),
        )  # fmt: skip
    money = unit_of(features.metric("sales"), desk.currency)
    cited = _cited(found[0], report)
    query = _query(found[0].counted_on, desk, ())

    def figure(value: Decimal, name: str, kind: str) -> Figure:
        return report.figure(query, value, label=name, kind=kind, unit=money, citation=cited)

    total = figure(told.total, "valor del inventario", "stock_value")
    where = f" en {branch}" if branch else ""
    of = f" de {join(asked.products)}" if asked.products else ""
    report.facts += [*asked.products, branch or ""]
    report.say(f"Tu inventario{of}{where} vale **{report.told(total)}** al costo: lo que queda por su último costo.")
    made = [figure(one.value, one.product, "stock_product_value") for one in told.known[:SHOWN]]
    report.facts += [one.product for one in told.known]
    if len(made) > 1:
        report.say("\n".join(f"{i}. {f.label}: {report.told(f)}" for i, f in enumerate(made, 1)))
        report.chart("Inventario al costo", charts.bars(made, [f.label for f in made], "Valor al costo"))
    if told.unknown:
        count = len(told.unknown)
        few = f": {join(list(told.unknown))}" if count <= 3 else ""
        of_them = plural(count, "producto no conozco el costo", "productos no conozco el costo")
        report.note(f"De {of_them}{few}. No {'está' if count == 1 else 'están'} en la suma.")
    by_sales = sum(one.by == "sales" for one in told.known)
    if by_sales:
        said = "El costo sale de tus ventas" if by_sales == len(told.known) else (
            f"El costo de {plural(by_sales, 'producto', 'productos')} sale de tus ventas, el resto de tu inventario"
        )  # fmt: skip
        report.note(f"{said}.")
    report.follow_ups += ["¿Qué se me está acabando?", "¿Qué productos no se mueven?"]
    return None


class _Asked:
    """The products and the branch that a plan names; a category as the products sold under it."""

    def __init__(self, products: tuple[str, ...], branches: tuple[str, ...]) -> None:
        self.products, self.branches = products, branches
        self.branch = branches[0] if len(branches) == 1 else None


def _asked(plan: Plan, desk: Desk) -> _Asked:
    named = {f.dimension: f.members for f in plan.filters}
    products = named.get("product", ())
    if "category" in named:
        only = Query(("sales",), desk.have, dimension="product", filters=(Filter("category", named["category"]),))
        products += tuple(r.member for r in desk.run(only).rows)
    return _Asked(products, named.get("branch", ()))


def _found(
    asked: _Asked, plan: Plan, desk: Desk, report: Report
) -> tuple[tuple[features.Stock, ...], bool] | tuple[Stop, bool]:
    """What is left, and whether of the whole business: also where a branch is asked and the sheets count none."""
    by_branch = asked.branches or BY_BRANCH in plan.notes
    shelves = features.stock_by_branch(desk.scope, desk.connection, desk.today, asked.products) if by_branch else ()
    if by_branch and shelves:
        found = shelves
        if asked.branches:
            found = tuple(
                s for b in asked.branches
                for s in features.stock(desk.scope, desk.connection, desk.today, asked.products, b)
            )  # fmt: skip
        if found:
            return found, False
        what = f" de {join(asked.products)}" if asked.products else ""
        there = join(sorted({s.branch for s in shelves}))
        return Stop(
            "no_data", "stock", f"No tengo un conteo{what} en {join(asked.branches)}. Lo tengo en {there}.",
            ("Stock por sucursal",),
        ), False  # fmt: skip
    found = features.stock(desk.scope, desk.connection, desk.today, asked.products)
    if not found:
        what = f" de {join(asked.products)}" if asked.products else ""
        return Stop(
            "no_data", "stock", f"No tengo un conteo{what} en tus planillas de inventario. Si lo agregas y la subes, "
            "te respondo al tiro.", ("¿Qué se me está acabando?",),
        ), True  # fmt: skip
    if LOW in plan.notes:
        # A shelf may be empty where the business as a whole has enough.
        shelves = features.stock_by_branch(desk.scope, desk.connection, desk.today, asked.products)
        counted = {s.product for s in shelves}
        return (*shelves, *(s for s in found if s.product not in counted)), True
    if by_branch:
        report.note(f"{_NO_BRANCHES} {_ADD_BRANCHES}")
    return found, True


def _chosen(
    found: tuple[features.Stock, ...], plan: Plan, asked: _Asked, desk: Desk
) -> tuple[list[features.Stock], str]:
    """Which of them are told, and how that is said."""
    pace = "al ritmo de las últimas cuatro semanas"
    where = f" en {join(asked.branches)}" if asked.branches else ""
    if asked.products:
        return list(found), f"Lo que queda{where}, {pace}:"
    if LOW in plan.notes:
        low = [s for s in found if s.low]
        if not any(s.minimum is not None for s in found):
            return [], "Tu planilla de inventario no trae mínimos: agrégale una columna Stock mínimo y te aviso."
        return low, f"Están en su mínimo o bajo él{where}:" if low else f"Nada está bajo su mínimo{where}."
    if STILL in plan.notes:
        still = [s for s in found if s.pace <= 0 and s.left > 0]
        said = f"No se han vendido en cuatro semanas y siguen en stock{where}:"
        return (
            still,
            said if still else f"Todo lo que tienes en stock{where} se ha vendido en las últimas cuatro semanas.",
        )
    if plan.whens and plan.whens[0].period.end >= desk.today:
        # Asked on a Monday, this week lasts until Sunday.
        until = plan.whens[0].period.end
        if plan.whens[0].to_date and plan.whens[0].grain:
            until = Period.of(plan.whens[0].grain, until).end
        days = max((until - desk.today).days, 0) + 1
        soon = [s for s in found if s.days is not None and s.days < days]
        said = f"Se acaban de aquí al {day_label(until)}{where}, {pace}:"
        return soon, said if soon else f"Nada se acaba de aquí al {day_label(until)}{where}, {pace}."
    urgent = [s for s in found if s.low or (s.days is not None and s.days <= SOON_DAYS)]
    head = "Lo que se acaba primero" if urgent else "Nada se acaba pronto. Lo que menos dura"
    return urgent or list(found), f"{head}{where}, {pace}:"


def _branches(found: tuple[features.Stock, ...], desk: Desk, report: Report) -> None:
    """A line a branch: how many products, and what runs out first there."""
    names = list(dict.fromkeys(s.branch for s in sorted(found, key=lambda s: s.branch)))
    lines = []
    for name in names:
        here = [s for s in found if s.branch == name]
        first = next((s for s in here if s.days is not None), None)
        counted = plural(len(here), "producto", "productos")
        report.facts += [f"{name}: {counted}"]
        ends = f"; lo primero que se acaba: {_Told(first, desk, report).line(report, False)}" if first else ""
        lines.append(f"- **{name}**: {counted}{ends}")
    report.say("Por sucursal, según tu último conteo menos lo vendido ahí desde entonces:")
    report.say("\n".join(lines))
    report.note(f"El conteo más antiguo es del {day_label(min(s.counted_on for s in found))}.")
    report.follow_ups += [f"¿Qué se me está acabando en {names[0]}?", "¿Cuánto vale mi inventario?"]


def _understood(plan: Plan, report: Report) -> None:
    report.understood = Understood(
        plan.intent, (),
        filters=tuple({"dimension": f.dimension, "members": list(f.members), "exclude": False} for f in plan.filters),
    )  # fmt: skip


def _query(counted: object, desk: Desk, filters: tuple[Filter, ...]) -> Query:
    start = min(counted, desk.today) if isinstance(counted, type(desk.today)) else desk.today
    return Query(("units",), Period(start, desk.today), filters=filters)


def _cited(one: features.Stock, report: Report) -> str:
    title = f"Inventario del {day_label(one.counted_on)}"
    report.facts.append(title)
    return report.cite_other(
        "upload", title, f"{one.product}: línea {one.source_line} de tu planilla.", f"/datos/{one.upload_id}"
    )


class _Told:
    """A product's stock with its figures in the report."""

    def __init__(self, stock: features.Stock, desk: Desk, report: Report) -> None:
        self.stock = stock
        filters = [Filter("product", (stock.product,)), *([Filter("branch", (stock.branch,))] if stock.branch else [])]
        query = _query(stock.counted_on, desk, tuple(filters))
        cited = _cited(stock, report)
        report.facts.append(stock.branch)

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
        where = f" en {one.branch}" if one.branch else ""
        report.say(f"Te queda{'' if one.left == 1 else 'n'} **{report.told(self.left)}** de {one.product}{where}.")
        if one.followed:
            report.say(
                f"Contaste {report.told(self.counted)} el {day_label(one.counted_on)} y desde entonces vendiste "
                f"{report.told(self.sold)}{' ahí' if where else ''}."
            )
            if one.short:
                report.say("Se vendió más de lo contado: llegó mercadería después. Cuéntalo de nuevo y súbelo.")
        else:
            report.say(
                f"Es lo que contaste el {day_label(one.counted_on)}: tus ventas no dicen qué ha salido de {one.branch}."
            )
            return
        if self.days.value is not None:
            report.say(f"Al ritmo de las últimas cuatro semanas alcanza para {self._days(report)}.")
        if self.minimum is not None and one.low:
            report.say(f"Estás en tu mínimo o bajo él ({report.told(self.minimum)}).")

    def line(self, report: Report, named: bool = True) -> str:
        lasts = "" if self.days.value is None or not self.stock.followed else f", para {self._days(report)}"
        short = ", se vendió más de lo contado" if self.stock.short else ""
        low = f" (mínimo {report.told(self.minimum)})" if self.minimum is not None and self.stock.low else ""
        where = f" en {self.stock.branch}" if named and self.stock.branch else ""
        return f"{self.stock.product}{where}: quedan {report.told(self.left)}{lasts}{low}{short}"

    def _days(self, report: Report) -> str:
        if not self.days.value:
            return "menos de un día"
        return f"{report.told(self.days)} {'día' if self.days.value == 1 else 'días'}"
