"""An alert on WhatsApp: the buttons under it, and what becomes of pressing one or of answering it in words."""

from datetime import datetime
from uuid import UUID

from assistant.answered import wish_of
from assistant.voice import localised
from core import db
from core.db import Connection
from core.errors import AyniError, BadInput
from core.tenancy import Scope
from features import alerts
from features.alerts import Alert, Kept, Wish, alerts_of, days_ahead, respond
from server.alerts import letter
from server.channels.whatsapp.reply import MOST_BUTTONS, MOST_ID, MOST_OPTIONS, Button, Option, Reply, cut

BEGINNING = "alerta:"
SEEN, LATER = "vista", "posponer"
RECENT_DAYS = 3
"""Words alone answer what was told within so many days; a button or a quote, whatever it was."""


def message(alert: Alert, kept: Kept, reason: str, scope: Scope) -> Reply:
    """The whole of what a phone gets."""
    question = f"q:{alerts.question(kept.rule, alert.query.period)}"
    more = (Button("Ver más", question),) if len(question) <= MOST_ID else ()
    buttons = (Button("Visto", _id(SEEN, alert.id)), Button("Posponer 1 día", _id(LATER, alert.id, "1")), *more)
    return Reply(letter.short(alert, kept, reason, scope.company), buttons[:MOST_BUTTONS])


def pressed(id: str, scope: Scope, now: datetime) -> Reply:
    """A button of ours, whole as it came back; what the phone is told."""
    _, deed, alert_id, *more = f"{id}::".split(":")
    try:
        wish = Wish() if deed == SEEN else days_ahead(int(more[0]), scope, now)
        return _done(UUID(alert_id), wish, scope, now)
    except (ValueError, BadInput):  # no button of ours has such an id
        return Reply("Ese botón ya no sirve. Mira tus alertas en Avisos.")


def said(text: str, quoted: str, scope: Scope, now: datetime) -> Reply | None:
    """'visto' or 'posponer 3 días' as an answer to what the phone was told: to the message with the id `quoted`, else
    to the latest. None where it is something else, or nothing waits to be seen."""
    wish = wish_of(text, scope.company.day_of(now))
    if wish is None or scope.user_id is None:
        return None
    with db.tenant(scope) as connection:
        meant = _meant(quoted, scope, connection, now)
    if not meant:
        return None
    if len(meant) == 1:
        return _done(meant[0].id, wish, scope, now)
    days = (wish.until - scope.company.day_of(now)).days if wish.until else 0
    return Reply(
        localised("¿Cuál de tus alertas?", scope.company.locale),
        options=tuple(
            Option(cut(a.title, 24), _id(LATER, a.id, str(days)) if days else _id(SEEN, a.id), cut(a.title, 72))
            for a in meant[:MOST_OPTIONS]
        ),
    )


def _done(id: UUID, wish: Wish, scope: Scope, now: datetime) -> Reply:
    try:
        with db.tenant(scope) as connection:
            told = respond(id, wish, scope, connection, now)
            title = alerts.alert(id, scope, connection).title.replace("*", "")
    except AyniError as problem:
        return Reply(localised(problem.spanish, scope.company.locale))
    return Reply(localised(f"{told}\n\n*{title}*", scope.company.locale)[:1000])


def _meant(quoted: str, scope: Scope, connection: Connection, now: datetime) -> list[Alert]:
    rows = connection.execute(
        "SELECT key FROM whatsapp_sent WHERE company_id = %(company)s AND user_id = %(user)s "
        "AND starts_with(key, 'alert-') AND (wamid = %(quoted)s OR (%(quoted)s = '' AND state IN ('sent', 'unsure') "
        "AND created_at > %(now)s - make_interval(days => %(days)s))) ORDER BY created_at DESC",
        {"company": scope.company_id, "user": scope.user_id, "quoted": quoted, "now": now, "days": RECENT_DAYS},
    ).fetchall()
    found = [alerts.alert(id, scope, connection) for id in alerts_of(key for (key,) in rows)]
    return found if quoted else [a for a in found if a.acknowledged_at is None]


def _id(*parts: object) -> str:
    return BEGINNING + ":".join(str(p) for p in parts)
