"""From an uploaded file to the mail of whoever asked: once, not at night, not when seen, to a second one in time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from core import auth, db
from core.periods import Grain
from core.tenancy import Role, Scope
from features import alerts
from features.alerts import Quiet, Rule, planning
from server.alerts import delivering
from tests.server.conftest import Person, finish_jobs
from tests.server.smtp import Post

NOW = datetime(2026, 11, 9, 15, tzinfo=UTC)  # noon in Santiago
NIGHT = datetime(2026, 11, 10, 2, tzinfo=UTC)  # 23:00 there
MARGIN = Rule("threshold", "gross_margin", "below", Decimal("0.30"), Grain.week, quiet=Quiet(0, 0))

Shop = Callable[..., Person]
Bad = Callable[[Person], None]


def make(owner: Person, rule: Rule = MARGIN) -> alerts.Kept:
    with db.tenant(owner.scope) as connection:
        return alerts.create(rule, owner.scope, connection, NOW - timedelta(days=3))


def queue(scope: Scope) -> Scope:
    return auth.company_scope(scope.company_id)


def fire(owner: Person, now: datetime) -> UUID:
    """Evaluate at `now`; the one alert's id."""
    with db.tenant(queue(owner.scope)) as connection:
        assert planning.evaluate(queue(owner.scope), connection, now) == 1
        return alerts.history(owner.scope, connection, now)[0].id


def deliver(owner: Person, now: datetime) -> list[str]:
    return delivering.deliver_due(queue(owner.scope), now)


def deliveries(owner: Person) -> list[tuple[str, ...]]:
    with db.tenant(owner.scope) as connection:
        return connection.execute(
            "SELECT reason, channel, state FROM alert_deliveries ORDER BY reason, channel"
        ).fetchall()


def test_a_file_a_refresh_a_mail(shop: Shop, bad_week: Bad, post: Post) -> None:
    owner, other = shop(), shop()
    rule = make(owner)
    make(other)
    bad_week(owner)
    finish_jobs(owner.scope)
    (mail,) = post.mails
    assert mail["To"].addresses[0].addr_spec == owner.user.email
    assert mail["Subject"] == "El margen bruto bajó de 30 %: 20 % en la semana del 2-nov-2026"
    for part in ("plain", "html"):
        body = mail.get_body((part,))
        assert body is not None
        text = body.get_content().replace("\N{NO-BREAK SPACE}", " ").replace("&amp;", "&")
        assert "si el margen bruto de una semana baja de 30 %" in text
        assert "/fuentes?metric=gross_margin&start=2026-11-02&end=2026-11-08" in text
        assert f"/avisos/{rule.id}" in text
        assert other.scope.company.name not in text
    finish_jobs(owner.scope)
    assert deliver(owner, datetime.now(UTC) + timedelta(days=1)) == []
    assert len(post.mails) == 1
    assert deliveries(owner) == [("first", "email", "sent")]


def test_at_night_it_waits_for_the_morning(shop: Shop, post: Post) -> None:
    owner = shop()
    make(owner, Rule("stale", "sales", "above", Decimal(8), Grain.day))
    fire(owner, NIGHT)
    assert deliver(owner, NIGHT) == []
    assert post.mails == []
    morning = datetime(2026, 11, 10, 11, 1, tzinfo=UTC)
    assert owner.scope.company_id in delivering.companies_due(morning)
    assert deliver(owner, morning) == ["sent"]
    assert owner.scope.company_id not in delivering.companies_due(morning)


def test_what_came_due_while_no_worker_ran_is_not_sent_at_night(shop: Shop, post: Post) -> None:
    owner = shop()
    make(owner, Rule("stale", "sales", "above", Decimal(8), Grain.day))
    fire(owner, NOW)
    assert deliver(owner, NIGHT) == []
    assert deliver(owner, NIGHT + timedelta(hours=10)) == ["sent"]


