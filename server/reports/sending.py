"""A report leaves on its day, once for each recipient: its schedule is a row, each mail another (server/outbox)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from uuid import UUID
from zoneinfo import ZoneInfo

from core import db
from core.db import Connection
from core.errors import BadInput
from core.tenancy import Scope
from server import outbox
from server.envelope import Envelope, members
from server.reports import letter, schedule, store
from server.reports.schedule import Schedule

logger = logging.getLogger(__name__)

FORMATS = ("pdf", "xlsx")
PREFIX = "report-"
OPEN = ("waiting", "held", "claimed", "sending")
"""How a mail stands that may still leave by itself."""


@dataclass(frozen=True, slots=True)
class Sending:
    """When a report leaves, as which files, to which members of the company."""

    report_id: UUID
    schedule: Schedule
    formats: tuple[str, ...]
    recipients: tuple[UUID, ...]
    since: datetime
    done_on: date | None


def of(report_id: UUID, scope: Scope, connection: Connection) -> Sending | None:
    """A report's sending; None where it has none."""
    return next((s for s in _sendings(scope, connection) if s.report_id == report_id), None)


def plan(
    report_id: UUID,
    wanted: Schedule,
    formats: Sequence[str],
    recipients: Sequence[UUID],
    now: datetime,
    scope: Scope,
    connection: Connection,
) -> None:
    """Send the report on its days from `now` on. BadInput without a recipient who belongs to the company, or without
    a file."""
    store.run(report_id, scope, connection)
    known = {m.user_id for m in members(scope, connection)}
    chosen = [r for r in dict.fromkeys(recipients) if r in known]
    kinds = [f for f in FORMATS if f in formats]
    if not chosen:
        raise BadInput("recipients", "Falta a quién enviarlo.", "Elige al menos una persona.")
    if not kinds:
        raise BadInput("formats", "Falta en qué formato enviarlo.", "Elige PDF, Excel o los dos.")
    connection.execute(
        "INSERT INTO report_schedules "
        "(company_id, report_id, cadence, weekday, month_day, hour, formats, since, done_on) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, NULL) ON CONFLICT (company_id, report_id) DO UPDATE SET "
        "cadence = excluded.cadence, weekday = excluded.weekday, month_day = excluded.month_day, "
        "hour = excluded.hour, formats = excluded.formats, since = excluded.since",
        [scope.company_id, report_id, wanted.cadence, wanted.weekday, wanted.month_day, wanted.hour, kinds, now],
    )
    connection.execute(
        "DELETE FROM report_recipients WHERE company_id = %s AND report_id = %s", [scope.company_id, report_id]
    )
    for user_id in chosen:
        connection.execute(
            "INSERT INTO report_recipients (company_id, report_id, user_id) VALUES (%s, %s, %s)",
            [scope.company_id, report_id, user_id],
        )


def stop(report_id: UUID, scope: Scope, connection: Connection) -> None:
    """Send it no more."""
    store.run(report_id, scope, connection)
    connection.execute(
        "DELETE FROM report_schedules WHERE company_id = %s AND report_id = %s", [scope.company_id, report_id]
    )


def companies_due(now: datetime) -> list[UUID]:
    """Where a report should be on its way and is not. One query for all companies."""
    with db.identity() as connection:
        rows = connection.execute(
            "SELECT company_id, timezone, cadence, weekday, month_day, hour, since, done_on FROM scheduled_reports()"
        ).fetchall()
    found: dict[UUID, None] = {}
    for company_id, timezone, cadence, weekday, month_day, hour, since, done_on in rows:
        wanted = Schedule(cadence, hour, weekday, month_day)
        if schedule.due(wanted, since, done_on, now, ZoneInfo(timezone)) is not None:
            found[company_id] = None
    return list(found | dict.fromkeys(outbox.companies_waiting(PREFIX)))


