"""What a summary says of the holidays: which there were, beside the spans it is compared with; no cause of anything."""

from datetime import timedelta

import pytest

from core.periods import Grain, Period, add_months
from core.tenancy import Company
from server.digest.editions import parse
from server.digest.words import feasts
from tests.assistant.test_watching import COMPANY


def said(edition: str, company: Company = COMPANY) -> str:
    span = parse(edition).period
    if span.grain is Grain.month:
        others = [Period.of(Grain.month, add_months(span.start, -back)) for back in (1, 12)]
    else:
        others = [Period(span.start - back, span.end - back) for back in (timedelta(weeks=1), timedelta(weeks=52))]
    return feasts(parse(edition), span, others, company)


@pytest.mark.parametrize(
    ("edition", "text"),
    [
        ("2026-W35", ""),
        ("2026-W16", "La misma del año pasado tuvo 2 feriados."),
        ("2026-W01", "Fue feriado el jueves 1-ene-2026 (Año Nuevo)."),
        ("2026-W15", "La semana anterior tuvo 2 feriados."),
        ("2026-10-12", "Fue feriado el lunes 12-oct-2026 (Día del Encuentro de dos Mundos). El anterior no lo fue y el "
                       "del año pasado no lo fue."),
        ("2027-03", "Viernes Santo y Sábado Santo cayeron este año en marzo y el anterior en abril."),
        ("2026-10", ""),
    ],
)  # fmt: skip
def test_holidays_of_what_is_compared(edition: str, text: str) -> None:
    assert said(edition) == text


def test_without_a_year_before_only_what_is_known_is_told() -> None:
    march = parse("2027-03")
    assert feasts(march, march.period, [], COMPANY) == ""
    week = parse("2026-W38")
    assert feasts(week, week.period, [], COMPANY).startswith("Fue feriado el viernes 18-sep-2026")
