"""What the channel says of itself, all in one place."""

from assistant.voice import localised
from core.settings import settings
from core.tenancy import Scope

LINKED = (
    "*Listo*, este WhatsApp quedó conectado a *{company}*.\n\nPregúntame por tus ventas como a un colega, o mándame tu "
    "planilla (CSV o Excel). Para desconectarlo, escribe *baja*."
)
BAD_CODE = "Ese código no sirve: dura {minutes} minutos y se usa una sola vez. Pide otro en {page}"
LEFT = "Listo, desconecté este WhatsApp. Ya no te escribiré. Si quieres volver, pide un código en {page}"
WHICH = "¿De cuál negocio?"
CHOSEN = "Listo, ahora hablamos de *{company}*. Para cambiar, escribe *cambiar negocio*."
ONLY_ONE = "Este WhatsApp está conectado solo a *{company}*. Para sumar otro negocio, pide un código en {page}"
LATE = "Tu mensaje de las {time} me llegó recién ahora. Si todavía lo necesitas, mándamelo de nuevo."
NOTHING_TO_DETAIL = "Todavía no hay una respuesta que detallar. Pregúntame algo de tus ventas."
NOTICES_ON = (
    "Listo, te avisaré por aquí cuando tu resumen esté listo o algo necesite tu atención. Para parar: *avisos no*."
)
NOTICES_OFF = "Listo, no te escribiré por mi cuenta. Puedes seguir preguntando. Para volver: *avisos sí*."
READING = (
    "Recibí *{name}* y lo estoy leyendo. Cuando termine te escribo qué encontré, con un primer resultado. "
    "Si tarda, escribe *avance* y te digo por dónde voy."
)
UNDERWAY = "*{name}*: {stage}{rows}. Te escribo apenas termine."
NOTHING_UNDERWAY = "No estoy leyendo ningún archivo tuyo. Si quieres subir uno, mándamelo por aquí (CSV o Excel)."
KNOWN = "Ya tenía *{name}*, así que no cambié nada. Puedes preguntar por tus ventas."
FAILED_FILE = "No pude leer *{name}*. {reason}"
LONG = 2000
"""Characters of a question that are read."""
OTHER = {
    "audio": "Todavía no escucho audios. Escríbeme tu pregunta en una línea y te respondo al tiro.",
    "voice": "Todavía no escucho audios. Escríbeme tu pregunta en una línea y te respondo al tiro.",
    "sticker": "¡Lindo! Stickers no sé leer todavía. Escríbeme tu pregunta y te respondo.",
    "image": "Todavía no leo fotos. Mándame la planilla misma (CSV o Excel) como documento, o escríbeme tu pregunta.",
    "video": "Todavía no veo videos. Escríbeme tu pregunta, o mándame tu planilla (CSV o Excel) como documento.",
    "location": "Todavía no leo ubicaciones. Escríbeme tu pregunta y te respondo.",
    "contacts": "Todavía no leo contactos. Escríbeme tu pregunta y te respondo.",
}
ANYTHING = "Eso todavía no lo sé leer. Escríbeme tu pregunta, o mándame tu planilla (CSV o Excel) como documento."


def say(text: str, scope: Scope, **values: object) -> str:
    """One of the texts above as it is said where the company is; somebody's own names stay as they are."""
    return localised(text, scope.company.locale).format(page=page(), **values)


def failed(name: str, reason: str, scope: Scope) -> str:
    return say(FAILED_FILE, scope, name=name, reason=localised(reason, scope.company.locale))


def page() -> str:
    return f"{settings().url}/whatsapp"


def neutral() -> str:
    """What a phone that is nobody's is told: how to become somebody's, and nothing else."""
    return (
        "Hola, soy Ayni. Para responderte tengo que saber quién eres: entra con tu cuenta a "
        f"{page()}, pide un código y mándamelo por aquí."
    )
