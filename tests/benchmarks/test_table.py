"""The table of measurements."""

import json
from datetime import date
from pathlib import Path

from benchmarks.table import Row, as_json, markdown, write

ROWS = [
    Row("demo", "ask() p95", 120.0, "ms", 100, 2.0, "a note"),
    Row("start", "second", 3.2, "s", 15),
    Row("big", "memory", 512.4, "MB"),
]


def test_ratios_limits_and_what_is_over() -> None:
    table = markdown(ROWS).splitlines()
    assert table[2] == "| demo: ask() p95 | 120 ms **over** | 100 ms | 2.00 ms | 60.0 | a note |"
    assert table[3] == "| start: second | 3.20 s | 15.00 s |  |  |  |"
    assert table[4].startswith("| big: memory | 512 MB |")


def test_json_says_what_was_kept() -> None:
    told = json.loads(as_json(ROWS, quick=True))
    assert [row["kept"] for row in told["rows"]] == [False, True, None]
    assert told["quick"]
    assert told["machine"]["cores"] >= 1


def test_the_report_names_day_and_machine(tmp_path: Path) -> None:
    write(ROWS, tmp_path / "benchmarks.md", date(2026, 11, 21))
    text = (tmp_path / "benchmarks.md").read_text()
    assert "2026-11-21" in text
    assert markdown(ROWS) in text
