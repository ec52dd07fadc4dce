"""What Ayni does not answer, and what it says instead. Each entry: what the question looks like, the honest reply."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.parts import Status
from assistant.plan import Stop
from features.catalog.books import EXPENSE, STOCK


@dataclass(frozen=True, slots=True)
class Refusal:
    """`pattern` on the canonical text; `{name}` in `text` is the company's."""

    intent: str
    status: Status
    pattern: str
    text: str
    follow_ups: tuple[str, ...] = ()


_ASK = ("¿Cómo me fue el mes pasado?", "¿Cuáles son mis productos más vendidos?")

UNSAFE = (
    Refusal(
        "destructive", "refused",
        r"\b(?:borr\w+|elimin(?:a|ar|ame|e|en|alo|ala|alas|alos|emos)|delete|drop|truncate|suprim\w+|vaci(?:a|ar|ame)"
        r"|reset(?:ea|ear)|anul(?:a|ar|ame) (?:la|las|el|los|mi|mis|todas?|todos?)|modific(?:a|ar|ame|alo)"
        r"|edit(?:a|ar|ame)|insert(?:a|ar)?|update|actualiza (?:el|la|los|las|mi|mis)|corrige (?:el|la|los|las)"
        r"|cambi(?:a|ame|ar) (?:el|la|los|las|mi|mis) (?:precio|precios|venta|ventas|dato|datos|monto|nombre|total|stock)\w*"
        r"|pon(?:er|ga|me)?(?: [\w@]+){1,6} (?:en|a) (?:cero|0)|agrega (?:una|la) venta|registra (?:una|la) venta|sube(?:le)? (?:los|el) precios?)\b",
        "No puedo borrar ni cambiar datos desde el chat. Puedes deshacer una carga en **Mis datos**; ahí ves antes qué "
        "cambia.", _ASK,
    ),
    Refusal(
        "injection", "refused",
        r"\b(?:ignora (?:tus|las|todas|toda|lo|cualquier)\w* ?\w* ?(?:instruccion\w*|regla\w*|anterior\w*)?"
        r"|olvida (?:tus|las|todo)|instrucciones (?:anteriores|previas|del sistema)|system prompt|prompt|jailbreak"
        r"|actua como|haz como si|modo desarrollador|contrasen\w+|password|clave (?:de|del)|api ?key|token|credencial\w*"
        r"|select|union all|from fact\w*|consulta sql|sql|ejecuta|base de datos completa|variables? de entorno|codigo fuente)\b",
        "Eso no lo puedo hacer: solo respondo sobre las cifras de tu negocio, con las reglas de siempre.", _ASK,
    ),
    Refusal(
        "other_company", "refused",
        r"\b(?:(?:de|del|a|en|otra|otras|otros|tiene|vende|vendio|factura|facturo|gana|gano) (?:la |el |los |las |mi |mis |otra |otras |otro |otros )?"
        r"(?:competencia|competidor\w*|vecin[oa]s?|rival\w*|otras? empresas?|otros? negocios?|otros? clientes de ayni|otra compania|otras companias|empresa de (?:al lado|enfrente)))\b"
        r"(?! promedio)|\b(?:otras?|demas) (?:empresas?|companias?|usuarios)\b|\b(?:otros?|demas) (?:negocios?|usuarios|companias)\b"
        r"|\b(?:la|mi) competencia\b|\b(?:local|negocio|panaderia|tienda|kiosco|almacen) (?:de (?:al lado|enfrente|la esquina|la vuelta)|vecin[oa])\b|\bdatos de (?:otro|otra|otros|otras)\b",
        "Los datos de otros negocios no los puedo mostrar: cada empresa ve solo los suyos.", _ASK,
    ),
)  # fmt: skip


def _upload(what: str, columns: str) -> str:
    return f"No lo puedo saber todavía: me has enviado ventas, pero no {what}. Si subes {columns}, te respondo al tiro."


