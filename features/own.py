"""A company's own metrics: kept as its formula, read under its scope, and from then on metrics like all others."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from uuid import UUID, uuid4

import psycopg

from core.db import Connection
from core.errors import BadInput, Conflict, NotFound
from core.language import fold
from core.tenancy import Scope
from features.catalog.books import BOOK_METRICS, EXPENSE, STOCK
from features.catalog.formula import Formula, Step, parse
from features.catalog.metrics import METRICS
from features.catalog.own import MEASURE, PREFIX, OwnMetric, declare
from features.catalog.registry import DIMENSION_BY_WORD, METRIC_BY_ID, METRIC_BY_WORD, remember
from features.catalog.types import Good, Metric, Unit
from features.coverage import books
from features.measures import begin, end, measure, measures
from features.measures import version as measured

MOST_PER_COMPANY = 50
MOST_NAME = 60
_SMALL = frozenset(["de", "del", "la", "el", "los", "las", "por", "en", "mi", "mis", "y"])
BOOKS = frozenset((EXPENSE, STOCK))
_COLUMNS = "id, name, formula, unit, good"


def metrics(scope: Scope, connection: Connection) -> tuple[Metric, ...]:
    """All that the company can ask for: the catalog, what its books beside the sales give, what it measures by itself,
    then its own metrics by name."""
    mine = own_metrics(scope, connection)
    return (*METRICS, *held(books(scope, connection)), *measures(scope, connection), *mine)


def held(columns: frozenset[str]) -> tuple[Metric, ...]:
    """The figures of the books that `Coverage.columns` says are there. Pure."""
    return tuple(m for m in BOOK_METRICS if columns.issuperset(set(m.needs) & BOOKS))


def metric_of(id: str, scope: Scope, connection: Connection) -> Metric:
    """The metric that `id` names for this company: the catalog's or its own. NotFound for anything else."""
    if id in METRIC_BY_ID:
        return METRIC_BY_ID[id]
    if id.startswith(MEASURE):
        return measure(id, scope, connection)
    if not id.startswith(PREFIX):
        raise NotFound("metric", f"No conozco la métrica «{id}».", "Mira las que hay en Métricas.")
    return load([id], scope, connection)[id]


def own_metrics(scope: Scope, connection: Connection) -> tuple[OwnMetric, ...]:
    """The company's own, by name."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM own_metrics WHERE company_id = %s AND deleted_at IS NULL ORDER BY lower(name), id",  # noqa: S608
        [scope.company_id],
    )
    return _declared(rows, scope, connection)


def own_metric(id: str, scope: Scope, connection: Connection) -> OwnMetric:
    """One of the company's own by its metric id, also one that was taken away. NotFound for anything else."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM own_metrics WHERE company_id = %s AND id = %s",  # noqa: S608
        [scope.company_id, _key(id)],
    )
    found = _declared(rows, scope, connection)
    if not found:
        raise NotFound("unknown_metric", "No encuentro esa métrica.", "Mira las que hay en Métricas.")
    return found[0]


def version(scope: Scope, connection: Connection) -> str:
    """Changes with every change of the company's own metrics."""
    row = connection.execute(
        "SELECT count(*), max(updated_at) FROM own_metrics WHERE company_id = %s", [scope.company_id]
    ).fetchone()
    return f"{row[0]}/{row[1]}/{measured(scope, connection)}" if row else ""


def understood(text: str, scope: Scope, connection: Connection) -> Formula:
    """The formula that an owner wrote over the catalog's metrics and their measures. BadInput says what is wrong."""
    formula = parse(text, {**_WORDS, **{fold(m.name): m.id for m in measures(scope, connection)}})
    for by, sign in pairwise(formula.steps):
        if sign == Step("sign", "/") and by.kind == "number" and not Decimal(by.text):
            raise BadInput("formula", "La fórmula divide por cero.", "Cambia ese número: así nunca daría una cifra.")
    return formula


def parts(scope: Scope, connection: Connection) -> dict[str, Metric]:
    """What formulas are made of: the catalog's metrics and the company's measures, also those taken away."""
    return {**METRIC_BY_ID, **{m.id: m for m in measures(scope, connection, gone=True)}}


def define(
    name: str, text: str, unit: Unit, good: Good, scope: Scope, connection: Connection, id: str | None = None
) -> OwnMetric:
    """Keep a new metric, or change the one called `id`. BadInput where name or formula can't be, Conflict where the
    name is taken."""
    name = checked(name)
    if any(fold(m.name) == fold(name) for m in measures(scope, connection)):
        raise Conflict("own_metric_name", f"Ya tienes una medida «{name}».", "Ponle otro nombre.")
    formula = understood(text, scope, connection)
    key = _key(own_metric(id, scope, connection).id) if id else uuid4()
    if id is None and len(own_metrics(scope, connection)) >= MOST_PER_COMPANY:
        raise Conflict("own_metrics", f"Ya tienes {MOST_PER_COMPANY} métricas propias.", "Borra una que no uses.")
    written = " ".join(f"{s.kind}:{s.text}" for s in formula.steps)
    try:
        with connection.transaction():
            done = connection.execute(
                "INSERT INTO own_metrics (company_id, id, name, folded, formula, unit, good, created_by) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s) "
                "ON CONFLICT (company_id, id) DO UPDATE SET name = excluded.name, folded = excluded.folded, "
                "formula = excluded.formula, unit = excluded.unit, good = excluded.good, "
                "updated_at = clock_timestamp()",
                [scope.company_id, key, name, fold(name), written, unit.value, good.value, scope.user_id],
            )
    except psycopg.errors.UniqueViolation:
        raise Conflict("own_metric_name", f"Ya tienes una métrica «{name}».", "Ponle otro nombre.") from None
    assert done.rowcount == 1
    return own_metric(f"{PREFIX}{key.hex}", scope, connection)


