"""The command: every section in its order, in a temporary folder, and one table."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from benchmarks import (
    asking,
    comparing,
    exploring,
    filing,
    mailing,
    messaging,
    panels,
    phones,
    reading,
    starting,
    table,
)
from benchmarks.table import Row

REPORT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


SECTIONS: dict[str, Callable[[int, date, Path], list[Row]]] = {
    "reading": reading.measure,
    "filing": filing.measure,
    "asking": asking.measure,
    "panels": panels.measure,
    "exploring": exploring.measure,
    "comparing": comparing.measure,
    "mailing": mailing.measure,
    "messaging": messaging.measure,
    "phones": phones.measure,
    "starting": starting.measure,
}


def main() -> int:
    options = _arguments()
    today = datetime.now().astimezone().date()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="ayni-bench-", dir=options.folder) as folder:
        for name in options.only or SECTIONS:
            print(f"{name}…", file=sys.stderr, flush=True)
            rows += SECTIONS[name](100_000 if options.quick else 1_000_000, today, Path(folder))
    print(table.as_json(rows, options.quick) if options.json else table.markdown(rows))
    if options.write:
        table.write(rows, REPORT, today)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ayni bench", description="Measures Ayni beside the bare limit.")
    parser.add_argument("--quick", action="store_true", help="100,000 lines instead of 1,000,000")
    parser.add_argument("--json", action="store_true", help="JSON instead of a Markdown table")
    parser.add_argument("--write", action="store_true", help=f"also write {REPORT.name} in docs/")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, help="these sections alone")
    parser.add_argument("--folder", type=Path, help="where to make the temporary folder (default: the system's)")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
