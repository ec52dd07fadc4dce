"""Reports to start from."""

from dataclasses import dataclass

from server.reports.spans import Kind
from server.reports.spec import Block, Draft, Only, Spec
from server.views.view import Chart, Compare


@dataclass(frozen=True, slots=True)
class Template:
    """`says` tells an owner what it is good for."""

    id: str
    says: str
    draft: Draft


def _kpis(*metrics: str) -> Block:
    return Block(id="b1", chart=Chart.kpi, metrics=metrics, compare=Compare.previous)


TEMPLATES: tuple[Template, ...] = (
    Template(
        "sucursales",
        "Cuánto vende cada sucursal, contra el mes anterior, y cómo viene en el año.",
        Draft(
            title="Ventas por sucursal",
            spec=Spec(
                blocks=(
                    _kpis("sales", "transactions", "average_ticket"),
                    Block(id="b2", chart=Chart.bar, metrics=("sales",), rows="branch", compare=Compare.previous,
                          order="desc"),
                    Block(id="b3", chart=Chart.line, metrics=("sales",), rows="month", columns="branch",
                          span=Kind.last_12_months),
                    Block(id="b4", chart=Chart.table, metrics=("sales", "transactions", "average_ticket"),
                          rows="branch", order="desc"),
                )
            ),
        ),
    ),
    Template(
        "productos",
        "Los diez que más venden, y la lista de los cincuenta primeros con sus unidades y precio.",
        Draft(
            title="Productos que más venden",
            spec=Spec(
                blocks=(
                    Block(id="b1", chart=Chart.bar, metrics=("sales",), rows="product", order="desc", limit=10),
                    Block(id="b2", chart=Chart.table, metrics=("sales", "units", "average_price"), rows="product",
                          order="desc", limit=50, compare=Compare.previous),
                )
            ),
        ),
    ),
    Template(
        "horario",
        "A qué hora y qué día se vende: para los turnos y los horarios.",
        Draft(
            title="Horario de ventas",
            spec=Spec(
                span=Kind.last_3_months,
                blocks=(
                    Block(id="b1", chart=Chart.heatmap, metrics=("sales",), rows="hour", columns="weekday"),
                    Block(id="b2", chart=Chart.bar, metrics=("transactions",), rows="weekday"),
                    Block(id="b3", chart=Chart.bar, metrics=("average_ticket",), rows="hour"),
                ),
            ),
        ),
    ),
    Template(
        "margen",
        "Qué te queda de cada categoría. Necesita que tus archivos traigan el costo.",
        Draft(
            title="Margen por categoría",
            spec=Spec(
                blocks=(
                    _kpis("sales", "gross_profit", "gross_margin"),
                    Block(id="b2", chart=Chart.bar, metrics=("gross_margin",), rows="category", order="desc"),
                    Block(id="b3", chart=Chart.scatter, metrics=("sales", "gross_margin"), rows="product", order="desc",
                          limit=60),
                    Block(id="b4", chart=Chart.table, metrics=("sales", "cost", "gross_profit", "gross_margin"),
                          rows="category", order="desc"),
                )
            ),
        ),
    ),
    Template(
        "clientes",
        "Cuántos compran, cuántos vuelven y quiénes son los que más compran.",
        Draft(
            title="Clientes",
            spec=Spec(
                blocks=(
                    _kpis("active_customers", "new_customers", "returning_customers", "sales_per_customer"),
                    Block(id="b2", chart=Chart.line, metrics=("new_customers", "returning_customers"), rows="month",
                          span=Kind.last_12_months),
                    Block(id="b3", chart=Chart.table, metrics=("sales", "transactions"), rows="customer",
                        filters=(Only(dimension="customer", members=("(sin cliente)",), exclude=True),), order="desc",
                          limit=25),
                )
            ),
        ),
    ),
    Template(
        "cierre",
        "El cierre del mes en una página: cifras, tendencia, canales y medios de pago.",
        Draft(
            title="Cierre del mes",
            spec=Spec(
                blocks=(
                    _kpis("sales", "transactions", "average_ticket", "units"),
                    Block(id="b2", chart=Chart.line, metrics=("sales",), rows="day", compare=Compare.year),
                    Block(id="b3", chart=Chart.pie, metrics=("sales",), rows="channel"),
                    Block(id="b4", chart=Chart.pie, metrics=("sales",), rows="payment_method"),
                    Block(id="b5", chart=Chart.text, title="Notas", text="Escribe aquí lo que pasó en el mes."),
                )
            ),
        ),
    ),
)  # fmt: skip
BY_ID = {t.id: t for t in TEMPLATES}
BLANK = Draft(spec=Spec(blocks=(Block(id="b1", chart=Chart.bar),)))
