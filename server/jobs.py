"""Work to do: the row in `jobs` is the truth, the queue only carries its id.

    with db.tenant(scope) as connection:
        job = jobs.enqueue(scope, "ingest", {"upload": str(upload.id)}, connection)
    jobs.send(job)                       # after the commit; where the broker is away, the sweeper sends it later

A worker leases the row, keeps the lease alive while it works, and marks it done in the same transaction that holds
the work: whoever loses the lease, or dies, has changed nothing. One job of a company runs at a time, in the order in
which they came.
"""

import json
import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from core import auth, db
from core.db import Connection
from core.errors import AyniError
from core.tenancy import Scope
from server.work import KINDS

logger = logging.getLogger(__name__)

LEASE_SECONDS = 30
MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Job:
    """A job's address: all that the queue carries."""

    company_id: UUID
    id: UUID


@dataclass(frozen=True, slots=True)
class Leased:
    """A job that this process holds, until it is done or the lease is lost."""

    job: Job
    kind: str
    payload: dict[str, Any]
    attempts: int
    holder: str


class LeaseLost(Exception):
    """Another worker has the job: what this one did is rolled back."""


def enqueue(scope: Scope, kind: str, payload: dict[str, Any], connection: Connection) -> Job:
    """Record it in the caller's transaction. Call `send` once that has committed."""
    assert kind in KINDS, kind
    job = Job(scope.company_id, uuid4())
    connection.execute(
        "INSERT INTO jobs (company_id, id, kind, payload, sent_at) VALUES (%s, %s, %s, %s, now())",
        [job.company_id, job.id, kind, json.dumps(payload)],
    )
    return job


def send(job: Job) -> None:
    """Tell a worker. Never fails: the row stands, and the sweeper sends what nobody took."""
    from server.broker import post  # the queue's libraries take a while to import: only who sends needs them

    try:
        post("job", str(job.company_id), str(job.id))
    except Exception:
        logger.warning("Could not send job %s; the sweeper will", job.id, exc_info=True)


def spread(kind: str, companies: Iterable[UUID]) -> int:
    """One job of `kind` for each company that has none waiting, sent to whichever workers there are; how many."""
    sent = 0
    for company_id in companies:
        scope = auth.company_scope(company_id)
        with db.tenant(scope) as connection:
            waiting = connection.execute(
                "SELECT 1 FROM jobs WHERE kind = %s AND state = 'queued' LIMIT 1", [kind]
            ).fetchone()
            job = None if waiting else enqueue(scope, kind, {}, connection)
        if job is not None:
            send(job)
            sent += 1
    return sent


def sweep(most: int = 100) -> int:
    """Send what is due and has no living lease, over all companies; how many that was."""
    with db.identity() as connection:
        rows = connection.execute("SELECT company_id, id FROM jobs_to_send(%s)", [most]).fetchall()
    for company_id, job_id in rows:
        send(Job(company_id, job_id))
    return len(rows)


def run(company_id: UUID, job_id: UUID) -> bool:
    """Do it, unless it is done or somebody else has it; whether this call brought it to an end.

    What follows from it for the same company (a refresh after an ingest, the next file) is run here as well.
    """
    scope = auth.company_scope(company_id)
    job: Job | None = Job(company_id, job_id)
    ended = False
    while job is not None:
        leased = _lease(scope, job)
        if leased is None:
            break
        ended = _work(scope, leased) or ended
        job = _next(scope)
    return ended


def settle(scope: Scope, upload_id: UUID, wait_seconds: float = 3600) -> None:
    """Bring every open job of an upload to its end, in this process or by waiting for the worker that has it."""
    deadline = time.monotonic() + wait_seconds
    while time.monotonic() < deadline:
        with db.tenant(scope) as connection:
            row = connection.execute(
                "SELECT id FROM jobs WHERE payload->>'upload' = %s AND state IN ('queued', 'running') "
                "ORDER BY created_at LIMIT 1",
                [str(upload_id)],
            ).fetchone()
        if row is None:
            return
        if run(scope.company_id, row[0]):
            continue
        # What stands in its way may have nobody to do it: on a machine without a worker, this process does.
        first = _next(scope)
        if first is None or first.id == row[0] or not run(scope.company_id, first.id):
            time.sleep(0.1)
    raise TimeoutError(f"upload {upload_id} did not settle in {wait_seconds} s")


