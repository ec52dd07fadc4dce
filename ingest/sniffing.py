"""What a file is: its real format, its encoding, its separator, and where its header row stands."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice, pairwise
from pathlib import Path

from core.errors import BadInput
from ingest.columns import recognised
from ingest.tables import SampleRow, TextTable

SEPARATORS = (";", ",", "\t", "|")
HEADER_WITHIN = 80
"""Rows from the top among which the header is looked for: Transbank's stands below 38 lines of preamble."""

_SIGNATURES = (
    (b"%PDF", "un PDF"), (b"\x89PNG", "una imagen"), (b"\xff\xd8\xff", "una imagen"), (b"GIF8", "una imagen"),
    (b"MZ", "un programa"), (b"\x7fELF", "un programa"), (b"\x1f\x8b", "un archivo comprimido"),
    (b"Rar!", "un archivo comprimido"), (b"7z\xbc\xaf", "un archivo comprimido"), (b"BM", "una imagen"),
    (b"SQLite format 3", "una base de datos"), (b"PAR1", "un archivo Parquet"),
)  # fmt: skip
# Spanish letters inside words, as old tills' DOS and as Windows writes them.
_DOS = re.compile(rb"(?<=[A-Za-z])[\x82\x90\xa0-\xa5\xb5\xd6\xe0\xe9](?=[A-Za-z])")
_WINDOWS = re.compile(rb"(?<=[A-Za-z])[\xc1\xc7\xc9\xcd\xd1\xd3\xda\xe1-\xea\xed\xf1\xf3-\xf5\xfa\xfc](?=[A-Za-z])")
_ONLY_WINDOWS = bytes(range(0x80, 0xA0))
_NUMERIC = re.compile(r"^[\s$()\-+]*\d[\d.,\s%:/\-]*\)?$")


def refuse_other_formats(head: bytes) -> None:
    """Raise `BadInput` where the first bytes are those of something that is no table at all."""
    for signature, what in _SIGNATURES:
        if head.startswith(signature) and not (signature in (b"BM", b"MZ") and _textual(head)):
            raise BadInput(
                "not_a_table",
                f"El archivo no es una planilla: por dentro es {what}, aunque su nombre diga otra cosa.",
                "Exporta tus ventas desde tu sistema como Excel (.xlsx) o CSV y sube ese archivo.",
            )


def text_table(path: Path) -> TextTable:
    """A text file with its encoding and separator. Raises `BadInput` where it is no text."""
    with path.open("rb") as file:
        head = file.read(65_536)
    encoding = encoding_of(path, head)
    text = head.decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    strange = sum(1 for c in text if c != "\n" and c != "\t" and (ord(c) < 32 or c == "\ufffd"))
    if strange > max(2, len(text) * 0.02):
        raise BadInput(
            "not_a_table",
            "El archivo no contiene texto que yo pueda leer: parece un archivo binario o dañado.",
            "Exporta tus ventas desde tu sistema como Excel (.xlsx) o CSV y sube ese archivo.",
        )
    if not text.strip():
        raise BadInput("file_empty", "El archivo no tiene datos.", "Vuelve a exportarlo y súbelo de nuevo.")
    return TextTable(path, encoding, separator_of(text.split("\n")[:200]))


def encoding_of(path: Path, head: bytes) -> str:
    """UTF-8 (with or without BOM), UTF-16, else DOS (CP850), Windows-1252 or Latin-1, by what the bytes can be."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(head) > 3 and head[1::2].count(0) > len(head) * 0.3:
        return "utf-16-le"
    if len(head) > 3 and head[::2].count(0) > len(head) * 0.3:
        return "utf-16-be"
    if _decodes(path, "utf-8"):
        return "utf-8"
    if len(_DOS.findall(head)) > len(_WINDOWS.findall(head)):
        return "cp850"
    # Where Windows has no letter of its own they are the same, and Latin-1 is read many times as fast.
    return "cp1252" if _holds(path, _ONLY_WINDOWS) and _decodes(path, "cp1252") else "latin-1"


def separator_of(lines: Sequence[str]) -> str:
    """The separator under which the lines have the most recognised headers, then the most equal widths."""

    def fitness(separator: str) -> tuple[int, float]:
        try:
            rows = list(islice(csv.reader(lines, delimiter=separator), 200))
        except csv.Error:
            return (0, 0.0)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        named = max((recognised(row) for row in rows[:HEADER_WITHIN] if len(row) > 1), default=0)
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        return (named, count * (1 + min(width, 50) / 100))

    return max(SEPARATORS, key=fitness)


def header_row(rows: Sequence[SampleRow]) -> SampleRow | None:
    """The row that names the columns: the first with the most recognised headers and hardly any figures; without any
    known word, the first full row of words above rows of figures. None where there is none."""
    candidates = [r for r in rows[:HEADER_WITHIN] if r.filled >= 2]
    named = [(recognised(r.cells) - 2 * _figures(r), -r.line, r) for r in candidates]
    best = max(named, key=lambda n: n[:2], default=None)
    if best is not None and best[0] >= 2:
        return _merged(rows, best[2])
    widest = max((r.filled for r in candidates), default=0)
    for row, below in pairwise(candidates):
        if row.filled >= max(2, widest - 1) and not _figures(row) and _figures(below):
            return row
    return None


def _merged(rows: Sequence[SampleRow], header: SampleRow) -> SampleRow:
    """The header with its other row, where it has two: a name merged over several columns, their own names below it."""
    at = rows.index(header)
    best = header
    for above, below in ((at, at + 1), (at - 1, at)):
        if above < 0 or below >= len(rows) or _figures(rows[above]) or _figures(rows[below]):
            continue
        one, other = rows[above].cells, rows[below].cells
        cells = tuple(
            (other[i] if i < len(other) else "").strip() or (one[i] if i < len(one) else "").strip()
            for i in range(max(len(one), len(other)))
        )
        if recognised(cells) > recognised(best.cells):
            best = SampleRow(rows[below].line, cells)
    return best


def _figures(row: SampleRow) -> int:
    return sum(1 for cell in row.cells if _NUMERIC.match(cell.replace("\x01", "")))


def _holds(path: Path, some: bytes) -> bool:
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            if len(block.translate(None, some)) < len(block):
                return True
    return False


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while block := file.read(1 << 22):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _textual(head: bytes) -> bool:
    return not any(b < 9 for b in head[:512])
