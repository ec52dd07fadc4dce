"""What a file holds, however it is damaged: read, or refused in Spanish, and never a failure of our own."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import AyniError
from ingest.opening import open_table
from ingest.reading import understand

HEADER = "Fecha;Boleta;Producto;Cantidad;Total\n"
ROWS = "".join(f"03/10/2025;{i};Pan;2;3.000\n" for i in range(8_000))


def read(path: Path, data: bytes) -> int:
    path.write_bytes(data)
    reading = understand(open_table(path), lambda _: {}, "CL")
    return sum(rows.height for rows in reading.rows())


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Fecha", "Producto", "Total"], *(["03/10/2025", "Pan", 1000 + i] for i in range(20))):
        sheet.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


WORKBOOK = workbook()


@pytest.mark.parametrize("first", ['03/10/2025;0;"Tubo 3/4;2;3.000\n', f'03/10/2025;0;"{"x" * 200_000}";2;3.000\n'])
def test_one_odd_cell_hides_no_line(tmp_path: Path, first: str) -> None:
    assert read(tmp_path / "file", (HEADER + first + ROWS).encode()) == 8_001


def test_a_quote_above_the_header_does_not_swallow_it(tmp_path: Path) -> None:
    assert read(tmp_path / "file", ('"Informe de ventas\n' + HEADER + ROWS).encode()) == 8_000


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, damage: list[tuple[int, int]]) -> None:
    data = bytearray(WORKBOOK)
    for place, byte in damage:
        data[place] = byte
    with suppress(AyniError):
        read(tmp_path / "file", bytes(data))


@pytest.mark.parametrize("found", [b"PK\x01\x02", b"PK\x05\x06"])
def test_a_broken_archive_is_told_so(tmp_path: Path, found: bytes) -> None:
    place = WORKBOOK.rindex(found)
    data = WORKBOOK[: place + 6] + b"\xff\xff" + WORKBOOK[place + 8 :]
    with pytest.raises(AyniError) as told:
        read(tmp_path / "file", data if found == b"PK\x01\x02" else WORKBOOK[: place + 16] + b"\x01\x00" * 3)
    assert told.value.code == "broken_workbook"


def test_a_file_of_thousands_of_columns_is_refused_before_it_holds_the_queue(tmp_path: Path) -> None:
    path = tmp_path / "ancho.csv"
    names = ["Fecha", "Producto", "Total", *(f"c{n}" for n in range(1500))]
    path.write_text("\n".join(";".join(row) for row in (names, ["01/10/2026", "Pan", "1000", *["1"] * 1500])))
    with pytest.raises(AyniError, match="columnas"):
        understand(open_table(path), lambda layout: {}, "CL")
