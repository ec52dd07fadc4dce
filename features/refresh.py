"""After the facts changed: compute what they touch again, then write the text about it."""

from collections.abc import Iterable

from core.db import Connection
from core.periods import Period
from core.tenancy import Scope
from features.materialize import Progress, materialize
from features.text import write


def refresh(
    scope: Scope, connection: Connection, touched: Iterable[Period] | None = None, progress: Progress | None = None
) -> None:
    """Re-materialize what the `touched` periods reach (None: everything) and index its text anew."""
    told = progress or _silent
    materialize(scope, connection, touched, told)
    told("escribiendo tus cifras")
    write(scope, connection)


def _silent(stage: str) -> None:
    pass
