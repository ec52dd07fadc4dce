"""What a company measures by itself, month by month ('horas atendidas'): a name and its numbers, whole or by branch.
Its own metrics are formulas over these as over the catalog's metrics."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg

from core.db import Connection
from core.errors import BadInput, Conflict, NotFound
from core.language import fold
from core.periods import Grain, Period
from core.tenancy import Scope
from features.catalog.own import MEASURE, declare_measure
from features.catalog.registry import remember
from features.catalog.types import Metric
from features.query import Filter, Query, Result, Row, ranked

MOST_PER_COMPANY = 20
MOST_AT_ONCE = 600
LARGEST = Decimal(10) ** 12
BY_MONTH = "measure_by_day"
"""What `Result.missing` names where spans are no whole months."""
Values = Mapping[tuple[date, str], Decimal]
"""By the month's first day and the branch, '' for the whole business."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One number of a measure: of a month (its first day), of one branch or ('') of the whole business."""

    month: date
    branch: str
    value: Decimal

    @property
    def span(self) -> Period:
        return Period.of(Grain.month, self.month)


def is_measure(id: str) -> bool:
    return id.startswith(MEASURE)


def measures(scope: Scope, connection: Connection, gone: bool = False) -> tuple[Metric, ...]:
    """The company's own measures by name; with `gone`, those that were taken away among them."""
    rows = connection.execute(
        "SELECT id, name FROM own_measures WHERE company_id = %s AND (%s OR deleted_at IS NULL) "
        "ORDER BY lower(name), id",
        [scope.company_id, gone],
    )
    found = tuple(declare_measure(f"{MEASURE}{key.hex}", name) for key, name in rows)
    remember(found)
    return found


def measure(id: str, scope: Scope, connection: Connection) -> Metric:
    """One of the company's own. NotFound for anything else."""
    found = next((m for m in measures(scope, connection) if m.id == f"{MEASURE}{_key(id).hex}"), None)
    if found is None:
        raise NotFound("unknown_measure", "No encuentro esa medida.", "Mira las que hay en Métricas.")
    return found


def begin(name: str, scope: Scope, connection: Connection) -> Metric:
    """Keep a new measure under a name that was checked (`features.own.checked`). Conflict where it is taken."""
    if len(measures(scope, connection)) >= MOST_PER_COMPANY:
        raise Conflict("own_measures", f"Ya tienes {MOST_PER_COMPANY} medidas propias.", "Borra una que no uses.")
    key = uuid4()
    try:
        with connection.transaction():
            connection.execute(
                "INSERT INTO own_measures (company_id, id, name, folded, created_by) VALUES (%s, %s, %s, %s, %s)",
                [scope.company_id, key, name, fold(name), scope.user_id],
            )
    except psycopg.errors.UniqueViolation:
        raise Conflict("own_measure_name", f"Ya tienes una medida «{name}».", "Ponle otro nombre.") from None
    return measure(f"{MEASURE}{key.hex}", scope, connection)


def end(id: str, scope: Scope, connection: Connection) -> Metric:
    """Take a measure away; its numbers stay for formulas that are brought back."""
    found = measure(id, scope, connection)
    connection.execute(
        "UPDATE own_measures SET deleted_at = clock_timestamp() WHERE company_id = %s AND id = %s",
        [scope.company_id, _key(id)],
    )
    return found


def note(id: str, noted: Sequence[tuple[date, str, Decimal | None]], scope: Scope, connection: Connection) -> int:
    """Write numbers, each in the place of what its month and branch had; None takes it out. How many were written.
    BadInput where one can't be."""
    measure(id, scope, connection)
    if len(noted) > MOST_AT_ONCE:
        raise BadInput("measure_values", f"Caben {MOST_AT_ONCE} líneas a la vez.", "Pégalas por partes.")
    if any(v is not None and not -LARGEST < v < LARGEST for _, _, v in noted):
        raise BadInput("measure_values", "Hay un número demasiado grande.", "Revísalo y prueba de nuevo.")
    last = {(Grain.month.first_day(month), branch): value for month, branch, value in noted}
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM own_measure_values WHERE company_id = %s AND measure_id = %s AND month = %s AND branch = %s",
            [[scope.company_id, _key(id), *at] for at in last],
        )
        cursor.executemany(
            "INSERT INTO own_measure_values (company_id, measure_id, month, branch, value) VALUES (%s, %s, %s, %s, %s)",
            [[scope.company_id, _key(id), *at, value] for at, value in last.items() if value is not None],
        )
    connection.execute(
        "UPDATE own_measures SET updated_at = clock_timestamp() WHERE company_id = %s AND id = %s",
        [scope.company_id, _key(id)],
    )
    return len(last)


