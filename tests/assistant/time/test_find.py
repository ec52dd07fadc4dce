"""Every way of naming time, seen from a Thursday."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.time import parse_period

TODAY = date(2026, 11, 5)


def spans(text: str, today: date = TODAY) -> list[str]:
    return [f"{w.period.start}..{w.period.end}" for w in parse_period(text, today)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hoy", "2026-11-05..2026-11-05"),
        ("hasta el 10 de octubre", "2026-10-01..2026-10-10"),
        ("hasta septiembre", "2026-01-01..2026-09-30"),
        ("antes de octubre", "2026-01-01..2026-09-30"),
        ("después del 15 de octubre", "2026-10-16..2026-11-05"),
        ("la primera mitad de octubre", "2026-10-01..2026-10-15"),
        ("segunda mitad de 2025", "2025-07-01..2025-12-31"),
        ("los últimos 5 días de octubre", "2026-10-27..2026-10-31"),
        ("a mediados de octubre", "2026-10-11..2026-10-20"),
        ("a fines de septiembre", "2026-09-21..2026-09-30"),
        ("trimestre 3", "2026-07-01..2026-09-30"),
        ("III trimestre de 2025", "2025-07-01..2025-09-30"),
        ("semestre 1 de 2025", "2025-01-01..2025-06-30"),
        ("ayer", "2026-11-04..2026-11-04"),
        ("anteayer", "2026-11-03..2026-11-03"),
        ("antes de ayer", "2026-11-03..2026-11-03"),
        ("esta semana", "2026-11-02..2026-11-05"),
        ("la semana pasada", "2026-10-26..2026-11-01"),
        ("la semana que pasó", "2026-10-26..2026-11-01"),
        ("este mes", "2026-11-01..2026-11-05"),
        ("el mes pasado", "2026-10-01..2026-10-31"),
        ("lo que va del año", "2026-01-01..2026-11-05"),
        ("lo que va del mes", "2026-11-01..2026-11-05"),
        ("últimos 90 días", "2026-08-08..2026-11-05"),
        ("ultimos tres meses", "2026-08-01..2026-10-31"),
        ("últimos 12 meses", "2025-11-01..2026-10-31"),
        ("último trimestre", "2026-07-01..2026-09-30"),
        ("primer trimestre", "2026-01-01..2026-03-31"),
        ("1er trimestre de 2025", "2025-01-01..2025-03-31"),
        ("Q1 2026", "2026-01-01..2026-03-31"),
        ("2º semestre de 2025", "2025-07-01..2025-12-31"),
        ("entre el 3 y el 18 de octubre", "2026-10-03..2026-10-18"),
        ("del 3 al 18", "2026-10-03..2026-10-18"),
        ("del 28 de septiembre al 3 de octubre", "2026-09-28..2026-10-03"),
        ("del 03/10/2026 al 18/10/2026", "2026-10-03..2026-10-18"),
        ("de marzo a junio", "2026-03-01..2026-06-30"),
        ("desde julio", "2026-07-01..2026-11-05"),
        ("desde el 3 de octubre", "2026-10-03..2026-11-05"),
        ("la primera quincena de octubre", "2026-10-01..2026-10-15"),
        ("segunda quincena de septiembre", "2026-09-16..2026-09-30"),
        ("el finde pasado", "2026-10-31..2026-11-01"),
        ("octubre", "2026-10-01..2026-10-31"),
        ("noviembre", "2026-11-01..2026-11-30"),
        ("diciembre", "2025-12-01..2025-12-31"),
        ("octubre del año pasado", "2025-10-01..2025-10-31"),
        ("oct 25", "2025-10-01..2025-10-31"),
        ("10/2025", "2025-10-01..2025-10-31"),
        ("el lunes", "2026-11-02..2026-11-02"),
        ("el viernes 30", "2026-10-30..2026-10-30"),
        ("la semana del 18 de septiembre", "2026-09-14..2026-09-20"),
        ("hace 3 meses", "2026-08-01..2026-08-31"),
        ("3/10", "2026-10-03..2026-10-03"),
        ("3-10-2026", "2026-10-03..2026-10-03"),
        ("2026-10-03", "2026-10-03..2026-10-03"),
        ("2025", "2025-01-01..2025-12-31"),
        ("Fiestas Patrias", "2026-09-18..2026-09-19"),
        ("Navidad", "2025-12-24..2025-12-25"),
        ("Semana Santa", "2026-03-30..2026-04-05"),
        ("CyberDay 2025", "2025-06-02..2025-06-04"),
        ("día de la madre", "2026-05-10..2026-05-10"),
    ],
)
def test_one_period(text: str, expected: str) -> None:
    assert spans(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("octubre vs septiembre", ["2026-10-01..2026-10-31", "2026-09-01..2026-09-30"]),
        ("en agosto contra julio", ["2026-08-01..2026-08-31", "2026-07-01..2026-07-31"]),
        ("hoy vs ayer", ["2026-11-05..2026-11-05", "2026-11-04..2026-11-04"]),
    ],
)
def test_two_periods(text: str, expected: list[str]) -> None:
    assert spans(text) == expected


@pytest.mark.parametrize(
    "text", ["ventas por mes", "día de la semana", "31 de febrero", "CyberDay 1990", "del 2026-10 al 2026-11", ""]
)
def test_no_period(text: str) -> None:
    assert spans(text) == []


def test_the_mothers_day_of_argentina_is_in_october() -> None:
    assert parse_period("día de la madre", TODAY, "AR")[0].period.start == date(2026, 10, 18)


@given(st.text(max_size=80), st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_never_raises(text: str, today: date) -> None:
    parse_period(text, today)


@given(
    st.lists(st.sampled_from(
        [
            *("el", "la", "de", "del", "3", "31", "99", "0", "octubre", "febrero", "pasado", "año", "últimos", "días"),
            *("semana", "quincena", "entre", "y", "al", "2025", "3/13", "navidad", "2026-10", "4821-7-3"),
        ]
    ), max_size=8),
    st.dates(date(1990, 1, 1), date(2090, 12, 31)),
)  # fmt: skip
def test_never_raises_on_words_of_time(words: list[str], today: date) -> None:
    for when in parse_period(" ".join(words), today):
        assert when.period.start <= when.period.end