def _lease(scope: Scope, job: Job) -> Leased | None:
    holder = f"{os.uname().nodename}:{os.getpid()}:{uuid4().hex[:8]}"
    with db.tenant(scope) as connection:
        # Leases of a company are given one at a time, so that two of its jobs never both find the other idle.
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"jobs {scope.company_id}"])
        row = connection.execute(
            "UPDATE jobs SET state = 'running', leased_by = %s, attempts = attempts + 1, "
            "lease_until = clock_timestamp() + make_interval(secs => %s) "
            "WHERE id = %s AND ((state = 'queued' AND run_after <= now()) "
            "OR (state = 'running' AND lease_until < clock_timestamp())) "
            "AND NOT EXISTS (SELECT FROM jobs o WHERE o.id <> %s AND o.state = 'running' "
            "AND o.lease_until >= clock_timestamp()) "
            # What a file brought is brought to its end before the next one's lines change under it.
            "AND (kind = 'refresh' OR NOT EXISTS (SELECT FROM jobs r WHERE r.kind = 'refresh' AND r.state = 'queued')) "
            "RETURNING kind, payload, attempts",
            [holder, LEASE_SECONDS, job.id, job.id],
        ).fetchone()
    return Leased(job, row[0], row[1], row[2], holder) if row else None


def _next(scope: Scope) -> Job | None:
    """The company's next job that is due, if any."""
    with db.tenant(scope) as connection:
        row = connection.execute(
            "SELECT id FROM jobs WHERE state = 'queued' AND run_after <= now() "
            "ORDER BY kind = 'refresh' DESC, created_at, id LIMIT 1"
        ).fetchone()
    return Job(scope.company_id, row[0]) if row else None


def _work(scope: Scope, leased: Leased) -> bool:
    work = KINDS[leased.kind]
    if leased.attempts > MOST_ATTEMPTS:  # it ended its worker's process each time: no exception ever came back
        _give_up(scope, leased, AyniError("gave_up", "No pude terminar este trabajo.", "Avísanos: ya quedó anotado."))
        return True
    try:
        with _heartbeat(scope, leased), db.tenant(scope) as connection:
            follows = work.run(scope, leased.payload, connection)
            for kind, payload in follows:
                enqueue(scope, kind, payload, connection)
            _mark_done(leased, connection)
    except LeaseLost:
        logger.warning("Lost the lease of job %s; rolled back", leased.job.id)
        return False
    except AyniError as problem:  # the input's fault: again would fail again
        _give_up(scope, leased, problem)
        return True
    except Exception as error:
        logger.exception("Job %s failed (attempt %d)", leased.job.id, leased.attempts)
        if leased.attempts < MOST_ATTEMPTS:
            _retry_later(scope, leased, error)
            return False
        _give_up(scope, leased, AyniError("internal", "Algo falló de nuestro lado.", "Tu archivo está a salvo."))
        return True
    return True


def _mark_done(leased: Leased, connection: Connection) -> None:
    done = connection.execute(
        "UPDATE jobs SET state = 'done', finished_at = now(), leased_by = NULL, error = '' "
        "WHERE id = %s AND leased_by = %s AND state = 'running'",
        [leased.job.id, leased.holder],
    ).rowcount
    if not done:
        raise LeaseLost


def _retry_later(scope: Scope, leased: Leased, error: Exception) -> None:
    with db.tenant(scope) as connection:
        connection.execute(
            "UPDATE jobs SET state = 'queued', leased_by = NULL, lease_until = NULL, sent_at = NULL, error = %s, "
            "run_after = now() + make_interval(secs => %s) WHERE id = %s AND leased_by = %s",
            [repr(error)[:2000], 2**leased.attempts, leased.job.id, leased.holder],
        )


def _give_up(scope: Scope, leased: Leased, problem: AyniError) -> None:
    with db.tenant(scope) as connection:
        failed = connection.execute(
            "UPDATE jobs SET state = 'failed', finished_at = now(), leased_by = NULL, error = %s "
            "WHERE id = %s AND leased_by = %s",
            [problem.code, leased.job.id, leased.holder],
        ).rowcount
        if failed:
            KINDS[leased.kind].failed(scope, leased.payload, problem, connection)


@contextmanager
def _heartbeat(scope: Scope, leased: Leased) -> Iterator[None]:
    """Keep the lease alive from a thread of its own while the block works."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(LEASE_SECONDS / 3):
            try:
                with db.tenant(scope) as connection:
                    connection.execute(
                        "UPDATE jobs SET lease_until = clock_timestamp() + make_interval(secs => %s) "
                        "WHERE id = %s AND leased_by = %s AND state = 'running'",
                        [LEASE_SECONDS, leased.job.id, leased.holder],
                    )
            except Exception:  # one missed beat is no harm; without beats the lease ends and another worker starts
                logger.warning("A heartbeat of job %s failed", leased.job.id, exc_info=True)

    thread = threading.Thread(target=beat, name=f"heartbeat-{leased.job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)
