"""The export as a till writes it, read back by other means."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import polars as pl

from ingest import demo

TODAY = date(2026, 11, 21)
LINES = demo.generate(demo.LA_ESPIGA, TODAY)


def test_the_file_reads_back_to_the_same_figures(tmp_path: Path) -> None:
    path = tmp_path / "ventas.csv"
    demo.write_csv(LINES, path)
    read = pd.read_csv(path, sep=";", encoding="utf-8-sig", decimal=",", keep_default_na=False)
    assert list(read.columns) == list(demo.HEADERS.values())
    totals = read["Total"].str.replace(r"[$.]", "", regex=True).astype(int)
    assert totals.sum() == LINES["total"].sum()
    assert read["Cantidad"].sum().round(2) == round(LINES["quantity"].sum(), 2)
    assert read["Fecha"].iloc[0] == LINES["at"][0].strftime("%d/%m/%Y %H:%M")


def test_the_same_day_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        demo.write_csv(demo.generate(demo.LA_ESPIGA, TODAY), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_amounts_are_written_as_people_write_them(tmp_path: Path) -> None:
    odd = LINES.head(4).with_columns(
        total=pl.Series([1_234_567, -12_000, 950, 0]), quantity=pl.Series([1.25, -2.0, 10.5, 3.0])
    )
    demo.write_csv(odd, tmp_path / "odd.csv")
    rows = [line.split(";") for line in (tmp_path / "odd.csv").read_text(encoding="utf-8-sig").splitlines()[1:]]
    assert [row[14] for row in rows] == ["$1.234.567", "-$12.000", "$950", "$0"]
    assert [row[11] for row in rows] == ["1,25", "-2", "10,5", "3"]


def test_targets_follow_last_year_and_reach_the_running_month() -> None:
    targets = demo.targets(LINES)
    assert [targets[0].month, targets[-1].month] == [date(2025, 9, 1), date(2026, 11, 1)]
    before = LINES.filter(pl.col("at").dt.truncate("1mo").dt.date() == date(2025, 10, 1))["total"].sum()
    october = next(t for t in targets if t.month == date(2026, 10, 1))
    assert abs(october.value - before * Decimal("1.08")) <= 50_000
    assert october.value % 100_000 == 0
