"""Text in a spreadsheet's cell: shown, never run as a formula, whatever an owner, a file or a customer wrote.

Excel, LibreOffice and Sheets look at the first character that isn't blank, and some read full-width signs as plain
ones. One pattern, read alike by Python and by Postgres (tests/core/test_cells.py holds them to it).
"""

import re

from psycopg.sql import SQL, Composable, Composed, Literal

SIGNS = "=+@＝＋－＠-"
_CONTROLS = "\x01-\x1f\x7f-\x9f"
_BLANKS = _CONTROLS + " \xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff"
_RUNS = f"^([{_BLANKS}]*[{SIGNS}]|[{_CONTROLS}])"
_NUMBER = "^-[0-9.,]+$"
"""A negative number runs as nothing but itself."""

_RUNNING, _NEGATIVE = re.compile(_RUNS), re.compile(_NUMBER.replace("$", r"\Z"))


def runs(text: str) -> bool:
    """Whether a spreadsheet might take `text` for more than a text. Pure."""
    return _RUNNING.match(text) is not None and _NEGATIVE.match(text) is None


def harmless(text: str) -> str:
    """`text` as a cell of a CSV: behind an apostrophe where it might run. Pure."""
    return f"'{text}" if runs(text) else text


def harmless_sql(cell: Composable) -> Composed:
    """The same as `harmless`, of a text in SQL."""
    return SQL("CASE WHEN {cell} ~ {runs} AND {cell} !~ {number} THEN '''' || {cell} ELSE {cell} END").format(
        cell=cell, runs=Literal(_RUNS), number=Literal(_NUMBER)
    )
