"""What was measured, and the table that shows it."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

BARE = (
    "The bare limit is the least that the same work could cost, in the same run: reading and grouping the same file "
    "with polars, one SQL sum over a month, the embedded database's own start."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `at_most`: what it promises, at full size on two cores; `bare`: the bare limit, in the same unit."""

    section: str
    what: str
    value: float
    unit: str
    at_most: float | None = None
    bare: float | None = None
    note: str = ""

    @property
    def kept(self) -> bool | None:
        """Whether it is within what it promises."""
        return None if self.at_most is None else self.value <= self.at_most


def markdown(rows: Sequence[Row]) -> str:
    """One table; ratios are to the bare limit."""
    lines = ["| | measured | at most | bare limit | × bare | |", "|---|--:|--:|--:|--:|---|"]
    for row in rows:
        bare = _amount(row.bare, row.unit) if row.bare is not None else ""
        ratio = f"{row.value / row.bare:.1f}" if row.bare else ""
        most = _amount(row.at_most, row.unit) if row.at_most is not None else ""
        missed = " **over**" if row.kept is False else ""
        measured = f"{_amount(row.value, row.unit)}{missed}"
        lines.append(f"| {row.section}: {row.what} | {measured} | {most} | {bare} | {ratio} | {row.note} |")
    return "\n".join(lines)


def as_json(rows: Sequence[Row], quick: bool) -> str:
    return json.dumps(
        {"machine": machine(), "quick": quick, "rows": [{**asdict(row), "kept": row.kept} for row in rows]},
        ensure_ascii=False,
    )


def machine() -> dict[str, str | int | float]:
    """Where it was measured; `load` above the cores means that others were at work and the times are too long."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def write(rows: Sequence[Row], path: Path, today: date) -> None:
    """Keep a run where readers find it."""
    where = machine()
    size = f"{where['cores']} cores (load {where['load']}), {where['memory_gb']} GB"
    place = f"{size}, {where['system']}, Python {where['python']}"
    said = f"Measured on {today.isoformat()} by `make bench ARGS=--write`, on {place}. {BARE}"
    path.write_text(f"# How fast Ayni is\n\n{said}\n\n{markdown(rows)}\n", encoding="utf-8")


def _amount(value: float, unit: str) -> str:
    if unit == "s" or value < 10:
        return f"{value:.2f} {unit}"
    return f"{value:,.0f} {unit}"
