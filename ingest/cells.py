"""The cells of a small file that is not kept: for numbers that are written down, not for what was sold or spent."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from core.errors import BadInput
from ingest.numbers import TYPED
from ingest.opening import open_table
from ingest.tables import GridTable

MOST_ROWS = 5_000
Cells = list[tuple[int, tuple[str, ...]]]


def cells(stream: BinaryIO) -> Cells:
    """Each row that says something, with its line in the file; numbers as they are written here ('1240,5'). Raises
    `BadInput` or `TooLarge` where the file is no table, is too long, or is a workbook with several sheets."""
    with TemporaryDirectory(prefix="ayni-cells-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(stream.read())
        if not path.stat().st_size:
            raise BadInput("file_empty", "El archivo está vacío.", "Vuelve a exportarlo y súbelo de nuevo.")
        table = open_table(path)
        if isinstance(table, GridTable) and len(table.sheets) > 1:
            said = f"El archivo trae {len(table.sheets)} hojas con datos y no sé cuál leer."
            raise BadInput("several_sheets", said, "Deja solo la hoja de los números y súbelo de nuevo.")
        found = table.sample(MOST_ROWS + 1)
    if len(found) > MOST_ROWS:
        raise BadInput("too_many_rows", "El archivo trae demasiadas filas.", "Súbelo por partes.")
    rows = [(row.line, tuple(_plain(c) for c in row.cells)) for row in found]
    return [(line, said) for line, said in rows if any(said)]


def _plain(cell: str) -> str:
    text = cell.strip().lstrip("\ufeff")
    return text.replace(TYPED, "").replace(".", ",") if text.startswith(TYPED) else text
