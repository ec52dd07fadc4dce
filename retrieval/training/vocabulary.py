"""The words of the training pairs: how a feature's text names a thing, and how an owner asks for the same thing.

Nothing here is any company's data; names of shops and products are invented or generic.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """`said` are a chunk's ways to name it; `asked` whole or partial questions that mean it."""

    said: tuple[str, ...]
    asked: tuple[str, ...]
    means: tuple[str, ...] = ()
    """For metrics: what a definition says of it."""


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

UP = Topic(
    ("subió", "creció", "aumentó", "tuvo un alza", "repuntó", "mejoró"),
    ("por qué subió", "qué explica el alza de", "a qué se debe que creció", "por qué aumentó", "qué pasó que subió",
     "por qué anduvo tan bien", "cuál creció", "qué anda mejor en", "qué va para arriba en"),
)  # fmt: skip
DOWN = Topic(
    ("bajó", "cayó", "disminuyó", "tuvo una baja", "retrocedió", "se redujo"),
    ("por qué bajó", "qué explica la baja de", "a qué se debe la caída de", "por qué cayó", "qué pasó que bajó",
     "por qué anduvo mal", "qué se está cayendo en", "qué anda flojo en", "xq se vino abajo", "por qué se vino abajo",
     "qué empeoró en"),
)  # fmt: skip

REASONS = (
    "Casi todo es menos boletas ({}), no tickets más chicos.",
    "Se explica por cantidad y no por precio.",
    "Las otras sucursales no cambiaron.",
    "Cambió todos los días y en todas las familias por igual.",
    "Coincide con menos clientes nuevos.",
    "El precio promedio se mantuvo; las unidades explican {}.",
    "Más compras por cliente y un ticket parecido.",
)

