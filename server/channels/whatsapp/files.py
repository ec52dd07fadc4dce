"""A sheet sent as a document: brought from Meta, handed over like any other, and its end told by `told`."""

import tempfile
from pathlib import Path

import ingest
from core import db
from core.errors import Forbidden
from core.language import plural
from core.tenancy import Permission, Scope
from server import jobs, uploads
from server.channels.whatsapp import graph, render, words
from server.channels.whatsapp.account import required
from server.channels.whatsapp.parse import Document
from server.channels.whatsapp.reply import Reply
from server.pages.reading import stage_text


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


def underway(sender: str, scope: Scope) -> ingest.Upload | None:
    """The file of this phone that is being read or waits for it, the latest one."""
    with db.tenant(scope) as connection:
        row = connection.execute(
            "SELECT f.upload_id FROM whatsapp_files f JOIN uploads u ON u.company_id = f.company_id "
            "AND u.id = f.upload_id WHERE f.company_id = %s AND f.sender = %s AND f.user_id = %s "
            "AND u.state IN ('received', 'working') ORDER BY f.created_at DESC LIMIT 1",
            [scope.company_id, sender, scope.user_id],
        ).fetchone()
        return ingest.upload(scope, row[0], connection) if row else None


def progress(sender: str, scope: Scope) -> Reply:
    """How far the phone's file is, for who asks."""
    upload = underway(sender, scope)
    if upload is None:
        return Reply(words.say(words.NOTHING_UNDERWAY, scope))
    stage = stage_text(upload)
    rows = f", {plural(upload.rows_read, 'fila leída', 'filas leídas')}" if upload.rows_read else ""
    return Reply(words.say(words.UNDERWAY, scope, name=render.safe(upload.filename), stage=stage.lower(), rows=rows))
