"""Each rule fed by hand: signals in, insight out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Grain, Period, add_months
from features.catalog.types import Good
from features.feasts import feast_names
from features.insights import Customer, Member, Signals, Standing, Wind, insights, price_volume_mix
from features.insights.chance import discoveries, unusual_months
from features.insights.rules.around import data_gaps, macro_exposure, standing_moves, target
from features.insights.rules.margins import discount_without_volume, margin_erosion, price_moves, returns_rising
from features.insights.rules.people import concentration, dead_products, slipping_customers
from features.insights.rules.rhythm import best_times, unusual_days
from features.insights.rules.whole import changes, record, trend

MONTH = Period.month(2026, 10)
MONTHS = [add_months(MONTH.start, -i) for i in range(25, -1, -1)]


def monthly(values: Sequence[float]) -> dict[date, Decimal]:
    """Values of the last months, the last one MONTH's."""
    return {m: Decimal(str(v)) for m, v in zip(MONTHS[-len(values) :], values, strict=True)}


def steady(value: float = 1000, seed: int = 1, noise: float = 0.02) -> list[float]:
    return [round(value * float(f), 2) for f in np.exp(np.random.default_rng(seed).normal(0, noise, 26))]


def signals(**given: object) -> Signals:
    return replace(Signals(MONTH, "CLP", {"sales": monthly([10_000.0] * 26)}), **given)  # type: ignore[arg-type]


def product(name: str, **series: Sequence[float]) -> Member:
    return Member("product", name, {metric: monthly(values) for metric, values in series.items()})


def others(count: int = 5) -> list[Member]:
    return [
        product(f"p{i}", sales=[100.0] * 26, units=[10.0] * 26, cost=[40.0] * 26, discount=[0.0] * 26)
        for i in range(count)
    ]


def test_a_dear_input_is_seen_where_the_price_did_not_follow():
    torta = product("Torta", sales=[1000.0] * 26, units=[10.0] * 26, cost=[400.0] * 25 + [560.0], discount=[0.0] * 26)
    found = margin_erosion(signals(members=[torta, *others()]))
    assert [i.slice for i in found] == [{"product": "Torta"}]
    assert "40 % más" in found[0].title
    assert "de 60 % a 44 %" in found[0].title
    assert "$80" in found[0].todo
    followed = product("Torta", sales=[1000.0] * 25 + [1400.0], units=[10.0] * 26, cost=[400.0] * 25 + [560.0])
    assert margin_erosion(signals(members=[followed, *others()])) == []


def test_what_rose_for_all_is_no_products_story():
    all_dearer = [replace(m, series={**m.series, "cost": monthly([40.0] * 25 + [50.0])}) for m in others(6)]
    assert margin_erosion(signals(members=all_dearer)) == []


def test_a_new_price_is_told_with_what_units_did_and_a_discount_is_no_new_price():
    dearer = product("Café", sales=[900.0] * 25 + [1000.0], units=[100.0] * 25 + [90.0], discount=[0.0] * 26)
    found = price_moves(signals(members=[dearer, *others()]))
    assert [i.slice for i in found] == [{"product": "Café"}]
    assert "bajaron" in found[0].why
    rebate = product("Café", sales=[900.0] * 25 + [720.0], units=[100.0] * 26, discount=[0.0] * 25 + [180.0])
    assert price_moves(signals(members=[rebate, *others()])) == []


def test_a_discount_that_sold_nothing_more():
    rebate = product("Café", sales=[900.0] * 25 + [720.0], units=[100.0] * 26, discount=[0.0] * 25 + [180.0])
    found = discount_without_volume(signals(members=[rebate, *others()]))
    assert [i.slice for i in found] == [{"product": "Café"}]
    worked = product("Café", sales=[900.0] * 25 + [1080.0], units=[100.0] * 25 + [150.0], discount=[0.0] * 25 + [270.0])
    assert discount_without_volume(signals(members=[worked, *others()])) == []


