"""Centro de descargas: each data set with what it is and how much there is, as CSV or Parquet; and the originals."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

import ingest
from core import auth, db
from core.errors import NotFound
from core.tenancy import Permission
from ingest.storing import path_of
from ingest.uploads import digest_of
from server.downloads.datasets import BY_ID, DATASETS
from server.downloads.sending import sent, weight
from server.downloads.writing import MEDIA, chosen, extent, made
from server.identity import Visitor, permitted
from server.pages.shared import page

router = APIRouter(prefix="/descargas")
Downloader = Annotated[Visitor, permitted(Permission.download)]


@router.get("")
def overview(visitor: Downloader) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        found = [(d, chosen(d), extent(d, scope, connection)) for d in DATASETS]
        uploads = [
            (u, path_of(scope, digest_of(scope, u.id, connection)).exists()) for u in ingest.uploads(scope, connection)
        ]
    return page("descargas.html", visitor, "descargas", datasets=found, uploads=uploads, weight=weight)


@router.get("/originales/{upload_id}")
def original(upload_id: UUID, visitor: Downloader) -> Response:
    """A file as it was sent, but for those in it who were erased since."""
    scope = visitor.scope
    with db.tenant(scope) as connection:
        upload = ingest.upload(scope, upload_id, connection)
        path = path_of(scope, digest_of(scope, upload_id, connection))
        if not path.exists():
            raise NotFound("file_missing", "Ese archivo ya no está guardado.")
        auth.note(scope, "download_original", upload.filename, connection)
        file = path.open("rb")
    return sent(file, upload.filename, "application/octet-stream")


@router.get("/{dataset}.{form}")
def download(dataset: str, form: Literal["csv", "parquet"], visitor: Downloader, vectores: bool = False) -> Response:
    scope = visitor.scope
    declared = BY_ID.get(dataset)
    if declared is None:
        raise NotFound("dataset", "No conozco ese conjunto de datos.", "Elige uno del Centro de descargas.")
    file = made(declared, form, scope, everything=vectores)
    with db.tenant(scope) as connection:
        auth.note(scope, "download", f"{dataset}.{form}", connection)
    return sent(file, f"{scope.company.slug}-{dataset}.{form}", MEDIA[form])
