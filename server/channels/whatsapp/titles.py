"""What a button says: a question as people would call it, within a button's letters. Pure."""

import re

from core.language import fold
from server.channels.whatsapp.reply import MOST_TITLE, cut

SHORT = (
    (r"^como me fue( el mes pasado| ese mes)?$", "¿Cómo me fue?"),
    (r"^como me fue (en|el) (.*)$", r"¿Y \1 \2?"),
    (r"^como me fue (?:en|el) (.*)$", r"\1"),
    (r"productos? .*(mas vendid|vendieron mas|venden mas)|productos mas vendidos|^que se vendio mas", "Lo más vendido"),
    (r"venden menos|menos vendid", "Lo menos vendido"),
    (r"no se mueven$", "Lo que no se mueve"),
    (r"mas margen$", "Los de más margen"),
    (r"concentran el 80", "Los que más pesan"),
    (r"evolucionado el descuento|^cuanto descuento", "Descuentos"),
    (r"evolucionado mis gastos|^gastos .*por mes$", "Gastos por mes"),
    (r"^como han evolucionado", "Mes a mes"),
    (r"^cual fue (el|mi) mejor (\w+)$", r"El mejor \2"),
    (r"^cuales han sido mis (mejores \w+)$", r"\1"),
    (r"^quienes son mis (.*)$", r"\1"),
    (r"clientes .*(no han vuelto|dejaron)", "Quién no ha vuelto"),
    (r"^como estoy frente", "Frente a otros"),
    (r"peor dia de la semana", "El peor día"),
    (r"que dia de la semana", "El mejor día"),
    (r"^cuanto fue (.*) el mes pasado$", r"\1"),
    (r"resultado despues de gastos", "Mi resultado"),
    (r"^cual (?:es|fue) (?:mi|el|la) (.*)$", r"\1"),
    (r"^y comparado con el ano pasado$", "¿Y el año pasado?"),
    (r"^y comparado con el periodo anterior$", "¿Y antes?"),
    (r"^le gane a la inflacion$", "Contra la inflación"),
    (r"inflacion$", "¿Y la inflación?"),
    (r"^como me afecta la economia$", "¿Y la economía?"),
    (r"^que deberia vigilar$", "¿Qué debo vigilar?"),
    (r"devuelto|devoluciones", "Devoluciones"),
    (r"^cuant[oa]s (?:unidades|transacciones|clientes) .*por mes$", "Por mes"),
    (r"^cuantas transacciones", "Transacciones"),
    (r"^cuanto crecieron mis ventas", "¿Cuánto crecí?"),
    (r"^cuando fue la ultima venta", "La última venta"),
    (r"^como va el margen", "¿Cómo va el margen?"),
    (r"^cuanto vale mi inventario$", "Valor del inventario"),
    (r"se me esta acabando", "Lo que se acaba"),
    (r"^avisame", "Avísame de eso"),
    (r"^y (.*)$", r"¿Y \1?"),
)
"""Long questions by what they are about, the first that matches and fits; the button's id holds the question itself."""


def titled(question: str) -> str:
    """What a button says for a question: the question itself where it fits."""
    if len(question) <= MOST_TITLE:
        return question.strip()
    bare = " ".join(question.strip(" ¿?¡!.").split())
    folded = fold(bare)
    for pattern, short in SHORT:
        found = re.search(pattern, folded)
        if found:
            # The folded text has the same length: what is kept of the question keeps its accents.
            said = short
            for number in range(1, len(found.groups()) + 1):
                said = said.replace(f"\\{number}", bare[slice(*found.span(number))])
            if len(said) <= MOST_TITLE:
                return said[:1].upper() + said[1:]
    return cut(bare[:1].upper() + bare[1:], MOST_TITLE)
