"""Words for metrics and dimensions: the catalog's own, and how people conjugate them."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from functools import cache

from features import DIMENSIONS, METRICS
from features.catalog.registry import words as ways
from features.catalog.types import Dimension, Metric

# What the catalog cannot list as a phrase: conjugations, and phrases whose meaning depends on the words around them.
VERBS: tuple[tuple[str, str], ...] = (
    (r"ventas? netas? (?:de|sin) devoluciones", "sales"),
    (r"costos? (?:de (?:la |los |las )?)?(?:mercaderias?|productos)(?: vendid[oa]s?)?", "cost"),
    (
        r"(?:gast\w+|compr\w+|dej\w+)(?: (?:la gente|los clientes|cada cliente|en promedio)){0,2} (?:por|cada) (?:vez|visita)(?: que (?:me )?(?:vienen?|compran?))?",
        "average_ticket",
    ),
    (r"margen(?: bruto)? en (?:plata|pesos|dinero|lucas|monto)", "gross_profit"),
    (r"(?:utilidad|ganancia)(?: bruta)? en (?:porcentaje|%)", "gross_margin"),
    (
        r"(?:dej\w+|gast\w+|vale|vendo|vendi|compr\w+) (?:en promedio )?(?:en |por )?cada (?:boleta|venta|ticket|compra)(?: en promedio)?",
        "average_ticket",
    ),
    (
        r"(?:cuant[oa]s )?(?:unidades|productos|articulos|items|cosas) (?:se )?(?:llev\w+|tra\w+|tien\w+|compr\w+|van?|hay)(?: (?:cada|un|el) cliente)?(?: (?!por|cada)\w+){0,3}"
        r" (?:por|en cada|cada)(?: cada| una)? (?:boleta|venta|compra|ticket|pedido|transaccion|visita)",
        "units_per_transaction",
    ),
    (
        r"(?:que |el )?(?:%|porcentaje|proporcion|parte) de (?:las |lo )?(?:vend\w+|ventas) (?:que )?(?:se |me |nos |fue |fueron )*(?:devuelt\w+|devolvi\w+)",
        "return_rate",
    ),
    (
        r"(?:cuant[oa]s )?(?:personas |clientes |gente )?(?:que )?(?:me )?compraron por primera vez(?! @)",
        "new_customers",
    ),
    (
        r"(?:cuant[oa]s )?clientes (?:antiguos|de siempre|habituales|que (?:ya )?(?:me )?(?:habian comprado|repiten|vuelven))(?: compraron| vinieron)?",
        "returning_customers",
    ),
    (
        r"cada cliente cuantas veces (?:me )?compr\w+|cuantas veces (?:me )?compr\w+ (?:cada|un) cliente|cuantas veces (?:viene|vuelve|compra) (?:cada|un) cliente",
        "purchase_frequency",
    ),
    (
        r"(?:gasto|compra|consumo) (?:medi[oa]|promedio) (?:por|de cada|de un|del?) clientes?"
        r"|(?:gast\w+|compr\w+|consum\w+|dej\w+) (?:en promedio )?(?:un|cada) cliente(?: en promedio| promedio)?",
        "sales_per_customer",
    ),
    (r"cuanto (?:me |nos )qued\w+ (?:de |por )cada (?:100|cien)(?: pesos)?(?: que @?\w+| vendid[oa]s)?", "gross_margin"),
    (r"gan\w+(?= (?:mas|menos|mayor|menor) (?:porcentaje|%|margen))", "gross_margin"),
    (r"(?:me |nos )?dej\w+(?= (?:\w+ )?(?:mas|menos) (?:plata|dinero|guita|lucas|lana))", "gross_profit"),
    (r"a cuanto (?:se )?(?:lo |la |los |las )?(?:vend(?:i|imos|o|emos|e|en|io)|esta(?:n|mos)? vendiendo)", "average_price"),
    (r"(?:%|porcentaje|tasa) (?:(?:hice|hicimos|di|dimos|doy|fue) )?(?:de |del |en )?descuentos?", "discount_rate"),
    (r"(?:cuant[oa] )?(?:plata|dinero|lucas) (?:que )?(?:devolv\w+|devuelv\w+)", "returns"),
    (
        r"(?:ventas?|facturacion|ingresos?)(?= promedio (?:diari|semanal|mensual|anual|por dia|al dia|por semana|a la semana"
        r"|por mes|al mes))",
        "sales",
    ),
    (
        r"(?:cuant[oa]s )?(?:unidades|productos|articulos|items|cosas|piezas) (?:lleva|trae|tiene|hay en|van en|se llevan en|por) (?:cada )?"
        r"(?:boleta|venta|compra|ticket|pedido|transaccion|cliente en cada compra)",
        "units_per_transaction",
    ),
    (r"(?:gastan?|compran?|dejan?|llevan?) (?:cada cliente |los clientes |mis clientes )?por (?:compra|boleta|visita|pedido)", "average_ticket"),
    (r"(?:valor|monto|gasto|importe) (?:medio|promedio) (?:de|por) (?:cada )?(?:venta|boleta|compra|ticket|pedido)", "average_ticket"),
    (r"cuantas veces (?:me |nos )?compr\w+", "transactions"),
    (r"(?:gente|personas?|caras?) nuevas?|clientes que se estren\w+", "new_customers"),
    (r"(?:porcentaje|%) (?:me |nos )?(?:qued\w+ |dej\w+ )?(?:de )(?:ganancia|utilidad)", "gross_margin"),
    (r"(?:me|nos) qued(?:o|aron|ara)(?: limpi[oa]s?)?", "gross_profit"),
    (r"valor de vida(?: (?:de|del) (?:los |las |mis |mi |un |cada |el )?clientes?)?", "customer_lifetime_value"),
    (
        r"cuant[oa]s (?:de mis )?(?:clientes )?(?:que )?(?:ya )?(?:me )?(?:han vuelto|volvieron|vuelven|repit\w+|regres\w+|recompr\w+"
        r"|son recurrentes|recurrentes)",
        "returning_customers",
    ),
    (r"(?<=cuanto )(?:me |nos )?pag(?:aron|an)(?= (?:con|en|por) )|(?<=lo que )(?:entro|hice|hicimos|hizo|hicieron|se hizo)", "sales"),
    (r"cuanto (?:gasta|compra) la gente|de cuanto (?:es|son|fue|fueron) (?:las? |los? |el )?(?:compras?|ventas?|boletas?|pedidos?|tickets?)(?=.{0,40} promedio)", "average_ticket"),
    (r"(?<=cuanto )(?:metimos|metio|lleva(?! compr)|hacia|haciamos|hago|hacemos|sume|sumo|sumamos|sumaron|junte|juntamos|va|van|vamos|llevo|llevamos|llevas|llevan|hice|hicimos|se hizo|hiciste|hizo|entro|entra|ha entrado)", "sales"),
    (r"(?:ventas|pedidos|operaciones|ordenes|compras|boletas|facturas) (?:cancelad|anulad|devuelt)\w+", "returns"),
    (r"cuant[oa]s (?:ventas|boletas|tickets|facturas|pedidos|transacciones|ordenes|operaciones|comprobantes|tickets|atenciones)", "transactions"),
    (r"(?:numero|cantidad) de (?:compras|ventas|boletas|tickets|facturas|pedidos|transacciones|ordenes|operaciones)", "transactions"),
    (r"cantidad (?:total )?(?:se )?(?:vendi\w+|vendida)|cantidad total", "units"),
    (r"cuant[oa]s (?:unidades|piezas|productos|articulos|items)(?= |$)(?! (?:distint|diferent|tengo|tenemos|hay))", "units"),
    (r"en (?:unidades|cantidad|volumen)|por (?:unidades|cantidad|volumen)", "units"),
    (r"(?:clientes? )?(?:nuevos clientes|clientes nuevos|clientes .{0,12}por primera vez|clientela nueva)", "new_customers"),
    (r"(?:tasa|porcentaje) de (?:devolucion\w*|cancelacion\w*|anulacion\w*)", "return_rate"),
    (r"(?:porcentaje|proporcion) de (?:mis |los )?clientes (?:son |que )?(?:recurrentes|vuelv\w+|volvi\w+|repit\w+|recompr\w+)(?: (?:la )?compra)?", "repurchase_rate"),
    (r"cuant[oa]s clientes(?= |$)(?! (?:nuevos|recurrentes|perdi))", "active_customers"),
    (r"(?:gan(?:e|o|amos|aron|ado|aste|an|ando|ar)|ganancias?|utilidad(?:es)?)", "gross_profit"),
    (r"(?:margen|rentab\w+)(?: (?:bruto|de ganancia|promedio|de utilidad))?", "gross_margin"),
    (r"(?:que tan )?rentables?", "gross_margin"),
    (r"cancel(?:aciones|adas|ados|ada|ado)|anulad[oa]s?|devuelt[oa]s?|devuelv\w+|devolvi\w*", "returns"),
    (r"mas car[oa]s?|mas barat[oa]s?|a que precio|precios?", "average_price"),
    (r"(?:lucas|palos|plata|dinero|guita|lana)(?: (?:entr\w+|hice|hicimos|hizo|hecho))?|cuanta plata(?: hay)?", "sales"),
    (r"(?:vend(?:i|imos|io|ieron|iste|ido|ida|idos|idas|e|es|en|o|emos|iendo|ia|ian|iamos|er)|facture|factur(?:amos|o|aron|ado|a|an|ar|acion)"
     r"|recaud\w+|ingres(?:o|os|aron|amos|e)|revenue|ventas?)", "sales"),
    (r"descuentos?|rebaj\w+", "discount"),
    (r"(?:tasa de |porcentaje de )?recompra\w*", "repurchase_rate"),
)  # fmt: skip

_PARTICULAR = 41
"""So many of them go before the catalog's own phrases."""

