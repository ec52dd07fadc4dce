"""A company's own metrics: from the written formula to the value, under its scope alone."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest

import features
from core import db
from core.db import Connection
from core.errors import BadInput, Conflict, NotFound
from core.periods import Grain, Period
from core.tenancy import Scope
from features import measures, own
from features.catalog.types import Good, Unit
from features.query import Filter, Query
from tests.features.gold import MEMBER, gold
from tests.features.sample import draw, load

FIRST = date(2025, 11, 20)
LINES = draw(7, 500, FIRST, 130)
ALL = Period(FIRST, date(2026, 3, 29))


@pytest.fixture
def connection(scope: Scope) -> Iterator[Connection]:
    with db.tenant(scope) as connection:
        load(LINES, scope, connection)
        yield connection


def expected(period: Period, lines: list, member: str | None = None) -> Decimal | None:
    mine = [x for x in lines if member is None or MEMBER["branch"](x) == member]
    sales, units = gold("sales", period, mine, lines), gold("units", period, mine, lines)
    return (sales - 100) / units if sales is not None and units else None


def near(a: Decimal | None, b: Decimal | None) -> bool:
    return a is b if a is None or b is None else abs(a - b) <= Decimal("1e-12") * max(1, abs(b))


@pytest.mark.parametrize("grain", [None, Grain.month, Grain.week])
@pytest.mark.parametrize("dimension", [None, "branch"])
@pytest.mark.parametrize("refreshed", [False, True])
def test_values_are_those_of_the_formula_over_the_parts(
    grain: Grain | None, dimension: str | None, refreshed: bool, scope: Scope, connection: Connection
):
    if refreshed:
        features.refresh(scope, connection)
    made = own.define("Venta neta por unidad", "(ventas - 100) / unidades", Unit.money, Good.up, scope, connection)
    result = features.run(Query((made.id, "sales"), ALL, grain, dimension), scope, connection)
    mine = [r for r in result.rows if r.metric == made.id]
    assert mine
    for row in mine:
        assert near(row.value, expected(row.period, LINES, row.member if dimension else None)), row
    assert len([r for r in result.rows if r.metric == "sales"]) == len(mine)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_members_rank_by_the_formula(order: str, scope: Scope, connection: Connection):
    made = own.define("Valor por pieza", "ventas / unidades", Unit.money, Good.up, scope, connection)
    whole = features.run(Query((made.id,), ALL, dimension="product"), scope, connection).rows
    first = features.run(Query((made.id, "units"), ALL, None, "product", (), order, 3), scope, connection)  # type: ignore[arg-type]
    ranked = sorted((r for r in whole if r.value is not None), key=lambda r: r.value, reverse=order == "desc")
    assert [r.member for r in first.rows if r.metric == made.id] == [r.member for r in ranked[:3]]
    assert [r.member for r in first.rows if r.metric == "units"] == [r.member for r in ranked[:3]]
    monthly = features.run(Query((made.id,), ALL, Grain.month, "product", (), order, 3), scope, connection)  # type: ignore[arg-type]
    assert {r.member for r in monthly.rows} == {r.member for r in ranked[:3]}


def test_a_filter_and_what_is_missing_reach_the_parts(scope: Scope, connection: Connection):
    made = own.define("Venta por unidad", "ventas / unidades", Unit.money, Good.up, scope, connection)
    some = [x for x in LINES if MEMBER["branch"](x) == "Talca"]
    branch = Filter("branch", ("Talca",))
    found = features.run(Query((made.id,), ALL, filters=(branch,)), scope, connection).value()
    sales, units = gold("sales", ALL, some, LINES), gold("units", ALL, some, LINES)
    assert sales is not None
    assert units
    assert near(found, sales / units)
    connection.execute("UPDATE fact_sales SET quantity = NULL")
    lacking = features.run(Query((made.id, "sales"), ALL), scope, connection)
    assert lacking.missing == {made.id: ("quantity",)}
    assert [r.metric for r in lacking.rows] == ["sales"]


def test_it_is_a_metric_like_the_others(scope: Scope, connection: Connection):
    made = own.define("Ventas menos costo", "ventas - costo", Unit.money, Good.up, scope, connection)
    assert made in features.metrics(scope, connection)
    assert features.metric(made.id) == made
    assert made.additive
    assert made.needs == ("cost",)
    assert made.definition == "La definió tu empresa: ventas − costo."
    changed = own.define("Ventas sobre costo", "ventas / costo", Unit.number, Good.up, scope, connection, made.id)
    assert changed.id == made.id
    assert not changed.additive
    assert features.metric(made.id).name == "ventas sobre costo"


def test_taken_away_and_brought_back(scope: Scope, connection: Connection):
    made = own.define("Margen raro", "ventas - costo", Unit.money, Good.up, scope, connection)
    before = own.version(scope, connection)
    own.remove(made.id, scope, connection)
    assert own.version(scope, connection) != before
    with pytest.raises(NotFound):
        features.run(Query((made.id,), ALL), scope, connection)
    own.remove(made.id, scope, connection, gone=False)
    assert features.run(Query((made.id,), ALL), scope, connection).value() is not None


@pytest.mark.parametrize(
    "name", ["", "  ", "ventas", "Boletas", "sucursal", "de la", "123", "<b>x</b>", "ventas por hora"]
)
def test_names_that_would_confuse_are_refused(name: str, scope: Scope, connection: Connection):
    with pytest.raises((BadInput, Conflict)):
        own.define(name, "ventas / unidades", Unit.number, Good.up, scope, connection)


def test_what_could_never_give_a_figure_is_refused(scope: Scope, connection: Connection):
    with pytest.raises(BadInput) as refused:
        own.define("nada", "ventas ÷ 0,0", Unit.money, Good.up, scope, connection)
    assert "divide por cero" in refused.value.spanish


def test_a_name_is_given_once(scope: Scope, connection: Connection):
    own.define("Venta por metro", "ventas / 80", Unit.money, Good.up, scope, connection)
    with pytest.raises(Conflict):
        own.define("VENTA  por METRO", "ventas / 90", Unit.money, Good.up, scope, connection)


def test_another_company_can_neither_see_nor_compute_nor_change_it(new_scope: Callable[..., Scope]):
    mine, other = new_scope(), new_scope()
    with db.tenant(mine) as connection:
        made = own.define("Secreta", "ventas / 3", Unit.money, Good.up, mine, connection)
    with db.tenant(other) as connection:
        assert all(m.id != made.id for m in features.metrics(other, connection))
        for attempt in (
            lambda: features.run(Query((made.id,), ALL), other, connection),
            lambda: own.own_metric(made.id, other, connection),
            lambda: own.remove(made.id, other, connection),
            lambda: own.define("Robada", "ventas", Unit.money, Good.up, other, connection, made.id),
        ):
            with pytest.raises(NotFound):
                attempt()
    with db.tenant(mine) as connection:
        assert own.own_metric(made.id, mine, connection).name == "secreta"


def test_a_measure_is_a_number_that_the_company_writes_down_itself(scope: Scope, new_scope: Callable[..., Scope]):
    with db.tenant(scope) as connection:
        load(LINES, scope, connection)
        with pytest.raises(BadInput, match="Medidas propias"):
            own.define("Venta horaria", "ventas / horas_atendidas", Unit.money, Good.up, scope, connection)
        hours = own.measure_of("Horas atendidas", scope, connection)
        made = own.define(
            "Venta por hora de atención", "ventas / horas_atendidas", Unit.money, Good.up, scope, connection
        )
        before = own.version(scope, connection)
        first, second, third = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
        written = [
            (first, "", Decimal(200)), (second, "Talca", Decimal(90)), (second, "Centro", Decimal(110)),
            (third, "Talca", Decimal(95)), (third, "Talca", Decimal("95.5")),
        ]  # fmt: skip
        assert measures.note(hours.id, written, scope, connection) == 4
        assert own.version(scope, connection) != before

        def value(period: Period, id: str = made.id, **only: str) -> Decimal | None:
            filters = tuple(Filter(k, (v,)) for k, v in only.items())
            return features.run(Query((id,), period, filters=filters), scope, connection).value()

        def sold(period: Period, **only: str) -> Decimal:
            lines = [x for x in LINES if period.holds(x.day) and all(getattr(x, k) == v for k, v in only.items())]
            return sum((x.total for x in lines), Decimal(0))

        jan, feb, mar = (Period.month(2026, m) for m in (1, 2, 3))
        for period, wanted in ((jan, 200), (feb, 200), (Period(first, feb.end), 400)):
            assert near(value(period), sold(period) / wanted)
        assert value(mar) is None  # one branch of the two that it is kept for
        assert near(value(feb, branch="Talca"), sold(feb, branch="Talca") / 90)
        assert value(jan, branch="Talca") is None
        assert value(Period(first, date(2026, 2, 10))) is None
        rows = features.run(Query((hours.id, made.id), feb, dimension="branch"), scope, connection).rows
        told = {(r.metric, r.member): r.value for r in rows}
        assert told[hours.id, "Centro"] == 110
        assert near(told[made.id, "Centro"], sold(feb, branch="Centro") / 110)
        by_month = features.run(Query((hours.id,), Period(first, mar.end), Grain.month), scope, connection)
        assert [r.value for r in by_month.rows] == [200, 200, None]
        for query in (Query((made.id,), feb, dimension="product"), Query((hours.id,), feb, Grain.week)):
            result = features.run(query, scope, connection)
            assert result.missing or not [r for r in result.rows if r.value is not None]
        whole = features.sources(Query((made.id,), feb), scope, connection)
        assert whole.lines == len([x for x in LINES if feb.holds(x.day)])

        with pytest.raises(Conflict, match="La usa tu métrica"):
            own.end_measure(hours.id, scope, connection)
        own.remove(made.id, scope, connection)
        own.end_measure(hours.id, scope, connection)
        assert "horas atendidas" not in {m.name for m in features.metrics(scope, connection)}
        own.remove(made.id, scope, connection, gone=False)
        assert near(value(jan), sold(jan) / 200)
    other = new_scope()
    with db.tenant(other) as theirs:
        for act in (
            lambda: measures.note(hours.id, [(first, "", Decimal(1))], other, theirs),
            lambda: features.run(Query((hours.id,), jan), other, theirs),
            lambda: own.end_measure(hours.id, other, theirs),
        ):
            with pytest.raises(NotFound):
                act()
