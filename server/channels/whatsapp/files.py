"""A sheet sent as a document: brought from Meta, handed over like any other, and its end told by `told`."""

import tempfile
from pathlib import Path

import ingest
from core import db
from core.errors import Forbidden
from core.tenancy import Permission, Scope
from server import jobs, uploads
from server.channels.whatsapp import graph, render, words
from server.channels.whatsapp.account import required
from server.channels.whatsapp.parse import Document
from server.channels.whatsapp.reply import Reply


def take(document: Document, sender: str, scope: Scope) -> Reply:
    """Have the document read; what is told at once. AyniError where it can't be taken, NotSent where it may be later.

    A second time is the same time: the bytes are the upload's identity, and a phone waits for it once.
    """
    if not scope.may(Permission.upload):
        raise Forbidden("role", "Tu cuenta puede mirar, pero no subir archivos.", "Pídeselo a quien administra.")
    with tempfile.TemporaryDirectory(prefix="ayni-whatsapp-") as folder:
        path = Path(folder) / "document"
        graph.fetch(document.media_id, path, required())
        with path.open("rb") as stream:
            upload_id, job = uploads.receive(scope, document.filename, stream)
    name = render.safe(document.filename)
    with db.tenant(scope) as connection:
        # The lock waits for whoever is ending it: either its end sees that somebody waits, or it is seen here.
        connection.execute("SELECT 1 FROM uploads WHERE company_id = %s AND id = %s FOR UPDATE", [
            scope.company_id, upload_id])  # fmt: skip
        upload = ingest.upload(scope, upload_id, connection)
        ended = upload.state in ("ready", "failed")
        if job is not None or not ended:
            connection.execute(
                "INSERT INTO whatsapp_files (company_id, upload_id, sender, user_id) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT DO NOTHING",
                [scope.company_id, upload_id, sender, scope.user_id],
            )
        late = (
            jobs.enqueue(scope, "whatsapp_file", {"upload": str(upload_id)}, connection)
            if job is not None and ended
            else None
        )
    for one in (job, late):
        if one is not None:
            jobs.send(one)
    return Reply(words.say(words.KNOWN if job is None and ended else words.READING, scope, name=name))
