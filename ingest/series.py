"""Which sheets of a workbook are one table: a till's export by months is a sheet a month, with the same columns."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from core.language import fold
from ingest.columns import layout_of

Grid = list[tuple[str, ...]]

_MONTHS = "ene|feb|mar|abr|may|jun|jul|ago|sep|set|oct|nov|dic|jan|fev|apr|aug|out|dez|dec"
_PART = re.compile(
    rf"^(hoja|sheet|planilha|p[aá]gina|parte)?\s*\(?\d+\)?$|\b({_MONTHS})[a-z]*\b|20\d\d|\bventas?\b|\bsem"
)
_OTHER = re.compile(
    r"compra|gasto|egreso|presupuest|cotiza|inventario|stock|proveedor|meta|anulad|resumen|respaldo|copia"
)


@dataclass(frozen=True, slots=True)
class Joined:
    """The rows of one sheet or more. `starts`: the sheets below the first one, as (line here, sheet, its row there)."""

    rows: Grid
    starts: tuple[tuple[int, str, int], ...]
    repeated: dict[str, str]
    """Sheets left out since another holds all their rows: sheet -> that other."""


def joined(grids: Mapping[str, Grid], headers: Mapping[str, int], best: str) -> Joined:
    """`best` and the sheets that go on with it: the same columns, and a name that says month, year or part.
    `headers`: the line of each sheet's header, from 1."""
    layout = layout_of(_header(grids, headers, best))
    kin = [
        name
        for name in grids
        if name == best or (name in headers and goes_on(name) and layout_of(_header(grids, headers, name)) == layout)
    ]
    if not goes_on(best):
        kin = [best]
    rows = {name: Counter(row for row in grids[name][headers[name] :] if any(row)) for name in kin}
    taken: list[str] = []
    repeated: dict[str, str] = {}
    for name in sorted(kin, key=lambda n: -rows[n].total()):
        other = next((t for t in taken if rows[name] <= rows[t]), None)
        if other is None or not rows[name]:
            taken.append(name)
        else:
            repeated[name] = other
    first, *rest = [name for name in kin if name in taken]
    together, starts = list(grids[first]), []
    for name in rest:
        starts.append((len(together) + 1, name, headers[name] + 1))
        together += grids[name][headers[name] :]
    return Joined(together, ((1, first, 1), *starts), repeated)


def goes_on(name: str) -> bool:
    """Whether a sheet's name says month, year or part. Pure."""
    text = fold(name)
    return bool(_PART.search(text)) and not _OTHER.search(text)


def _header(grids: Mapping[str, Grid], headers: Mapping[str, int], name: str) -> tuple[str, ...]:
    cells = list(grids[name][headers[name] - 1])
    while cells and not cells[-1].strip():
        cells.pop()
    return tuple(cells)
