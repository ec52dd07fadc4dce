"""The period of a report, told from the day it is opened: 'last_month' in November is October. Pure."""

from datetime import date, timedelta
from enum import StrEnum

from core.errors import BadInput
from core.periods import Grain, Period, add_months
from server.slices import period_of


class Kind(StrEnum):
    """How a period is told."""

    yesterday = "yesterday"
    last_7_days = "last_7_days"
    last_week = "last_week"
    last_30_days = "last_30_days"
    this_month = "this_month"
    last_month = "last_month"
    last_3_months = "last_3_months"
    last_6_months = "last_6_months"
    last_12_months = "last_12_months"
    last_quarter = "last_quarter"
    this_year = "this_year"
    last_year = "last_year"
    range = "range"


NAMES = {
    Kind.yesterday: "Ayer",
    Kind.last_7_days: "Últimos 7 días",
    Kind.last_week: "Semana pasada",
    Kind.last_30_days: "Últimos 30 días",
    Kind.this_month: "Este mes",
    Kind.last_month: "Mes pasado",
    Kind.last_3_months: "Últimos 3 meses completos",
    Kind.last_6_months: "Últimos 6 meses completos",
    Kind.last_12_months: "Últimos 12 meses completos",
    Kind.last_quarter: "Trimestre pasado",
    Kind.this_year: "Este año",
    Kind.last_year: "Año pasado",
    Kind.range: "Entre dos fechas",
}
_MONTHS = {Kind.last_3_months: 3, Kind.last_6_months: 6, Kind.last_12_months: 12}
_DAYS = {Kind.yesterday: 1, Kind.last_7_days: 7, Kind.last_30_days: 30}
_BEFORE = {
    Kind.last_week: Grain.week,
    Kind.last_month: Grain.month,
    Kind.last_quarter: Grain.quarter,
    Kind.last_year: Grain.year,
}


def resolve(kind: Kind, today: date, start: date | None = None, end: date | None = None) -> Period:
    """The days that `kind` means on `today`. BadInput for a range that lacks an end or has none before its start."""
    if kind in _DAYS:
        return Period(today - timedelta(days=_DAYS[kind]), today - timedelta(days=1))
    if kind in _MONTHS:
        first = today.replace(day=1)
        return Period(add_months(first, -_MONTHS[kind]), first - timedelta(days=1))
    if kind in _BEFORE:
        return Period.of(_BEFORE[kind], today).previous()
    if kind is Kind.this_month:
        return Period.of(Grain.month, today)
    if kind is Kind.this_year:
        return Period.of(Grain.year, today)
    if start is None or end is None:
        raise BadInput("period", "Al período le falta una fecha.", "Pon desde cuándo y hasta cuándo.")
    return period_of(start, end)
