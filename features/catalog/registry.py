"""The catalog by id and by word; it checks itself when imported."""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from core.errors import NotFound
from core.language import fold
from features.catalog.books import BOOK_DIMENSIONS, BOOK_METRICS, splits
from features.catalog.dimensions import DIMENSIONS
from features.catalog.metrics import METRICS
from features.catalog.types import Dimension, Metric

Declared = TypeVar("Declared", Metric, Dimension)


def words(declared: Metric | Dimension) -> tuple[str, ...]:
    """Every way to name it, folded, longest first."""
    plural = (declared.plural,) if isinstance(declared, Dimension) else ()
    found = {fold(w) for w in (declared.name, *plural, *declared.synonyms)}
    return tuple(sorted(found, key=lambda w: (-len(w), w)))


def by_id(declarations: Iterable[Declared]) -> dict[str, Declared]:
    """Index by id. ValueError where two share one."""
    found: dict[str, Declared] = {}
    for declared in declarations:
        if declared.id in found:
            raise ValueError(f"two declarations have the id '{declared.id}'")
        found[declared.id] = declared
    return found


def by_word(declarations: Iterable[Declared]) -> dict[str, Declared]:
    """Index by folded word. ValueError where two declarations share one."""
    found: dict[str, Declared] = {}
    for declared in declarations:
        for word in words(declared):
            if word in found:
                raise ValueError(f"'{word}' names both '{found[word].id}' and '{declared.id}'")
            found[word] = declared
    return found


METRIC_BY_ID: Mapping[str, Metric] = by_id((*METRICS, *BOOK_METRICS))
METRIC_BY_WORD: Mapping[str, Metric] = by_word((*METRICS, *BOOK_METRICS))
DIMENSION_BY_ID: Mapping[str, Dimension] = by_id((*DIMENSIONS, *BOOK_DIMENSIONS))
DIMENSION_BY_WORD: Mapping[str, Dimension] = by_word(DIMENSIONS)


_OWN: dict[str, Metric] = {}
_MOST_OWN = 10_000


def remember(found: Iterable[Metric]) -> None:
    """Companies' own metrics and measures as they were last read, so that `metric` finds them by their ids, which are
    random and never another's. Whether one belongs to who asks is not told here: `features.run` looks that up."""
    for one in found:
        _OWN.pop(one.id, None)
        _OWN[one.id] = one
    while len(_OWN) > _MOST_OWN:
        _OWN.pop(next(iter(_OWN)))


def metric(id: str) -> Metric:
    """The metric declared under `id`. NotFound with the nearest one where there is none."""
    found = METRIC_BY_ID.get(id) or _OWN.get(id)
    if found is None:
        raise NotFound("unknown_metric", f"No conozco la métrica «{id}».", _nearest(id, METRIC_BY_ID))
    return found


def dimension(id: str) -> Dimension:
    """The dimension declared under `id`. NotFound with the nearest one where there is none."""
    found = DIMENSION_BY_ID.get(id)
    if found is None:
        raise NotFound("unknown_dimension", f"No sé separar por «{id}».", _nearest(id, DIMENSION_BY_ID))
    return found


def dimensions_of(metrics: Iterable[Metric], columns: Collection[str]) -> tuple[Dimension, ...]:
    """What all of `metrics` can be split by in data that carries `columns`."""
    told = [splits(m) for m in metrics]
    return tuple(
        d for d in DIMENSION_BY_ID.values() if set(d.needs) <= set(columns) and all(d.id in some for some in told)
    )


def _nearest(id: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(id, known, n=1)
    return f"¿Quisiste decir «{near[0]}»?" if near else ""
