"""Numbers by month and branch, as they are pasted or stand in a file: 'octubre 2026; Talca; 1.240' a line. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import ingest
from core.errors import BadInput
from core.language import fold, plural
from core.money import read_number

Line = tuple[date, str, Decimal | None]
"""A month's first day, a branch ('' for the whole business), and its number; None takes out what was there."""
_MONTH = frozenset(["mes", "fecha", "periodo", "month"])
_BRANCH = frozenset(["sucursal", "local", "tienda", "sede"])
_NUMBER = frozenset(["numero", "valor", "cantidad", "total"])
_FIRST = re.compile(r"0?1[-/.](\d{1,2})[-/.](\d{4})")
"""A month's first day, as a sheet writes the month."""
Columns = tuple[int, int | None, int, str]
_MOST_TOLD = 5
_HOW = "Escribe: mes; sucursal; número."


def pasted(text: str, branches: Sequence[str]) -> list[Line]:
    """The lines of a text whose cells are parted by tabs or semicolons. BadInput says which lines can't be read."""
    rows = [[c.strip() for c in line.replace(";", "\t").split("\t")] for line in text.splitlines()]
    return _read(enumerate(rows, start=1), branches, "")


def table(rows: Iterable[tuple[int, Sequence[str]]], branches: Sequence[str], name: str) -> list[Line]:
    """The lines of a file: by its headers where it has some (`name` is the measure's; also with a column for each
    branch), else month, branch if there is one, number. A month without a number says nothing."""
    lines = [one for one in _read(rows, branches, name) if one[2] is not None]
    if not lines:
        raise BadInput("measure_line", "No encontré ninguna línea con mes y número.", _HOW)
    return lines


def _read(rows: Iterable[tuple[int, Sequence[str]]], branches: Sequence[str], name: str) -> list[Line]:
    """BadInput, with every line that can't be read, where there is one: all is written down, or nothing is."""
    said = [(number, cells) for number, cells in ((n, _trimmed(r)) for n, r in rows) if any(cells)]
    at = next((i for i, (_, cells) in enumerate(said) if any(fold(c) in _MONTH for c in cells)), None)
    columns = _columns(said[at][1], branches, name) if at is not None else None
    found: dict[tuple[date, str], int] = {}
    lines: list[Line] = []
    problems: list[BadInput] = []
    for number, cells in said[at + 1 if at is not None else 0 :]:
        if fold(cells[0]).startswith("total"):
            continue
        try:
            for month, branch, value in _values(cells, columns, number, branches):
                if (month, branch) in found:
                    raise _bad(number, f"ese mes ya está en la línea {found[month, branch]}.", "Deja una de las dos.")
                found[month, branch] = number
                lines.append((month, branch, value))
        except BadInput as problem:
            problems.append(problem)
    if problems:
        raise _together(problems)
    if not lines:
        raise BadInput("measure_line", "No encontré ninguna línea con mes y número.", _HOW)
    return lines


def line(cells: tuple[str, str, str], number: int, branches: Sequence[str]) -> Line:
    """One line of month, branch and number; `number` is 0 where it stands in no table."""
    month_text, branch_text, value_text = cells
    day = _FIRST.fullmatch(month_text.strip())
    month = ingest.month_of(f"{day[1]}/{day[2]}" if day else month_text)
    if month is None:
        raise _bad(number, f"no entiendo el mes «{month_text[:40]}».", "Escríbelo: octubre 2026.")
    branch = next((b for b in branches if fold(b) == fold(branch_text)), "")
    if branch_text.strip() and not branch:
        said = f"no conozco la sucursal «{branch_text[:40]}»."
        raise _bad(number, said, "Escríbela como en tus ventas, o déjala en blanco.")
    value = read_number(value_text) if value_text.strip() else None
    if value is None and value_text.strip() not in ("", "-"):
        raise _bad(number, f"no entiendo el número «{value_text[:40]}».", "Escríbelo: 1.240 o 12,5.")
    return month, branch, value


def _columns(header: Sequence[str], branches: Sequence[str], name: str) -> list[Columns] | None:
    """The columns of the month, the branch and the number, with the branch that the number's header names. None where
    the headers leave open which the number is: then they stand in the usual order."""
    named = [fold(c) for c in header]
    month = next(i for i, c in enumerate(named) if c in _MONTH)
    branch = next((i for i, c in enumerate(named) if c in _BRANCH), None)
    known = {fold(b): b for b in branches}
    wide: list[Columns] = [(month, None, i, known[c]) for i, c in enumerate(named) if c in known]
    if branch is None and wide:
        return wide
    rest = [i for i, c in enumerate(named) if i not in (month, branch) and c]
    rest = [i for i in rest if named[i] == fold(name)] or [i for i in rest if named[i] in _NUMBER] or rest
    return [(month, branch, rest[0], "")] if len(rest) == 1 else None


def _values(cells: Sequence[str], columns: list[Columns] | None, number: int, branches: Sequence[str]) -> list[Line]:
    if columns is None:
        if len(cells) not in (2, 3):
            raise _bad(number, "no la entiendo.", _HOW)
        return [line((cells[0], cells[1] if len(cells) == 3 else "", cells[-1]), number, branches)]
    wide = len(columns) > 1

    def cell(i: int | None) -> str:
        return cells[i] if i is not None and i < len(cells) else ""

    return [
        line((cell(month), of or cell(branch), cell(value)), number, branches)
        for month, branch, value, of in columns
        if not wide or cell(value)
    ]


def _trimmed(cells: Sequence[str]) -> list[str]:
    kept = [c.strip() for c in cells]
    while len(kept) > 2 and not kept[-1]:
        kept.pop()
    return kept


def _bad(number: int, said: str, remedy: str) -> BadInput:
    return BadInput("measure_line", f"Línea {number}: {said}" if number else said[:1].upper() + said[1:], remedy)


def _together(problems: Sequence[BadInput]) -> BadInput:
    told = " ".join(p.message for p in problems[:_MOST_TOLD])
    more = len(problems) - _MOST_TOLD
    rest = f" Y {plural(more, 'línea más', 'líneas más')}." if more > 0 else ""
    remedy = problems[0].remedy if len(problems) == 1 else "Corrígelas y prueba de nuevo: todavía no anoté nada."
    return BadInput("measure_line", f"{told}{rest}", remedy)
