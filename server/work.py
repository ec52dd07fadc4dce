"""What each kind of job does. That a finished upload leads to a refresh of the features is said here, and only here."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import features
import ingest
import retrieval
from core.db import Connection
from core.errors import AyniError
from core.periods import Period
from core.tenancy import Scope
from features import alerts, insights
from features.alerts import planning
from features.refresh import notice
from server import leaving, outbox, peers, progress, replies
from server.alerts import delivering
from server.channels.whatsapp import notices, told
from server.digest import sending
from server.downloads import company_zip
from server.privacy import forgetting, register
from server.reports import sending as reports

logger = logging.getLogger(__name__)

VECTORS_AT_ONCE = 256
"""Chunks a job embeds: seconds with a heavy model, so that what the owner sends is never long in waiting."""

Payload = dict[str, Any]
Follows = Sequence[tuple[str, Payload]]


@dataclass(frozen=True, slots=True)
class Work:
    """`run` works in the job's own transaction and names the jobs that follow; `failed` tells the owner it won't be."""

    run: Callable[[Scope, Payload, Connection], Follows]
    failed: Callable[[Scope, Payload, AyniError, Connection], None]


def _ingest(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    upload_id = UUID(payload["upload"])
    outcome = ingest.process(scope, upload_id, connection, progress.writer(scope, upload_id))
    if outcome.upload.state != "ready":
        return [("refresh", {"touched": _spans(outcome.touched)})] if outcome.touched else []
    # Not ready until the figures are: the facts stand from here on, and the refresh may be tried again alone.
    connection.execute("UPDATE uploads SET state = 'working', stage = 'computing' WHERE id = %s", [upload_id])
    return [("refresh", {"upload": str(upload_id), "touched": _spans(outcome.touched)})]


def _undo(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    touched = ingest.undo(scope, UUID(payload["upload"]), connection)
    return [("refresh", {"touched": _spans(touched)})]


def _refresh(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    upload_id = UUID(payload["upload"]) if "upload" in payload else None
    if payload["touched"]:
        touched = [Period(date.fromisoformat(a), date.fromisoformat(b)) for a, b in payload["touched"]]
        features.refresh(scope, connection, touched, progress.stages(scope, upload_id))
        outbox.wake(scope, connection)  # a summary that lacked these sales needn't wait for the next one
    connection.execute(
        "UPDATE uploads SET state = 'ready', stage = '', finished_at = now() WHERE id = %s AND state = 'working'",
        [upload_id],
    )
    return [*_watch(scope, connection), *_vectors(scope, connection)]


def _notice(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    """After a new comparison: what the peers' percentiles bring to light."""
    notice(scope, connection)
    return _vectors(scope, connection)


