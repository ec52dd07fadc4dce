"""The record of a company's files: what was received, how it was read, what was set aside."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from core.db import Connection
from core.errors import NotFound
from core.tenancy import Scope
from ingest.types import RejectedRow, Upload

COLUMNS: LiteralString = """id, filename, size_bytes, state, stage, rows_read, accepted, set_aside, already_known,
    possible_duplicates, first_day, last_day, layout, reading, error_code, message, created_at, finished_at"""


def record(scope: Scope, filename: str, digest: bytes, size: int, connection: Connection) -> Upload:
    """The upload with these bytes: a new one, the one that is there (`known`), or the failed one, to be tried again."""
    row = connection.execute(
        f"""INSERT INTO uploads (company_id, filename, sha256, size_bytes, created_by) VALUES (%s, %s, %s, %s, %s)
            ON CONFLICT (company_id, sha256) WHERE state <> 'undone' DO NOTHING RETURNING {COLUMNS}""",  # noqa: S608
        [scope.company_id, filename, digest, size, scope.user_id],
    ).fetchone()
    if row is not None:
        return _upload(row)
    row = connection.execute(
        f"""UPDATE uploads SET state = 'received', stage = '', error_code = '', message = ''
            WHERE company_id = %s AND sha256 = %s AND state = 'failed' RETURNING {COLUMNS}""",  # noqa: S608
        [scope.company_id, digest],
    ).fetchone()
    if row is not None:
        return _upload(row)
    row = connection.execute(
        f"SELECT {COLUMNS} FROM uploads WHERE company_id = %s AND sha256 = %s AND state <> 'undone'",  # noqa: S608
        [scope.company_id, digest],
    ).fetchone()
    if row is None:
        raise NotFound("upload_gone", "Esa carga se deshizo recién.", "Súbela de nuevo.")
    return replace(_upload(row), known=True)


def upload(scope: Scope, upload_id: UUID, connection: Connection) -> Upload:
    """One upload as it now stands. Raises `NotFound`."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM uploads WHERE company_id = %s AND id = %s",  # noqa: S608
        [scope.company_id, upload_id],
    ).fetchone()
    if row is None:
        raise NotFound("upload_not_found", "No encuentro esa carga.", "Revísala en Mis datos.")
    return _upload(row)


def uploads(scope: Scope, connection: Connection, limit: int | None = 200) -> tuple[Upload, ...]:
    """The company's uploads, the latest first, undone ones included."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM uploads WHERE company_id = %s ORDER BY created_at DESC, id LIMIT %s",  # noqa: S608
        [scope.company_id, limit],
    )
    return tuple(_upload(row) for row in rows)


def digest_of(scope: Scope, upload_id: UUID, connection: Connection) -> bytes:
    """The hash under which the upload's bytes are stored."""
    row = connection.execute(
        "SELECT sha256 FROM uploads WHERE company_id = %s AND id = %s", [scope.company_id, upload_id]
    ).fetchone()
    if row is None:
        raise NotFound("upload_not_found", "No encuentro esa carga.", "Revísala en Mis datos.")
    return bytes(row[0])


def kind_of(scope: Scope, upload_id: UUID, connection: Connection) -> str:
    """'sales', 'expenses' or 'stock'; 'auto' until it was looked at."""
    row = connection.execute(
        "SELECT kind FROM uploads WHERE company_id = %s AND id = %s", [scope.company_id, upload_id]
    ).fetchone()
    return str(row[0]) if row else "auto"


def set_kind(scope: Scope, upload_id: UUID, kind: str, connection: Connection) -> None:
    connection.execute(
        "UPDATE uploads SET kind = %s WHERE company_id = %s AND id = %s", [kind, scope.company_id, upload_id]
    )


def tabs_of(scope: Scope, upload_id: UUID, connection: Connection) -> dict[str, str]:
    """What each tab of a workbook is read as ('': not read), in its order; empty where the file has no tabs, was not
    looked at yet, or was read before tabs were told apart."""
    row = connection.execute(
        "SELECT tabs FROM uploads WHERE company_id = %s AND id = %s", [scope.company_id, upload_id]
    ).fetchone()
    return dict(row[0]) if row and row[0] else {}


def set_tabs(scope: Scope, upload_id: UUID, tabs: dict[str, str], connection: Connection) -> None:
    connection.execute(
        "UPDATE uploads SET tabs = %s WHERE company_id = %s AND id = %s",
        [Jsonb([[name, kind] for name, kind in tabs.items()]), scope.company_id, upload_id],
    )


