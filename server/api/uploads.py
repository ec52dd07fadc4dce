"""/api/v1/uploads: files in, how they fare, what was set aside, the mapping, and taking one back."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response, UploadFile
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from starlette.responses import StreamingResponse

import ingest
from core import db
from core.tenancy import Scope
from server import uploads
from server.identity import Sender, Uploader

router = APIRouter(prefix="/api/v1/uploads", tags=["archivos"])


class Mapping(BaseModel):
    """Which column is what: header as in the file -> canonical field ('' leaves the column out)."""

    mapping: dict[str, str]


@router.post("", status_code=202, summary="Sube un archivo de ventas (CSV, TSV o XLSX)")
def create(file: UploadFile, scope: Uploader) -> dict[str, Any]:
    upload_id = uploads.attach(scope, file.filename or "archivo", file.file)
    return _one(scope, upload_id)


@router.get("", summary="Los archivos subidos, el último primero")
def history(scope: Sender) -> list[dict[str, Any]]:
    with db.tenant(scope) as connection:
        return [as_json(u) for u in ingest.uploads(scope, connection)]


@router.get("/{upload_id}", summary="Estado, avance, conteos, columnas y mensaje de un archivo")
def status(upload_id: UUID, scope: Sender) -> dict[str, Any]:
    return _one(scope, upload_id)


@router.get("/{upload_id}/rejected.csv", summary="Las filas apartadas, con su razón, para corregir y volver a subir")
def rejected(upload_id: UUID, scope: Sender) -> Response:
    return rejected_csv(scope, upload_id)


@router.put("/{upload_id}/mapping", status_code=202, summary="Corrige qué columna es qué y vuelve a leer el archivo")
def remap(upload_id: UUID, corrected: Mapping, scope: Uploader) -> dict[str, Any]:
    uploads.remap(scope, upload_id, corrected.mapping)
    return _one(scope, upload_id)


@router.delete("/{upload_id}", status_code=202, summary="Deshace una carga")
def undo(upload_id: UUID, scope: Uploader) -> dict[str, Any]:
    uploads.undo(scope, upload_id)
    return _one(scope, upload_id)


def as_json(upload: ingest.Upload) -> dict[str, Any]:
    """An upload as the API and the command line show it."""
    return dict(jsonable_encoder(asdict(upload)))


def rejected_csv(scope: Scope, upload_id: UUID) -> Response:
    with db.tenant(scope) as connection:
        upload = ingest.upload(scope, upload_id, connection)
        rows = ingest.rejected_rows(scope, upload_id, connection)
    lines: Iterator[list[object]] = iter(
        [["línea", "razón", "original"], *([ingest.row_of(upload, row.line), row.reason, row.raw] for row in rows)]
    )
    stem = "".join(c for c in upload.filename.rsplit(".", 1)[0] if c.isalnum() or c in "-_")[:60]
    return StreamingResponse(
        uploads.csv_lines(lines),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="apartadas-{stem.encode("ascii", "ignore").decode()}.csv"'
        },
    )


def _one(scope: Scope, upload_id: UUID) -> dict[str, Any]:
    with db.tenant(scope) as connection:
        return as_json(ingest.upload(scope, upload_id, connection))
