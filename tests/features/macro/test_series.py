"""The built-in series against published figures."""

from datetime import date
from decimal import Decimal

import pytest

from core import db
from core.tenancy import Scope
from features.macro import INDICATORS, load, load_built_in, price_index, save


@pytest.fixture(scope="module")
def built_in(database: None) -> None:
    with db.owner() as connection:
        load_built_in(connection)


def test_published_figures(built_in: None, scope: Scope):
    with db.tenant(scope) as connection:
        uf = load("CL", "uf", connection)
        assert uf is not None
        assert uf.at(date(2023, 12, 31)) == Decimal("36789.36")
        for country, first, last, published in (
            ("CL", date(2021, 12, 1), date(2022, 12, 1), "12.8"),
            ("AR", date(2022, 12, 1), date(2023, 12, 1), "211.4"),
            ("BR", date(2020, 12, 1), date(2021, 12, 1), "10.06"),
        ):
            changes = load(country, "cpi", connection)
            assert changes is not None
            ratio = price_index(changes).ratio(first, last)
            assert ratio is not None
            assert abs((ratio - 1) * 100 - Decimal(published)) < Decimal("0.6"), country  # monthly figures are rounded


def test_every_indicator_has_plausible_values(built_in: None, scope: Scope):
    with db.tenant(scope) as connection:
        for known in INDICATORS:
            series = load(known.country, known.id, connection)
            assert series is not None
            assert len(series.values) > 100, known
            low, high = known.plausible
            assert low <= float(min(series.values)), known
            assert float(max(series.values)) <= high, known


def test_the_runtime_role_cannot_write_series_and_saving_again_changes_nothing(built_in: None, scope: Scope):
    import psycopg

    with pytest.raises(psycopg.errors.InsufficientPrivilege), db.tenant(scope) as connection:
        save("CL", "uf", [(date(2030, 1, 1), Decimal(1))], "attack", connection)
    with db.owner() as connection:
        assert save("CL", "uf", [(date(2023, 12, 31), Decimal("36789.36"))], "again", connection) == 0
        assert load_built_in(connection) == 0


def test_before_the_first_value_there_is_none(built_in: None, scope: Scope):
    with db.tenant(scope) as connection:
        uf = load("CL", "uf", connection)
        assert load("CL", "nothing", connection) is None
    assert uf is not None
    assert uf.at(date(1990, 1, 1)) is None