def test_returns_that_rise():
    bad = product("Pan", sales=[990.0] * 25 + [900.0], returns=[10.0] * 25 + [100.0])
    found = returns_rising(signals(members=[bad]))
    assert [i.slice for i in found] == [{"product": "Pan"}]
    assert found[0].good is False


def days_every(gap: int, until: date, count: int = 20) -> tuple[date, ...]:
    return tuple(until - timedelta(days=gap * i) for i in range(count - 1, -1, -1))


def test_a_customer_who_stopped_is_told_once_when_the_silence_begins():
    gone = Customer("Cafetería 12", days_every(3, date(2026, 10, 5)), Decimal(12_000))
    still = Customer("Cafetería 7", days_every(3, date(2026, 10, 30)), Decimal(12_000))
    long_gone = Customer("Cafetería 3", days_every(3, date(2026, 7, 5)), Decimal(12_000))
    found = slipping_customers(signals(customers=[gone, still, long_gone]))
    assert [i.slice["customer"] for i in found] == ["Cafetería 12"]
    assert "cada 3 días" in found[0].title
    assert "26 días" in found[0].title


def test_a_product_that_died_and_one_whose_season_ended():
    dead = product("Empanada", sales=[100.0] * 25)
    dead = replace(dead, series={"sales": {m: Decimal(100) for m in MONTHS[:-1]}})
    season = replace(dead, name="Pan de pascua", series={"sales": {m: Decimal(100) for m in MONTHS if m.month == 12}})
    assert [i.slice["product"] for i in dead_products(signals(members=[dead, season]))] == ["Empanada"]


def test_hanging_on_one_customer_is_told_when_it_first_comes_to_that():
    many = [Member("customer", f"c{i}", {"sales": monthly([500.0] * 26)}) for i in range(6)]
    grown = Member("customer", "Hotel", {"sales": monthly([1000.0] * 25 + [3000.0])})
    always = Member("customer", "Casino", {"sales": monthly([3000.0] * 26)})
    assert [i.slice["customer"] for i in concentration(signals(members=[*many, grown]))] == ["Hotel"]
    assert concentration(signals(members=[*many, always])) == []


def test_a_month_is_compared_on_equal_days():
    """February against January: three days fewer are no fall."""
    month = Period.month(2026, 2)
    flat = {p.start: Decimal(100) for p in Period(date(2024, 12, 1), month.end).spans(Grain.day)}
    by_month = {
        m: sum((v for d, v in flat.items() if d.replace(day=1) == m), Decimal(0))
        for m in {d.replace(day=1) for d in flat}
    }
    found = changes(replace(signals(), month=month, metrics={"sales": by_month}, days=flat))
    previous = next(i for i in found if i.rule == "change_previous")
    assert previous.title.endswith("menos que el mes anterior")
    assert previous.materiality < 1e-6
    assert "días equivalentes" in previous.why


def test_days_on_which_it_is_closed_are_worth_nothing():
    """September with its national holidays, of a shop that opens on neither Sundays nor holidays, against August."""
    month = Period.month(2026, 9)
    free = frozenset(feast_names("CL", Period(date(2025, 8, 1), month.end)))
    spans = Period(date(2025, 8, 1), month.end).spans(Grain.day)
    flat = {p.start: Decimal(100) for p in spans if p.start.weekday() < 6 and p.start not in free}
    by_month = {
        first: sum(v for d, v in flat.items() if d.replace(day=1) == first) for first in (date(2026, 8, 1), month.start)
    }
    given = replace(signals(), month=month, metrics={"sales": by_month}, days=flat, holidays=free)
    previous = next(i for i in changes(given) if i.rule == "change_previous")
    assert previous.materiality < 1e-6
    assert "+0 %" in previous.why or "−0 %" in previous.why