NOT_HELD = (
    Refusal(
        "stock", "no_data",
        r"\b(?:stocks?|inventarios?|existencias|bodega|repon\w+|reposicion|reorden\w+|reabastec\w+|quiebres?|rotacion|agot\w+|se (?:me |nos )?(?:esta|estan) acabando"
        r"|tengo que (?:pedir|comprar)|debo (?:pedir|comprar)|hay que (?:pedir|comprar)|menos de \d+ unidades"
        r"|cuant[oa]s .{1,40} (?:tenemos|quedan|me quedan|hay en) ?(?:disponibles?|la tienda)?(?=$| ,| en stock)"
        r"|me queda(?:n)? de(?! (?:ganancia|utilidad|margen|cada))|por vencer|cuant[oa]s? @n\d+ (?:me |nos )?quedan?|vencimientos?)\b(?<!clientes tenemos)",
        _upload("inventario", "tu planilla de stock (producto y cantidad basta)"), ("¿Qué productos se venden más?",),
    ),
    Refusal(
        "staff", "out_of_scope", r"\b(?:salarios?|sueldos?|remuneracion\w*|planilla de pago|vacaciones|contrat(?:o|ar) )\b",
        "Eso queda fuera de lo que sé: veo tus ventas, no los sueldos ni el personal.", ("¿Qué vendedor vendió más?",),
    ),
    Refusal(
        "ads", "no_data",
        r"\b(?:leads?|roas|roi|cac|instagram|facebook|tiktok|google ads|meta ads|campanas?|publicidad|anuncios?"
        r"|seguidores|clics?|clicks?|conversion|trafico|visitas)\b",
        _upload("datos de publicidad ni de leads", "el reporte de tus campañas (fecha, campaña, gasto)"),
        ("¿Cómo van mis ventas por canal?",),
    ),
    Refusal(
        "taxes", "no_data",
        r"\b(?:iva|impuestos?|tributari\w+|sii|fisco|afip|arca|f29|renta anual|ppm|retencion(?:es)? de impuesto)\b",
        _upload("tu registro de compras y ventas con el IVA", "el Registro de Compras y Ventas del SII"),
        ("¿Cuánto vendí el mes pasado?",),
    ),
    Refusal(
        "debts", "no_data",
        r"\b(?:por cobrar|para cobrar|espero cobrar|cobranza\w*|(?:me|nos) deben?|deben los clientes|le debemos|debemos|adeud\w+"
        r"|deudas?|deudor\w*|morosi\w+|facturas? (?:(?:estan |siguen |hay )?pendientes?|(?:estan )?vencidas?|por pagar|por cobrar)|pagos? pendientes?"
        r"|pendientes? de pago|vence(?:n)?|vencid[oa]s?|proxima factura|cuentas? corrientes?)\b",
        _upload("facturas por cobrar ni por pagar", "tu listado de facturas con vencimiento y estado de pago"),
        ("¿Quiénes son mis mejores clientes?",),
    ),
    Refusal(
        "bank", "no_data",
        r"\b(?:(?<!que )(?<!cual )(?<!cada )caja|saldos?|bancos?|bancari\w+|transferencias hubo|cash ?flow|flujo de caja|flujo neto|flujo|liquidez|dinero disponible"
        r"|plata disponible|tengo disponible|dinero tengo|plata tengo|conciliad\w+|cuenta con mas movimiento|egresos?"
        r"|estado financiero|balance)\b",
        _upload("movimientos de caja ni de banco", "tu cartola bancaria"), ("¿Cuánto vendí el mes pasado?",),
    ),
    Refusal(
        "expenses", "no_data",
        r"\b(?<!cliente que mas )(?<!clientes que mas )(?<!quien )(?<!quien mas )(?:gastos?|gaste|gastamos|gasto en|se gasto|costos? fijos?|compras? (?:a|de) proveedor\w*|proveedor\w*"
        r"|(?:se |me |nos ){1,2}va (?:toda )?(?:la |el )?(?:plata|guita|lana|dinero)|gasto total|arriendo|luz y agua|comisiones|neto despues|despues de comisiones|pagamos|pagar(?! (?:la |el costo de )?(?:la )?(?:mercaderia|@d\d))|cuesta hacer)\b"
        r"(?! promedio| medio| por cliente| @n| (?:cada|el|la|un) client)",
        _upload("gastos ni compras", "tu planilla de gastos (fecha, detalle y monto)"), ("¿Cuál fue mi margen?",),
    ),
    Refusal(
        "open_orders", "no_data",
        r"\b(?:pedidos?|ordenes|operaciones|entregas?|envios?|despachos?) (?:pendientes?|activ[oa]s?|abiert[oa]s?|por entregar|atrasad[oa]s?)\b"
        r"|\btengo pendiente\b|\bpendientes? (?:tengo|hay)\b|\benvios?\b",
        _upload("el estado de pedidos ni de despachos", "un listado de pedidos con su estado"),
        ("¿Cuántas transacciones tuve el mes pasado?",),
    ),
    Refusal(
        "reviews",
        "no_data",
        r"\b(?:opinan?|opinion(?:es)?|reclamos?|quejas?|resenas?|satisfaccion|encuestas?|notas?(?= me pon| en google)|calificacion(?:es)?)\b",
        _upload("opiniones ni reclamos", "un listado de reclamos o reseñas con su fecha"),
        ("¿Cuántas devoluciones tuve?",),
    ),
    Refusal(
        "offers", "no_data", r"\b(?:ofertas?|promos?) (?:tenemos|hay|activas?|vigentes?)\b|\bofertas activas\b",
        _upload("tus ofertas vigentes", "una planilla con tus promociones (producto, desde, hasta)"),
        ("¿Cuánto descuento di el mes pasado?",),
    ),
)  # fmt: skip

