"""/api/v1/downloads: the data sets of the Centro de descargas, for programs."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from core import auth, db
from core.errors import NotFound
from core.tenancy import Permission, Scope
from server.downloads.datasets import BY_ID, DATASETS
from server.downloads.sending import sent
from server.downloads.writing import MEDIA, Format, extent, made
from server.identity import allowed

router = APIRouter(prefix="/api/v1/downloads", tags=["descargas"])
Downloader = Annotated[Scope, allowed(Permission.download)]


@router.get("", summary="Qué conjuntos de datos hay, con sus columnas y cuánto traen")
def listed(scope: Downloader) -> list[dict[str, Any]]:
    with db.tenant(scope) as connection:
        found = [(d, extent(d, scope, connection)) for d in DATASETS]
    return [
        {
            "id": d.id,
            "name": d.name,
            "about": d.about,
            "rows": extent.rows,
            "start": extent.first,
            "end": extent.last,
            "columns": [
                {"name": c.name, "kind": c.kind, "about": c.about, "optional": c.name in d.optional} for c in d.columns
            ],
        }
        for d, extent in found
    ]


@router.get("/{dataset}", summary="Un conjunto de datos completo, en CSV o Parquet", response_class=StreamingResponse)
def download(
    dataset: str, scope: Downloader, form: Annotated[Format, Query(alias="format")] = "csv", optional: bool = False
) -> StreamingResponse:
    """CSV as a spreadsheet here reads it: UTF-8 with BOM, `;`, decimal comma. `optional` adds the columns that are so
    marked. It is noted in the company's log."""
    declared = BY_ID.get(dataset)
    if declared is None:
        raise NotFound("dataset", "No conozco ese conjunto de datos.", "Mira cuáles hay en /api/v1/downloads.")
    file = made(declared, form, scope, everything=optional)
    with db.tenant(scope) as connection:
        auth.note(scope, "download", f"{dataset}.{form}", connection)
    return sent(file, f"{scope.company.slug}-{dataset}.{form}", MEDIA[form])
