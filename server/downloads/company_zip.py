"""All that a company has here, in one zip: the data sets, its tables as they stand, and the files it sent.

What belongs to each member (chats, questions, choices) goes along where it is the asker's own, and for that the zip is
theirs alone to download. A job makes it, its progress over transactions of its own; the link needs a login, and ends
with the file after a week.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, LiteralString
from uuid import UUID

from psycopg.sql import SQL, Composable, Identifier

import ingest
from core import auth, db, folders
from core.cells import harmless_sql
from core.db import Connection
from core.errors import Conflict, NotFound
from core.settings import settings
from core.tenancy import Scope
from ingest.storing import path_of
from ingest.uploads import digest_of
from server.downloads.datasets import DATASETS, MINE
from server.downloads.writing import copy_to, write
from server.privacy.everywhere import seen_by

DAYS = 7
"""How long the file stays."""
LEFT_OUT = frozenset({"api_tokens", "suppressions", "jobs", "fact_changes", "sales_mart", "exports", "whatsapp_codes"})
"""Keys, hashes and our own works: nothing of the company's."""
OF_THE_COMPANY = frozenset({"audit_log", "memberships"})
"""Tables whose `user_id` says who did or is something in the company; in all others, whose a row is."""
SECRETS = ("hash", "secret", "token", "password", "sha256", "embedding", "dense", "words")
COLUMNS: LiteralString = (
    "id, state, stage, parts_done, parts, size_bytes, created_at, finished_at, expires_at, created_by"
)
README = """Todo lo que {company} tiene en Ayni, al {day}.

conjuntos/   los mismos conjuntos del Centro de descargas, en CSV (para Excel) y Parquet (para programas)
tablas/      cada tabla tal como está guardada, en CSV con coma y punto decimal; un texto que Excel tomaría por fórmula
             lleva un apóstrofo delante; de chats, preguntas y preferencias, solo los de quien pidió esta copia
originales/  los archivos que subiste; si alguien pidió ser eliminado, van sin sus datos
"""


@dataclass(frozen=True, slots=True)
class Export:
    """One zip and how it is coming along."""

    id: UUID
    state: str
    stage: str
    parts_done: int
    parts: int
    size_bytes: int
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None
    asked_by: UUID | None

    @property
    def under_way(self) -> bool:
        return self.state in ("queued", "working")


def ask(scope: Scope, connection: Connection) -> UUID:
    """Record a new one; the caller enqueues its job. Conflict while another is being made."""
    if any(e.under_way for e in exports(scope, connection)):
        raise Conflict("export", "Ya estoy preparando una copia.", "Espera a que termine.")
    row = connection.execute(
        "INSERT INTO exports (company_id, created_by) VALUES (%s, %s) RETURNING id", [scope.company_id, scope.user_id]
    ).fetchone()
    assert row is not None
    auth.note(scope, "export", "", connection)
    return UUID(str(row[0]))


def exports(scope: Scope, connection: Connection) -> list[Export]:
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM exports WHERE company_id = %s ORDER BY created_at DESC LIMIT 20",  # noqa: S608
        [scope.company_id],
    )
    return [Export(*row) for row in rows]


def make(export_id: UUID, scope: Scope, connection: Connection) -> None:
    """Write the zip of an export that was asked for. Made again, it replaces itself."""
    path = _path(export_id, scope)
    folders.folder("exports", str(scope.company_id))
    uploads = ingest.uploads(scope, connection, limit=None)
    tables = list(_tables(connection))
    parts = 2 * len(DATASETS) + len(tables) + len(uploads)
    draft, done = path.with_suffix(".part"), 0
    draft.touch(mode=0o600)
    asker = _asker(export_id, scope, connection)
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as book, seen_by(asker, connection):
        day = scope.company.day_of(datetime.now(UTC))
        book.writestr("LEEME.txt", README.format(company=scope.company.name, day=day.isoformat()))
        for dataset in DATASETS:
            for form in ("csv", "parquet"):
                _tell(export_id, f"conjuntos: {dataset.name}", done, parts, scope)
                with write(dataset, form, scope, connection, everything=form == "parquet") as file:
                    _pour(file, book, f"conjuntos/{dataset.id}.{form}")
                done += 1
        for table, columns in tables:
            _tell(export_id, "tablas", done, parts, scope)
            with book.open(f"tablas/{table}.csv", "w", force_zip64=True) as out:
                copy_to(_rows(table, columns, asker), ",", out, connection)
            done += 1
        for number, upload in enumerate(uploads, 1):
            _tell(export_id, "originales", done, parts, scope)
            stored = path_of(scope, digest_of(scope, upload.id, connection))
            if stored.exists():
                book.write(stored, f"originales/{number:04d}-{_name(upload.filename)}")
            done += 1
    draft.replace(path)
    now = datetime.now(UTC)
    connection.execute(
        "UPDATE exports SET state = 'ready', stage = '', parts_done = %s, parts = %s, size_bytes = %s, "
        "finished_at = %s, expires_at = %s WHERE company_id = %s AND id = %s",
        [parts, parts, path.stat().st_size, now, now + timedelta(days=DAYS), scope.company_id, export_id],
    )


