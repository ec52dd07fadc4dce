"""From a stored file to the table in it, by what its bytes are, whatever its name says."""

from pathlib import Path

from core.errors import BadInput
from ingest.sniffing import refuse_other_formats, text_table
from ingest.tables import Table


def open_table(path: Path, country: str) -> Table:
    """The table of a file. Raises `BadInput` or `TooLarge` where there is none that can be read."""
    if not path.exists():
        raise BadInput("file_missing", "No encuentro el archivo guardado.", "Súbelo de nuevo.")
    with path.open("rb") as file:
        head = file.read(4096)
    refuse_other_formats(head)
    return text_table(path)
