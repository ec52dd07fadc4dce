"""From a stored file to the table in it, by what its bytes are, whatever its name says."""

from pathlib import Path

from core.errors import BadInput, TooLarge
from ingest.sheets import html_table, workbook
from ingest.sniffing import encoding_of, refuse_other_formats, text_table
from ingest.tables import Table

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_HTML = 60_000_000
"""A page is held in memory as a whole."""


def open_table(path: Path) -> Table:
    """The table of a file. Raises `BadInput` or `TooLarge` where there is none that can be read."""
    if not path.exists():
        raise BadInput("file_missing", "No encuentro el archivo guardado.", "Súbelo de nuevo.")
    with path.open("rb") as file:
        head = file.read(4096)
    refuse_other_formats(head)
    if head.startswith((_ZIP, _OLE)):
        return workbook(path)
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<?xml")):
        if path.stat().st_size > _MOST_HTML:
            raise TooLarge(
                "expanded_too_large",
                "El archivo es una página web demasiado grande para abrirla.",
                "Expórtalo como CSV o por partes, por ejemplo un año por archivo.",
            )
        return html_table(path.read_text(encoding_of(path, head), errors="replace"))
    return text_table(path)
