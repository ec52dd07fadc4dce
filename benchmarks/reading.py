"""Reading and cleaning a big export, no database: time and peak memory, beside polars reading and grouping it."""

import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import child, million
from benchmarks.million import Style
from benchmarks.table import Row

MODULE = "benchmarks.reading"
STYLES: tuple[tuple[Style, str], ...] = (("plain", "UTF-8, 1234.56"), ("latin", "Latin-1, ;, 1.234,56, dd/mm"))


def measure(rows: int, today: date, folder: Path) -> list[Row]:
    """Each spelling in a process of its own."""
    frame = million.lines(rows, today)
    found = []
    for style, said in STYLES:
        path = folder / f"{style}.csv"
        million.write(frame, path, style)
        bare = child.run(MODULE, "bare", str(path), style, data_dir=folder / "none")
        clean = child.run(MODULE, "clean", str(path), style, data_dir=folder / "none")
        if (clean["lines"], clean["total"]) != (rows, round(frame["Total"].sum(), 2)):
            raise SystemExit(f"read {clean} of {rows} lines that sum to {frame['Total'].sum():.2f}")
        section = f"{rows:,} lines ({said})"
        found.append(
            Row(
                section,
                "read and clean",
                clean["seconds"],
                "s",
                8,
                bare["seconds"],
                f"processor {clean['cpu_seconds']:.1f} s",
            )
        )
        found.append(Row(section, "peak memory", clean["peak_mb"], "MB", 800, bare["peak_mb"]))
        path.unlink()
    return found


def _clean(path: Path) -> dict[str, Any]:
    """What processing does before it saves."""
    from ingest.lines import clean, still_standing
    from ingest.opening import open_table
    from ingest.reading import understand

    started = time.perf_counter()
    reading = understand(open_table(path), lambda layout: {}, "CL")
    standing = still_standing(reading)
    lines, total = 0, 0.0
    for batch in reading.rows():
        good = clean(batch, reading, "America/Santiago", "CLP", standing).good
        lines, total = lines + len(good), total + float(good["total"].sum())
    return {"seconds": time.perf_counter() - started, "lines": lines, "total": round(total, 2)}


def _bare(path: Path, style: Style) -> dict[str, Any]:
    started = time.perf_counter()
    grouped = million.bare(path, style)
    return {"seconds": time.perf_counter() - started, "groups": len(grouped)}


def _main(what: str, path: str, style: str) -> dict[str, Any]:
    return _clean(Path(path)) if what == "clean" else _bare(Path(path), "plain" if style == "plain" else "latin")


if __name__ == "__main__":
    child.tell(lambda: _main(*sys.argv[1:4]))