DIMENSION_WORDS: tuple[tuple[str, str], ...] = (
    (r"famil(?:ia|ias) de productos?|categorias? de productos?|tipos? de productos?|familias?|rubros?", "category"),
    (r"(?:mas vendid[oa]s|estrella|cosas)(?= |$)", "product"),
    (r"(?:dias?|jornadas?) de (?:la )?semana", "weekday"),
    (r"horas? (?:del dia|pico|punta|peak)|horarios?|horas?", "hour"),
    (
        r"(?:con que|como) (?:me |nos |se )?(?:pag(?:a|an|o|aron))(?: la gente)?(?= mas| menos| la gente mas|$| ,)|con que (?:tarjeta )?pag\w+",
        "payment_method",
    ),
    (r"por donde(?= .{0,30}(?:mas|menos)(?!\w))(?!.*@[nd])", "channel"),
    (r"(?<!por )(?<!de )donde(?= .{0,30}(?:mas|menos)(?!\w))(?!.*@[nd])", "branch"),
    (r"metodos? de pago|medios? de pago|formas? de pago", "payment_method"),
    (
        r"quien(?:es)?(?= (?:me )?(?:mas )?(?:compr|gast|son mis|es mi))|quien(?:es)?(?= (?:es|son|fue|fueron) (?:el|la|los|las) (?:\w+ )?que (?:(?:me|nos|mas|menos) )*(?:compr|gast))",
        "customer",
    ),
    (
        r"quien(?:es)?(?= (?:me |nos |se )?(?:mas |menos )?@m\d+(?: (?:mas|menos|mejor|peor)|$| @t| ,))(?!.*@n\d+ (?:o|u|y|e|,) @n)",
        "seller",
    ),
    (
        r"quien(?:es)?(?= .{0,20}(?:vend|regal|atend)| (?:hizo|hace|emitio|cerro|saco) (?:mas|menos) @m)|(?:(?<=que )|(?<=cual )|(?<=cada ))cajas?",
        "seller",
    ),
)

