"""Tú for Chile, vos for Argentina: the same texts, conjugated."""

import re

_VOSEO = {
    "puedes": "podés", "tienes": "tenés", "quieres": "querés", "subes": "subís", "escribes": "escribís",
    "Pregúntame": "Preguntame", "Prueba": "Probá", "Sube": "Subí", "al tiro": "enseguida", "Muéstrame": "Mostrame",
    "Puedes": "Podés", "Tienes": "Tenés", "Quieres": "Querés", "hablas": "hablás", "ves": "ves", "llevas": "llevás",
}  # fmt: skip
_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_VOSEO, key=len, reverse=True))})\b")


def localised(text: str, locale: str) -> str:
    """`text` as it is said where the company is."""
    return _WORD.sub(lambda m: _VOSEO[m.group()], text) if locale == "es-AR" else text
