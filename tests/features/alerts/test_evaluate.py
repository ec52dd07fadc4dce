"""A rule speaks once when its line is crossed, and again only after a clear return."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Grain, Period, add_months
from features.alerts import KIND, Point, Rule, State, evaluate, lacking, primed, usual_month

NOW = datetime(2026, 11, 9, 12, tzinfo=UTC)
MARGIN = Rule("threshold", "gross_margin", "below", Decimal("0.30"), Grain.week, cooldown_hours=0)
DROP = Rule("change", "sales", "below", Decimal("0.20"), Grain.month, cooldown_hours=0)
PACE = Rule("pace", "sales", "below", Decimal(0), Grain.month, cooldown_hours=0)
STALE = Rule("stale", "sales", "above", Decimal(10), Grain.day, cooldown_hours=0)


def week(number: int) -> Period:
    return Period.of(Grain.week, date(2026, 1, 5) + timedelta(weeks=number))


def level(*values: str) -> list[Point]:
    return [Point(week(i), Decimal(v)) for i, v in enumerate(values)]


def told(rule: Rule, points: list[Point], state: State | None = None) -> list[Decimal]:
    """The values told when the readings come one upload after the other."""
    now, state, out = NOW, state or State(), []
    for i in range(len(points)):
        outcome = evaluate(rule, points[: i + 1], state, now)
        state, now = outcome.state, now + timedelta(days=1)
        if outcome.fired:
            out.append(outcome.fired.value)
    return out


def test_it_is_told_once_and_again_after_a_clear_return() -> None:
    assert told(MARGIN, level("0.35", "0.29", "0.28", "0.27")) == [Decimal("0.29")]
    assert told(MARGIN, level("0.29", "0.305", "0.29")) == [Decimal("0.29")]  # a hair over the line is no return
    assert told(MARGIN, level("0.29", "0.31", "0.29")) == [Decimal("0.29"), Decimal("0.29")]


def test_exactly_on_the_line_is_not_below_it() -> None:
    assert told(MARGIN, level("0.30")) == []
    over = replace(MARGIN, side="above")
    assert told(over, level("0.30")) == []
    assert told(over, level("0.3001")) == [Decimal("0.3001")]


def test_the_same_reading_again_says_nothing_new() -> None:
    points = level("0.35", "0.29")
    first = evaluate(MARGIN, points, State(), NOW)
    assert first.fired is not None
    again = evaluate(MARGIN, points, first.state, NOW + timedelta(days=3))
    assert again.fired is None
    assert again.state == first.state


def test_a_corrected_reading_is_looked_at_again() -> None:
    first = evaluate(MARGIN, level("0.35"), State(), NOW)
    corrected = evaluate(MARGIN, level("0.25"), first.state, NOW)
    assert corrected.fired is not None


def test_one_upload_with_many_spans_tells_of_the_first_that_crossed() -> None:
    state = replace(State(), seen_until=week(0).end)
    outcome = evaluate(replace(MARGIN, cooldown_hours=24), level("0.35", "0.28", "0.40", "0.20"), state, NOW)
    assert outcome.fired is not None
    assert outcome.fired.period == week(1)
    assert outcome.state.armed  # it came back in between, and the last one waits for the cool-down
    later = evaluate(MARGIN, level("0.35", "0.28", "0.40", "0.20"), outcome.state, NOW + timedelta(hours=25))
    assert later.fired is not None
    assert later.fired.period == week(3)


def test_changes_are_relative_and_in_points_for_percentages() -> None:
    def point(now: str, before: str) -> Point:
        return Point(week(3), Decimal(now), Decimal(before), week(2))

    assert evaluate(DROP, [point("79", "100")], State(), NOW).fired
    assert not evaluate(DROP, [point("80", "100")], State(), NOW).fired
    assert not evaluate(DROP, [point("130", "100")], State(), NOW).fired
    assert evaluate(replace(DROP, side="both"), [point("130", "100")], State(), NOW).fired
    assert not evaluate(DROP, [point("0", "0")], State(), NOW).fired  # over nothing there is no change
    margin = replace(DROP, metric="gross_margin", amount=Decimal("0.05"))
    assert not evaluate(margin, [point("0.36", "0.40")], State(), NOW).fired  # four points
    assert evaluate(margin, [point("0.34", "0.40")], State(), NOW).fired


def test_each_months_target_is_a_question_of_its_own() -> None:
    def month(number: int, value: int, day: int) -> Point:
        whole = Period.month(2026, number)
        due = Decimal(1000) * day / whole.days
        return Point(Period(whole.start, whole.start + timedelta(days=day - 1)), Decimal(value), due, anew=True)

    points = [month(9, 100, 10), month(9, 300, 20), month(10, 100, 10), month(10, 900, 20)]
    assert told(PACE, points) == [100, 100]
    costs = replace(PACE, metric="cost")  # there less is better
    assert told(costs, points) == [900]


def test_stale_data_is_told_once_until_new_data_comes() -> None:
    def age(days: int, last: date) -> Point:
        return Point(Period(last, last), Decimal(days))

    points = [age(d, date(2026, 11, 1)) for d in (8, 9, 10, 11, 12)] + [age(0, date(2026, 11, 13))]
    points += [age(10, date(2026, 11, 14))]
    state, said = State(), []
    for point in points:
        outcome = evaluate(STALE, [point], state, NOW)
        state = outcome.state
        if outcome.fired:
            said.append(point.value)
    assert said == [10, 10]


def test_unusual_needs_both_rarity_and_size() -> None:
    rule = Rule("anomaly", "sales", "below", Decimal(0), Grain.day, cooldown_hours=0)

    def point(value: str, p: float) -> Point:
        return Point(Period(date(2026, 11, 6), date(2026, 11, 6)), Decimal(value), Decimal(100), p=p)

    assert evaluate(rule, [point("60", 0.001)], State(), NOW).fired
    assert not evaluate(rule, [point("60", 0.02)], State(), NOW).fired
    assert not evaluate(rule, [point("90", 0.001)], State(), NOW).fired
    assert not evaluate(rule, [point("160", 0.001)], State(), NOW).fired


def shelf(**left: int) -> list[Point]:
    return [Point(week(0), Decimal(v), member=name) for name, v in left.items()]


def test_products_cross_and_come_back_each_by_itself() -> None:
    low = Rule("stock", "stock_left", "below", Decimal(5), Grain.day, cooldown_hours=24)
    state = primed(low, shelf(pan=2, torta=9, kuchen=9))
    assert state.low == {"pan"}  # said where the rule was made

    def then(hours: int, **left: int) -> tuple[list[str], bool]:
        nonlocal state
        outcome = evaluate(low, shelf(**left), state, NOW + timedelta(hours=hours))
        state = outcome.state
        assert outcome.fired == (outcome.group[0] if outcome.group else None)
        return [p.member for p in outcome.group], outcome.recovered

    assert then(0, pan=2, torta=3, kuchen=1) == (["kuchen", "torta"], False)
    assert then(1, pan=1, torta=2, kuchen=0) == ([], False)
    assert then(2, pan=5, torta=9, kuchen=0) == ([], True)  # back, but for pan, which a hair over the line is not
    assert state.low == {"pan", "kuchen"}
    assert then(3, pan=1, torta=4, kuchen=0) == ([], False)  # again, yet within the day
    assert then(25, pan=1, torta=4, kuchen=0) == (["torta"], False)
    assert then(50, pan=1, kuchen=9) == ([], True)  # what can't be read stays as it was
    assert state.low == {"pan", "torta"}
    assert not state.armed


def test_a_month_is_held_to_its_own_year_before_and_the_growth_since() -> None:
    first = date(2024, 1, 1)
    season = [1, 1, 1, 1, 1, 1, 2, 1, 3, 1, 1, 5]  # a December like no other month
    months = {add_months(first, i): Decimal(100 * season[i % 12] * (10 + i % 3)) * (2 if i > 11 else 1)
              for i in range(36)}  # fmt: skip
    december = add_months(first, 35)
    expected, p = usual_month(december, months) or (Decimal(0), 0.0)
    # By hand: the mean logarithmic growth of the twelve months before over their own years before.
    grown = [math.log(months[add_months(december, -i)] / months[add_months(december, -i - 12)]) for i in range(1, 13)]
    assert float(expected) == pytest.approx(float(months[add_months(december, -12)]) * math.exp(sum(grown) / 12))
    assert p > 0.05
    _, low = usual_month(december, {**months, december: Decimal(500)}) or (Decimal(0), 1.0)
    assert low < 0.005
    assert usual_month(add_months(first, 17), months) is None  # five months with a year before them
    assert usual_month(add_months(first, 18), months) is not None


def test_too_short_a_past_says_so() -> None:
    monthly = Rule("anomaly", "sales", "both", Decimal(0), Grain.month)
    known = Period(date(2025, 9, 10), date(2026, 11, 8))
    assert "19 meses completos de ventas, y tengo 13" in lacking(monthly, known)
    assert lacking(monthly, Period(date(2025, 4, 1), date(2026, 10, 31))) == ""
    assert "9 semanas completas" in lacking(replace(monthly, grain=Grain.week), Period(date(2026, 10, 1), known.end))
    assert lacking(MARGIN, known) == ""


def test_while_paused_nothing_is_told_and_nothing_is_lost() -> None:
    paused = replace(MARGIN, paused_until=date(2026, 11, 20))
    outcome = evaluate(paused, level("0.35", "0.20"), State(), NOW)
    assert outcome.fired is None
    assert outcome.state == State()
    assert evaluate(paused, level("0.35", "0.20"), outcome.state, datetime(2026, 11, 20, tzinfo=UTC)).fired


def test_what_is_crossed_when_the_rule_is_made_waits_for_a_return() -> None:
    state = primed(MARGIN, level("0.28"))
    assert not state.armed
    assert told(MARGIN, level("0.28", "0.27", "0.35", "0.26"), state) == [Decimal("0.26")]
    assert primed(MARGIN, []).armed


values = st.lists(st.decimals("0", "1", places=3), min_size=1, max_size=30)


@given(values, st.integers(0, 72), st.booleans())
def test_it_never_fires_twice_without_having_come_back(found: list[Decimal], cooldown: int, above: bool) -> None:
    rule = replace(MARGIN, cooldown_hours=cooldown, side="above" if above else "below")
    state, now, back, fired_at = State(), NOW, True, None
    points = [Point(week(i), v) for i, v in enumerate(found)]
    for i in range(len(points)):
        outcome = evaluate(rule, points[: i + 1], state, now)
        judged = KIND[rule.kind].judge(rule, points[i])
        if outcome.fired:
            assert back
            assert judged.crossed
            assert fired_at is None or now - fired_at >= timedelta(hours=cooldown)
            back, fired_at = False, now
        elif judged.clear:
            back = True
        state, now = outcome.state, now + timedelta(hours=7)


@given(values)
def test_a_line_that_is_crossed_to_stay_is_told(found: list[Decimal]) -> None:
    """Whatever came before: once it stays crossed after a clear return, and past the cool-down, it has been told."""
    rule = replace(MARGIN, cooldown_hours=24)
    points = [Point(week(i), v) for i, v in enumerate([*found, Decimal("0.9"), Decimal("0.1"), Decimal("0.1")])]
    state, now, last = State(), NOW, False
    for i in range(len(points)):
        outcome = evaluate(rule, points[: i + 1], state, now)
        last = outcome.fired is not None or (last and i == len(points) - 1)
        state, now = outcome.state, now + timedelta(days=2)
    assert last


@pytest.mark.parametrize("kind", KIND.values(), ids=lambda k: k.id)
def test_no_reading_is_both_crossed_and_clear(kind: object) -> None:
    rules = {
        "threshold": MARGIN, "change": DROP, "pace": PACE, "stale": STALE,
        "anomaly": Rule("anomaly", "sales", "both", Decimal(0), Grain.day),
        "stock": Rule("stock", "units", "below", Decimal(5), Grain.day),
    }  # fmt: skip
    rule = rules[kind.id]  # type: ignore[attr-defined]
    for value in range(0, 60):
        for p in (0.0001, 0.02, 0.9):
            point = Point(week(1), Decimal(value) / (100 if rule is MARGIN else 1), Decimal(20), p=p)
            judged = KIND[rule.kind].judge(rule, point)
            assert not (judged.crossed and judged.clear)