def test_a_day_beside_a_holiday_says_so():
    day = MONTH.start + timedelta(days=13)
    days = {day - timedelta(weeks=i): Decimal(1000 + i) for i in range(1, 13)} | {day: Decimal(100)}
    quiet, told = (
        next(i for i in unusual_days(signals(days=days, holidays=frozenset(free))) if i.period.start == day)
        for free in ((), (day - timedelta(days=1),))
    )
    assert told.why == f"{quiet.why} El día anterior fue feriado."


def test_records_and_trends():
    best = signals(metrics={"sales": monthly([1000.0 + i for i in range(26)])})
    assert "mejor mes" in record(best)[0].title
    assert record(signals()) == []
    slowing = [1000.0] * 14 + [
        1300.0,
        1290.0,
        1280.0,
        1270.0,
        1260.0,
        1250.0,
        1200.0,
        1150.0,
        1100.0,
        1050.0,
        1000.0,
        950.0,
    ]
    assert "perdiendo fuerza" in trend(signals(metrics={"sales": monthly(slowing)}))[0].title


AMOUNTS = st.tuples(st.decimals(1, 1000, places=1), st.decimals(1, 10**6, places=0))
PRODUCTS = st.dictionaries(st.sampled_from("abcdef"), AMOUNTS, min_size=1)


@given(PRODUCTS, PRODUCTS)
def test_price_volume_and_mix_add_up(
    before: dict[str, tuple[Decimal, Decimal]], now: dict[str, tuple[Decimal, Decimal]]
):
    change = sum(s for _, s in now.values()) - sum(s for _, s in before.values())
    assert abs(sum(price_volume_mix(before, now)) - change) < Decimal("1e-9")


def test_a_dear_product_at_the_same_units_is_all_price():
    price, volume, mix = price_volume_mix({"a": (Decimal(10), Decimal(100))}, {"a": (Decimal(10), Decimal(120))})
    assert (price, volume, mix) == (20, 0, 0)


def test_an_odd_day_against_its_weekday_and_a_holiday_excused():
    rng = np.random.default_rng(2)
    flow = {
        p.start: Decimal(str(round(float(100 * np.exp(rng.normal(0, 0.05))), 2)))
        for p in Period(date(2026, 6, 1), MONTH.end).spans(Grain.day)
    }
    flow[date(2026, 10, 14)] = Decimal(220)
    odd = min(unusual_days(signals(days=flow)), key=lambda i: i.p_value or 1)
    assert odd.period == Period(date(2026, 10, 14), date(2026, 10, 14))
    assert "miércoles 14-oct-2026" in odd.title
    excused = unusual_days(signals(days=flow, holidays=frozenset({date(2026, 10, 14)})))
    assert all(i.period.start != date(2026, 10, 14) for i in excused)


def test_days_missing_from_the_file():
    full = {p.start: Decimal(100) for p in Period(date(2026, 7, 1), MONTH.end).spans(Grain.day)}
    del full[date(2026, 10, 20)], full[date(2026, 10, 21)]
    assert "2 días" in data_gaps(signals(days=full))[0].title
    closed_sundays = {d: v for d, v in full.items() if d.weekday() != 6}
    assert "2 días" in data_gaps(signals(days=closed_sundays))[0].title


def test_hours_target_standing_and_wind():
    hours = {str(h): Decimal(10) for h in range(8, 20)} | {"13": Decimal(60), "18": Decimal(50)}
    assert "las 13 y las 18" in best_times(signals(hours=hours))[0].title
    assert "80 %" in target(signals(targets={"sales": Decimal(12_500)}))[0].title
    moved = standing_moves(signals(standings=[Standing("ticket promedio", 61, 38, "25 panaderías", 25)]))
    assert "del percentil 38 al 61" in moved[0].title
    lower = Standing("tasa de descuento", 61, 38, "25 panaderías", 25, Good.down)
    assert "Avanzaste del percentil 38 al 61" in standing_moves(signals(standings=[lower]))[0].title
    assert "menos es mejor" in standing_moves(signals(standings=[lower]))[0].why
    neither = Standing("peso del producto principal", 61, 38, "25 panaderías", 25, Good.neither)
    assert standing_moves(signals(standings=[neither]))[0].good is None
    assert standing_moves(signals(standings=[Standing("ticket promedio", 50, 42, "14 panaderías", 14)])) == []
    calm, strong = Wind("calma", None, 0.1), Wind("El dólar subió", False, 2.2)
    assert macro_exposure(signals(winds=[calm, strong]))[0].title == "El dólar subió"
    assert macro_exposure(signals(winds=[calm])) == []