UNKNOWN_DIMENSIONS = {
    "marca": r"marcas?", "laboratorio": r"laboratorios?", "destino": r"destinos?", "segmento": r"segmentos?",
    "proveedor": r"proveedor(?:es)?", "talla": r"tallas?", "color": r"color(?:es)?", "región": r"region(?:es)?",
    "zona": r"zonas?", "edad": r"edad(?:es)?", "género": r"generos?", "mesa": r"mesas?", "operador": r"operador(?:es)?",
    "barrio": r"barrios?", "campaña": r"campanas?", "moneda": r"monedas?",
}  # fmt: skip


@cache
def metric_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns in the order to try: whole phrases of the catalog, longest first, between the special and the loose."""
    phrases = [(w, m.id) for m in METRICS for w in ways(m) if " " in w]
    single = [(w, m.id) for m in METRICS for w in ways(m) if " " not in w]
    phrases.sort(key=lambda p: -len(p[0]))
    listed = [
        *VERBS[:_PARTICULAR],
        *((re.escape(w), i) for w, i in phrases),
        *VERBS[_PARTICULAR:],
        *((re.escape(w), i) for w, i in single),
    ]
    return tuple((re.compile(rf"(?<![\w@])(?:{p})(?!\w)"), i) for p, i in listed)


@cache
def metric_phrases() -> re.Pattern[str]:
    """The catalog's names of several words, which are never taken for a member's: 'notas de crédito'."""
    phrases = sorted((w for m in METRICS for w in ways(m) if " " in w), key=lambda w: -len(w))
    return re.compile(rf"(?<![\w@])(?:{'|'.join(map(re.escape, phrases))})(?!\w)")


@cache
def dimension_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The same for dimensions."""
    phrases = sorted(((w, d.id) for d in DIMENSIONS for w in ways(d)), key=lambda p: -len(p[0]))
    listed = [*DIMENSION_WORDS, *((re.escape(w), i) for w, i in phrases)]
    return tuple((re.compile(rf"(?<![\w@])(?:{p})(?!\w)"), i) for p, i in listed)


