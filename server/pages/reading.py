"""How an upload was understood, in the owner's words. Pure."""

from dataclasses import dataclass
from typing import Any

import ingest
from ingest.columns import FIELDS

STAGES = {
    "reading": "Leyendo",
    "mapping": "Buscando las columnas",
    "cleaning": "Revisando las filas",
    "saving": "Guardando",
    "computing": "Calculando tus cifras",
    "undoing": "Deshaciendo",
}
STEPS = ("received", "reading", "mapping", "cleaning", "saving", "computing")
"""What a file goes through, in order."""
STATES = {"received": "En espera", "working": "Leyendo", "ready": "Listo", "failed": "No se pudo", "undone": "Deshecho"}
WHY = {
    "name": "por su nombre",
    "content": "por su contenido",
    "remembered": "como me dijiste",
    "layout": "formato conocido",
}
UNUSED = ("", "No usar")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file, what it is used as, and what else it could be."""

    header: str
    field: str
    why: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """One table of a file: its sheets, what it holds, how its columns were understood, and what came of it. `part` is
    its number among the file's tables."""

    part: int
    sheet: str
    kind: str
    columns: list[Column]
    accepted: int
    set_aside: int
    problem: str


def tables_of(upload: ingest.Upload) -> list[Read]:
    """The tables of a file; of most files there is one."""
    found = []
    for part, reading in enumerate(ingest.readings(upload)):
        book = ingest.BOOKS.get(str(reading.get("book", "")))
        sheet, counts = str(reading.get("sheet") or ""), (reading.get("accepted", 0), reading.get("set_aside", 0))
        kind = book.name if book else "ventas"
        found.append(Read(part, sheet, kind, columns_of(reading), *counts, str(reading.get("problem") or "")))
    return found


def stage_text(upload: ingest.Upload) -> str:
    """'Calculando tus cifras', 'Listo': one short phrase for where an upload is."""
    under_way = upload.state in ("received", "working") or upload.stage == "undoing"
    return STAGES.get(upload.stage, STATES[upload.state]) if under_way else STATES[upload.state]


def steps(upload: ingest.Upload) -> list[tuple[str, str]]:
    """Each step's name with 'past', 'now' or '' for those to come."""
    at = STEPS.index(upload.stage) if upload.stage in STEPS else 0
    names = [STAGES.get(step, STATES["received"]) for step in STEPS]
    return [(name, "past" if i < at else "now" if i == at else "") for i, name in enumerate(names)]


def columns_of(reading: dict[str, Any]) -> list[Column]:
    """The mapping that was chosen, each column with all it could be in a file of its kind."""
    book = ingest.BOOKS.get(str(reading.get("book", "")))
    choices = (UNUSED, *((f.id, f.name) for f in (book.fields if book else FIELDS)))
    return [
        Column(m["column"], m["field"] or "", WHY.get(m.get("why", ""), ""), choices)
        for m in reading.get("mapping", [])
        if m["column"]
    ]
