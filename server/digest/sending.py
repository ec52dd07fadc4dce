"""Who is due a summary, and sending it: what a reader gets is decided here, that it leaves once in server/outbox."""

from collections.abc import Callable
from datetime import date, datetime
from email.message import EmailMessage
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

from core import db
from core.settings import settings
from core.tenancy import Scope
from server import addresses, outbox
from server.channels.whatsapp import notify
from server.digest.by_whatsapp import notice
from server.digest.choices import Subscriber, kept, leave_url, subscribers
from server.digest.editions import Edition, due, parse, wanted
from server.digest.gather import compose
from server.digest.letter import message, render
from server.digest.reword import reworded
from server.digest.types import Digest
from server.envelope import Envelope

BY_WHATSAPP = "by WhatsApp"
ORDINARY = "nothing out of the ordinary"
"""Why a reader got nothing: /resumen says so, and shows the one line there is."""
Make = Callable[[Edition], Digest]


def send_due(scope: Scope, now: datetime) -> list[str]:
    """Send what is due for the members of a company; how each one's mail stands then. For the queue."""
    tz = scope.company.tz
    today = now.astimezone(tz).date()
    make = _maker(today, scope)
    with db.tenant(scope) as connection:
        people = [s for s in subscribers(scope, connection) if s.choice.frequency != "off"]
    states = []
    for one in people:
        edition = due(one.choice.frequency, now, tz)
        if edition is None:  # one that lacked its sales until now goes for as long as no newer one is due
            late = wanted(one.choice.frequency, today)
            edition = late if late and outbox.state(late.id, one.reader, scope) == "held" else None
        if edition is not None:
            states.append(_send(edition, one, make, scope))
    return states


def send(edition: Edition, to: Subscriber, today: date, scope: Scope) -> str:
    """Send one edition to one reader unless that happened, or is happening. How its row stands then."""
    return _send(edition, to, _maker(today, scope), scope)


def _maker(today: date, scope: Scope) -> Make:
    """Composes each edition once, however many readers it has."""

    @cache
    def make(edition: Edition) -> Digest:
        with db.tenant(scope) as connection:
            digest = compose(edition, today, scope, connection)
        return reworded(digest, scope)

    return make


def _send(edition: Edition, to: Subscriber, make: Make, scope: Scope) -> str:
    by_mail_alone = to.choice.by == "email"

    def write(envelope: Envelope) -> EmailMessage:
        digest = make(edition)
        if digest.kind == "empty":
            raise outbox.NotYet("no sales yet")
        if digest.kind == "stale":
            # One silence is told once, however many Mondays it lasts: its row is its last day's.
            told = outbox.send_once(
                digest.key, to.reader, lambda e: _delivered(digest, to, e, scope), scope, not by_mail_alone
            )
            again = told in ("waiting", "claimed", "sending")
            raise outbox.NotYet(f"{digest.key}: {told}", *((2,) if again else ()))
        if digest.kind == "quiet":
            raise outbox.NotNeeded(ORDINARY)
        return _delivered(kept(digest, to.choice.without), to, envelope, scope)

    return outbox.send_once(edition.id, to.reader, write, scope, not by_mail_alone)


def _delivered(digest: Digest, to: Subscriber, envelope: Envelope, scope: Scope) -> EmailMessage:
    """The mail, after the WhatsApp message where its reader wants that one; NotNeeded where it was all they want. Who
    has no phone linked gets the mail rather than nothing."""
    if to.choice.by != "email":
        state = notify(notice(digest, settings().url), to.reader.user_id, scope)
        told = state not in ("no_phone", "off")
        if told and (to.choice.by == "whatsapp" or outbox.paused(to.reader, scope)):
            raise outbox.NotNeeded(f"{BY_WHATSAPP}: {state}")
        if outbox.paused(to.reader, scope):
            raise outbox.NotNeeded("mails to this address are paused")
    leave = leave_url(scope.company_id, to.reader.user_id)
    return message(render(digest, settings().url, leave, addresses.answered()), envelope, leave)


def send_again(key: str, user_id: UUID, now: datetime, scope: Scope) -> str:
    """Send the edition that a reader asked for once more (`outbox.again` has let it). How its row stands then."""
    with db.tenant(scope) as connection:
        asked = next((s for s in subscribers(scope, connection) if s.reader.user_id == user_id), None)
    return send(parse(key), asked, scope.company.day_of(now), scope) if asked else "skipped"


def companies_due(now: datetime) -> list[UUID]:
    """The companies where somebody's summary should be on its way and is not. One query for all of them."""
    with db.identity() as connection:
        rows = connection.execute(
            "SELECT company_id, timezone, frequency, settled, woken FROM digest_readers()"
        ).fetchall()
    found: dict[UUID, None] = {}
    for company_id, timezone, frequency, settled, woken in rows:
        tz = ZoneInfo(timezone)
        edition = due(frequency, now, tz)
        late = wanted(frequency, now.astimezone(tz).date())
        if (late and late.id in woken) or (edition is not None and edition.id not in settled):
            found[company_id] = None
    return list(found)