def send_due(scope: Scope, now: datetime) -> list[str]:
    """Send what is due of a company; how each mail stands then. For the queue. A day is done once no mail of it may
    still leave by itself; a mail that has to wait is tried again with the next call."""
    with db.tenant(scope) as connection:
        found = [(s, schedule.due(s.schedule, s.since, s.done_on, now, scope.company.tz))
                 for s in _sendings(scope, connection)]  # fmt: skip
    stands: list[str] = []
    for sending, day in found:
        if day is None:
            continue
        key = f"{PREFIX}{sending.report_id}-{day}"
        states = _send(sending.report_id, key, sending.formats, sending.recipients, now, scope)
        if not any(s in OPEN for s in states):
            with db.tenant(scope) as connection:
                connection.execute(
                    "UPDATE report_schedules SET done_on = %s WHERE company_id = %s AND report_id = %s",
                    [day, scope.company_id, sending.report_id],
                )
        stands += states
    for key, reader in outbox.waiting(PREFIX, scope):  # ordered by somebody, or of a day that has passed meanwhile
        report_id = UUID(key.removeprefix(PREFIX)[:36])
        stands += _send(report_id, key, _formats(report_id, scope), (reader.user_id,), now, scope)
    return stands


def send_now(report_id: UUID, user_id: UUID, at: str, now: datetime, scope: Scope) -> list[str]:
    """Send a report to who ordered it `at` an instant, once; how the mail stands then."""
    key = f"{PREFIX}{report_id}-now-{at}"
    return _send(report_id, key, _formats(report_id, scope), (user_id,), now, scope)


def _formats(report_id: UUID, scope: Scope) -> tuple[str, ...]:
    with db.tenant(scope) as connection:
        planned = of(report_id, scope, connection)
    return planned.formats if planned else FORMATS


def _send(
    report_id: UUID, key: str, formats: tuple[str, ...], recipients: Sequence[UUID], now: datetime, scope: Scope
) -> list[str]:
    with db.tenant(scope) as connection:
        report = store.for_queue(report_id, scope, connection)
        people = [m for m in members(scope, connection) if m.user_id in recipients]

    def gone(_: Envelope) -> EmailMessage:
        raise outbox.NotNeeded("the report was deleted")

    today = scope.company.day_of(now)
    write = letter.Writer(report, formats, today, scope).write if report else gone
    return [outbox.send_once(key, reader, write, scope) for reader in people]


def history(report_id: UUID, scope: Scope, connection: Connection, most: int = 8) -> list[tuple[datetime, str, str]]:
    """The latest mails of a report: when, to whom, how it stands."""
    rows = connection.execute(
        "SELECT coalesce(e.sent_at, e.created_at), u.name, e.state FROM mails e JOIN users u ON u.id = e.user_id "
        "WHERE e.company_id = %s AND starts_with(e.key, %s) ORDER BY e.created_at DESC, u.name LIMIT %s",
        [scope.company_id, f"{PREFIX}{report_id}-", most],
    )
    return [(at, name, state) for at, name, state in rows]


def received(scope: Scope, connection: Connection) -> list[tuple[UUID, str, Schedule]]:
    """The reports that the visitor gets by mail: id, title, when."""
    rows = connection.execute("SELECT id, title FROM reports WHERE company_id = %s", [scope.company_id])
    titles: dict[UUID, str] = dict(iter(rows))
    mine = [s for s in _sendings(scope, connection) if scope.user_id in s.recipients]
    return [(s.report_id, titles[s.report_id], s.schedule) for s in mine]


def leave(report_id: UUID, scope: Scope, connection: Connection) -> bool:
    """The visitor gets it no more; where nobody else does, it is sent no more. Whether they got it before."""
    gone = connection.execute(
        "DELETE FROM report_recipients WHERE company_id = %s AND report_id = %s AND user_id = %s",
        [scope.company_id, report_id, scope.user_id],
    ).rowcount
    connection.execute(
        "DELETE FROM report_schedules s WHERE company_id = %s AND report_id = %s AND NOT EXISTS "
        "(SELECT FROM report_recipients p WHERE p.company_id = s.company_id AND p.report_id = s.report_id)",
        [scope.company_id, report_id],
    )
    return bool(gone)


def _sendings(scope: Scope, connection: Connection) -> list[Sending]:
    rows = connection.execute(
        "SELECT s.report_id, s.cadence, s.hour, s.weekday, s.month_day, s.formats, s.since, s.done_on, "
        "ARRAY(SELECT p.user_id FROM report_recipients p WHERE p.company_id = s.company_id "
        "AND p.report_id = s.report_id ORDER BY p.user_id) "
        "FROM report_schedules s JOIN reports r ON r.company_id = s.company_id AND r.id = s.report_id "
        "WHERE s.company_id = %s AND r.deleted_at IS NULL ORDER BY s.report_id",
        [scope.company_id],
    )
    return [Sending(r[0], Schedule(r[1], r[2], r[3], r[4]), tuple(r[5]), tuple(r[8]), r[6], r[7]) for r in rows]
