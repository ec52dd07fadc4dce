"""The figures Ayni knows, one declaration each. Order is the order in which they are offered.

Common ground: returns count with negative sign in sums; an order is one `order_ref`, and a line without one counts as
an order of its own; a customer counts where the line names one.
"""

from features.catalog.types import Good, Metric, Over, Unit

_SALE = "f.kind = 'sale'"
_SALES = "coalesce(sum(f.total), 0)"
_UNITS = "coalesce(sum(f.quantity), 0)"
_ORDERS = "{orders}"
_KNOWN_ORDERS = "{known_orders}"
_CUSTOMERS = "{customers}"
_RETURNS = "coalesce(-sum(f.total) FILTER (WHERE f.kind = 'return'), 0)"
_COSTED = "f.cost IS NOT NULL"
_PROFIT = f"sum(f.total - f.cost) FILTER (WHERE {_COSTED})"

METRICS: tuple[Metric, ...] = (
    Metric(
        id="sales", name="ventas", unit=Unit.money, good=Good.up, sql=_SALES, additive=True, feminine=True, plural=True,
        definition="Es lo que pagaron tus clientes, ya descontadas las devoluciones. Se suma el total de cada línea de "
        "venta del período; las devoluciones y anulaciones restan.",
        synonyms=("venta", "ventas netas", "venta neta", "ventas totales", "venta total", "facturación", "facturado",
                  "facturé", "facturamos", "ingresos", "ingreso", "ingresos por ventas", "revenue", "sales",
                  "vendí", "vendimos", "lo que vendí", "lo que vendimos", "plata que entró", "plata vendida",
                  "cuánto vendí", "cuánto vendimos", "monto vendido", "total vendido", "recaudación", "recaudé",
                  "turnover"),
    ),
    Metric(
        id="transactions", name="transacciones", unit=Unit.count, good=Good.up, sql=_ORDERS, feminine=True, plural=True,
        definition="Es cuántas ventas hiciste: boletas, facturas o pedidos distintos, sin contar devoluciones ni notas "
        "de crédito. Donde tu archivo no trae número de documento, cada línea cuenta como una.",
        synonyms=("transacción", "boletas", "boleta", "tickets", "número de tickets", "pedidos", "pedido", "órdenes",
                  "orden", "operaciones", "cantidad de ventas", "número de ventas", "cuántas ventas", "orders",
                  "transactions", "compras de clientes", "comandas", "comprobantes", "documentos de venta",
                  "atenciones"),
    ),
    Metric(
        id="units", name="unidades", unit=Unit.quantity, good=Good.up, sql=_UNITS, needs=("quantity",), additive=True,
        feminine=True, plural=True,
        definition="Es cuántas unidades salieron, ya descontadas las devueltas. Se suma la cantidad de cada línea de "
        "venta.",
        synonyms=("unidad", "unidades vendidas", "cantidad vendida", "cantidades", "volumen", "volumen de ventas",
                  "piezas", "cuántas unidades", "units", "units sold"),
    ),
    Metric(
        id="average_ticket", name="ticket promedio", unit=Unit.money, good=Good.up,
        sql=f"{_SALES} / nullif({_ORDERS}, 0)",
        definition="Es lo que deja en promedio cada venta. Se dividen las ventas netas por el número de transacciones.",
        synonyms=("ticket medio", "boleta promedio", "venta promedio", "venta media", "compra promedio",
                  "pedido promedio", "valor promedio por pedido", "promedio por boleta", "promedio por venta",
                  "gasto promedio", "ticket", "aov", "average ticket", "average order value"),
    ),
    Metric(
        id="units_per_transaction", name="unidades por venta", unit=Unit.number, good=Good.up,
        sql=f"{_UNITS} / nullif({_ORDERS}, 0)", needs=("quantity",), feminine=True, plural=True,
        definition="Es cuántas unidades lleva en promedio cada venta. Se dividen las unidades netas por el número de "
        "transacciones.",
        synonyms=("unidades por transacción", "unidades por boleta", "unidades por pedido", "unidades por ticket",
                  "artículos por boleta", "productos por venta", "productos por boleta", "items por pedido", "upt",
                  "units per transaction"),
    ),
    Metric(
        id="average_price", name="precio promedio", unit=Unit.money, good=Good.neither,
        sql="sum(f.total) FILTER (WHERE f.quantity IS NOT NULL) / nullif(sum(f.quantity), 0)", needs=("quantity",),
        rests_on="f.quantity IS NOT NULL",
        definition="Es lo que se pagó en promedio por unidad. Se dividen las ventas netas por las unidades netas, en "
        "las líneas que traen cantidad.",
        synonyms=("precio medio", "precio por unidad", "precio unitario promedio", "valor promedio por unidad",
                  "average price", "asp"),
    ),
    Metric(
        id="sales_per_customer", name="ventas por cliente", unit=Unit.money, good=Good.up,
        sql="sum(f.total) FILTER (WHERE f.customer_id IS NOT NULL)",
        per_customer=True, needs=("customer_id",), feminine=True, plural=True,
        definition="Es lo que compró en promedio cada cliente identificado. Se dividen las ventas netas a clientes "
        "identificados por el número de clientes activos.",
        synonyms=("venta por cliente", "gasto por cliente", "compra por cliente", "ingreso por cliente",
                  "ingresos por cliente", "facturación por cliente", "consumo por cliente", "arpu",
                  "sales per customer", "revenue per customer"),
    ),
    Metric(
        id="cost", name="costo", unit=Unit.money, good=Good.down, sql="coalesce(sum(f.cost), 0)", needs=("cost",),
        rests_on=_COSTED, additive=True,
        definition="Es lo que te costó la mercadería vendida. Se suma el costo de cada línea de venta que lo trae; las "
        "devoluciones restan.",
        synonyms=("costos", "costo de venta", "costo de ventas", "costo de la mercadería", "coste", "costes",
                  "costo de lo vendido", "cogs", "cost"),
    ),
    Metric(
        id="gross_profit", name="ganancia bruta", unit=Unit.money, good=Good.up, sql=_PROFIT, needs=("cost",),
        rests_on=_COSTED, additive=True, feminine=True,
        definition="Es lo que te queda de las ventas después de pagar la mercadería. Se resta el costo a las ventas "
        "netas, solo en las líneas que traen costo.",
        synonyms=("ganancia", "ganancias", "utilidad", "utilidades", "utilidad bruta", "beneficio", "beneficio bruto",
                  "gané", "ganamos", "cuánto gané", "cuánto me queda", "me queda", "lo que me queda", "lo que gané",
                  "contribución", "gross profit", "profit"),
    ),
    Metric(
        id="gross_margin", name="margen bruto", unit=Unit.ratio, good=Good.up,
        sql=f"{_PROFIT} / nullif(sum(f.total) FILTER (WHERE {_COSTED}), 0)", needs=("cost",), rests_on=_COSTED,
        definition="Es cuánto te queda de cada 100 pesos vendidos después de pagar la mercadería. Se divide la "
        "ganancia bruta por las ventas netas de las mismas líneas, las que traen costo.",
        synonyms=("margen", "márgenes", "margen de ganancia", "margen de utilidad", "margen de contribución",
                  "margen porcentual", "rentabilidad", "gross margin", "margin", "de cada 100 pesos"),
    ),
    Metric(
        id="discount", name="descuento", unit=Unit.money, good=Good.down, sql="coalesce(sum(f.discount), 0)",
        needs=("discount",), additive=True,
        definition="Es la plata que dejaste de cobrar por descuentos. Se suma el descuento de cada línea de venta.",
        synonyms=("descuentos", "rebaja", "rebajas", "descuento total", "monto de descuento", "promociones",
                  "bonificaciones", "discount", "discounts"),
    ),
    Metric(
        id="discount_rate", name="tasa de descuento", unit=Unit.ratio, good=Good.down,
        sql="coalesce(sum(f.discount), 0) / nullif(sum(f.total) + coalesce(sum(f.discount), 0), 0)",
        needs=("discount",), feminine=True,
        definition="Es qué parte del precio regalaste en descuentos. Se divide el descuento por lo que se habría "
        "cobrado sin él (ventas netas más descuento).",
        synonyms=("porcentaje de descuento", "descuento promedio", "descuento porcentual", "nivel de descuento",
                  "discount rate"),
    ),
    Metric(
        id="returns", name="devoluciones", unit=Unit.money, good=Good.down, sql=_RETURNS, additive=True, feminine=True,
        plural=True,
        definition="Es la plata devuelta a clientes por devoluciones, anulaciones y notas de crédito. Se suma su "
        "monto, como cifra positiva.",
        synonyms=("devolución", "notas de crédito", "nota de crédito", "anulaciones", "anulación", "reembolsos",
                  "reembolso", "cancelaciones", "monto devuelto", "cuánto devolví", "refunds", "returns"),
    ),
    Metric(
        id="return_rate", name="tasa de devolución", unit=Unit.ratio, good=Good.down,
        sql=f"{_RETURNS} / nullif(sum(f.total) FILTER (WHERE {_SALE}), 0)", feminine=True,
        definition="Es qué parte de lo vendido volvió. Se divide el monto de las devoluciones por las ventas antes de "
        "descontarlas.",
        synonyms=("porcentaje de devoluciones", "porcentaje de devolución", "tasa de devoluciones",
                  "tasa de reembolso", "return rate", "refund rate"),
    ),
    Metric(
        id="active_customers", name="clientes activos", unit=Unit.count, good=Good.up, sql=_CUSTOMERS,
        needs=("customer_id",), plural=True,
        definition="Es cuántos clientes distintos compraron al menos una vez en el período. Se cuentan solo los "
        "clientes identificados en tus archivos.",
        synonyms=("cliente activo", "cuántos clientes", "número de clientes", "cantidad de clientes",
                  "clientes que compraron", "clientes distintos", "clientes únicos", "clientela", "active customers",
                  "unique customers"),
    ),
    Metric(
        id="new_customers", name="clientes nuevos", unit=Unit.count, good=Good.up, over=Over.buyers,
        sql="count(*) FILTER (WHERE c.first_on >= c.span)", needs=("customer_id",), plural=True,
        definition="Es cuántos clientes compraron por primera vez en su vida en el período. Se mira toda tu historia: "
        "quien ya compró antes, en cualquier parte del negocio, no es nuevo.",
        synonyms=("cliente nuevo", "nuevos clientes", "nuevo cliente", "clientes captados", "captación de clientes",
                  "primeras compras", "clientes primerizos", "new customers"),
    ),
    Metric(
        id="returning_customers", name="clientes recurrentes", unit=Unit.count, good=Good.up, over=Over.buyers,
        sql="count(*) FILTER (WHERE c.first_on < c.span)", needs=("customer_id",), plural=True,
        definition="Es cuántos de los que compraron en el período ya te habían comprado antes de que empezara. "
        "Clientes activos es la suma de nuevos y recurrentes.",
        synonyms=("cliente recurrente", "clientes que vuelven", "clientes que volvieron", "clientes que repiten",
                  "clientes habituales", "clientes frecuentes", "clientes antiguos", "clientes fieles", "recurrencia",
                  "returning customers", "repeat customers"),
    ),
    Metric(
        id="repurchase_rate", name="tasa de recompra", unit=Unit.ratio, good=Good.up, over=Over.buyers,
        sql="count(*) FILTER (WHERE c.orders >= 2)::numeric / nullif(count(*), 0)", needs=("customer_id",),
        feminine=True,
        definition="Es qué parte de los clientes compró más de una vez dentro del período. Se dividen los clientes con "
        "dos o más compras por los clientes activos.",
        synonyms=("recompra", "porcentaje de recompra", "tasa de recurrencia", "tasa de repetición",
                  "clientes que compraron más de una vez", "repurchase rate", "repeat rate"),
    ),
    Metric(
        id="retention_rate", name="retención", unit=Unit.ratio, good=Good.up, over=Over.loyalty,
        sql="count(*) FILTER (WHERE r.stayed)::numeric / nullif(count(*), 0)", needs=("customer_id",), feminine=True,
        definition="Es qué parte de los clientes del período anterior volvió a comprar en este. Se dividen los que "
        "compraron en ambos por los que compraron en el anterior, que dura lo mismo.",
        synonyms=("tasa de retención", "retención de clientes", "porcentaje de retención", "fidelización",
                  "fidelidad", "retention", "retention rate"),
    ),
    Metric(
        id="churn_rate", name="pérdida de clientes", unit=Unit.ratio, good=Good.down, over=Over.loyalty,
        sql="count(*) FILTER (WHERE NOT r.stayed)::numeric / nullif(count(*), 0)", needs=("customer_id",),
        feminine=True,
        definition="Es qué parte de los clientes del período anterior no volvió a comprar en este. Es lo que le falta "
        "a la retención para llegar a 100 %.",
        synonyms=("churn", "tasa de pérdida", "tasa de abandono", "tasa de fuga", "fuga de clientes",
                  "abandono de clientes", "clientes perdidos", "clientes que se fueron", "clientes que no volvieron",
                  "deserción", "churn rate"),
    ),
    Metric(
        id="customer_lifetime_value", name="valor de vida del cliente", unit=Unit.money, good=Good.up,
        over=Over.lifetimes, sql="avg(v.total)", needs=("customer_id",),
        definition="Es cuánto te ha comprado en toda su historia, en promedio, cada cliente que compró en el período. "
        "Se suman sus ventas netas desde su primera compra hasta el fin del período y se dividen por el número de "
        "esos clientes; no es una proyección.",
        synonyms=("valor de vida", "valor del cliente", "valor de un cliente", "cuánto vale un cliente",
                  "valor de vida de los clientes", "clv", "ltv", "cltv", "lifetime value",
                  "customer lifetime value"),
    ),
    Metric(
        id="purchase_frequency", name="frecuencia de compra", unit=Unit.number, good=Good.up,
        sql=f"{_KNOWN_ORDERS}::numeric", per_customer=True, needs=("customer_id",), feminine=True,
        definition="Es cuántas veces compró en promedio cada cliente activo. Se dividen las transacciones de clientes "
        "identificados por el número de clientes activos.",
        synonyms=("frecuencia", "compras por cliente", "veces que compra un cliente", "pedidos por cliente",
                  "cada cuánto compran", "cada cuánto vuelven", "purchase frequency"),
    ),
)  # fmt: skip
