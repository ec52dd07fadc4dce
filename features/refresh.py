"""After the facts changed: compute what they touch again, then write the text about it."""

from collections.abc import Iterable, Sequence

from core.db import Connection
from core.periods import Period
from core.tenancy import Scope
from features import benchmarks, insights, loyalty
from features.materialize import Progress, materialize
from features.text import around, replace, write

TOLD_MONTHS = 3
"""For so many of the latest full months insights are looked for."""


def refresh(
    scope: Scope, connection: Connection, touched: Iterable[Period] | None = None, progress: Progress | None = None
) -> None:
    """Re-materialize what the `touched` periods reach (None: everything) and index its text anew."""
    told = progress or _silent
    periods = None if touched is None else list(touched)
    if materialize(scope, connection, periods, told):
        loyalty.keep(scope, connection)
    told("escribiendo tus cifras")
    write(scope, connection)
    told("buscando lo que importa")
    months = _reached(insights.full_months(scope, connection), periods)
    benchmarks.contribute(scope, connection, [m.start for m in months])
    notice(scope, connection, months)


def notice(scope: Scope, connection: Connection, months: Sequence[Period] | None = None) -> None:
    """Look for what matters in the latest months (of `months`, where given) and tell it, with the economy and the
    peers around it. Alone where only these changed: a new snapshot, new macro values."""
    latest = insights.full_months(scope, connection)[-TOLD_MONTHS:]
    insights.refresh(scope, connection, [m for m in latest if months is None or m in months])
    replace(("insight",), insights.chunks(scope, connection, latest), scope, connection)
    replace(("macro",), around.winds(latest[-1].start, scope, connection) if latest else (), scope, connection)
    replace(("benchmark",), around.ranks(scope, connection), scope, connection)


def _reached(months: Sequence[Period], periods: Sequence[Period] | None) -> list[Period]:
    """The months whose figures those periods' facts reach: their own, and those they are compared with later on."""
    if periods is None:
        return list(months)
    first = min((p.start for p in periods), default=None)
    return [m for m in months if first is not None and m.end >= first]


def _silent(stage: str) -> None:
    pass
