"""What somebody does about an alert, whichever way it reaches us: seen, or put off until a day. The one door for it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from core.db import Connection
from core.errors import BadInput
from core.language import fold
from core.periods import WEEKDAYS, day_label
from core.tenancy import Permission, Scope
from features import alerts
from features.alerts import Alert, Kept
from server.alerts import planning
from server.identity import require

MOST_DAYS = 180


@dataclass(frozen=True, slots=True)
class Wish:
    """Put off until `until`; seen, where there is no such day."""

    until: date | None = None


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


def may_answer(alert: Alert, kept: Kept | None, scope: Scope, connection: Connection) -> bool:
    """Whether it is theirs to answer: who plans, whom the rule names, who was told of it."""
    if scope.may(Permission.plan):
        return True
    if scope.user_id is None or scope.allowed is not None:
        return False  # narrowed: a key, or a mail that nobody vouches for
    if kept is not None and scope.user_id in (kept.rule.recipient, kept.rule.second):
        return True
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM alert_deliveries WHERE company_id = %s AND alert_id = %s AND user_id = %s "
        "AND state IN ('sent', 'unsure'))",
        [scope.company_id, alert.id, scope.user_id],
    ).fetchone()
    return bool(row and row[0])


def respond(alert_id: UUID, wish: Wish, scope: Scope, connection: Connection, now: datetime) -> str:
    """Do it, and what is said of it. NotFound for another company's; Forbidden for who may not; BadInput for a day that
    is not ahead; Conflict to put off what was seen. The same again changes nothing."""
    alert = alerts.alert(alert_id, scope, connection)
    kept = next((k for k in alerts.rules(scope, connection) if k.id == alert.rule_id), None)
    if not may_answer(alert, kept, scope, connection):
        require(scope, Permission.plan)
    if wish.until is None:
        was_open = alert.acknowledged_at is None
        seen = alerts.acknowledge(alert_id, scope, connection, now)
        planning.cancel(alert_id, scope, connection)
        if was_open or not seen.acknowledged_by:
            return "Anotada como vista. No te la repito ni le escribo a nadie más por ella."
        return f"Ya estaba marcada como vista por {seen.acknowledged_by}."
    alerts.snooze(alert_id, wish.until, scope, connection, now)
    planning.cancel(alert_id, scope, connection)
    if kept is not None:
        at = alerts.morning_of(wish.until, kept.rule.quiet, scope.company.tz)
        planning.remind(alert_id, kept.rule, at, scope, connection)
    return f"Pospuesta. Te la recuerdo el {WEEKDAYS[wish.until.weekday()]} {day_label(wish.until)}."


def days_ahead(days: int, scope: Scope, now: datetime) -> Wish:
    """Put off by so many days of the company's calendar."""
    if not 1 <= days <= MOST_DAYS:
        raise BadInput("snooze", "Elige entre un día y seis meses.")
    return Wish(scope.company.day_of(now) + timedelta(days=days))


def alerts_of(keys: Iterable[str]) -> list[UUID]:
    """The alerts that messages with these keys told of, each once, in their order."""
    found = (re.fullmatch(r"alert-([0-9a-f-]{36})-.+", key) for key in keys)
    return list(dict.fromkeys(UUID(one[1]) for one in found if one))


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
