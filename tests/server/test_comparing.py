"""When the comparison is due, and the commands of the operator."""

import json
from collections.abc import Callable
from datetime import date

from typer.testing import CliRunner

from core import db
from core.tenancy import Scope
from server import jobs
from server.cli import app
from server.comparing import latest_months, wanted


def test_the_latest_full_months():
    assert latest_months(date(2026, 3, 1), 3) == (date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1))


def test_due_after_the_fifth_and_once():
    assert wanted(date(2026, 11, 4), None) == ()
    assert len(wanted(date(2026, 11, 5), None)) == 24
    assert wanted(date(2026, 11, 5), date(2026, 10, 1)) == ()
    since = (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
    assert wanted(date(2026, 11, 30), date(2026, 8, 1)) == (date(2026, 7, 1), *since[1:])


def test_spread_gives_each_company_one_job(scope: Scope, no_queue: list[object]):
    assert jobs.spread("nightly", [scope.company_id]) == 1
    assert jobs.spread("nightly", [scope.company_id]) == 0
    assert len(no_queue) == 1


def test_the_nightly_job_of_a_company_without_data_does_nothing(scope: Scope):
    with db.tenant(scope) as connection:
        job = jobs.enqueue(scope, "nightly", {}, connection)
    assert jobs.run(job.company_id, job.id)
    with db.tenant(scope) as connection:
        assert connection.execute("SELECT state FROM jobs").fetchone() == ("done",)


def test_share_on_and_off_is_noted(scope: Scope):
    for state, due in (("on", True), ("off", False)):
        told = CliRunner().invoke(app, ["company", "share", scope.company.slug, state, "--json"])
        assert json.loads(told.output)["shares_benchmarks"] is due
    with db.tenant(scope) as connection:
        rows = connection.execute("SELECT action, subject FROM audit_log ORDER BY id").fetchall()
    assert rows == [("share_benchmarks", "on"), ("share_benchmarks", "off")]
    assert CliRunner().invoke(app, ["company", "share", scope.company.slug, "quizás"]).exit_code == 1


def test_a_sector_may_be_said_in_words_and_a_tax_id_in_any_spelling(new_scope: Callable[..., Scope]):
    name = f"Amasandería {new_scope().company.slug}"
    words = ["company", "create", name, "--sector", "Pastelería", "--tax-id", "76.086.428-5", "--json"]
    slug = json.loads(CliRunner().invoke(app, words).output)["slug"]
    with db.owner() as connection:
        row = connection.execute("SELECT sector, tax_id, shares_benchmarks FROM companies WHERE slug = %s", [slug])
        assert row.fetchone() == ("panaderia", "76086428-5", False)
    assert CliRunner().invoke(app, ["company", "create", "Otra", "--tax-id", "76.086.428-6"]).exit_code == 1


def test_benchmarks_from_the_command_line_are_idempotent(database: None):
    first, again = (CliRunner().invoke(app, ["benchmarks", "--month", "2019-01", "--json"]) for _ in range(2))
    assert first.exit_code == 0
    due = {"months": ["2019-01-01"], "figures": 0, "companies": 0}
    assert json.loads(first.output) == json.loads(again.output) == due