def measure_of(name: str, scope: Scope, connection: Connection) -> Metric:
    """A new measure of the company's own. BadInput or Conflict where its name can't be."""
    name = checked(name)
    if any(fold(m.name) == fold(name) for m in own_metrics(scope, connection)):
        raise Conflict("own_measure_name", f"Ya tienes una métrica «{name}».", "Ponle otro nombre.")
    return begin(name, scope, connection)


def end_measure(id: str, scope: Scope, connection: Connection) -> Metric:
    """Take a measure away. Conflict where a metric is made of it."""
    used = next((m for m in own_metrics(scope, connection) if id in m.formula.metrics), None)
    if used is not None:
        raise Conflict("own_measure_used", f"La usa tu métrica «{used.name}».", "Borra o cambia primero esa métrica.")
    return end(id, scope, connection)


def remove(id: str, scope: Scope, connection: Connection, gone: bool = True) -> OwnMetric:
    """Take it away, or (`gone` False) bring it back. Conflict where its name was taken meanwhile."""
    found = own_metric(id, scope, connection)
    try:
        with connection.transaction():
            connection.execute(
                "UPDATE own_metrics SET deleted_at = CASE WHEN %s THEN clock_timestamp() END, "
                "updated_at = clock_timestamp() WHERE company_id = %s AND id = %s",
                [gone, scope.company_id, _key(id)],
            )
    except psycopg.errors.UniqueViolation:
        raise Conflict("own_metric_name", f"Ya tienes otra métrica «{found.name}».", "Cámbiale el nombre.") from None
    return found


def load(ids: Iterable[str], scope: Scope, connection: Connection) -> dict[str, OwnMetric]:
    """The company's own among `ids`. NotFound where one of them is not there (any more), or is another's."""
    wanted = [id for id in dict.fromkeys(ids) if id.startswith(PREFIX)]
    if not wanted:
        return {}
    mine = {one.id: one for one in own_metrics(scope, connection)}
    for id in wanted:
        if id not in mine:
            raise NotFound("unknown_metric", "Esa métrica ya no está.", "Mira las que hay en Métricas.")
    return {id: mine[id] for id in wanted}


def _declared(rows: Iterable[Sequence[object]], scope: Scope, connection: Connection) -> tuple[OwnMetric, ...]:
    kept = list(rows)
    known = parts(scope, connection) if kept else {}
    found = tuple(
        declare(f"{PREFIX}{UUID(str(key)).hex}", str(name), _steps(str(formula)), Unit(unit), Good(good), known)
        for key, name, formula, unit, good in kept
    )
    remember(found)
    return found


def _steps(kept: str) -> Formula:
    return Formula(tuple(Step(*one.split(":", 1)) for one in kept.split(" ")))


def _key(id: str) -> UUID:
    try:
        return UUID(hex=id.removeprefix(PREFIX))
    except ValueError:
        raise NotFound("unknown_metric", f"No conozco la métrica «{id}».") from None


def checked(name: str) -> str:
    """A name that the chat can tell from what it knows already."""
    name = " ".join(name.split())
    folded = fold(name)
    if not name or len(name) > MOST_NAME or not any(c.isalpha() for c in name):
        raise BadInput("own_metric_name", f"El nombre necesita entre 1 y {MOST_NAME} caracteres, con letras.")
    if not all(c.isalnum() or c in " %-/." for c in name):
        raise BadInput("own_metric_name", "El nombre lleva solo letras, números y espacios.")
    if folded in METRIC_BY_WORD or folded in DIMENSION_BY_WORD:
        raise Conflict("own_metric_name", f"«{name}» ya significa otra cosa en Ayni.", "Ponle otro nombre.")
    if len([w for w in folded.split() if w not in _SMALL]) < 1:
        raise BadInput("own_metric_name", "El nombre necesita una palabra que lo distinga.")
    what, _, by = folded.partition(" por ")
    if what in METRIC_BY_WORD and by in DIMENSION_BY_WORD:
        raise Conflict(
            "own_metric_name",
            f"«{name}» ya es una pregunta que sé responder.",
            "Ponle un nombre que la distinga, por ejemplo «ventas por hora de atención».",
        )
    return name


_WORDS = {**{word: one.id for word, one in METRIC_BY_WORD.items()}, **{m.id.replace("_", " "): m.id for m in METRICS}}
