"""Progress that an owner sees while the work's own transaction is still open: written over another connection."""

import logging
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import ingest
from core import db
from core.tenancy import Scope

logger = logging.getLogger(__name__)

EVERY_SECONDS = 0.5
# SKIP LOCKED: where the work's transaction already holds the row, waiting for it would be waiting for ourselves.
WRITE = (
    "UPDATE uploads SET state = 'working', stage = %s, rows_read = coalesce(%s, rows_read), "
    "accepted = coalesce(%s, accepted), set_aside = coalesce(%s, set_aside) WHERE (company_id, id) IN "
    "(SELECT company_id, id FROM uploads WHERE id = %s AND state IN ('received', 'working', 'failed', 'ready') "
    "FOR NO KEY UPDATE SKIP LOCKED)"
)


def writer(scope: Scope, upload_id: UUID) -> Callable[[ingest.Progress], None]:
    """What `ingest.process` calls along the way; writes at each new stage and at most twice a second."""
    last: dict[str, Any] = {"stage": None, "at": 0.0}

    def write(now: ingest.Progress) -> None:
        moment = time.monotonic()
        if now.stage == last["stage"] and moment - last["at"] < EVERY_SECONDS:
            return
        last.update(stage=now.stage, at=moment)
        _write(scope, upload_id, now.stage, now.rows_read, now.accepted, now.set_aside)

    return write


def stages(scope: Scope, upload_id: UUID | None) -> Callable[[str], None]:
    """What `features.refresh` calls with the name of each stage."""

    def write(stage: str) -> None:
        if upload_id is not None:
            _write(scope, upload_id, "computing", None, None, None)

    return write


def _write(scope: Scope, upload_id: UUID, stage: str, *counts: int | None) -> None:
    try:
        with db.tenant(scope) as connection:
            connection.execute(WRITE, [stage, *counts, upload_id])
    except Exception:  # progress is for the eye: the work goes on without it
        logger.warning("Could not write the progress of upload %s", upload_id, exc_info=True)