_DECLARED: tuple[Metric | Dimension, ...] = (*METRICS, *DIMENSIONS)


@cache
def vocabulary() -> frozenset[str]:
    """Every single word of the grammar, to which typos are mended."""
    named = {w for d in _DECLARED for phrase in ways(d) for w in phrase.split()}
    return frozenset(named | set(_EXTRA.split()))


_EXTRA = """
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miercoles jueves
viernes sabado sabados domingo domingos semana semanas mes meses trimestre trimestres semestre ano anos quincena hoy
ayer anteayer pasado pasada pasados pasadas anterior anteriores este esta actual feriado feriados navidad patrias fiestas
santa cyberday cybermonday verano otono invierno primavera manana mediodia madrugada fines fin entre desde hasta
vendi vendimos vendio vendieron vendido vendida vendidos vendidas vende venden vender vendo vendemos vendiste vendiendo
facture facturamos facturo facturado facturar gane ganamos gano ganado ganar recaude recaudamos lucas palos plata dinero
ganancia utilidad rentabilidad rentable rentables margen margenes precio precios caro cara barato barata
stock inventario reponer reposicion salario sueldo impuestos iva gasto gastos gaste gastamos gastado caja saldo banco
deuda deudas deben debemos cobrar facturas factura pendientes pendiente proveedor proveedores marca marcas laboratorio
laboratorios destino destinos segmento segmentos talla operador pronostico proyeccion inflacion dolar clima lluvia politica
presidente competencia rotacion leads instagram roas campana publicidad flujo ofertas oferta borra borrar elimina eliminar
pareto concentra record records meta metas objetivo objetivos alertas alerta raro rara raros inusual inusuales anomalo
falta faltan cumplir cumpli cerrar resumen resumi resume resumir resumeme ayuda funcionas significa calculas calcula
define definicion formula salen origen fuente fuentes mayor menor distintos distintas vigilar atencion urgente
percentil rubro mercado bruta neto cuota empujar empuja priorizar priorizarse estrella despegando crecieron decrecio
avisame avisarme avisa aviso avisos avises alertame notificame
moneda productos pedidos pedido operaciones transferencias sucursales empleados compraron dejaron inactivos perdiendo
alcance alcanza alcanzo necesito captan recurrentes frecuentes nuevos nuevas mejor peor ritmo pierde
obligaciones conciliados egresos tributarias disponible vencidas vence impuesto fisco cartera
"""
