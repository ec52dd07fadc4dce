"""What of two spans the data hold alike."""

from datetime import date

import pytest

from assistant.horizon import held_of_both
from core.periods import Period

HAVE = Period(date(2025, 3, 1), date(2026, 11, 19))


def days(text: str) -> Period:
    start, end = text.split("..")
    return Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("now", "base", "held"),
    [
        ("2026-01-01..2026-06-30", "2025-01-01..2025-06-30", ("2026-03-01..2026-06-30", "2025-03-01..2025-06-30")),
        ("2026-01-01..2026-11-19", "2025-01-01..2025-11-19", ("2026-03-01..2026-11-19", "2025-03-01..2025-11-19")),
        ("2025-03-03..2025-03-09", "2025-02-24..2025-03-02", ("2025-03-08..2025-03-09", "2025-03-01..2025-03-02")),
        ("2026-04-01..2026-06-30", "2025-04-01..2025-06-30", None),  # the data hold both
        ("2026-10-01..2026-10-31", "2025-01-01..2025-12-31", None),  # they are not alike
        ("2026-02-01..2026-02-28", "2025-02-01..2025-02-28", None),  # nothing of the earlier one is held
    ],
)
def test_a_span_that_begins_before_the_data_is_held_against_the_same_days(
    now: str, base: str, held: tuple[str, str] | None
) -> None:
    assert held_of_both(days(now), days(base), HAVE) == (held and (days(held[0]), days(held[1])))
