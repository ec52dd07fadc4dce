"""What happened to the figures: rises, falls and their reasons, insights, and the state of the data."""

from retrieval.training.vocabulary.topic import Topic

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
