"""The metrics: how a feature's text names each, how an owner asks for it, what its definition says."""

from retrieval.training.vocabulary.topic import Topic

METRICS = {
    "sales": Topic(
        ("ventas", "ventas netas", "las ventas"),
        ("cuánto vendí", "cuánta plata entró", "cuánto facturé", "la facturación", "los ingresos", "el revenue",
         "cuánto hice", "las vtas", "cuánto se vendió", "cuántas lucas hice", "la recaudación", "cómo estuvo la venta",
         "cuánto recaudé", "cómo me fue", "qué tal las ventas", "el monto vendido", "los palos que hice",
         "cómo nos fue"),
        ("la suma de lo que pagaron los clientes menos las devoluciones", "total de las líneas, neto de devoluciones"),
    ),
    "transactions": Topic(
        ("transacciones", "boletas", "las transacciones"),
        ("cuántas boletas", "cuántas ventas hice", "cuántos pedidos", "el número de órdenes", "cuántas compras hubo",
         "cantidad de tickets", "cuánta gente compró", "cuántas operaciones", "el tráfico", "cuántas facturas"),
        ("cuántas compras distintas hubo, sin notas de crédito", "número de órdenes que no son devoluciones"),
    ),
    "units": Topic(
        ("unidades", "unidades vendidas"),
        ("cuántas unidades", "cuántos productos vendí", "el volumen", "cuántas piezas salieron", "la cantidad vendida",
         "cuánto se despachó", "cuántos artículos"),
        ("la suma de las cantidades vendidas menos las devueltas",),
    ),
    "average_ticket": Topic(
        ("ticket promedio", "el ticket promedio"),
        ("el ticket", "la boleta media", "cuánto gasta cada cliente por compra", "la venta media",
         "el gasto por compra",
         "cuánto me dejan por boleta", "el promedio por pedido", "el valor promedio de orden",
         "cuánto compran cada vez"),
        ("ventas divididas por transacciones", "cuánto deja en promedio cada compra"),
    ),
    "units_per_transaction": Topic(
        ("unidades por venta", "unidades por transacción"),
        ("cuántos productos llevan por compra", "cuántas cosas se llevan", "los artículos por boleta",
         "cuántos ítems por pedido", "el tamaño del carro", "qué tan lleno va el canasto"),
        ("unidades divididas por transacciones",),
    ),
    "average_price": Topic(
        ("precio promedio", "el precio promedio"),
        ("el precio medio", "a cuánto vendo en promedio", "cuánto cobro por unidad", "el valor por unidad"),
        ("ventas divididas por unidades vendidas",),
    ),
    "sales_per_customer": Topic(
        ("ventas por cliente",),
        ("cuánto me compra cada cliente", "el gasto por cliente", "la plata por cliente", "cuánto deja cada cliente"),
        ("ventas divididas por el número de clientes distintos",),
    ),
    "cost": Topic(
        ("costo", "costo de lo vendido"),
        ("cuánto me costó la mercadería", "los costos", "cuánto gasté en productos", "lo que me sale lo que vendo"),
        ("la suma del costo de lo que se vendió",),
    ),
    "gross_profit": Topic(
        ("ganancia bruta", "utilidad bruta"),
        ("cuánto gané", "la utilidad", "la ganancia", "cuánto me quedó", "cuánta plata me queda", "el profit",
         "cuánto gano después del costo"),
        ("ventas menos el costo de lo vendido", "lo que queda después de pagar la mercadería"),
    ),
    "gross_margin": Topic(
        ("margen bruto", "margen"),
        ("el margen", "cuánto me queda de cada 100 pesos", "la rentabilidad", "qué porcentaje gano", "cuánto margino",
         "qué tan rentable es", "el margin"),
        ("ganancia bruta dividida por ventas", "de cada 100 pesos vendidos, cuántos quedan después del costo"),
    ),
    "discount": Topic(
        ("descuentos", "descuento otorgado"),
        ("cuánto descuento di", "las rebajas", "cuánto regalé en ofertas", "las promociones", "cuánto rebajé"),
        ("lo que se dejó de cobrar por rebajas y promociones",),
    ),
    "returns": Topic(
        ("devoluciones",),
        ("cuánto me devolvieron", "las notas de crédito", "los reembolsos", "las anulaciones", "qué devolvieron",
         "las ventas anuladas"),
        ("el valor de lo que los clientes devolvieron o se anuló",),
    ),
    "active_customers": Topic(
        ("clientes activos",),
        ("cuántos clientes tengo", "cuánta gente distinta me compró", "los compradores", "la cantidad de clientes"),
        ("clientes distintos que compraron en el periodo",),
    ),
    "new_customers": Topic(
        ("clientes nuevos",),
        ("cuántos clientes nuevos", "gente nueva", "cuántos compraron por primera vez", "los que llegaron",
         "cuántos clientes gané"),
        ("clientes cuya primera compra fue en el periodo",),
    ),
    "returning_customers": Topic(
        ("clientes recurrentes",),
        ("cuántos clientes volvieron", "los clientes de siempre", "los que repiten", "clientes habituales",
         "los fieles"),
        ("clientes que ya habían comprado antes del periodo",),
    ),
    "repurchase_rate": Topic(
        ("tasa de recompra", "recompra"),
        ("qué porcentaje vuelve a comprar", "cuántos compran de nuevo", "la fidelidad", "la tasa de repetición"),
        ("la parte de los clientes que compró más de una vez",),
    ),
    "retention_rate": Topic(
        ("tasa de retención", "retención"),
        ("cuántos clientes conservo", "la retención de clientes", "cuántos siguen comprando", "cuántos mantengo"),
        ("la parte de los clientes del periodo anterior que volvió a comprar",),
    ),
    "churn_rate": Topic(
        ("pérdida de clientes", "tasa de pérdida"),
        ("cuántos clientes perdí", "el churn", "la fuga de clientes", "cuántos se fueron", "cuántos dejaron de venir"),
        ("la parte de los clientes que no volvió a comprar",),
    ),
    "customer_lifetime_value": Topic(
        ("valor de vida del cliente", "valor de vida"),
        ("el clv", "el ltv", "cuánto vale un cliente", "cuánto deja un cliente en toda su vida",
         "el lifetime value"),
        ("ticket promedio por frecuencia de compra por el tiempo que dura un cliente",),
    ),
    "purchase_frequency": Topic(
        ("frecuencia de compra", "frecuencia"),
        ("cada cuánto compran", "cuántas veces vienen", "qué tan seguido me compran", "las visitas por cliente"),
        ("transacciones divididas por clientes distintos",),
    ),
}  # fmt: skip
