"""A snapshot over real rows: who sees what, and what an attacker gets."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import psycopg
import pytest

from core import db
from core.tenancy import Scope
from features.benchmarks import MEASURES, history, parses, take
from features.benchmarks.measures import SIZE

MONTH, NEXT = date(2026, 4, 1), date(2026, 5, 1)


def contribute(scope: Scope, ticket: int, month: date = MONTH) -> None:
    with db.tenant(scope) as connection:
        for measure, value in (("average_ticket", ticket), (SIZE, 5000)):
            connection.execute(
                "INSERT INTO benchmark_inputs VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (company_id, month, measure) DO UPDATE SET value = excluded.value",
                [scope.company_id, month, measure, Decimal(value)],
            )


def enrol(scope: Scope, country: str, holder: str | None = None, takes_part: bool = True) -> None:
    with db.owner() as connection:
        connection.execute(
            "UPDATE companies SET sector = 'panaderia', country = %s, tax_id = %s, shares_benchmarks = %s "
            "WHERE id = %s",
            [country, holder, takes_part, scope.company_id],
        )


def snapshot(*months: date) -> int:
    with db.benchmarks() as connection:
        return take(months or (MONTH,), connection)


def seen(scope: Scope) -> list[tuple[str, int]]:
    with db.tenant(scope) as connection:
        return [(p.cohort.key, p.rank.percentile) for p in parses(scope, connection)]


CODES = (a + b for a in "QXZ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@pytest.fixture
def country() -> str:
    """A country of this test's own, so that no other test's companies fall into its cohorts."""
    return next(CODES)


@pytest.fixture
def bakers(new_scope: Callable[..., Scope], country: str) -> list[Scope]:
    """Twelve bakeries with tickets 1000, 1100 … 2100."""
    out = [new_scope() for _ in range(12)]
    for index, scope in enumerate(out):
        enrol(scope, country)
        contribute(scope, 1000 + 100 * index)
    return out


def test_whoever_takes_part_sees_their_rank_among_the_others(bakers: list[Scope]):
    snapshot()
    assert [p for _, p in (seen(s)[0] for s in bakers)] == [0, 9, 18, 27, 36, 45, 55, 64, 73, 82, 91, 100]
    with db.tenant(bakers[3]) as connection:
        found = parses(bakers[3], connection)[0]
        assert found.rank.peers == 11
        assert found.quantiles == tuple(Decimal(v) for v in (1110, 1280, 1550, 1820, 1990))
        assert history("average_ticket", bakers[3], connection) == ((MONTH, 27),)


def test_nine_peers_are_told_nothing(bakers: list[Scope]):
    for scope in bakers[9:]:
        enrol(scope, "YY")
    snapshot()
    assert all(seen(s) == [] for s in bakers)


def test_twelve_shops_of_nine_owners_are_told_nothing(bakers: list[Scope], country: str):
    for scope in bakers[:4]:
        enrol(scope, country, holder="76.111.111-6")
    snapshot()
    assert all(seen(s) == [] for s in bakers)


def test_an_outsider_without_opting_in_neither_counts_nor_sees(
    bakers: list[Scope], new_scope: Callable[..., Scope], country: str
):
    outsider = new_scope()
    enrol(outsider, country, takes_part=False)
    contribute(outsider, 5)
    snapshot()
    assert seen(outsider) == []
    with db.tenant(outsider) as connection:
        assert connection.execute("SELECT count(*) FROM benchmarks").fetchone() == (0,)
    assert dict([seen(bakers[0])[0]]).popitem()[1] == 0  # the outsider's 5 is nobody's peer


def test_one_who_joins_later_changes_nothing_already_published(
    bakers: list[Scope], new_scope: Callable[..., Scope], country: str
):
    snapshot()
    before = [seen(s) for s in bakers]
    newcomer = new_scope()
    enrol(newcomer, country)
    contribute(newcomer, 9)
    snapshot()
    assert [seen(s) for s in bakers] == before
    with db.tenant(bakers[0]) as connection:
        row = connection.execute("SELECT owners FROM benchmarks WHERE month = %s", [MONTH]).fetchone()
    assert row == (12,)


def test_late_data_of_the_same_owners_is_corrected_in_the_next_snapshot(bakers: list[Scope]):
    snapshot()
    contribute(bakers[0], 5000)
    snapshot()
    assert seen(bakers[0])[0][1] == 100


def test_asking_again_with_changed_data_is_no_way_to_a_peers_value(
    bakers: list[Scope], new_scope: Callable[..., Scope], country: str
):
    """An attacker who moves their own value up and down and looks at the rank would find each peer's."""
    snapshot()
    newcomer = new_scope()  # the membership differs now: the month stands
    enrol(newcomer, country)
    contribute(newcomer, 1250)
    snapshot()
    first = seen(newcomer)
    contribute(newcomer, 1550)
    snapshot()
    assert seen(newcomer) == first


def test_the_runtime_role_reaches_no_peers_contribution(bakers: list[Scope]):
    snapshot()
    with db.tenant(bakers[0]) as connection:
        assert connection.execute("SELECT count(*) FROM benchmark_inputs").fetchone() == (2,)
        assert connection.execute("SELECT count(DISTINCT company_id) FROM benchmark_ranks").fetchone() == (1,)
    for attack in (
        "SELECT * FROM benchmark_members",
        "SET ROLE ayni_benchmarks",
        "UPDATE benchmarks SET p50 = 0",
        "INSERT INTO benchmark_ranks SELECT * FROM benchmark_ranks",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), db.tenant(bakers[0]) as connection:
            connection.execute(attack)


def test_generated_companies_are_never_peers_of_real_ones(bakers: list[Scope]):
    with db.owner() as connection:
        connection.execute("UPDATE companies SET demo = true WHERE id = %s", [bakers[0].company_id])
    snapshot()
    assert seen(bakers[0]) == []
    assert len(seen(bakers[1])) == 1


def test_measures_have_one_declaration_each():
    assert len({m.id for m in MEASURES}) == len(MEASURES)