INSIGHTS = {
    "concentration_customer": Topic(
        ("De cada 100 pesos que vendes, {count} dependen de un solo cliente: {name}. Si ese cliente te fallara un "
         "mes, son {money} menos",
         "{name} concentra el {pct} de las ventas: perder ese cliente dolería",
         "Un solo cliente, {name}, es el {pct} de lo que vendes. Riesgo de concentración"),
        ("dependo mucho de un cliente", "qué pasa si se me va mi mejor cliente", "qué riesgos tengo",
         "cuánto pesa mi mayor comprador", "estoy muy concentrado"),
    ),
    "concentration_product": Topic(
        ("El {pct} de las ventas viene de pocos productos, con {name} a la cabeza",
         "Pareto: {count} productos hacen el {pct} de la venta"),
        ("cuáles productos me dan de comer", "el 80/20 de mi negocio", "pareto de productos", "de qué vivo",
         "cuáles son los productos estrella", "en qué se concentra mi venta"),
    ),
    "lost_customers": Topic(
        ("{name} dejó de comprar: venía cada {days} días y lleva {count} sin aparecer. Llámalo: si recuperas la "
         "mitad, son {money} al mes",
         "{count} clientes habituales no compran hace más de {days} días",
         "Clientes que se están alejando: {count} de los que compraban seguido llevan {days} días sin volver"),
        ("quiénes dejaron de comprar", "qué clientes perdí", "a quién tengo que llamar", "clientes dormidos",
         "quién no ha vuelto", "a quién debería contactar", "clientes inactivos", "cómo recupero clientes"),
    ),
    "dead_products": Topic(
        ("{name} no vendió nada en {when}. Venía vendiendo unos {money} al mes. Si fue quiebre de stock, cada mes "
         "sin él son {money}",
         "{count} productos no se venden hace {days} días",
         "Productos sin movimiento: {name} y otros {count} llevan {days} días sin venta"),
        ("qué productos no se venden", "qué saco de la carta", "productos muertos", "qué dejo de ofrecer",
         "qué está parado", "cuáles productos no rotan", "qué elimino del catálogo", "lo que nadie compra"),
    ),
    "margin_erosion": Topic(
        ("{name} te cuesta {pct} más y lo vendes casi al mismo precio: su margen pasó de {pct} a {pct}",
         "El margen de {name} bajó {points} puntos porque subió su costo y no el precio",
         "Se achica el margen de {name}: el costo unitario subió {pct}"),
        ("por qué gano menos", "dónde pierdo plata", "vendo más pero me queda menos", "qué debería subir de precio",
         "me está comiendo el costo", "qué producto dejó de ser rentable", "a qué le subo el precio"),
    ),
    "discounts": Topic(
        ("Descontaste {pct} en {name} y no vendiste más: antes era {pct}",
         "Los descuentos de {name} subieron a {pct} y las unidades no crecieron",
         "Rebajar {name} no trajo más volumen: descuento {pct}, unidades iguales"),
        ("sirven las promociones", "funcionó la oferta", "vale la pena rebajar", "estoy regalando plata",
         "resultaron los descuentos", "conviene hacer 2x1"),
    ),
    "returns_rising": Topic(
        ("Te devolvieron más en {name}: {pct} de lo vendido, antes {pct}",
         "Las devoluciones de {name} subieron a {pct} de sus ventas", "{name} se devuelve más que antes: {pct}"),
        ("qué me devuelven más", "qué producto sale malo", "por qué hay tantas anulaciones",
         "de qué reclaman los clientes", "problemas de calidad en productos"),
    ),
    "best_hours": Topic(
        ("{pct} de lo que vendes en {when} entra a las {hour} y las {hour2}. Son {money} en dos horas del día",
         "La mejor hora es entre las {hour} y las {hour2}: {pct} de la venta",
         "Hora punta: {hour} h. Las horas flojas son en la mañana"),
        ("a qué hora vendo más", "cuándo viene más gente", "horas pico", "cuándo pongo más personal",
         "a qué hora conviene abrir", "cómo organizo los turnos", "horarios flojos"),
    ),
    "best_weekdays": Topic(
        ("El {weekday} es el mejor día de la semana: {pct} de la venta",
         "El {weekday} vendes {pct} menos que un día promedio"),
        ("qué día vendo más", "cuál es mi peor día", "los fines de semana", "qué día cierro",
         "cómo ando los {weekday}"),
    ),
    "record": Topic(
        ("{when} fue tu mejor mes de {count}: {money}. La marca anterior era {money}",
         "{when} fue tu peor mes de {count}: {money}",
         "Récord: {when} fue el mejor mes desde que hay datos",
         "{when} marcó el día de mayor venta del año, con {money}"),
        ("cuál fue mi mejor mes", "el récord de ventas", "cuándo vendí más que nunca", "mi día histórico",
         "el mejor día"),
    ),
    "unusual": Topic(
        ("El {weekday} 14 de {when} vendiste {money}, {money} más que un {weekday} normal. Un {weekday} suele andar "
         "en {money}",
         "El 14 de {when} fue un día raro: {money}, muy fuera de lo habitual",
         "Venta inusual en {when}: {pct} sobre lo esperado"),
        ("pasó algo raro", "hay algo fuera de lo normal", "qué día estuvo extraño", "alguna anomalía", "algo inusual",
         "qué alertas hay"),
    ),
    "target": Topic(
        ("Llegaste al {pct} de tu meta de {when}. Te faltaron {money} de {money}. Repartido son {money} más por día",
         "Llevas el {pct} de la meta de {when}; a este ritmo cierras en {money}",
         "Vas atrasado con el presupuesto de {when}: faltan {money}"),
        ("voy a llegar a la meta", "cómo voy con el objetivo", "cuánto me falta para cumplir", "alcanzo el presupuesto",
         "cuánto falta para cerrar bien el mes"),
    ),
    "trend": Topic(
        ("Tus ventas llevan {count} meses acelerando frente al año pasado",
         "Se cortó la racha: tras {count} meses perdiendo fuerza, {when} repuntó",
         "Las ventas llevan {count} meses seguidos al alza", "Tendencia: {name} baja hace {count} meses seguidos"),
        ("cuál es la tendencia", "hacia dónde voy", "estoy creciendo o achicándome", "cómo viene la mano",
         "cómo evoluciona"),
    ),
    "mix": Topic(
        ("El cambio de {money} frente a {when} es sobre todo de cantidad. Lo que más pesó está en {name}",
         "Del cambio de {when}, {pct} es por cantidad, {points} por precio y el resto por mezcla de productos",
         "Precio, volumen y mezcla: vendiste más unidades de lo barato"),
        ("subió por precio o por cantidad", "vendo más o vendo más caro", "precio o volumen",
         "cambió lo que me compran"),
    ),
    "ticket_opportunity": Topic(
        ("Quienes llevan {name} gastan {pct} más por compra: ofrecerlo junto sube el ticket",
         "Las compras de un solo producto son el {pct}; si una de cada diez lleva otro, son {money} más al mes"),
        ("qué harías para subir el ticket", "cómo vendo más a cada cliente", "qué combo armo", "qué ofrezco en la caja",
         "ideas para que compren más", "cómo aumento la boleta", "venta cruzada"),
    ),
    "summary": Topic(
        ("Vendiste {money} en {when}, {pct} más que en el mismo mes del año pasado. Son {money} de diferencia",
         "Resumen de {when}: ventas {money}, {pct} más que el mes anterior; ticket y margen estables",
         "{when} en breve: {money} vendidos, la mejor sucursal fue {name}"),
        ("resúmeme {when}", "cómo estuvo {when}", "dame un resumen", "qué debería saber de {when}", "qué destaca",
         "cómo está mi negocio", "qué tengo que vigilar", "en qué debería enfocarme"),
    ),
}  # fmt: skip

