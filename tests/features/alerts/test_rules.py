"""Rules on a company's own figures: read by the same engine that answers, kept, told once, and closed to others."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

import features
from core import db
from core.db import Connection
from core.errors import BadInput, Conflict, NotFound
from core.periods import Grain, Period
from core.tenancy import Scope
from features import alerts
from features.alerts import Rule, State
from features.alerts.collect import reckoned
from features.feasts import feast_names
from features.query import Filter, Query
from features.stock import Stock
from tests.features.sample import Line, load

FIRST = date(2026, 8, 3)  # a Monday
NOW = datetime(2026, 11, 9, 15, tzinfo=UTC)


def lines(first: date, days: int, talca: int = 1000, centro: int = 1000, cost: str = "0.6") -> list[Line]:
    """One sale a day in each branch."""
    return [
        Line(first + timedelta(days=d), Decimal(amount), order=f"{branch}{first}{d}", branch=branch,
             product="Marraqueta", cost=Decimal(amount) * Decimal(cost))
        for d in range(days) for branch, amount in (("Talca", talca), ("Centro", centro))
    ]  # fmt: skip


def add(scope: Scope, connection: Connection, brought: list[Line]) -> None:
    load(brought, scope, connection, f"{uuid4()}.csv")
    features.refresh(scope, connection)


@pytest.fixture
def shop(new_scope: Callable[..., Scope]) -> Iterator[tuple[Scope, Connection]]:
    """Thirteen even weeks, until Sunday 1 November 2026."""
    scope = new_scope()
    with db.tenant(scope) as connection:
        add(scope, connection, lines(FIRST, 91))
        yield scope, connection


MARGIN = Rule("threshold", "gross_margin", "below", Decimal("0.30"), Grain.week)
TALCA = Rule("change", "sales", "below", Decimal("0.20"), Grain.week, (Filter("branch", ("Talca",)),))


def test_a_weeks_margin_that_falls_below_is_told_once(shop: tuple[Scope, Connection]) -> None:
    scope, connection = shop
    made = alerts.create(MARGIN, scope, connection, NOW)
    assert made.state.armed
    assert alerts.evaluate_all(scope, connection, NOW) == []
    add(scope, connection, lines(date(2026, 11, 2), 7, cost="0.75"))
    (fired,) = alerts.evaluate_all(scope, connection, NOW)
    assert fired.alert.value == Decimal("0.25")
    assert fired.alert.query == Query(("gross_margin",), Period(date(2026, 11, 2), date(2026, 11, 8)))
    assert features.run(fired.alert.query, scope, connection).value() == fired.alert.value
    assert fired.alert.title == "El margen bruto bajó de 30 %: 25 % en la semana del 2-nov-2026"
    assert alerts.evaluate_all(scope, connection, NOW + timedelta(days=2)) == []
    assert [a.id for a in alerts.open_alerts(scope, connection, NOW)] == [fired.alert.id]
    add(scope, connection, lines(date(2026, 11, 9), 7))
    assert alerts.evaluate_all(scope, connection, NOW + timedelta(days=8)) == []
    assert alerts.alert(fired.alert.id, scope, connection).recovered_at is not None


def test_a_branch_that_falls_is_told_with_what_it_is_compared_to(shop: tuple[Scope, Connection]) -> None:
    scope, connection = shop
    alerts.create(TALCA, scope, connection, NOW)
    alerts.create(replace(TALCA, filters=(Filter("branch", ("Centro",)),)), scope, connection, NOW)
    add(scope, connection, lines(date(2026, 11, 2), 7, talca=700))
    (fired,) = alerts.evaluate_all(scope, connection, NOW)
    assert fired.alert.value == 4900
    assert fired.alert.title == (
        "Las ventas en Talca cayeron 30 %: $4.900 en la semana del 2-nov-2026, contra $7.000 en la semana del "
        "26-oct-2026"
    )


def test_days_on_which_nothing_was_sold_are_no_reading(shop: tuple[Scope, Connection]) -> None:
    scope, connection = shop
    low = Rule("threshold", "sales", "below", Decimal(1500), Grain.day)
    alerts.create(low, scope, connection, NOW)
    add(scope, connection, lines(date(2026, 11, 4), 1))  # closed on Monday and Tuesday
    assert alerts.evaluate_all(scope, connection, NOW) == []
    add(scope, connection, lines(date(2026, 11, 5), 1, talca=100))
    (fired,) = alerts.evaluate_all(scope, connection, NOW)
    assert fired.alert.value == 1100


def test_what_adds_up_has_passed_its_limit_before_the_month_ends(shop: tuple[Scope, Connection]) -> None:
    scope, connection = shop
    high = Rule("threshold", "sales", "above", Decimal(70_000), Grain.month)
    made = alerts.create(high, scope, connection, NOW)
    assert made.state.armed  # October sold 62.000
    add(scope, connection, lines(date(2026, 11, 2), 10, talca=4000, centro=4000))
    (fired,) = alerts.evaluate_all(scope, connection, NOW)
    assert fired.alert.query.period == Period(date(2026, 11, 1), date(2026, 11, 11))
    assert fired.alert.value == 82_000


def test_a_day_far_from_its_weekday_is_told(shop: tuple[Scope, Connection]) -> None:
    scope, connection = shop
    alerts.create(Rule("anomaly", "sales", "below", Decimal(0), Grain.day), scope, connection, NOW)
    add(scope, connection, lines(date(2026, 11, 2), 1, talca=200, centro=200))
    (fired,) = alerts.evaluate_all(scope, connection, NOW)
    assert fired.alert.title == ("Las ventas quedaron en $400 el lunes 2-nov-2026, bastante menos de lo normal")


@pytest.fixture
def observant(new_scope: Callable[..., Scope]) -> Iterator[tuple[Scope, Connection]]:
    """Sells 1.000 a day from January 2025 to the end of March 2027, and nothing on a holiday."""
    scope = new_scope()
    span = Period(date(2025, 1, 1), date(2027, 3, 31))
    free = feast_names("CL", span)
    days = [p.start for p in span.spans(Grain.day) if p.start not in free]
    with db.tenant(scope) as connection:
        add(scope, connection, [Line(d, Decimal(1000), order=f"{d}", product="Pan") for d in days])
        yield scope, connection


def test_a_month_with_its_holidays_is_no_anomaly(observant: tuple[Scope, Connection]) -> None:
    """Easter lies in March in 2027, and in April the year before: two days less, and nothing else changed."""
    scope, connection = observant
    rule = Rule("anomaly", "sales", "both", Decimal(0), Grain.month)
    *_, march = alerts.points(rule, date(2027, 4, 2), scope, connection)
    assert march.value == 29_000
    assert march.compared == pytest.approx(Decimal(29_000), rel=Decimal("0.001"))
    assert march.note == (
        "Viernes Santo y Sábado Santo cayeron este año en marzo y el anterior en abril. "
        "Lo normal ya cuenta los feriados."
    )
    assert alerts.evaluate(rule, [march], State(), NOW).fired is None


def test_what_holidays_do_not_explain_is_told_with_them(observant: tuple[Scope, Connection]) -> None:
    scope, connection = observant
    alerts.create(Rule("anomaly", "sales", "both", Decimal(0), Grain.week), scope, connection, NOW)
    connection.execute("UPDATE fact_sales SET total = total / 4 WHERE sold_on BETWEEN '2027-03-22' AND '2027-03-28'")
    features.refresh(scope, connection)
    found = alerts.points(Rule("anomaly", "sales", "both", Decimal(0), Grain.week), date(2027, 4, 2), scope, connection)
    week = next(p for p in found if p.period.start == date(2027, 3, 22))
    assert (week.value, round(week.compared or 0)) == (1250, 5000)  # five days of seven
    assert "Esa semana fue feriado el viernes 26-mar-2027 (Viernes Santo) y el sábado" in week.note
    (fired,) = alerts.evaluate_all(scope, connection, datetime(2027, 4, 2, 15, tzinfo=UTC))
    assert week.note in fired.alert.body


def test_the_pace_is_the_due_part_of_the_target(shop: tuple[Scope, Connection]) -> None:
    scope, connection = shop
    connection.execute(
        "INSERT INTO targets (company_id, metric, grain, period_start, value) VALUES (%s, 'sales', 'month', %s, 90000)",
        [scope.company_id, date(2026, 11, 1)],
    )
    pace = Rule("pace", "sales", "below", Decimal("0.05"), Grain.month)
    alerts.create(pace, scope, connection, NOW)
    add(scope, connection, lines(date(2026, 11, 2), 9))  # ten of thirty days: 20.000 of the 30.000 that were due
    (fired,) = alerts.evaluate_all(scope, connection, NOW)
    assert fired.alert.value == 20_000
    assert "$30.000" in fired.alert.body
    assert "$90.000" in fired.alert.body


def test_silence_is_told_by_the_calendar_alone(shop: tuple[Scope, Connection]) -> None:
    scope, connection = shop
    alerts.create(Rule("stale", "sales", "above", Decimal(10), Grain.day), scope, connection, NOW)
    assert alerts.evaluate_all(scope, connection, datetime(2026, 11, 10, 15, tzinfo=UTC)) == []
    (fired,) = alerts.evaluate_all(scope, connection, datetime(2026, 11, 11, 15, tzinfo=UTC))
    assert fired.alert.value == 10
    assert alerts.evaluate_all(scope, connection, datetime(2026, 11, 12, 15, tzinfo=UTC)) == []


def test_stock_shows_itself_only_with_a_metric_of_it(shop: tuple[Scope, Connection]) -> None:
    scope, connection = shop
    offered = {kind.id for kind in alerts.kinds(scope, connection)}
    known = {m.id for m in alerts.watched(scope, connection)}
    assert ("stock" in offered) == bool(known & set(alerts.STOCK))
    assert offered >= {"threshold", "change", "anomaly", "pace", "stale"}


def test_the_same_rule_is_one_rule_and_an_ended_one_is_silent(shop: tuple[Scope, Connection]) -> None:
    scope, connection = shop
    made = alerts.create(MARGIN, scope, connection, NOW)
    assert alerts.create(replace(MARGIN, channels=("app",)), scope, connection, NOW).id == made.id
    changed = alerts.update(made.id, replace(MARGIN, amount=Decimal("0.5")), scope, connection, NOW)
    assert not changed.state.armed  # 40 % is below that already
    alerts.end(made.id, scope, connection, NOW)
    assert alerts.rules(scope, connection) == []
    assert not alerts.any_rules(scope, connection)
    with pytest.raises(NotFound):
        alerts.end(made.id, scope, connection, NOW)


def test_seen_and_snoozed_alerts_are_no_longer_open(shop: tuple[Scope, Connection]) -> None:
    scope, connection = shop
    alerts.create(MARGIN, scope, connection, NOW)
    add(scope, connection, lines(date(2026, 11, 2), 7, cost="0.75"))
    (fired,) = alerts.evaluate_all(scope, connection, NOW)
    id = fired.alert.id
    alerts.snooze(id, date(2026, 11, 12), scope, connection, NOW)
    assert alerts.count_open(scope, connection, NOW) == 0
    assert alerts.count_open(scope, connection, NOW + timedelta(days=3)) == 1
    for day in (date(2026, 11, 9), date(2027, 11, 9)):
        with pytest.raises(BadInput):
            alerts.snooze(id, day, scope, connection, NOW)
    alerts.acknowledge(id, scope, connection, NOW)
    assert alerts.count_open(scope, connection, NOW + timedelta(days=3)) == 0
    assert len(alerts.history(scope, connection, NOW)) == 1
    with pytest.raises(Conflict):
        alerts.snooze(id, date(2026, 11, 12), scope, connection, NOW)


def test_a_changed_rule_leaves_the_source_of_what_it_told(shop: tuple[Scope, Connection]) -> None:
    scope, connection = shop
    made = alerts.create(TALCA, scope, connection, NOW)
    add(scope, connection, lines(date(2026, 11, 2), 7, talca=700))
    (fired,) = alerts.evaluate_all(scope, connection, NOW)
    alerts.update(made.id, MARGIN, scope, connection, NOW)
    assert alerts.alert(fired.alert.id, scope, connection).query == fired.alert.query


def test_another_companys_rule_and_alert_are_not_there(
    shop: tuple[Scope, Connection], new_scope: Callable[..., Scope]
) -> None:
    scope, connection = shop
    made = alerts.create(MARGIN, scope, connection, NOW)
    add(scope, connection, lines(date(2026, 11, 2), 7, cost="0.75"))
    (fired,) = alerts.evaluate_all(scope, connection, NOW)
    other = new_scope()
    connection.commit()
    with db.tenant(other) as theirs:
        assert alerts.rules(other, theirs) == []
        assert alerts.history(other, theirs, NOW) == []
        assert alerts.count_open(other, theirs, NOW) == 0
        for attack in (
            lambda: alerts.kept(made.id, other, theirs),
            lambda: alerts.end(made.id, other, theirs, NOW),
            lambda: alerts.update(made.id, MARGIN, other, theirs, NOW),
            lambda: alerts.alert(fired.alert.id, other, theirs),
            lambda: alerts.acknowledge(fired.alert.id, other, theirs, NOW),
            lambda: alerts.snooze(fired.alert.id, date(2026, 11, 12), other, theirs, NOW),
        ):
            with pytest.raises(NotFound):
                attack()


def test_what_no_kind_allows_is_refused(shop: tuple[Scope, Connection]) -> None:
    scope, connection = shop
    for wrong in (
        replace(MARGIN, kind="spell"),
        replace(MARGIN, metric="no_such"),
        replace(MARGIN, side="both"),
        replace(MARGIN, kind="change", amount=Decimal(0)),
        replace(MARGIN, kind="stock"),
        replace(MARGIN, metric="discount"),  # the shop's files carry none
        replace(MARGIN, recipient=UUID(int=7)),
        replace(MARGIN, second=UUID(int=7)),
        Rule("stale", "sales", "above", Decimal(0), Grain.day),
        Rule("anomaly", "sales", "below", Decimal(0), Grain.year),
    ):
        with pytest.raises(BadInput):
            alerts.create(wrong, scope, connection, NOW)


def test_a_month_out_of_the_ordinary_is_told(new_scope: Callable[..., Scope]) -> None:
    scope = new_scope()
    with db.tenant(scope) as connection:
        # A sale on the first and one on the last day of each of 22 months, each year a fifth more than the last.
        months = [date(2025 + i // 12, i % 12 + 1, 1) for i in range(22)]
        brought = [
            Line(day, Decimal((100 + i % 3) * (10 if i < 12 else 12)), order=f"{i}{day}", branch="Talca")
            for i, first in enumerate(months) for day in (first, Grain.month.after(first) - timedelta(days=1))
        ]  # fmt: skip
        add(scope, connection, brought)
        alerts.create(Rule("anomaly", "sales", "both", Decimal(0), Grain.month), scope, connection, NOW)
        last = date(2026, 11, 1)
        add(scope, connection, [Line(last, Decimal(300), order="a"), Line(date(2026, 11, 30), Decimal(300), order="b")])
        (fired,) = alerts.evaluate_all(scope, connection, datetime(2026, 12, 1, 15, tzinfo=UTC))
        assert fired.alert.title == "Las ventas quedaron en $600 en noviembre 2026, bastante menos de lo normal"
        assert "hace un año" in fired.alert.body
        assert features.run(fired.alert.query, scope, connection).value() == 600


def test_the_pace_knows_that_sundays_are_closed(new_scope: Callable[..., Scope]) -> None:
    scope = new_scope()
    with db.tenant(scope) as connection:
        sold = [x for x in lines(FIRST, 91) if x.day.weekday() < 6]
        add(scope, connection, sold)
        connection.execute(
            "INSERT INTO targets (company_id, metric, grain, period_start, value) "
            "VALUES (%s, 'sales', 'month', %s, 50000)",
            [scope.company_id, date(2026, 11, 1)],
        )
        alerts.create(Rule("pace", "sales", "below", Decimal(0), Grain.month), scope, connection, NOW)
        # Six of November's 25 open days: 12.000 were due, where the calendar would say 7/30, 11.667.
        add(scope, connection, lines(date(2026, 11, 2), 6, talca=950))
        (fired,) = alerts.evaluate_all(scope, connection, NOW)
        assert fired.alert.value == 11_700
        assert "$12.000" in fired.alert.body
        assert "cada día de la semana" in fired.alert.body


def test_what_is_left_of_each_product_is_told_together(shop: tuple[Scope, Connection]) -> None:
    scope, connection = shop

    def count(day: date, **left: int) -> None:
        row = connection.execute(
            "INSERT INTO uploads (company_id, filename, sha256, size_bytes, state, accepted) "
            "VALUES (%s, 'stock.csv', %s, 1, 'ready', 1) RETURNING id",
            [scope.company_id, uuid4().bytes],
        ).fetchone()
        assert row is not None
        for at, (name, quantity) in enumerate(left.items(), start=2):
            connection.execute(
                "INSERT INTO fact_stock (company_id, upload_id, source_line, counted_on, product_key, product, "
                "quantity) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [scope.company_id, row[0], at, day, name.lower(), name, quantity],
            )

    assert "stock" not in {k.id for k in alerts.kinds(scope, connection)}
    count(date(2026, 11, 1), Marraqueta=30, Kuchen=16, Torta=50)
    assert "stock" in {k.id for k in alerts.kinds(scope, connection)}
    any_product = Rule("stock", "stock_left", "below", Decimal(15), Grain.day, cooldown_hours=0)
    alerts.create(any_product, scope, connection, NOW)
    only = alerts.create(
        replace(any_product, filters=(Filter("product", ("Marraqueta",)),)), scope, connection, NOW
    )  # fmt: skip
    assert alerts.evaluate_all(scope, connection, NOW) == []
    # Two branches, two units each: four marraquetas a day.
    add(scope, connection, [replace(x, quantity=Decimal(2)) for x in lines(date(2026, 11, 2), 5)])
    count(date(2026, 11, 6), Kuchen=3)
    every, single = sorted(alerts.evaluate_all(scope, connection, NOW), key=lambda f: f.kept.id == only.id)
    assert every.alert.title == "2 productos bajaron de 15 en stock: Kuchen (3) y Marraqueta (10)"
    assert [(i.member, i.value) for i in every.alert.items] == [("Kuchen", 3), ("Marraqueta", 10)]
    assert alerts.alert(every.alert.id, scope, connection).items == every.alert.items
    bread = every.alert.items[1]
    assert bread.note == "Contaste 30 el 1-nov-2026, y desde entonces vendiste 20."
    assert bread.query is not None
    assert features.run(bread.query, scope, connection).value() == 20  # sold since the count
    assert bread.query.period == Period(date(2026, 11, 2), date(2026, 11, 6))
    assert every.alert.items[0].query is None  # counted after the last sale
    counted = connection.execute(
        "SELECT upload_id FROM fact_stock WHERE product = 'Kuchen' AND quantity = 3"
    ).fetchone()
    assert counted == (every.alert.items[0].upload_id,)
    assert single.alert.title == "El stock de Marraqueta bajó de 15: 10"
    assert [i.member for i in single.alert.items] == ["Marraqueta"]
    count(date(2026, 11, 7), Marraqueta=200, Kuchen=2, Torta=1)
    (fired,) = alerts.evaluate_all(scope, connection, NOW + timedelta(days=2))
    assert fired.alert.title == "El stock de Torta bajó de 15: 1"
    assert alerts.alert(every.alert.id, scope, connection).recovered_at is None  # the kuchen is not back
    assert alerts.alert(single.alert.id, scope, connection).recovered_at is not None
    count(date(2026, 11, 8), Kuchen=90, Torta=1)
    assert alerts.evaluate_all(scope, connection, NOW + timedelta(days=3)) == []
    assert alerts.alert(every.alert.id, scope, connection).recovered_at is not None
    assert alerts.alert(fired.alert.id, scope, connection).recovered_at is None


def test_more_sold_than_counted_is_said_beside_what_is_left() -> None:
    one = Stock(
        "Pan", date(2026, 11, 1), Decimal(42), Decimal(38), Decimal(2), None, uuid4(), 2, NOW, beyond=Decimal(10)
    )
    assert reckoned(one) == "Contaste 42 el 1-nov-2026, y desde entonces vendiste 38."
    assert reckoned(replace(one, short=True)).endswith("Se vendió más de lo contado: llegó mercadería después.")
