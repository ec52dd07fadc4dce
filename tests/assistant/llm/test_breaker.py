from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.breaker import Breaker


def test_three_failures_open_it_and_a_minute_later_one_is_let_through() -> None:
    gate = Breaker()
    for _ in range(3):
        assert gate.allows(0)
        gate.record(False, 0)
    assert not gate.allows(59)
    assert gate.allows(61)
    assert not gate.allows(62)
    gate.record(True, 63)
    assert gate.allows(63)


@given(st.lists(st.booleans(), max_size=30))
def test_it_is_closed_unless_the_last_three_failed(outcomes: list[bool]) -> None:
    gate = Breaker()
    for well in outcomes:
        gate.record(well, 0)
    assert gate.allows(1) is not (len(outcomes) >= 3 and not any(outcomes[-3:]))
