"""What each kind of job does. That a finished upload leads to a refresh of the features is said here, and only here."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import features
import ingest
from core.db import Connection
from core.errors import AyniError
from core.periods import Period
from core.tenancy import Scope
from server import progress

logger = logging.getLogger(__name__)

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
    connection.execute(
        "UPDATE uploads SET state = 'ready', stage = '', finished_at = now() WHERE id = %s AND state = 'working'",
        [upload_id],
    )
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


KINDS = {
    "ingest": Work(_ingest, _upload_failed),
    "undo": Work(_undo, _undo_failed),
    "refresh": Work(_refresh, _refresh_failed),
}
