"""A file from the command line: read in this process where it can be, waited for where a worker has it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ingest
from core import db
from core.errors import BadInput
from core.language import plural
from core.periods import day_label
from core.tenancy import Scope
from server import jobs, uploads
from server.api.uploads import as_json


@dataclass(frozen=True, slots=True)
class Filed:
    """How it went, for programs and for people."""

    ready: bool
    json: dict[str, Any]
    lines: list[str]


def file(scope: Scope, path: Path) -> Filed:
    """Have `path` read; returns when its lines can be asked about, or when it is clear that they can't."""
    if not path.is_file():
        raise BadInput("file", f"No encuentro el archivo {path}.")
    with path.open("rb") as stream:
        upload_id, job = uploads.receive(scope, path.name, stream)
    jobs.settle(scope, upload_id)
    with db.tenant(scope) as connection:
        upload = ingest.upload(scope, upload_id, connection)
    return Filed(upload.state == "ready", as_json(upload), told(upload, known=job is None))


def told(upload: ingest.Upload, known: bool) -> list[str]:
    """Pure: what happened to the file, in lines."""
    if upload.state != "ready":
        return [f"{upload.filename}: {upload.message or 'no pude leerlo.'}"]
    accepted = plural(upload.accepted, "línea aceptada", "líneas aceptadas")
    again = " (ya lo tenía; no cambió nada)" if known else ""
    lines = [f"{upload.filename}: {accepted}, {upload.set_aside} apartadas{again}"]
    for table in upload.reading.get("parts", ()):
        book = ingest.BOOKS.get(str(table["book"]))
        counts = f"{plural(table['accepted'], 'línea', 'líneas')}, {table['set_aside']} apartadas"
        said = table["problem"] or f"{book.name if book else 'ventas'}: {counts}"
        lines.append(f"  hoja {table['sheet']} ({said})")
    if upload.already_known:
        lines.append(f"  {plural(upload.already_known, 'línea ya estaba', 'líneas ya estaban')} de un archivo anterior")
    if upload.first_day and upload.last_day:
        lines.append(f"  del {day_label(upload.first_day)} al {day_label(upload.last_day)}")
    return lines + ([f"  {upload.message}"] if upload.message else [])
