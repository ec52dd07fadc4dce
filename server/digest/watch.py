"""What the days to come hold: holidays, what runs out, what a year ago was like, the month's target."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import features
from core.db import Connection
from core.language import join, plural
from core.money import money_short, percent
from core.periods import MONTHS, WEEKDAYS, Grain, Period, add_months, label
from core.tenancy import Scope
from features.feasts import feast_names
from features.format import written
from features.pace import due_part, week_of
from features.query import Query
from features.stock import Stock
from server.digest.editions import Edition
from server.digest.types import Fact

AHEAD_DAYS = 7
MOST_PRODUCTS = 3
COUNT_HOLDS = timedelta(days=45)
"""An older count of the stock says little of what is left."""

Watched = tuple[tuple[str, ...], tuple[Fact, ...]]
NOTHING: Watched = ((), ())


def watch(edition: Edition, today: date, have: Period, scope: Scope, connection: Connection) -> Watched:
    """Lines for the reader, and the figures in them that can be opened."""
    found = (
        _holidays(today, scope),
        _running_out(today, scope, connection),
        _year_ago(edition, today, have, scope, connection),
        _target(have, scope, connection),
    )
    return tuple(line for lines, _ in found for line in lines), tuple(fact for _, facts in found for fact in facts)


def _holidays(today: date, scope: Scope) -> Watched:
    coming = feast_names(scope.company.country, Period(today, today + timedelta(days=AHEAD_DAYS - 1)))
    named = [f"el {WEEKDAYS[d.weekday()]} {d.day} es feriado ({name})" for d, name in coming.items()]
    return ((f"Esta semana {join(named)}.",) if named else ()), ()


def _running_out(today: date, scope: Scope, connection: Connection) -> Watched:
    said = running_out(features.stock(scope, connection, today), today)
    return ((said,) if said else ()), ()


def running_out(stock: Sequence[Stock], today: date) -> str:
    """What is sold out before the week is over, as far as a count that still holds tells; '' for nothing. Pure."""
    fresh = [s for s in stock if s.days is not None and today - s.counted_on <= COUNT_HOLDS]
    soon = sorted((s for s in fresh if (s.days or Decimal(0)) < AHEAD_DAYS), key=lambda s: (s.days, s.product))
    if not soon:
        return ""
    named = [f"{s.product} ({_lasts(s)})" for s in soon[:MOST_PRODUCTS]]
    more = len(soon) - MOST_PRODUCTS
    return f"Se te acaba esta semana: {join(named)}{f', y {more} más' if more > 0 else ''}."


def _lasts(stock: Stock) -> str:
    days = int(stock.days or 0)
    if not stock.left:
        return "no queda"
    return f"alcanza para {plural(days, 'día', 'días')}" if days else "alcanza para menos de un día"


def _year_ago(edition: Edition, today: date, have: Period, scope: Scope, connection: Connection) -> Watched:
    """What the week or the month that begins was a year ago."""
    if edition.daily:
        return NOTHING
    if edition.weekly:
        monday = Grain.week.first_day(today) - timedelta(weeks=52)
        then = Period.of(Grain.week, monday)
        said = f"Hace un año, en la {label(then)},"
    else:
        then = Period.of(Grain.month, add_months(today.replace(day=1), -12))
        said = f"En {MONTHS[then.start.month - 1]} del año pasado"
    if then.start < have.start or then.end > have.end:
        return NOTHING
    sold = features.run(Query(("sales",), then), scope, connection).value()
    if not sold:
        return NOTHING
    return (f"{said} vendiste {money_short(sold, scope.company.currency)}.",), (_sales(then, sold, scope),)


def _target(have: Period, scope: Scope, connection: Connection) -> Watched:
    """The pace towards the month's target."""
    month = Period.of(Grain.month, have.end)
    so_far = Period(month.start, have.end)
    wanted = features.target(Query(("sales",), month), scope, connection)
    sold = features.run(Query(("sales",), so_far), scope, connection).value()
    if wanted is None or not wanted or sold is None or have.end == month.end:
        return NOTHING
    currency = scope.company.currency
    line = (
        f"Meta de {label(month)}: llevas {money_short(sold, currency)} de {money_short(wanted, currency)} "
        f"({percent(sold / wanted, 0)}); a esta altura {_due(so_far, month, have, scope, connection)}."
    )
    return (line,), (_sales(so_far, sold, scope),)


def _due(so_far: Period, month: Period, have: Period, scope: Scope, connection: Connection) -> str:
    """How much of the target the days so far should have brought, by the company's own days where it has enough."""
    shape = week_of("sales", (), month, have, scope, connection)
    return f"tocaba {percent(due_part(so_far, month, shape), 0)}{', según tus días de venta' if shape else ''}"


def _sales(period: Period, value: Decimal, scope: Scope) -> Fact:
    declared = features.metric("sales")
    shown = written(value, declared.unit, scope.company)
    return Fact(f"{declared.name}, {label(period)}", Query(("sales",), period), value, shown)
