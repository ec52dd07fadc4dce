"""'Visto', 'pospón tres días': what somebody does about an alert, in their own words. Pure."""

import re
from datetime import date, timedelta

from core.language import fold
from core.periods import WEEKDAYS
from features.alerts import Wish

_BEFORE = r"(?:(?:ok|okey|ya|listo|dale|bueno|gracias|perfecto|por favor)[ ,.]+)*"
_AFTER = r"(?:[ ,.]+(?:gracias|por favor|esta alerta|la alerta|el aviso|este aviso))*"
_SEEN = re.compile(
    rf"{_BEFORE}(?:vist[oa]|(?:lo|la) vi|vi (?:la alerta|el aviso)|enterad[oa]|recibid[oa]|"
    rf"marca(?:r|la|lo|rla|rlo)?(?: como)? vist[oa]){_AFTER}"
)
_LATER = re.compile(
    rf"{_BEFORE}(?:pospo(?:ner|n|ne)(?:la|lo)?|poster(?:gar|ga)(?:la|lo)?|aplaz(?:ar|a)(?:la|lo)?|"
    rf"rec(?:orda|uerda)(?:r)?(?:me|melo|mela)(?: esto)?)(?: (?:la alerta|el aviso|esta alerta|este aviso))?"
    rf"(?: (?:hasta|para|por|en|dentro de))?(?: el| la)?(?: (?P<when>[a-z0-9 ]+?))?{_AFTER}"
)
_COUNT = re.compile(r"(?P<n>\d{1,3}|un|una|dos|tres|cuatro|cinco) (?P<unit>dias?|semanas?|mes(?:es)?)(?: mas)?")
_COUNTS = {"un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5}
_NAMED = {"manana": 1, "pasado manana": 2, "proxima semana": 7, "otra semana": 7, "semana que viene": 7}


def wish_of(said: str, today: date) -> Wish | None:
    """'visto', 'posponer', 'recuérdamelo el lunes' as somebody answers an alert; None for anything else. Pure."""
    text = fold(said).strip(" .!¡¿?*\"'")
    if _SEEN.fullmatch(text):
        return Wish()
    found = _LATER.fullmatch(text)
    days = _days(found["when"] or "manana", today) if found else None
    return Wish(today + timedelta(days=days)) if days else None


_MEANT = re.compile(
    r"(?P<all>\btod[oa]s(?: (?:los avisos|las alertas|ell[oa]s))?\b)"
    r"|\b(?:el|la|ese|esa|este|esta|los|las) (?:avisos?|alertas?)"
    r"(?P<of> (?:(?:de|del|sobre) [\w ]+?|(?:si|cuando) .*))?"
    r"(?=$| (?:hasta|para|por|en|dentro|un|una|dos|tres|cuatro|cinco|\d))"
)


def about(said: str, today: date) -> tuple[Wish, str] | None:
    """The same where the alerts that are meant are named: 'visto el aviso del margen', 'pospón todas 3 días'. What
    names them is given folded: '' for none, 'todas' for all. Pure."""
    bare = wish_of(said, today)
    if bare is not None:
        return bare, ""
    text = fold(said).strip(" .!¡¿?*\"'")
    found = _MEANT.search(text)
    if found is None:
        return None
    wish = wish_of(re.sub(r"(?<=vist[oa])s\b", "", _joined(text[: found.start()], text[found.end() :])), today)
    return (wish, "todas" if found["all"] else (found["of"] or "").strip()) if wish else None


def _joined(before: str, after: str) -> str:
    return " ".join(f"{before} {after}".split())


def _days(when: str, today: date) -> int | None:
    when = when.strip()
    if when in _NAMED:
        return _NAMED[when]
    named = next((i for i, name in enumerate(WEEKDAYS) if fold(name) == when.removeprefix("proximo ")), None)
    if named is not None:
        return (named - today.weekday() - 1) % 7 + 1
    found = _COUNT.fullmatch(when)
    if found is None:
        return None
    count = int(found["n"]) if found["n"].isdigit() else _COUNTS[found["n"]]
    return count * {"d": 1, "s": 7, "m": 30}[found["unit"][0]] or None