def _nightly(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    """What changed without a file: figures that no refresh reached, and the latest month under the newest economy."""
    rows = connection.execute("SELECT DISTINCT month FROM fact_changes ORDER BY month").fetchall()
    if rows:
        features.refresh(scope, connection, [Period.month(month.year, month.month) for (month,) in rows])
    else:
        notice(scope, connection, insights.full_months(scope, connection)[-1:])
    company_zip.drop_expired(scope, connection, datetime.now(UTC))
    return _watch(scope, connection)


def _reembed(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    """A slice of the text brought to the vectors of the chosen model, and the next one after it."""
    retrieval.reembed(scope, connection, VECTORS_AT_ONCE)
    return _vectors(scope, connection)


def _vectors(scope: Scope, connection: Connection) -> Follows:
    """Where text lacks the vectors of the model in use (a new setting, a new table), they are made afterwards."""
    return [("reembed", {})] if retrieval.outdated(scope, connection) else []


def _peer(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    """The demo's peers, one a job, so that whatever the owner of the demo sends is never long in waiting."""
    number = int(payload["number"])
    if number <= peers.COUNT:
        peers.make(number, date.fromisoformat(payload["until"]))
        return [("peer", {**payload, "number": number + 1})]
    peers.compare(date.fromisoformat(payload["until"]))
    notice(scope, connection)
    return []


def _digest(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    """The summaries that are due, or the one that its reader asked for again. Each mail's own row says how it stands,
    in transactions of its own."""
    if "key" in payload:
        sending.send_again(payload["key"], UUID(payload["user"]), datetime.now(UTC), scope)
    else:
        sending.send_due(scope, datetime.now(UTC))
    return []


def _watch(scope: Scope, connection: Connection) -> Follows:
    """The figures are new, or a day older: the company's rules look at them, where it has any."""
    return [("alerts", {})] if alerts.any_rules(scope, connection) else []


def _alerts(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    """What the company's rules say of its figures as they are now."""
    return [("alert_messages", {})] if planning.evaluate(scope, connection, datetime.now(UTC)) else []


def _alert_messages(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    """The alerts that are due to somebody. Each message's own row says how it stands, in transactions of its own."""
    delivering.deliver_due(scope, datetime.now(UTC))
    return []


def _reply(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    """The answer to one mail, or what the mail server did not take before."""
    if "message" in payload:
        replies.answer(payload["message"], scope)
    else:
        replies.answer_waiting(scope)
    return []


def _report(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    """The reports that are due, or the one that somebody wants now."""
    if "report" in payload:
        report, user = UUID(payload["report"]), UUID(payload["user"])
        reports.send_now(report, user, payload["at"], datetime.now(UTC), scope)
    else:
        reports.send_due(scope, datetime.now(UTC))
    return []


def _forget(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    """Somebody in the data is erased everywhere; then what was computed with their name is computed anew."""
    touched = forgetting.forget(UUID(payload["request"]), scope, connection)
    return [("refresh", {"touched": _spans(touched)})]


def _forget_failed(scope: Scope, payload: Payload, problem: AyniError, connection: Connection) -> None:
    register.settle(UUID(payload["request"]), "failed", {}, problem.spanish, scope, connection)


def _export(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    """All of a company in one zip."""
    company_zip.make(UUID(payload["export"]), scope, connection)
    return []


def _export_failed(scope: Scope, payload: Payload, problem: AyniError, connection: Connection) -> None:
    company_zip.fail(UUID(payload["export"]), scope, connection)


def _leaving(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    """Everybody in the company is told that it will be erased, or that it will not."""
    now = datetime.fromisoformat(payload["at"])
    if payload["stays"]:
        leaving.tell_staying(scope, payload["who"], now)
    else:
        leaving.tell_leaving(scope, now, payload["who"])
    return []


def _spans(touched: Sequence[Period]) -> list[list[str]]:
    return [[p.start.isoformat(), p.end.isoformat()] for p in touched]


def _upload_failed(scope: Scope, payload: Payload, problem: AyniError, connection: Connection) -> None:
    connection.execute(
        "UPDATE uploads SET state = 'failed', stage = '', error_code = %s, message = %s, finished_at = now() "
        "WHERE id = %s AND state <> 'undone'",
        [problem.code, problem.spanish, payload.get("upload")],
    )


def _undo_failed(scope: Scope, payload: Payload, problem: AyniError, connection: Connection) -> None:
    connection.execute(
        "UPDATE uploads SET stage = '', message = %s WHERE id = %s", [problem.spanish, payload["upload"]]
    )


def _nothing_to_tell(scope: Scope, payload: Payload, problem: AyniError, connection: Connection) -> None:
    logger.error("%s: %s", scope.company.slug, problem.spanish)  # nobody waits for it; the row keeps the reason


def _refresh_failed(scope: Scope, payload: Payload, problem: AyniError, connection: Connection) -> None:
    # The lines are there and can be asked about: figures that aren't kept are computed when asked.
    connection.execute(
        "UPDATE uploads SET state = 'ready', stage = '', error_code = %s, message = %s, finished_at = now() "
        "WHERE id = %s AND state = 'working'",
        [
            problem.code,
            "Tus líneas están guardadas, pero no pude preparar los resúmenes. Las respuestas pueden demorar más.",
            payload.get("upload"),
        ],
    )


def _whatsapp(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    """What Ayni wrote by itself and did not reach its phone yet. Each message's own row says how it stands."""
    notices.send_waiting(scope)
    return []


def _whatsapp_file(scope: Scope, payload: Payload, connection: Connection) -> Follows:
    told.tell(scope, UUID(payload["upload"]), connection)
    return []


KINDS = {
    "ingest": Work(_ingest, _upload_failed),
    "undo": Work(_undo, _undo_failed),
    "refresh": Work(_refresh, _refresh_failed),
    "notice": Work(_notice, _nothing_to_tell),
    "reembed": Work(_reembed, _nothing_to_tell),
    "nightly": Work(_nightly, _nothing_to_tell),
    "peer": Work(_peer, _nothing_to_tell),
    "reply": Work(_reply, _nothing_to_tell),
    "digest": Work(_digest, _nothing_to_tell),
    "forget": Work(_forget, _forget_failed),
    "export": Work(_export, _export_failed),
    "leaving": Work(_leaving, _nothing_to_tell),
    "report": Work(_report, _nothing_to_tell),
    "alerts": Work(_alerts, _nothing_to_tell),
    "whatsapp": Work(_whatsapp, _nothing_to_tell),
    "whatsapp_file": Work(_whatsapp_file, _nothing_to_tell),
    "alert_messages": Work(_alert_messages, _nothing_to_tell),
}
