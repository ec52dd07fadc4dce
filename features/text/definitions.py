"""How each figure is computed, and what it can be split by. Pure."""

from collections.abc import Iterable

from core.language import join
from features.catalog.dimensions import DIMENSIONS
from features.catalog.types import Metric
from features.needs import COLUMN_NAMES
from retrieval.chunk import Chunk


def definitions(metrics: Iterable[Metric]) -> Iterable[Chunk]:
    """One chunk a metric, keyed by its id, and one about the dimensions."""
    for metric in metrics:
        yield definition(metric)
    names = join([d.plural for d in DIMENSIONS])
    yield Chunk(
        "definition", "dimensions", "Por qué puedo separar tus cifras",
        f"Puedo separar y filtrar cada cifra por {names}, siempre que tus archivos lo traigan.",
    )  # fmt: skip


def definition(metric: Metric) -> Chunk:
    """What is told of how `metric` is computed."""
    return Chunk("definition", metric.id, f"Cómo se calcula {_article(metric)} {metric.name}", _text(metric))


def _text(metric: Metric) -> str:
    also = f" También se le dice: {', '.join(metric.synonyms[:12])}." if metric.synonyms else ""
    needs = f" Para calcularlo necesito {join([COLUMN_NAMES[c] for c in metric.needs])}." if metric.needs else ""
    return f"{metric.name.capitalize()}: {metric.definition}{needs}{also}"


def _article(metric: Metric) -> str:
    if metric.plural:
        return "las" if metric.feminine else "los"
    return "la" if metric.feminine else "el"