def test_a_branch_that_fell_stands_out_and_a_good_month_for_all_does_not():
    rng = np.random.default_rng(5)
    common = np.exp(rng.normal(0, 0.1, 26))

    def branch(name: str, last: float) -> Member:
        track = common * np.exp(rng.normal(0, 0.02, 26))
        track[-1] *= last
        return Member(
            "branch",
            name,
            {"sales": monthly([round(float(v) * 3000, 2) for v in track]), "transactions": monthly([2000.0] * 26)},
        )

    fell = [branch("Talca", 0.7), branch("Curicó", 1), branch("Linares", 1), branch("Molina", 1)]
    found = [i for i in insights(signals(members=fell)) if i.rule == "unusual_member"]
    assert [i.slice for i in found] == [{"branch": "Talca"}]
    alike = [branch(n, 1.4) for n in ("Talca", "Curicó", "Linares", "Molina")]
    assert [i for i in insights(signals(members=alike)) if i.rule == "unusual_member"] == []


def test_white_noise_hardly_ever_looks_unusual():
    """Of many companies without a story, at most one in twenty is told of something unusual."""
    told = 0
    companies = 100
    for company in range(companies):
        rng = np.random.default_rng(company)

        def noisy(name: str, dimension: str, weight: int, rng: np.random.Generator = rng) -> Member:
            counts = rng.poisson(weight, 26) + 1
            return Member(
                dimension,
                name,
                {"sales": monthly([round(float(c) * 100, 2) for c in counts]), "transactions": monthly(list(counts))},
            )

        members = [noisy(f"p{i}", "product", 80) for i in range(25)] + [noisy(f"b{i}", "branch", 600) for i in range(3)]
        flow: Mapping[date, Decimal] = {
            p.start: Decimal(str(round(float(1000 * np.exp(rng.normal(0, 0.1))), 2)))
            for p in Period(date(2026, 6, 1), MONTH.end).spans(Grain.day)
        }
        total = monthly([sum(float(m.of("sales", month)) for m in members) for month in MONTHS])
        found = insights(signals(members=members, days=flow, metrics={"sales": total}))
        told += any(i.p_value is not None for i in found)
    assert told <= companies * 0.05


@pytest.mark.parametrize(("values", "kept"), [([0.001, 0.5, 0.9], [True, False, False]), ([0.5, 0.6], [False, False])])
def test_false_discoveries_are_controlled(values: list[float], kept: list[bool]):
    assert discoveries(values) == kept


def test_a_short_history_says_nothing():
    values = [monthly([100.0, 110.0, 90.0])]
    assert unusual_months(values, values, MONTH.start) == [None]
    assert insights(Signals(MONTH, "CLP", {})) == []


def test_each_insight_ties_its_suggestion_to_money_and_rests_on_figures():
    rich = signals(
        members=[product("Torta", sales=[1000.0] * 26, units=[10.0] * 26, cost=[400.0] * 25 + [560.0]), *others()],
        customers=[Customer("Cafetería 12", days_every(3, date(2026, 10, 5)), Decimal(12_000))],
    )
    found = insights(rich)
    assert {i.rule for i in found} >= {"margin_erosion", "slipping_customer"}
    assert all("$" in i.todo and i.evidence and i.follow_up.startswith("¿") for i in found)
    assert [i.score for i in found] == sorted((i.score for i in found), reverse=True)