QUALITY = {
    "rejected": Topic(
        ("Archivo {file}. El archivo {file} trajo {count} líneas de venta. Aparté {days} filas que no pude leer; "
         "puedes "
         "bajarlas, corregirlas y subirlas", "Filas apartadas: {count} sin monto en {file}",
         "{count} líneas del archivo {file} quedaron apartadas por fecha ilegible"),
        ("qué filas rechazaste", "se perdió algún dato", "qué líneas no se cargaron", "errores del archivo",
         "qué quedó afuera",
         "qué trajo el archivo", "quedó algo fuera al cargar"),
    ),
    "duplicates": Topic(
        ("Archivo {file}. {count} líneas parecen repetidas: las conté todas", "Posibles ventas duplicadas: {count}",
         "{count} líneas de {file} son idénticas a otras: posibles duplicados, se contaron"),
        ("hay duplicados", "hay ventas repetidas", "está contado dos veces", "se cargó doble"),
    ),
    "missing_cost": Topic(
        ("Falta el costo. Tus archivos no traen el costo. Sin eso no puedo calcular la ganancia ni el margen",
         "Líneas sin costo. {count} líneas de venta ({pct}) vienen sin costo", "Falta la columna costo en {file}"),
        ("por qué no sale el margen", "faltan costos", "qué te falta para la ganancia",
         "cuántas líneas no tienen costo"),
    ),
    "missing_customer": Topic(
        ("Falta el cliente. Tus archivos no traen el cliente. Sin eso no puedo calcular clientes nuevos ni recompra",
         "Líneas sin cliente. {count} líneas de venta ({pct}) vienen sin cliente"),
        ("por qué no sabes mis clientes", "cuántas líneas no tienen cliente", "qué ventas vienen sin cliente"),
    ),
    "missing_product": Topic(
        ("Falta el producto. Tus archivos no traen el producto",
         "Líneas sin producto. {count} líneas ({pct}) vienen sin producto"),
        ("cuántas líneas no dicen el producto", "ventas sin producto", "por qué no puedes separar por producto"),
    ),
    "returns": Topic(
        ("Devoluciones en tus datos. De tus líneas, {count} son devoluciones: restan de las ventas",),
        ("cómo cuentas las devoluciones en los datos", "cuántas líneas son notas de crédito",
         "las devoluciones restan"),
    ),
    "coverage": Topic(
        ("Qué datos tengo. Tus datos van desde el 1-ene-2024 hasta el 31-oct-2026: {count} líneas de venta",
         "Los datos van desde enero 2024 hasta {when}"),
        ("hasta cuándo tienes datos", "desde cuándo hay información", "qué datos tienes míos",
         "cuál es la última fecha cargada",
         "desde qué fecha puedo preguntar", "qué información hay cargada"),
    ),
    "dimensions": Topic(
        ("Por qué puedo separar tus cifras. Puedo separar y filtrar cada cifra por productos, categorías, "
         "sucursales, canales, "
         "clientes, vendedores, medios de pago, ciudades, días de la semana y horas",),
        ("por qué cosas puedo separar", "cómo puedo filtrar", "qué dimensiones hay", "en qué se puede desglosar",
         "puedo ver por sucursal y por canal"),
    ),
    "gap": Topic(
        ("No tengo ventas de {count} días en que siempre vendes",
         "No hay ventas entre el 3 y el 9 de {when}: puede faltar un archivo"),
        ("faltan días", "están completos los datos", "qué tan confiables son los números", "hay huecos en los datos",
         "hay días sin ventas"),
    ),
}  # fmt: skip