def test_nobody_saw_it_so_a_second_person_is_told(shop: Shop, person: Shop, post: Post) -> None:
    owner = shop()
    second = person(Role.viewer, owner.scope)
    make(owner, Rule("stale", "sales", "above", Decimal(8), Grain.day, second=second.user.id, escalate_hours=5))
    fire(owner, NOW)
    assert deliver(owner, NOW) == ["sent"]
    assert deliver(owner, NOW + timedelta(hours=4)) == []
    assert deliver(owner, NOW + timedelta(hours=5)) == ["sent"]
    first, late = post.mails
    assert first["To"].addresses[0].addr_spec == owner.user.email
    assert late["To"].addresses[0].addr_spec == second.user.email
    assert "nadie ha marcado" in str(late.get_body(("plain",)).get_content())  # type: ignore[union-attr]


@pytest.mark.parametrize("what", ["seen", "recovered", "ended", "left", "replaced"])
def test_the_second_person_is_left_alone(shop: Shop, person: Shop, bad_week: Bad, post: Post, what: str) -> None:
    owner = shop()
    second = person(Role.viewer, owner.scope)
    rule = make(owner, Rule("stale", "sales", "above", Decimal(8), Grain.day, second=second.user.id, escalate_hours=5))
    id = fire(owner, NOW)
    assert deliver(owner, NOW) == ["sent"]
    with db.tenant(owner.scope) as connection:
        if what == "seen":
            alerts.acknowledge(id, owner.scope, connection, NOW)
        elif what == "ended":
            alerts.end(rule.id, owner.scope, connection, NOW)
        elif what == "replaced":
            alerts.update(rule.id, replace(rule.rule, second=None), owner.scope, connection, NOW)
        elif what == "left":
            connection.execute("DELETE FROM memberships WHERE user_id = %s", [second.user.id])
    if what == "recovered":
        bad_week(owner)
        with db.tenant(owner.scope) as connection:
            planning.evaluate(owner.scope, connection, NOW + timedelta(hours=1))
    assert deliver(owner, NOW + timedelta(hours=6)) == []
    assert len(post.mails) == 1
    assert ("second", "email", "cancelled") in deliveries(owner)


def test_a_snooze_tells_once_more_when_it_ends(shop: Shop, post: Post) -> None:
    owner = shop()
    rule = make(owner, Rule("stale", "sales", "above", Decimal(8), Grain.day))
    id = fire(owner, NOW)
    assert deliver(owner, NOW) == ["sent"]
    until = NOW.date() + timedelta(days=3)
    with db.tenant(owner.scope) as connection:
        alerts.snooze(id, until, owner.scope, connection, NOW)
        at = alerts.morning_of(until, rule.rule.quiet, owner.scope.company.tz)
        planning.remind(id, rule.rule, at, owner.scope, connection)
    assert deliver(owner, NOW + timedelta(days=2)) == []
    assert deliver(owner, NOW + timedelta(days=3)) == ["sent"]
    assert "Pediste que te lo recordara hoy." in str(post.mails[-1].get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_a_server_that_is_away_delays_and_loses_nothing(shop: Shop, post: Post) -> None:
    owner = shop()
    make(owner, replace(MARGIN, kind="stale", metric="sales", side="above", amount=Decimal(8), grain=Grain.day))
    fire(owner, NOW)
    post.answers.append("451 later")
    assert deliver(owner, NOW) == ["waiting"]
    with db.tenant(owner.scope) as connection:
        connection.execute("UPDATE mails SET run_after = now()")
    assert deliver(owner, NOW + timedelta(minutes=6)) == ["sent"]
    assert len(post.mails) == 1


def test_only_in_the_pages_means_no_mail(shop: Shop, post: Post) -> None:
    owner = shop()
    make(owner, Rule("stale", "sales", "above", Decimal(8), Grain.day, channels=("app",)))
    fire(owner, NOW)
    assert deliver(owner, NOW + timedelta(days=1)) == []
    with db.tenant(owner.scope) as connection:
        assert alerts.count_open(owner.scope, connection, NOW) == 1


def test_a_company_of_whom_nobody_is_owner_any_more_does_not_stop_the_rest(shop: Shop, post: Post) -> None:
    owner = shop()
    make(owner, Rule("stale", "sales", "above", Decimal(8), Grain.day, recipient=owner.user.id))
    with db.tenant(owner.scope) as connection:
        connection.execute("DELETE FROM memberships WHERE company_id = %s", [owner.scope.company_id])
    fire(owner, NOW)
    assert deliver(owner, NOW) == []
