"""What happens to a company's files, for every door alike: page, API, chat attachment, command line."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO
from uuid import UUID

import ingest
from core import auth, db
from core.cells import harmless
from core.errors import Conflict, Forbidden
from core.tenancy import Permission, Scope
from server import jobs


def attach(scope: Scope, filename: str, stream: BinaryIO) -> UUID:
    """Store and record a file and have it read; its id. The same bytes again change nothing."""
    upload_id, job = receive(scope, filename, stream)
    if job is not None:
        jobs.send(job)
    return upload_id


def receive(scope: Scope, filename: str, stream: BinaryIO) -> tuple[UUID, jobs.Job | None]:
    """Store and record a file, with the job that will read it (None where the same file is there already)."""
    require_uploader(scope)
    with db.tenant(scope) as connection:
        upload = ingest.receive(scope, filename, stream, connection)
        job = None if upload.known else jobs.enqueue(scope, "ingest", {"upload": str(upload.id)}, connection)
        if job is not None:
            auth.note(scope, "upload", upload.filename, connection)
    return upload.id, job


def undo(scope: Scope, upload_id: UUID) -> None:
    """Have an upload's lines taken out. A job, so that it waits for whatever the company is doing."""
    require_uploader(scope)
    with db.tenant(scope) as connection:
        upload = ingest.upload(scope, upload_id, connection)
        if upload.state == "undone":
            raise Conflict("undone", "Esa carga ya está deshecha.")
        connection.execute("UPDATE uploads SET stage = 'undoing' WHERE id = %s", [upload_id])
        job = jobs.enqueue(scope, "undo", {"upload": str(upload_id)}, connection)
        auth.note(scope, "undo", upload.filename, connection)
    jobs.send(job)


def remap(scope: Scope, upload_id: UUID, mapping: dict[str, str], part: int = 0) -> None:
    """Read an upload again with the owner's mapping (header -> canonical field), remembered for the next such file.
    `part`: which of its tables, where it has several."""
    require_uploader(scope)
    with db.tenant(scope) as connection:
        upload = ingest.remap(scope, upload_id, mapping, connection, part)
        job = jobs.enqueue(scope, "ingest", {"upload": str(upload_id)}, connection)
        auth.note(scope, "remap", upload.filename, connection)
    jobs.send(job)


def require_uploader(scope: Scope) -> None:
    if not scope.may(Permission.upload):
        raise Forbidden("role", "Tu cuenta puede mirar, pero no cambiar datos.", "Pídeselo a quien administra.")


def csv_lines(rows: Iterator[list[object]]) -> Iterator[str]:
    """CSV for a spreadsheet here: `;` between, BOM before. Cells can't become formulas. Pure."""
    yield "\ufeff"
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter=";").writerow(["" if cell is None else harmless(str(cell)) for cell in row])
        yield line.getvalue()
