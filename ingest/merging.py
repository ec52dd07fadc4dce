"""What a workbook came to whose tabs were read each by its own kind. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.errors import AyniError
from core.language import join, plural
from ingest.books import KINDS
from ingest.reading import Unmapped
from ingest.tables import GridTable
from ingest.tabs import Part
from ingest.types import Upload


@dataclass(frozen=True, slots=True)
class Came:
    """What one table of the file came to: the upload as that table alone would leave it, or why it can't be read."""

    part: Part
    done: Upload | None = None
    problem: AyniError | None = None


def merged(came: Sequence[Came], left_out: Mapping[str, str]) -> Upload:
    """The upload after all of its tables, the first that could be read (sales, where there are any) at its head. At
    least one could."""
    read = [one.done for one in came if one.done]
    head = read[0]
    days = [u for u in read if u.period] if head.reading.get("book") else [head]
    notes = [f"{_names(one)}: {note}" for one in came if one.done for note in one.done.reading.get("notes", ())]
    starts = [start for one in came if isinstance(one.part.table, GridTable) for start in one.part.table.starts]
    return replace(
        head,
        rows_read=sum(u.rows_read for u in read), accepted=sum(u.accepted for u in read),
        set_aside=sum(u.set_aside for u in read),
        first_day=min((u.first_day for u in days if u.first_day), default=None),
        last_day=max((u.last_day for u in days if u.last_day), default=None),
        reading={
            **head.reading, "notes": notes, "skipped_sheets": dict(left_out), "parts": [_part(one) for one in came],
            "starts": [list(start) for start in starts],
        },
        message=_message(came, left_out),
    )  # fmt: skip


def readings(upload: Upload) -> list[dict[str, Any]]:
    """How each table of a file was understood; of most files there is one."""
    return list(upload.reading.get("parts") or [{**upload.reading, "layout": upload.layout}])


def row_of(upload: Upload, line: int) -> int:
    """The row in its own tab of a line that is counted on from tab to tab; of any other file the line itself."""
    below = [start for start in upload.reading.get("starts", ()) if start[0] <= line]
    return line - int(below[-1][0]) + int(below[-1][2]) if below else line


def spoken(upload: Upload) -> str:
    """What a file brought, as its owner says it: 'ventas', 'ventas, gastos e inventario'."""
    kinds = dict.fromkeys(str(r.get("book") or "") for r in readings(upload) if not r.get("problem"))
    return join([KINDS[kind].name if kind in KINDS else "ventas" for kind in kinds])


def _part(one: Came) -> dict[str, Any]:
    """What is kept of a table in `uploads.reading`: its kind, its columns, and its own counts."""
    kind = one.part.kind
    told: dict[str, Any] = {"sheet": _names(one), "kind": kind, "book": kind if kind in KINDS else ""}
    if one.done is None:
        unmapped = one.problem if isinstance(one.problem, Unmapped) else None
        return {
            **told, "layout": unmapped.layout if unmapped else "",
            "mapping": unmapped.reading.get("mapping", []) if unmapped else [], "accepted": 0, "set_aside": 0,
            "problem": one.problem.spanish if one.problem else "",
        }  # fmt: skip
    return {
        **told, "layout": one.done.layout, "mapping": one.done.reading.get("mapping", []),
        "accepted": one.done.accepted, "set_aside": one.done.set_aside, "problem": "",
    }  # fmt: skip


def _message(came: Sequence[Came], left_out: Mapping[str, str]) -> str:
    """'Leí «Ventas» (ventas: 2.356 líneas, 3 apartadas) y «Gastos» (gastos: 48 líneas). No usé la hoja «Notas»: …'"""
    said = [f"Leí {join([_counted(one) for one in came if one.done])}."]
    said += [f"No leí {_names(one)}: {one.problem.spanish}".strip() for one in came if one.problem]
    said += [f"No usé la hoja «{name}»: {why}." for name, why in left_out.items()][:3]
    return " ".join(said)


def _counted(one: Came) -> str:
    assert one.done is not None
    counts = [plural(one.done.accepted, "línea", "líneas")]
    counts += [plural(one.done.set_aside, "apartada", "apartadas")] if one.done.set_aside else []
    counts += [plural(one.done.already_known, "que ya estaba", "que ya estaban")] if one.done.already_known else []
    kind = KINDS[one.part.kind].name if one.part.kind in KINDS else "ventas"
    return f"{_names(one)} ({kind}: {', '.join(counts)})"


def _names(one: Came) -> str:
    return str(one.part.table.describe().get("sheet") or "")
