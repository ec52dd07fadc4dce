"""From an uploaded file to an answer: stored, read, cleaned, saved, figures computed, first question answered."""

import asyncio
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import child, million
from benchmarks.million import Style
from benchmarks.table import Row

MODULE = "benchmarks.filing"
COMPANY = "million"
STYLE: Style = "latin"


def measure(rows: int, today: date, folder: Path) -> list[Row]:
    """The big export into a company of its own, which stays for the section that asks."""
    path = folder / "big.csv"
    million.write(million.lines(rows, today), path, STYLE)
    bare = child.run("benchmarks.reading", "bare", str(path), STYLE, data_dir=folder / "none")
    done = child.run(MODULE, str(path), data_dir=folder / "big")
    size = path.stat().st_size / 1e6
    path.unlink()
    section = f"{rows:,} lines"
    stages = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in done["stages"].items())
    return [
        Row(
            section,
            "uploaded to answerable",
            done["seconds"],
            "s",
            60,
            bare["seconds"],
            f"{size:.0f} MB; {stages}; processor {done['cpu_seconds']:.1f} s",
        ),
        Row(section, "peak memory of the process that reads and refreshes", done["peak_mb"], "MB"),
    ]


def _work(path: Path) -> dict[str, Any]:
    import assistant
    import features
    import ingest
    from assistant.parts import Question
    from core import auth, db

    db.migrate()
    company = auth.create_company("Ferretería generada", COMPANY, "ferreteria", "CL")
    scope = auth.operator_scope(company.slug)
    marks = [time.perf_counter()]
    with path.open("rb") as stream, db.tenant(scope) as connection:
        upload = ingest.receive(scope, path.name, stream, connection)
    marks.append(time.perf_counter())
    with db.tenant(scope) as connection:
        outcome = ingest.process(scope, upload.id, connection, lambda _: None)
    marks.append(time.perf_counter())
    with db.tenant(scope) as connection:
        features.refresh(scope, connection, outcome.touched, lambda *_: None)
    marks.append(time.perf_counter())
    answer = asyncio.run(assistant.answer(Question("¿cuánto vendí el mes pasado?"), scope))
    marks.append(time.perf_counter())
    db.close()
    if answer.status != "answered" or not outcome.upload.accepted:
        raise SystemExit(f"not answerable: {outcome.upload.message} {answer.text}")
    names = ("receive", "read and save", "refresh", "first answer")
    stages = {name: after - before for name, before, after in zip(names, marks, marks[1:], strict=False)}
    return {"seconds": marks[-1] - marks[0], "stages": stages, "accepted": outcome.upload.accepted}


if __name__ == "__main__":
    child.tell(lambda: _work(Path(sys.argv[1])))
