"""The summary's own sentences. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from core.language import join, plural
from core.money import money_short, number, percent
from core.periods import WEEKDAYS, Grain, Period, label
from core.tenancy import Company
from features.catalog.types import Unit
from features.compare import Change
from features.feasts import feast_names, moved, named
from server.digest.editions import Edition
from server.digest.types import Kpi


def changed(change: Change, unit: Unit) -> str:
    """'+7,8 %', '−1,2 puntos', 'igual'."""
    if unit is Unit.ratio:
        size = number(change.difference * 100, 1)
        return "igual" if not size.strip("0,") else f"{'+' if change.difference > 0 else ''}{size} puntos"
    text = percent(change.ratio or Decimal(0), 1, signed=True)
    return "igual" if text == "0 %" else text


def subject(edition: Edition, sales: Kpi, company: Company) -> str:
    """'Tu semana: $1,8 millones (+7,8 %)'; a month by its name."""
    match edition.template:
        case "daily":
            name = f"Tu {WEEKDAYS[edition.period.start.weekday()]}"
        case "weekly":
            name = "Tu semana"
        case "monthly":
            name = f"Tu mes, {label(edition.period)}"
        case "closing":
            name = f"Cierre de {label(edition.period)}"
    change = f" ({sales.versus[0].shown})" if sales.versus else ""
    return f"{name}: {money_short(sales.fact.value, company.currency)}{change}"


def lead(edition: Edition, sales: Kpi, company: Company) -> str:
    """'Vendiste $1.842.350 en la semana del 26-oct-2026: 7,8 % más que la semana anterior y …'."""
    when = (
        f"el {edition.name}" if edition.daily else f"en la {edition.name}" if edition.weekly else f"en {edition.name}"
    )
    than = [f"{_more(v.shown)} {v.than}" for v in sales.versus]
    return f"Vendiste {sales.fact.shown} {when}{': ' + join(than) if than else ''}."


def feasts(edition: Edition, span: Period, others: Sequence[Period], company: Company) -> str:
    """The holidays of the span, and where those of the spans it is compared with (the one before, the one a year
    before, as far as there is data) are more or fewer: what is to be known of the comparison, and no cause of it."""
    if edition.monthly:
        return moved(company.country, span.start) if span.grain is Grain.month and len(others) > 1 else ""
    now = feast_names(company.country, span)
    counts = [len(feast_names(company.country, other)) for other in others]
    who = ("El anterior", "el del año pasado") if edition.daily else ("La semana anterior", "la misma del año pasado")
    had = [f"{name} {_had(n, edition)}" for name, n in zip(who, counts, strict=False) if n != len(now)]
    said = [f"Fue feriado {named(now)}."] if now else []
    rest = join(had)
    return " ".join([*said, *([f"{rest[0].upper()}{rest[1:]}."] if rest else [])])


def _had(count: int, edition: Edition) -> str:
    if edition.daily:
        return "lo fue" if count else "no lo fue"
    return f"tuvo {plural(count, 'feriado', 'feriados')}" if count else "no tuvo feriados"


def _more(shown: str) -> str:
    """'+7,8 %' -> '7,8 % más'."""
    if shown == "igual":
        return "lo mismo"
    return f"{shown.lstrip('+−')} {'menos' if shown.startswith('−') else 'más'}"
