"""The tools: each a typed function of a plan, and its line here. Both planners use this list and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.answers.report import Report
from assistant.desk import Desk
from assistant.plan import Plan, Stop
from assistant.tools import (
    around,
    beyond,
    books,
    customers,
    holidays,
    orders,
    rankings,
    series,
    shelves,
    stories,
    talk,
    targets,
    telling,
    values,
    watch,
)

Run = Callable[[Plan, Desk, Report], Stop | None]


@dataclass(frozen=True, slots=True)
class Tool:
    """`name` is the plan's intent; `takes` names the plan's fields it reads. Scope and clock are bound in the desk."""

    name: str
    run: Run
    description: str
    takes: tuple[str, ...] = ("metrics", "whens", "filters")


TOOLS: tuple[Tool, ...] = (
    Tool("value", values.single, "El valor de una o más métricas en un período, con su comparación."),
    Tool("compare", values.compare, "Dos períodos lado a lado: ambos valores, diferencia y cambio.",
         ("metrics", "whens", "filters", "compare")),
    Tool("growth", values.growth, "Cuánto creció o bajó una métrica.", ("metrics", "whens", "filters", "compare")),
    Tool("average", values.average, "Promedio por día, semana o mes.", ("metrics", "whens", "filters", "per")),
    Tool("ranking", rankings.ranking, "Los miembros con más o menos de una métrica.",
         ("metrics", "whens", "filters", "dimension", "order", "limit")),
    Tool("beyond", beyond.beyond, "Los miembros, días o meses sobre o bajo un monto.",
         ("metrics", "whens", "filters", "dimension", "grain", "order")),
    Tool("unsold", beyond.unsold, "Lo que no se vendió en un período y antes sí.", ("whens", "filters", "dimension")),
    Tool("breakdown", rankings.breakdown, "Una métrica por cada miembro de una dimensión.",
         ("metrics", "whens", "filters", "dimension")),
    Tool("share", rankings.share, "Qué parte del total es un miembro.", ("metrics", "whens", "filters", "dimension")),
    Tool("compare_members", rankings.compare_members, "Dos o más miembros lado a lado.",
         ("metrics", "whens", "filters", "sides")),
    Tool("pareto", rankings.pareto, "Cuántos miembros concentran la mayor parte.",
         ("metrics", "whens", "filters", "dimension", "share")),
    Tool("trend", series.trend, "Una métrica a lo largo del tiempo.", ("metrics", "whens", "filters", "grain")),
    Tool("best_period", series.best_period, "El mejor o peor día, semana, mes o año.",
         ("metrics", "whens", "filters", "grain", "order", "limit")),
    Tool("records", series.records, "Los récords: mejor día, semana y mes."),
    Tool("weekend", series.weekend, "Fines de semana contra días de semana, en promedio por día."),
    Tool("unusual", series.unusual, "Días fuera de lo común."),
    Tool("summary", stories.summary, "Cómo fue un período: ventas, transacciones, ticket, margen y qué se movió.",
         ("whens", "filters")),
    Tool("why", stories.why, "De qué se compone un cambio; nunca su causa.",
         ("metrics", "whens", "filters", "compare", "dimension")),
    Tool("contribution", stories.contribution, "Qué miembros explican un cambio.",
         ("metrics", "whens", "filters", "compare", "dimension", "order")),
    Tool("lost_customers", customers.lost, "Clientes que dejaron de comprar.", ("whens", "filters")),
    Tool("new_vs_returning", customers.new_and_returning, "Clientes nuevos y recurrentes.", ("whens", "filters")),
    Tool("inflation", around.inflation, "Cuánto de un cambio en ventas es inflación, rubro o propio.",
         ("whens", "filters")),
    Tool("convert", around.convert, "Ventas en UF o en dólares.", ("whens", "filters", "into")),
    Tool("winds", around.winds, "Qué vientos trae la economía, a favor y en contra.", ("whens", "into")),
    Tool("standing", around.standing, "El percentil frente a negocios parecidos.", ("metrics",)),
    Tool("attention", around.attention, "Lo más importante de un mes, sin que se pregunte por qué.", ("whens",)),
    Tool("holidays", holidays.holidays, "Una métrica en los feriados de un período.", ("metrics", "whens", "filters")),
    Tool("orders", orders.orders, "Las ventas (boletas) más grandes o más chicas, una por una.",
         ("whens", "filters", "order", "limit")),
    Tool("spending", books.spending, "En qué se gastó, por tipo de gasto o proveedor.", ("whens", "into")),
    Tool("spending_over", books.spending_over, "Un tipo de gasto o proveedor a lo largo del tiempo.",
         ("whens", "into", "grain")),
    Tool("stock", shelves.stock, "Lo que queda de cada producto y para cuántos días alcanza.", ("whens", "filters")),
    Tool("stock_value", shelves.stock_value, "Cuánto vale al costo lo que queda en inventario.", ("filters",)),
    Tool("target", targets.target, "Cuánto falta para la meta.", ("metrics", "whens", "filters", "amount")),
    Tool("definition", talk.definition, "Qué es una métrica y cómo se calcula.", ("metrics",)),
    Tool("help", talk.help, "Qué se puede preguntar.", ()),
    Tool("watch", watch.watch, "Avisar cuando una cifra cruza un límite.", ("metrics", "filters")),
    Tool("rewatch", watch.rewatch, "Cambiar un aviso que hay.", ("metrics", "filters")),
    Tool("retell", telling.retell, "Cambiar a quién o a qué hora se avisa.", ("metrics", "filters")),
    Tool("seen", telling.seen, "Marcar una alerta como vista, o posponerla.", ("metrics", "filters")),
    Tool("unwatch", watch.unwatch, "Dejar de avisar.", ("metrics", "filters")),
    Tool("watched", watch.watched, "Qué avisos hay.", ()),
    Tool("greeting", talk.help, "Saludo.", ()),
    Tool("thanks", talk.help, "Cortesía.", ()),
)  # fmt: skip

BY_NAME = {tool.name: tool for tool in TOOLS}
if len(BY_NAME) != len(TOOLS):
    raise ValueError("two tools share a name")
