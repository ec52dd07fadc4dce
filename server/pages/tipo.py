"""What a file, or each of its tabs, holds by the owner's word: sales, expenses or a count of stock. It is read again as
such."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

import ingest
from core import auth, db
from core.tenancy import Permission
from server import jobs
from server.identity import Visitor, permitted

router = APIRouter(prefix="/datos")


@router.post("/{upload_id}/tipo")
def reclassify(
    upload_id: UUID,
    visitor: Annotated[Visitor, permitted(Permission.upload)],
    kind: Annotated[str, Form(max_length=20)] = "",
    hojas: Annotated[tuple[str, ...], Form()] = (),
) -> Response:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        upload = ingest.reclassify(scope, upload_id, kind, connection, hojas)
        job = jobs.enqueue(scope, "ingest", {"upload": str(upload_id)}, connection)
        auth.note(scope, "reclassify", f"{upload.filename}: {kind or ', '.join(h or '-' for h in hojas)}", connection)
    jobs.send(job)
    return RedirectResponse(f"/datos/{upload_id}", 303)