OUTSIDE = (
    Refusal(
        "outside", "out_of_scope",
        r"\b(?:que hora es(?! la| el| mi| cuando| donde| en)|que horas son|que dia es|clima|llover|llueve|lluvia|temperatura|pronostico del tiempo|va a hacer frio|tiempo va a hacer"
        r"|president[ea]|eleccion(?:es)?|politic[oa]s?|gobierno|votar|partido|futbol|mundial|gano la roja|colo colo"
        r"|receta|como se (?:hace|hacen|prepara|preparan|cocina) |chiste|cuento|poema|cancion|pelicula|horoscopo|capital de|traduce|traducir|noticias?|guerra|papa leon"
        r"|bitcoin|cripto\w*|acciones de la bolsa|invertir en|quien eres|como te llamas|eres humano|quien te creo"
        r"|sentido de la vida|medico|enfermedad|abogad[oa]|numero ganador|loteria)\b",
        "Eso queda fuera de lo mío: respondo sobre las ventas y los clientes de tu negocio.", _ASK,
    ),
)  # fmt: skip

NOT_YET = (
    Refusal(
        "forecast", "no_data",
        r"\b(?:pronostico|pronostica\w*|proyeccion\w*|proyecta\w*|predic\w+|predec\w+|estimad[oa] para|voy a (?:vender|tener|ganar|facturar)"
        r"|vamos a (?:vender|tener|ganar|facturar)|vendere|venderemos|va a (?:vender|pasar|ser)|proxim[oa]s? (?:mes|semana|ano|dias|meses)"
        r"|mes que viene|semana que viene|ano que viene|el proximo|(?:vend\w+|ventas(?: de)?|para) manana)\b",
        "Todavía no proyecto el futuro: te puedo contar con exactitud lo que ya pasó y cómo viene la tendencia.",
        ("¿Cómo han evolucionado mis ventas por mes?",),
    ),
    Refusal(
        "advice", "out_of_scope",
        r"\b(?:que precio me conviene|que precio deberia|como puedo (?:reducir|mejorar|aumentar|subir|bajar)|como (?:mejorar|aumentar|reducir|subir)"
        r"|que decisiones|que harias|que me recomiendas|que recomiendas|recomendacion\w*|consejos?|que deberia hacer|deberia (?:pausar|cerrar|abrir|contratar|invertir|subir|bajar)"
        r"|me conviene|que estrategia|vale la pena)\b",
        "Esa decisión es tuya y mis datos no la resuelven solos; sí te puedo mostrar las cifras que la informan.",
        ("¿Qué productos me dejan más margen?", "¿Cómo me fue el mes pasado?"),
    ),
)  # fmt: skip

# 'Frente a otros negocios' asks for a comparison, not for their figures.
_COMPARES = re.compile(
    r"(?:como estoy|como ando|como voy|frente a|comparad\w+|percentil|mejor que|peor que) .*(?:otr[oa]s|demas)"
)
_OWN_ALERT = re.compile(
    r"\b(?:borra|elimina|cambia|modifica|edita|actualiza|anula|pon|sube|baja)\w* (?:el|los|la|las|mi|mis|ese|esa|este|esta) (?:avisos?|alertas?)\b"
)
"""What an owner asked to be told of is no data: it may be ended from the chat."""
_HELD_BY = {"stock": STOCK, "expenses": EXPENSE}
"""What is no longer refused where the company sent such a book."""
_FIRST = UNSAFE
_REST = (*NOT_HELD, *NOT_YET, *OUTSIDE)


def patterns() -> tuple[str, ...]:
    """What refusals look like; their words are known to the speller."""
    return tuple(one.pattern for one in (*_FIRST, *_REST))


def unsafe(text: str) -> Stop | None:
    """The refusal of what must never be done, whatever else the question asks."""
    found = _match(_FIRST, _OWN_ALERT.sub(" ", text))
    return None if found and found.intent == "other_company" and _COMPARES.search(text) else found


def beyond(text: str, columns: frozenset[str] = frozenset()) -> Stop | None:
    """The honest no to what the company's sales cannot tell, nor any book beside them (`columns`) that it sent."""
    held = {intent for intent, column in _HELD_BY.items() if column in columns}
    return _match([one for one in _REST if one.intent not in held], text)


def _match(refusals: Sequence[Refusal], text: str) -> Stop | None:
    for one in refusals:
        if re.search(one.pattern, text):
            return Stop(one.status, one.intent, one.text, one.follow_ups)
    return None