def noted(id: str, scope: Scope, connection: Connection) -> tuple[Noted, ...]:
    """What was written of a measure, the latest month first."""
    rows = connection.execute(
        "SELECT month, branch, value FROM own_measure_values WHERE company_id = %s AND measure_id = %s "
        "ORDER BY month DESC, branch",
        [scope.company_id, _key(id)],
    )
    return tuple(Noted(*row) for row in rows)


def version(scope: Scope, connection: Connection) -> str:
    """Changes with every change of the measures or their numbers."""
    row = connection.execute(
        "SELECT count(*), max(greatest(updated_at, deleted_at)) FROM own_measures WHERE company_id = %s",
        [scope.company_id],
    ).fetchone()
    return f"{row[0]}/{row[1]}" if row else ""


def run_measure(query: Query, scope: Scope, connection: Connection) -> Result:
    """`query` for one measure: by whole months, whole or by branch."""
    (id,) = query.metrics
    measure_or_gone = {m.id for m in measures(scope, connection, gone=True)}
    if id not in measure_or_gone:
        raise NotFound("unknown_measure", "Esa medida ya no está.", "Mira las que hay en Métricas.")
    odd = next(
        (d for d in (query.dimension, query.across, *(f.dimension for f in query.filters)) if d and d != "branch"), None
    )
    if odd:
        return Result(query, (), {id: (f"measure_by_{odd}",)})
    spans = list(query.period.spans(query.grain)) if query.grain else [query.period]
    if not any(_whole(span) for span in spans):
        return Result(query, (), {id: (BY_MONTH,)})
    values = {(n.month, n.branch): n.value for n in noted(id, scope, connection)}
    branches = sorted({branch for _, branch in values if branch and _through(branch, query.filters)})
    rows = [
        Row(id, span, name, value, 1 if value is not None else 0, 1 if value is not None else 0)
        for span in spans
        for name in (branches if query.dimension else [""])
        for value in [total(span, values, (name,) if query.dimension else _only(branches, query.filters))]
        if value is not None or not query.dimension
    ]
    if query.dimension and query.order:
        rows = ranked(rows, query.order, lambda r: r.value, lambda r: r.member)[: query.limit]
    return Result(query, tuple(rows), {})


def total(span: Period, values: Values, branches: Sequence[str] | None) -> Decimal | None:
    """The sum over a span of whole months; None where a month of it is not known. `branches`: of these; None: of the
    whole business, where nobody told it as such the sum of all branches that the measure knows. Pure."""
    if not _whole(span):
        return None
    known = sorted({branch for _, branch in values if branch})
    found = Decimal(0)
    for month in span.spans(Grain.month):
        whole = values.get((month.start, "")) if branches is None else None
        parts = [values.get((month.start, b)) for b in (known if branches is None else branches)]
        if whole is not None:
            found += whole
        elif parts and all(p is not None for p in parts):
            found += sum((p for p in parts if p is not None), Decimal(0))
        else:
            return None
    return found


def _whole(span: Period) -> bool:
    return span.start.day == 1 and Period.of(Grain.month, span.end).end == span.end


def _through(branch: str, filters: Iterable[Filter]) -> bool:
    return all((branch in f.members) is not f.exclude for f in filters)


def _only(branches: Sequence[str], filters: Sequence[Filter]) -> Sequence[str] | None:
    """The branches to add up: all that were asked for must be known, else there is no value."""
    if not filters:
        return None
    asked = [m for f in filters if not f.exclude for m in f.members if _through(m, filters)]
    return asked or branches


def _key(id: str) -> UUID:
    try:
        return UUID(hex=id.removeprefix(MEASURE))
    except ValueError:
        raise NotFound("unknown_measure", "No encuentro esa medida.", "Mira las que hay en Métricas.") from None