def fail(export_id: UUID, scope: Scope, connection: Connection) -> None:
    connection.execute(
        "UPDATE exports SET state = 'failed', finished_at = now() WHERE company_id = %s AND id = %s",
        [scope.company_id, export_id],
    )
    _path(export_id, scope).with_suffix(".part").unlink(missing_ok=True)


def open_file(export_id: UUID, scope: Scope, connection: Connection) -> IO[bytes]:
    """The zip, for who asked for it and while it is there; NotFound else."""
    found = next((e for e in exports(scope, connection) if e.id == export_id), None)
    path = _path(export_id, scope)
    if found is None or found.asked_by != scope.user_id or found.state != "ready" or not path.exists():
        raise NotFound("export", "Esa copia ya no está.", "Pide una nueva.")
    if found.expires_at is None or found.expires_at < datetime.now(UTC):
        raise NotFound("export", "El enlace de esa copia venció.", "Pide una nueva.")
    auth.note(scope, "export_download", "", connection)
    return path.open("rb")


def drop_expired(scope: Scope, connection: Connection, now: datetime) -> int:
    """Take away the files whose week is over; how many."""
    rows = connection.execute(
        "UPDATE exports SET state = 'expired' WHERE company_id = %s AND state = 'ready' AND expires_at < %s "
        "RETURNING id",
        [scope.company_id, now],
    ).fetchall()
    for (export_id,) in rows:
        _path(export_id, scope).unlink(missing_ok=True)
    return len(rows)


def drop_all(scope: Scope, connection: Connection) -> None:
    """Take away every file at once: somebody in them was erased."""
    connection.execute(
        "UPDATE exports SET state = 'expired' WHERE company_id = %s AND state = 'ready'", [scope.company_id]
    )
    for path in folder(scope).glob("*") if folder(scope).is_dir() else ():
        path.unlink(missing_ok=True)


def folder(scope: Scope) -> Path:
    return settings().data_dir / "exports" / str(scope.company_id)


def _path(export_id: UUID, scope: Scope) -> Path:
    return folder(scope) / f"{export_id}.zip"


def _tables(connection: Connection) -> Iterator[tuple[str, list[tuple[str, bool]]]]:
    """The company's tables that are no secret, with their columns and whether each holds text."""
    rows = connection.execute(
        "SELECT c.relname, array_agg(a.attname ORDER BY a.attnum), "
        "array_agg(a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype) ORDER BY a.attnum) "
        "FROM pg_class c "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
        "AND EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attname = 'company_id') "
        "AND has_column_privilege(c.oid, a.attnum, 'SELECT') GROUP BY c.relname ORDER BY c.relname"
    ).fetchall()
    for table, columns, texts in rows:
        kept = [(c, t) for c, t in zip(columns, texts, strict=True) if not any(s in c for s in SECRETS)]
        if table not in LEFT_OUT and kept:
            yield table, kept


def _rows(table: str, columns: list[tuple[str, bool]], asker: UUID | None) -> Composable:
    """The company's rows of a table; where each is somebody's, those of `asker` and of nobody."""
    names = {name for name, _ in columns}
    theirs: Composable = SQL("")
    if table == "reports":
        theirs = SQL(" AND (shared OR owner_id = {asker})").format(asker=asker)
    elif "user_id" in names and table not in OF_THE_COMPANY:
        theirs = SQL(" AND (user_id IS NULL OR user_id = {asker})").format(asker=asker)
    return SQL("SELECT {columns} FROM {table} WHERE company_id = {mine}{theirs}").format(
        columns=SQL(", ").join(_cell(c, is_text) for c, is_text in columns),
        table=Identifier(table),
        mine=SQL(MINE),
        theirs=theirs,
    )


def _asker(export_id: UUID, scope: Scope, connection: Connection) -> UUID | None:
    """Who asked for it, while they belong to the company."""
    row = connection.execute(
        "SELECT m.user_id FROM exports e "
        "JOIN memberships m ON m.company_id = e.company_id AND m.user_id = e.created_by "
        "WHERE e.company_id = %s AND e.id = %s",
        [scope.company_id, export_id],
    ).fetchone()
    return row[0] if row else None


def _cell(column: str, is_text: bool) -> Composable:
    name = Identifier(column)
    return SQL("{cell} AS {name}").format(cell=harmless_sql(name), name=name) if is_text else name


def _tell(export_id: UUID, stage: str, done: int, parts: int, scope: Scope) -> None:
    """Seen while the job's own transaction is still open."""
    with db.tenant(scope) as connection:
        connection.execute(
            "UPDATE exports SET state = 'working', stage = %s, parts_done = %s, parts = %s "
            "WHERE company_id = %s AND id = %s",
            [stage, done, parts, scope.company_id, export_id],
        )


def _pour(file: IO[bytes], book: zipfile.ZipFile, name: str) -> None:
    with book.open(name, "w", force_zip64=True) as out:
        while block := file.read(1 << 20):
            out.write(block)


def _name(filename: str) -> str:
    kept = "".join(c for c in filename if c.isalnum() or c in " ._-")
    return kept.strip(". ")[:120] or "archivo"
