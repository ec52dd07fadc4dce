"""The big export: the same each time, the same figures in both spellings."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks import million
from benchmarks.million import Style

TODAY = date(2026, 11, 21)
LINES = million.lines(5_000, TODAY)


def test_the_same_lines_each_time() -> None:
    assert LINES.equals(million.lines(5_000, TODAY))
    assert LINES["Fecha"].max().date() <= date(2026, 10, 31)  # type: ignore[union-attr]
    assert LINES["Fecha"].min().date() >= date(2023, 11, 1)  # type: ignore[union-attr]


@pytest.mark.parametrize("style", ["plain", "latin"])
def test_both_spellings_say_the_same(style: Style, tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    million.write(LINES, path, style)
    grouped = million.bare(path, style)
    assert grouped["len"].sum() == len(LINES)
    assert grouped["Total"].sum() == pytest.approx(LINES["Total"].sum())


def test_the_latin_spelling(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    million.write(LINES, path, "latin")
    header, first = path.read_text(encoding="latin-1").splitlines()[:2]
    assert header.startswith("Fecha;Boleta;SKU;Producto;Categoría")
    assert first.split(";")[0] == LINES["Fecha"][0].strftime("%d/%m/%Y %H:%M")
    assert first.split(";")[12] == f"{LINES['Total'][0]:,.2f}".translate(str.maketrans(",.", ".,"))
