"""A worker killed at any moment loses nothing and doubles nothing; jobs of a company come one at a time, in order."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from uuid import UUID

import psycopg
import pytest

import ingest
from core import db
from core.db.connect import admin_address
from core.errors import BadInput
from core.tenancy import Scope
from server import jobs, uploads, work
from tests.server.conftest import SALES, environment

RUN = "import sys; from uuid import UUID; from server import jobs; jobs.run(UUID(sys.argv[1]), UUID(sys.argv[2]))"


def received(scope: Scope, text: str = SALES, name: str = "ventas.csv") -> tuple[UUID, jobs.Job]:
    upload_id, job = uploads.receive(scope, name, BytesIO(text.encode()))
    assert job is not None
    return upload_id, job


def facts(scope: Scope) -> tuple[object, ...]:
    """All that a file leaves: lines and their total, products, rows set aside, months of sales."""
    with db.tenant(scope) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM fact_sales), (SELECT sum(total) FROM fact_sales), "
            "(SELECT count(*) FROM dim_products), (SELECT count(*) FROM rejected_rows)"
        ).fetchone()
    assert row is not None
    return row


def state(scope: Scope, job: jobs.Job) -> tuple[str, int]:
    with db.tenant(scope) as connection:
        row = connection.execute("SELECT state, attempts FROM jobs WHERE id = %s", [job.id]).fetchone()
    assert row is not None
    return row[0], row[1]


def upload_state(scope: Scope, upload_id: UUID) -> str:
    with db.tenant(scope) as connection:
        return ingest.upload(scope, upload_id, connection).state


def end_leases(scope: Scope) -> None:
    """What 30 seconds without a heartbeat do."""
    with db.tenant(scope) as connection:
        connection.execute("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE state = 'running'")


@contextmanager
def held(table: str) -> Iterator[Callable[[], None]]:
    """Hold `table`, so that a worker stops where it first needs it; gives what waits for a worker to stop there."""
    with psycopg.connect(admin_address()) as holder, psycopg.connect(admin_address(), autocommit=True) as watcher:
        holder.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")

        def wait() -> None:
            query = "SELECT 1 FROM pg_locks WHERE relation = %s::regclass AND NOT granted"
            for _ in range(30_000):
                if watcher.execute(query, [table]).fetchone():
                    return
                watcher.execute("SELECT pg_sleep(0.01)")
            raise AssertionError(f"nobody came to {table}")

        yield wait


@pytest.fixture
def alone(scope: Scope) -> None:
    """The sweep sends so many at a time, the oldest first: what other files' companies left undone comes first."""
    with psycopg.connect(admin_address(), autocommit=True) as connection:
        connection.execute("UPDATE jobs SET state = 'done' WHERE company_id <> %s", [scope.company_id])


@pytest.mark.parametrize("table", ["rejected_rows", "fact_sales", "feature_state"])
def test_a_worker_killed_mid_job_loses_nothing_and_doubles_nothing(scope: Scope, no_queue: list[object], table: str):
    upload_id, job = received(scope)
    with held(table) as wait_for_worker:
        worker = subprocess.Popen([sys.executable, "-c", RUN, str(job.company_id), str(job.id)], env=environment())
        wait_for_worker()
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    end_leases(scope)
    jobs.settle(scope, upload_id)
    assert upload_state(scope, upload_id) == "ready"
    assert facts(scope) == (3, 18390, 2, 1)
    jobs.run(job.company_id, job.id)  # and a message that comes twice changes nothing
    assert facts(scope) == (3, 18390, 2, 1)


def test_nobody_takes_a_job_with_a_living_lease(scope: Scope, no_queue: list[object]):
    upload_id, job = received(scope)
    assert jobs._lease(scope, job) is not None
    assert jobs._lease(scope, job) is None
    assert not jobs.run(job.company_id, job.id)
    assert upload_state(scope, upload_id) == "received"
    end_leases(scope)
    assert jobs.run(job.company_id, job.id)
    assert state(scope, job) == ("done", 2)


def test_who_lost_the_lease_has_changed_nothing(scope: Scope, no_queue: list[object], monkeypatch: pytest.MonkeyPatch):
    upload_id, job = received(scope)
    real = work.KINDS["ingest"]

    def slow(scope: Scope, payload: dict[str, object], connection: db.Connection) -> work.Follows:
        follows = real.run(scope, payload, connection)
        with db.tenant(scope) as other:  # meanwhile another worker took it over
            other.execute("UPDATE jobs SET leased_by = 'another' WHERE id = %s", [job.id])
        return follows

    monkeypatch.setitem(work.KINDS, "ingest", work.Work(slow, real.failed))
    assert not jobs.run(job.company_id, job.id)
    assert facts(scope) == (0, None, 0, 0)
    monkeypatch.setitem(work.KINDS, "ingest", real)
    end_leases(scope)
    jobs.settle(scope, upload_id)
    assert facts(scope) == (3, 18390, 2, 1)


def test_the_jobs_of_a_company_wait_for_each_other_in_order(scope: Scope, no_queue: list[object]):
    first, job = received(scope)
    later = [received(scope, SALES.replace("amasado", f"de {i}"), f"{i}.csv") for i in range(2)]
    leased = jobs._lease(scope, job)
    assert leased is not None
    assert not jobs.run(scope.company_id, later[0][1].id)
    assert upload_state(scope, later[0][0]) == "received"
    end_leases(scope)
    jobs.run(scope.company_id, job.id)  # one worker brings all of them to their end, refreshes included
    assert [upload_state(scope, u) for u in (first, later[0][0], later[1][0])] == ["ready"] * 3


