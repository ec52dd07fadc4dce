"""How a view is called in Spanish. Pure."""

from collections.abc import Sequence

import features
from core.language import join
from core.periods import Grain
from features.catalog.types import Metric
from features.query import Filter
from server import slices

GRAINS = {Grain.day: "día", Grain.week: "semana", Grain.month: "mes", Grain.quarter: "trimestre", Grain.year: "año"}


def split_name(split: str) -> str:
    """'sucursal', 'mes': what rows or columns are, one of them."""
    return GRAINS[Grain(split)] if is_grain(split) else features.dimension(split).name


def is_grain(split: str) -> bool:
    return split in Grain.__members__


def title(metrics: Sequence[Metric], rows: str, columns: str, period: str, filters: Sequence[Filter]) -> str:
    """'Ventas por sucursal y mes, octubre 2026 (canal: todos menos web)'."""
    by = [split_name(s) for s in (rows, columns) if s]
    text = join([m.name for m in metrics]) + (f" por {' y '.join(by)}" if by else "")
    only = f" ({'; '.join(slices.words(f) for f in filters)})" if filters else ""
    return f"{text[:1].upper()}{text[1:]}, {period}{only}"
