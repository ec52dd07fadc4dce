"""What there is to download: each data set once, its columns with what they mean. Pure.

`sql` selects the columns in order, as the runtime role, so that the policies say whose rows these are; besides,
it names the transaction's company as {mine}, which is what an index is asked by.
"""

from dataclasses import dataclass
from typing import Literal, LiteralString

Kind = Literal["text", "number", "integer", "day", "instant", "flag", "vector"]
MINE: LiteralString = "nullif(current_setting('app.company_id', true), '')::uuid"


@dataclass(frozen=True, slots=True)
class Column:
    """`scale`: digits after the decimal mark, where it is a number."""

    name: str
    kind: Kind
    about: str
    scale: int = 6


@dataclass(frozen=True, slots=True)
class DataSet:
    """`day` is the column that its period is told by; '' where it has none. `optional` columns are left out unless
    asked for."""

    id: str
    name: str
    about: str
    sql: LiteralString
    columns: tuple[Column, ...]
    day: str = ""
    optional: tuple[str, ...] = ()


def C(name: str, kind: Kind, about: str, scale: int = 6) -> Column:  # noqa: N802  # one letter: a table is read by its words
    return Column(name, kind, about, scale)


_SALES = (
    C("fecha", "day", "Día de la venta"),
    C("hora", "integer", "Hora del día, si el archivo la trae"),
    C("venta", "text", "Número de boleta, factura o pedido"),
    C("tipo", "text", "venta o devolución"),
    C("producto", "text", "Nombre del producto"),
    C("codigo", "text", "Código del producto"),
    C("categoria", "text", "Categoría del producto"),
    C("cliente", "text", "Nombre del cliente"),
    C("rut_cliente", "text", "RUT o identificador del cliente"),
    C("sucursal", "text", "Sucursal"),
    C("canal", "text", "Canal de venta"),
    C("vendedor", "text", "Quién vendió"),
    C("medio_de_pago", "text", "Cómo se pagó"),
    C("ciudad", "text", "Ciudad o comuna"),
    C("pais", "text", "País"),
    C("cantidad", "number", "Unidades; negativas en una devolución"),
    C("precio_unitario", "number", "Precio por unidad"),
    C("descuento", "number", "Descuento de la línea, en plata"),
    C("total", "number", "Lo que pagó el cliente por la línea; negativo en una devolución"),
    C("costo", "number", "Costo de la línea"),
    C("impuesto", "number", "Impuesto de la línea"),
    C("moneda", "text", "Moneda de los montos"),
    C("archivo", "text", "Archivo de donde salió"),
    C("linea", "integer", "Fila de ese archivo"),
)
_DAYS = (
    C("fecha", "day", "Día"), C("tipo", "text", "venta o devolución"), C("sucursal", "text", "Sucursal"),
    C("canal", "text", "Canal"), C("vendedor", "text", "Quién vendió"), C("medio_de_pago", "text", "Medio de pago"),
    C("ciudad", "text", "Ciudad o comuna"), C("pais", "text", "País"),
    C("lineas", "integer", "Líneas sumadas"), C("ventas_distintas", "integer", "Boletas o pedidos que empiezan aquí"),
    C("cantidad", "number", "Unidades"), C("descuento", "number", "Descuentos"),
    C("total", "number", "Ventas, con devoluciones en negativo"), C("costo", "number", "Costo"),
)  # fmt: skip
_PRODUCTS = (
    C("mes", "day", "Primer día del mes"), C("tipo", "text", "venta o devolución"), C("producto", "text", "Producto"),
    C("codigo", "text", "Código"), C("categoria", "text", "Categoría"), C("sucursal", "text", "Sucursal"),
    C("lineas", "integer", "Líneas sumadas"), C("ventas_distintas", "integer", "Boletas o pedidos con el producto"),
    C("cantidad", "number", "Unidades"), C("total", "number", "Ventas, con devoluciones en negativo"),
    C("costo", "number", "Costo"),
)  # fmt: skip
_METRICS = (
    C("metrica", "text", "Qué se mide (sales = ventas, transactions = transacciones…)"),
    C("grano", "text", "day, week, month, quarter o year"), C("desde", "day", "Primer día del período"),
    C("dimension", "text", "Por qué se separa; vacío es todo el negocio"), C("miembro", "text", "Cuál de ellos"),
    C("valor", "number", "El valor, sin redondear", 10),
    C("lineas", "integer", "Líneas en que se apoya"), C("lineas_totales", "integer", "Líneas del período"),
)  # fmt: skip
_RANKS = (
    C("mes", "day", "Mes comparado"), C("medida", "text", "Qué se compara"), C("grupo", "text", "Con quiénes"),
    C("valor", "number", "Tu valor", 10), C("percentil", "integer", "De 0 a 100, dónde quedas"),
    C("percentil_bajo", "integer", "Margen inferior"), C("percentil_alto", "integer", "Margen superior"),
    C("negocios", "integer", "Cuántos negocios hay en el grupo"),
    C("p10", "number", "1 de cada 10 está por debajo", 10), C("p25", "number", "1 de cada 4 está por debajo", 10),
    C("p50", "number", "La mitad está por debajo", 10), C("p75", "number", "3 de cada 4 están por debajo", 10),
    C("p90", "number", "9 de cada 10 están por debajo", 10),
)  # fmt: skip