BENCHMARKS = Topic(
    ("Tu {metric} está en el percentil {count} entre {days} {peers}: mejor que varios negocios como el tuyo",
     "Frente a {days} {peers}, tu {metric} es {pct} más que la mediana",
     "Comparado con {peers}, en {metric} estás en la parte baja: ahí hay espacio"),
    ("cómo estoy frente a otros en {metric}", "mi {metric} comparado con la competencia",
     "{metric} de negocios como el mío",
     "soy mejor o peor que otros en {metric}", "mi {metric} es mejor que el de la competencia",
     "{metric} contra el rubro",
        "cómo están los demás en {metric}", "le gano a la competencia en {metric}",
        "cómo ando contra el rubro en {metric}",
     "está bien mi {metric} para una {peer}",
     "en qué percentil estoy en {metric}", "qué {metric} tienen los demás"),
)  # fmt: skip
PEERS = (
    "panaderías", "cafeterías", "ferreterías", "tiendas de ropa", "restaurantes", "minimarkets", "farmacias",
    "librerías",
    "peluquerías", "florerías", "tiendas de mascotas", "botillerías", "pastelerías", "jugueterías",
)  # fmt: skip

MACRO = {
    "dollar": Topic(
        ("El dólar subió {pct} en tres meses: viento en contra para lo importado",
         "Dólar observado en {when}: {money}, {pct} más"),
        ("cómo me afecta el dólar", "a cuánto está el dólar", "el tipo de cambio", "qué pasa con lo importado",
         "la divisa"),
    ),
    "inflation": Topic(
        ("La inflación de {when} fue {pct} en 12 meses: tus ventas reales crecieron menos",
         "El IPC subió {pct}; descontada la inflación tus ventas son {points}"),
        ("le gané a la inflación", "cuánto crecí de verdad", "ventas en términos reales", "cuánto subió el ipc",
         "descontando la inflación", "subieron los precios en el país"),
    ),
    "rate": Topic(
        ("La tasa de política monetaria está en {pct}: el crédito está caro", "El Banco Central bajó la TPM a {pct}"),
        ("cómo me afecta la tasa de interés", "conviene pedir un crédito", "es buen momento para endeudarse", "la tpm",
         "están caros los préstamos"),
    ),
    "activity": Topic(
        ("El IMACEC creció {pct} en {when}: la demanda acompaña", "La actividad económica cayó {pct} en {when}"),
        ("cómo está la economía", "el imacec", "hay más consumo en el país", "la situación del país",
         "está mala la cosa"),
    ),
    "unemployment": Topic(
        ("El desempleo está en {pct}: menos gente con sueldo", "La desocupación subió a {pct} en {when}"),
        ("cómo está el desempleo", "hay mucha cesantía", "la desocupación me afecta", "hay gente sin pega"),
    ),
    "uf": Topic(
        ("La UF cerró {when} en {money}", "En UF, tus ventas de {when} fueron {count}"),
        ("cuánto vale la uf", "cuánto vendí en uf", "pasa mis ventas a uf", "el valor de la unidad de fomento"),
    ),
}  # fmt: skip

DIMENSIONS = {
    "branch": ("sucursal", "local", "tienda"),
    "product": ("producto", "artículo", "ítem"),
    "category": ("categoría", "familia", "línea"),
    "channel": ("canal", "canal de venta"),
    "customer": ("cliente", "comprador"),
    "seller": ("vendedor", "vendedora", "cajero"),
    "payment_method": ("medio de pago", "forma de pago"),
}
MEMBERS = {
    "branch": (
        "Talca", "Curicó", "Linares", "Centro", "Providencia", "Ñuñoa", "Maipú", "Rancagua", "Temuco", "La Serena",
        "Mall Plaza", "Casa Matriz", "Viña del Mar", "Concepción", "Antofagasta", "Palermo", "Rosario", "Córdoba",
        "Mendoza", "Barrio Italia", "Estación", "Las Condes", "Chillán", "Osorno", "Puerto Montt", "Iquique",
    ),
    "product": (
        "marraqueta", "hallulla", "kuchen de nuez", "kuchen de frambuesa", "empanada de pino", "empanada de queso",
        "pan amasado", "torta de mil hojas", "café americano", "café latte", "jugo natural", "queque", "alfajor",
        "sándwich barros luco", "polera básica", "pantalón jeans", "zapatilla urbana", "cemento 25 kg",
        "tornillo 2 pulgadas",
        "pintura látex", "taladro", "shampoo", "corte de pelo", "cuaderno universitario", "lápiz pasta",
        "alimento perro 15 kg",
        "arena gato", "ramo de rosas", "pisco 35", "cerveza lager", "vino tinto", "aceite de oliva", "arroz grado 1",
        "harina",
        "leche descremada", "yerba mate", "medialunas", "pizza napolitana", "hamburguesa doble", "papas fritas",
        "paracetamol",
        "silla de escritorio", "lámpara led", "audífonos", "cargador usb", "muñeca", "rompecabezas", "dulce de leche",
        "chocolate", "pan de pascua", "galletas", "helado artesanal", "ensalada césar", "completo italiano", "té verde",
    ),
    "category": (
        "pan", "pastelería", "empanadas", "bebidas", "cafetería", "ropa", "calzado", "herramientas", "pinturas", "aseo",
        "abarrotes", "lácteos", "congelados", "mascotas", "papelería", "electrónica", "juguetes", "muebles", "licores",
        "verduras", "carnes", "belleza", "servicios", "accesorios", "decoración",
    ),
    "channel": ("local", "delivery", "web", "rappi", "pedidosya", "uber eats", "mercadolibre", "whatsapp",
    "mayorista", "instagram"),
    "customer": (
        "Hotel Plaza", "Casino Central", "Comercial Rojas", "Colegio San José", "María Soto", "Juan Pérez",
        "Oficina Norte",
        "Constructora Maule", "Café Luna", "Ana Muñoz", "Distribuidora Sur", "Pedro González",
    ),
    "seller": ("Camila", "Rodrigo", "Valentina", "Matías", "Josefa", "Ignacio", "Fernanda", "Diego", "Carolina",
    "Sebastián"),
    "payment_method": ("efectivo", "débito", "crédito", "transferencia", "cheque", "mercado pago"),
}  # fmt: skip