def test_a_refresh_that_was_left_behind_does_not_keep_the_next_file_waiting(scope: Scope, no_queue: list[object]):
    with db.tenant(scope) as connection:
        left = jobs.enqueue(scope, "refresh", {"touched": []}, connection)
    upload_id, _ = received(scope)
    jobs.settle(scope, upload_id, wait_seconds=120)
    assert state(scope, left)[0] == "done"
    assert upload_state(scope, upload_id) == "ready"


def test_companies_do_not_wait_for_each_other(new_scope: Callable[..., Scope], no_queue: list[object]):
    busy, other = new_scope(), new_scope()
    _, job = received(busy)
    assert jobs._lease(busy, job) is not None
    upload_id, mine = received(other)
    assert jobs.run(other.company_id, mine.id)
    assert upload_state(other, upload_id) == "ready"


def test_a_fault_of_ours_is_tried_again_later_and_then_given_up(
    scope: Scope, no_queue: list[object], monkeypatch: pytest.MonkeyPatch
):
    upload_id, job = received(scope)

    def broken(*_: object) -> work.Follows:
        raise RuntimeError("disk on fire")

    monkeypatch.setitem(work.KINDS, "ingest", work.Work(broken, work.KINDS["ingest"].failed))
    for attempt in range(1, jobs.MOST_ATTEMPTS + 1):
        jobs.run(job.company_id, job.id)
        assert state(scope, job)[1] == attempt
        with db.tenant(scope) as connection:
            due = connection.execute("SELECT run_after > now() FROM jobs WHERE id = %s", [job.id]).fetchone()
            assert due == (attempt < jobs.MOST_ATTEMPTS,)
            connection.execute("UPDATE jobs SET run_after = now()")
    assert state(scope, job) == ("failed", jobs.MOST_ATTEMPTS)
    assert upload_state(scope, upload_id) == "failed"


def test_a_job_that_always_kills_its_worker_is_given_up(scope: Scope, no_queue: list[object]):
    upload_id, job = received(scope)
    with db.tenant(scope) as connection:
        connection.execute("UPDATE jobs SET attempts = %s", [jobs.MOST_ATTEMPTS])
    assert jobs.run(job.company_id, job.id)
    assert state(scope, job)[0] == "failed"
    assert upload_state(scope, upload_id) == "failed"


def test_the_fault_of_a_file_is_not_tried_again(scope: Scope, no_queue: list[object], monkeypatch: pytest.MonkeyPatch):
    _, job = received(scope)

    def refused(*_: object) -> work.Follows:
        raise BadInput("no_sales", "No hay ventas.", "Sube otro.")

    monkeypatch.setitem(work.KINDS, "ingest", work.Work(refused, work.KINDS["ingest"].failed))
    assert jobs.run(job.company_id, job.id)
    assert state(scope, job) == ("failed", 1)


def test_the_sweeper_sends_what_is_due_and_only_once(
    scope: Scope, alone: None, no_queue: list[object], monkeypatch: pytest.MonkeyPatch
):
    _, job = received(scope)
    jobs.sweep()
    assert job not in no_queue  # sent when it was made, so not again at once
    with db.tenant(scope) as connection:
        connection.execute("UPDATE jobs SET sent_at = now() - interval '1 hour'")
    jobs.sweep()
    jobs.sweep()
    assert no_queue.count(job) == 1


def test_undo_is_a_job_of_its_own_and_refreshes(scope: Scope, no_queue: list[object]):
    upload_id, _ = received(scope)
    jobs.settle(scope, upload_id)
    uploads.undo(scope, upload_id)
    jobs.settle(scope, upload_id)
    assert upload_state(scope, upload_id) == "undone"
    assert facts(scope)[:2] == (0, None)
    again, _ = received(scope)
    jobs.settle(scope, again)
    assert facts(scope)[:2] == (3, 18390)


def test_a_real_worker_takes_what_is_sent_and_another_what_a_killed_one_left(scope: Scope, alone: None):
    upload_id, job = received(scope)
    celery = [sys.executable, "-m", "celery", "--app", "server.celery", "--quiet", "worker", "--concurrency", "1"]
    start = [*celery, "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]
    with held("fact_sales") as wait_for_worker:
        worker = subprocess.Popen(start, env=environment(), start_new_session=True, stderr=subprocess.DEVNULL)
        jobs.send(job)
        wait_for_worker()
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    end_leases(scope)
    with db.tenant(scope) as connection:
        connection.execute("UPDATE jobs SET sent_at = now() - interval '1 hour'")
    worker = subprocess.Popen(start, env=environment(), start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        assert jobs.sweep() >= 1
        with psycopg.connect(admin_address(), autocommit=True) as watcher:
            for _ in range(30_000):
                if upload_state(scope, upload_id) == "ready":
                    break
                watcher.execute("SELECT pg_sleep(0.01)")
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert upload_state(scope, upload_id) == "ready"
    assert facts(scope) == (3, 18390, 2, 1)