DATASETS: tuple[DataSet, ...] = (
    DataSet(
        "ventas", "Ventas, línea por línea", "Cada línea de tus archivos, ya limpia: con su archivo y su fila.",
        "SELECT f.sold_on, f.sold_hour, f.order_ref, CASE f.kind WHEN 'return' THEN 'devolución' ELSE 'venta' END, "
        "p.name, p.sku, p.category, coalesce(c.corrected_name, c.name), coalesce(c.corrected_tax_id, c.tax_id), "
        "s.name, h.name, f.seller, "
        "f.payment_method, f.city, f.country, f.quantity, f.unit_price, f.discount, f.total, f.cost, f.tax, "
        "f.currency::text, u.filename, f.source_line FROM fact_sales f "
        "LEFT JOIN dim_products p ON p.company_id = f.company_id AND p.id = f.product_id "
        "LEFT JOIN dim_customers c ON c.company_id = f.company_id AND c.id = f.customer_id "
        "LEFT JOIN dim_stores s ON s.company_id = f.company_id AND s.id = f.store_id "
        "LEFT JOIN dim_channels h ON h.company_id = f.company_id AND h.id = f.channel_id "
        "LEFT JOIN uploads u ON u.company_id = f.company_id AND u.id = f.upload_id WHERE f.company_id = {mine}",
        _SALES, "fecha",
    ),
    DataSet(
        "ventas-por-dia", "Ventas por día", "Las líneas sumadas por día, sucursal, canal, vendedor y medio de pago.",
        "SELECT m.sold_on, CASE m.kind WHEN 'return' THEN 'devolución' ELSE 'venta' END, s.name, h.name, m.seller, "
        "m.payment_method, m.city, m.country, m.lines, m.orders, m.quantity, m.discount, m.total, m.cost "
        "FROM sales_mart m LEFT JOIN dim_stores s ON s.company_id = m.company_id AND s.id = m.store_id "
        "LEFT JOIN dim_channels h ON h.company_id = m.company_id AND h.id = m.channel_id "
        "WHERE m.company_id = {mine} AND m.mart = 'days'",
        _DAYS, "fecha",
    ),
    DataSet(
        "ventas-por-producto", "Ventas por producto y mes", "Las líneas sumadas por mes, producto y sucursal.",
        "SELECT m.sold_on, CASE m.kind WHEN 'return' THEN 'devolución' ELSE 'venta' END, p.name, p.sku, p.category, "
        "s.name, m.lines, m.orders, m.quantity, m.total, m.cost "
        "FROM sales_mart m LEFT JOIN dim_products p ON p.company_id = m.company_id AND p.id = m.product_id "
        "LEFT JOIN dim_stores s ON s.company_id = m.company_id AND s.id = m.store_id "
        "WHERE m.company_id = {mine} AND m.mart = 'products'",
        _PRODUCTS, "mes",
    ),
    DataSet(
        "gastos", "Gastos, línea por línea", "Cada línea de tus planillas de gastos, con su archivo y su fila.",
        "SELECT e.spent_on, e.category, e.supplier, e.detail, e.document, e.branch, e.total, "
        "file_of(u.filename, u.reading, e.source_line), row_of(u.reading, e.source_line) "
        "FROM fact_expenses e JOIN uploads u ON u.company_id = e.company_id AND u.id = e.upload_id "
        "WHERE e.company_id = {mine}",
        (
            C("fecha", "day", "Día del gasto"), C("categoria", "text", "Categoría"),
            C("proveedor", "text", "A quién se pagó"), C("detalle", "text", "En qué"),
            C("documento", "text", "Número de documento"), C("sucursal", "text", "Sucursal"),
            C("total", "number", "Monto"), C("archivo", "text", "Archivo"), C("linea", "integer", "Fila"),
        ), "fecha",
    ),
    DataSet(
        "inventario", "Inventario", "Cada conteo de tus planillas de stock, con su archivo y su fila.",
        "SELECT s.counted_on, s.product, s.branch, s.quantity, s.unit_cost, s.minimum, "
        "file_of(u.filename, u.reading, s.source_line), row_of(u.reading, s.source_line) "
        "FROM fact_stock s JOIN uploads u ON u.company_id = s.company_id AND u.id = s.upload_id "
        "WHERE s.company_id = {mine}",
        (
            C("fecha", "day", "Día del conteo"), C("producto", "text", "Producto"), C("sucursal", "text", "Sucursal"),
            C("cantidad", "number", "Cuánto había"), C("costo_unitario", "number", "Costo por unidad"),
            C("minimo", "number", "Mínimo que te propusiste"), C("archivo", "text", "Archivo"),
            C("linea", "integer", "Fila"),
        ), "fecha",
    ),
    DataSet(
        "metricas", "Métricas calculadas", "Cada métrica por día, semana, mes, trimestre y año, con sus separaciones.",
        "SELECT metric, grain, period_start, dimension, member, value, lines, all_lines FROM metric_values "
        "WHERE company_id = {mine}",
        _METRICS, "desde",
    ),
    DataSet(
        "metas", "Metas", "Lo que te propusiste, por métrica y período.",
        "SELECT metric, grain, period_start, dimension, member, value FROM targets WHERE company_id = {mine}",
        (
            C("metrica", "text", "Qué se mide"), C("grano", "text", "Largo del período"),
            C("desde", "day", "Primer día del período"), C("dimension", "text", "Por qué se separa"),
            C("miembro", "text", "Cuál de ellos"), C("meta", "number", "El valor propuesto"),
        ), "desde",
    ),
    DataSet(
        "comparacion", "Comparación con otros negocios",
        "Tu lugar en cada medida y los cortes publicados de tu grupo. De los demás no sale nada más.",
        "SELECT r.month, r.measure, r.cohort, r.value, r.percentile, r.low, r.high, r.peers, b.p10, b.p25, b.p50, "
        "b.p75, b.p90 FROM benchmark_ranks r LEFT JOIN benchmarks b ON b.cohort = r.cohort "
        "AND b.measure = r.measure AND b.month = r.month WHERE r.company_id = {mine}",
        _RANKS, "mes",
    ),
    DataSet(
        "economia", "Indicadores económicos", "Las series oficiales que uso para explicar tus cifras, con su fuente.",
        "SELECT country::text, indicator, day, value, source FROM macro_values",
        (
            C("pais", "text", "País"), C("indicador", "text", "Indicador"), C("fecha", "day", "Día"),
            C("valor", "number", "Valor"), C("fuente", "text", "De dónde salió"),
        ), "fecha",
    ),
    DataSet(
        "hallazgos", "Hallazgos", "Lo que llamó la atención cada mes, con su explicación.",
        "SELECT period_start, period_end, rule, score::numeric, body->>'title', body->>'why', body->>'todo', "
        "body::text "
        "FROM insights WHERE company_id = {mine}",
        (
            C("desde", "day", "Primer día"), C("hasta", "day", "Último día"), 
            C("regla", "text", "Qué regla lo encontró"),
            C("puntaje", "number", "Qué tan llamativo es"), C("titular", "text", "Qué pasó"),
            C("explicacion", "text", "En qué se nota"), C("sugerencia", "text", "Qué hacer"),
            C("detalle", "text", "Todo lo anterior con sus cifras, en JSON"),
        ), "desde",
    ),
    DataSet(
        "textos", "Textos que lee el asistente", "Cada dato escrito en una frase, como lo busca el asistente.",
        "SELECT kind, key, title, text, href, period_start, period_end, embedding_model, embedding::real[]::text "
        "FROM chunks WHERE company_id = {mine}",
        (
            C("clase", "text", "Qué clase de texto es"), C("clave", "text", "El dato que dice"),
            C("titulo", "text", "Título"), C("texto", "text", "La frase"), C("enlace", "text", "Dónde se ve"),
            C("desde", "day", "Primer día"), C("hasta", "day", "Último día"),
            C("modelo", "text", "Modelo del vector"), C("vector", "vector", "El texto como números"),
        ), "desde", ("modelo", "vector"),
    ),
    DataSet(
        "apartadas", "Filas apartadas", "Lo que no entró en tus cifras, con su razón y su texto original.",
        "SELECT u.filename, r.line, r.code, r.reason, r.raw FROM rejected_rows r JOIN uploads u "
        "ON u.company_id = r.company_id AND u.id = r.upload_id WHERE r.company_id = {mine} AND u.state <> 'undone'",
        (
            C("archivo", "text", "Archivo"), C("linea", "integer", "Fila"),
            C("codigo", "text", "Razón, en una palabra"),
            C("razon", "text", "Por qué se apartó"), C("original", "text", "La fila como venía"),
        ),
    ),
    DataSet(
        "archivos", "Archivos subidos", "Todo lo que has subido y qué pasó con cada uno.",
        "SELECT created_at, filename, state, size_bytes, rows_read, accepted, set_aside, already_known, first_day, "
        "last_day, message FROM uploads WHERE company_id = {mine}",
        (
            C("subido", "instant", "Cuándo"), C("archivo", "text", "Nombre"), C("estado", "text", "Cómo terminó"),
            C("bytes", "integer", "Tamaño"), C("filas", "integer", "Filas leídas"),
            C("aceptadas", "integer", "Líneas aceptadas"), C("apartadas", "integer", "Filas apartadas"),
            C("ya_estaban", "integer", "Líneas que otro archivo ya traía"), C("desde", "day", "Primer día"),
            C("hasta", "day", "Último día"), C("mensaje", "text", "Qué te dije"),
        ), "subido",
    ),
    DataSet(
        "productos", "Productos", "Los productos que aparecen en tus ventas.",
        "SELECT name, sku, category FROM dim_products WHERE company_id = {mine}",
        (C("producto", "text", "Nombre"), C("codigo", "text", "Código"), C("categoria", "text", "Categoría")),
    ),
    DataSet(
        "clientes", "Clientes", "Los clientes que aparecen en tus ventas.",
        "SELECT coalesce(corrected_name, name), coalesce(corrected_tax_id, tax_id), reserved FROM dim_customers "
        "WHERE company_id = {mine}",
        (
            C("cliente", "text", "Nombre"), C("rut", "text", "RUT o identificador"),
            C("reservado", "flag", "Si pidió no aparecer en análisis"),
        ),
    ),
)  # fmt: skip
BY_ID = {d.id: d for d in DATASETS}