def redacted(scope: Scope, digest: bytes, connection: Connection) -> bool:
    """Whether the stored bytes of this hash lost a person who was erased."""
    row = connection.execute(
        "SELECT 1 FROM uploads WHERE company_id = %s AND sha256 = %s AND redacted_at IS NOT NULL LIMIT 1",
        [scope.company_id, digest],
    ).fetchone()
    return row is not None


def mark_redacted(scope: Scope, upload_id: UUID, connection: Connection) -> None:
    """Note that the stored file of this upload, and of any other with the same bytes, no longer is what was sent."""
    connection.execute(
        "UPDATE uploads SET redacted_at = now() WHERE company_id = %s AND sha256 = %s",
        [scope.company_id, digest_of(scope, upload_id, connection)],
    )


def rejected_rows(
    scope: Scope, upload_id: UUID, connection: Connection, limit: int | None = None, offset: int = 0
) -> tuple[RejectedRow, ...]:
    """The rows of an upload that were set aside, in the file's order."""
    rows = connection.execute(
        """SELECT line, code, reason, raw FROM rejected_rows WHERE company_id = %s AND upload_id = %s
           ORDER BY line LIMIT %s OFFSET %s""",
        [scope.company_id, upload_id, limit, offset],
    )
    return tuple(RejectedRow(*row) for row in rows)


def set_rejected(scope: Scope, upload_id: UUID, rows: Iterable[RejectedRow], connection: Connection) -> None:
    """Make these the upload's rows set aside."""
    connection.execute(
        "DELETE FROM rejected_rows WHERE company_id = %s AND upload_id = %s", [scope.company_id, upload_id]
    )
    # Row-level security allows no COPY into the table itself.
    pending = list(rows)
    for start in range(0, len(pending), 10_000):
        part = pending[start : start + 10_000]
        connection.execute(
            """INSERT INTO rejected_rows (company_id, upload_id, line, code, reason, raw)
               SELECT %s, %s, * FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING""",
            [
                scope.company_id, upload_id,
                [r.line for r in part], [r.code for r in part], [r.reason for r in part], [r.raw for r in part],
            ],
        )  # fmt: skip


def finish(scope: Scope, done: Upload, connection: Connection) -> Upload:
    """Write what an upload came to; its state says how it ended."""
    row = connection.execute(
        f"""UPDATE uploads SET state = %s, stage = '', rows_read = %s, accepted = %s, set_aside = %s,
                already_known = %s, possible_duplicates = %s, first_day = %s, last_day = %s, layout = %s,
                reading = %s, error_code = %s, message = %s, finished_at = now()
            WHERE company_id = %s AND id = %s RETURNING {COLUMNS}""",  # noqa: S608
        [
            done.state, done.rows_read, done.accepted, done.set_aside, done.already_known, done.possible_duplicates,
            done.first_day, done.last_day, done.layout, Jsonb(done.reading), done.error_code, done.message,
            scope.company_id, done.id,
        ],
    ).fetchone()  # fmt: skip
    if row is None:
        raise NotFound("upload_not_found", "No encuentro esa carga.", "Revísala en Mis datos.")
    return _upload(row)


def set_state(scope: Scope, upload_id: UUID, state: str, connection: Connection) -> None:
    connection.execute(
        "UPDATE uploads SET state = %s, stage = '' WHERE company_id = %s AND id = %s",
        [state, scope.company_id, upload_id],
    )


def remembered(scope: Scope, layout: str, connection: Connection) -> dict[str, str]:
    """The owner's own mapping of a layout, header -> field ('' for: do not use), empty where they said nothing."""
    row = connection.execute(
        "SELECT mapping FROM column_mappings WHERE company_id = %s AND layout = %s", [scope.company_id, layout]
    ).fetchone()
    return dict(row[0]) if row else {}


def remember(scope: Scope, layout: str, mapping: dict[str, str], connection: Connection) -> None:
    """Keep the owner's mapping for the next file of that layout."""
    connection.execute(
        """INSERT INTO column_mappings (company_id, layout, mapping) VALUES (%s, %s, %s)
           ON CONFLICT (company_id, layout) DO UPDATE SET mapping = excluded.mapping, updated_at = now()""",
        [scope.company_id, layout, Jsonb(mapping)],
    )


def _upload(row: tuple[Any, ...]) -> Upload:
    return Upload(*row)