RANKINGS = {
    "branch": ("sucursal", "sucursales"), "product": ("producto", "productos"), "category": ("categoría", "categorías"),
    "channel": ("canal", "canales"), "seller": ("vendedor", "vendedores"), "weekday": ("día de la semana",
    "días de la semana"),
    "hour": ("hora", "horas"), "payment_method": ("medio de pago", "medios de pago"),
    "customer": ("cliente", "clientes"),
}  # fmt: skip
RANKED = {
    "weekday": ("qué día vendo más", "cuál es el mejor día de la semana", "qué día de la semana es el más fuerte"),
    "hour": ("a qué hora vendo más", "cuáles son las horas punta", "en qué horario hay más venta",
    "a qué hora viene más gente"),
    "payment_method": ("cómo pagan mis clientes", "con qué me pagan más", "efectivo o tarjeta, qué usan más"),
    "branch": ("qué local vendió más", "qué tienda anda mejor", "cuál sucursal es la peor"),
    "product": ("qué es lo que más sale", "mis más vendidos", "qué se vende más", "los productos estrella",
    "lo más vendido"),
    "category": ("qué familia vende más", "qué tipo de producto anda mejor", "qué línea pesa más"),
    "channel": ("por dónde vendo más", "delivery o local, cuál vende más", "qué canal me sirve más"),
    "seller": ("quién vendió más", "mi mejor cajero", "quién es el vendedor estrella"),
    "customer": ("quiénes me compran más", "mis mejores clientes", "clientes más grandes"),
}  # fmt: skip

CHATTER = (
    "",
    "",
    "",
    "",
    "oye ",
    "hola, ",
    "porfa ",
    "dime ",
    "quiero saber ",
    "muéstrame ",
    "necesito ",
    "cuéntame ",
    "a ver ",
)
SHORT = {
    "que": "q", "qué": "q", "por qué": "xq", "por": "x", "de": "d", "ventas": "vtas", "también": "tb", "cuánto": "cto",
    "para": "pa", "mes": "ms", "promedio": "prom", "porcentaje": "%", "sucursal": "suc", "cliente": "cte",
}  # fmt: skip
VOSEO = {
    "tienes": "tenés", "puedes": "podés", "dime": "decime", "muéstrame": "mostrame", "cuéntame": "contame",
    "quieres": "querés",
    "resúmeme": "resumime", "harías": "harías vos", "plata": "guita", "boleta": "ticket", "vendiste": "vendiste vos",
}  # fmt: skip
SYLLABLES = (
    "ba", "be", "bri", "ca", "ce", "co", "cha", "da", "di", "do", "fa", "fle", "fo", "ga", "gri", "ja", "ju", "la",
    "le", "lo",
    "lla", "ma", "me", "mi", "na", "no", "ña", "pa", "pe", "pla", "qui", "ra", "ri", "ro", "sa", "se", "so", "ta",
    "te", "tro",
    "tu", "va", "ve", "vi", "ya", "za", "zo",
)  # fmt: skip
