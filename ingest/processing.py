"""A stored file -> facts, in the caller's one transaction."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from core.db import Connection
from core.errors import AyniError, BadInput, Conflict, Forbidden
from core.periods import Period
from core.tenancy import Permission, Scope
from ingest import books, facts, persons, sales, uploads
from ingest.columns import BY_ID
from ingest.merging import Came, merged, readings
from ingest.opening import open_table
from ingest.reading import Unmapped
from ingest.sniffing import header_row
from ingest.storing import path_of
from ingest.tables import GridTable, Table
from ingest.tabs import UNUSED, Part, Parts, guess, known, parts
from ingest.types import Outcome, Progress, RejectedRow, Report, Upload, silent

SALES_OR_BOOK = ("sales", *books.KINDS)


def process(scope: Scope, upload_id: UUID, connection: Connection, progress: Report = silent) -> Outcome:
    """Read, map, clean and save an upload. A file that can't be used ends `failed` with its message and leaves no
    line. Processing an upload again changes nothing. Where the owner's mapping of its layout has changed, the layout's
    other uploads are read again too, so that overlapping exports still know each other's lines."""
    one_at_a_time(scope, connection)
    upload = uploads.upload(scope, upload_id, connection)
    if upload.state == "undone":
        return Outcome(upload, ())
    done, periods = _run(scope, upload, connection, progress)
    for other in uploads.uploads(scope, connection, limit=None):
        if other.id != done.id and other.state == "ready" and done.state == "ready" and _remapped(other, done):
            with suppress(AyniError):  # a file that can't be read again keeps its lines as they stand
                periods |= _again(scope, other, connection)
    return Outcome(done, tuple(sorted(periods)))


def undo(scope: Scope, upload_id: UUID, connection: Connection) -> tuple[Period, ...]:
    """Take an upload's lines out and give back the months that changed. Lines that another upload also carried are
    read again from it; the undone file may be sent again. Raises `NotFound`, `Forbidden`, and `Conflict` where that
    other file can't be read: its lines would be lost with these."""
    if not scope.may(Permission.upload):
        raise Forbidden("undo_forbidden", "Tu usuario puede mirar, pero no deshacer cargas.", "Pídeselo al dueño.")
    one_at_a_time(scope, connection)
    upload = uploads.upload(scope, upload_id, connection)
    if upload.state == "undone":
        return ()
    periods = set(facts.touched(scope, upload_id, connection))
    facts.remove(scope, upload_id, connection)
    uploads.set_state(scope, upload_id, "undone", connection)
    for other in reversed(uploads.uploads(scope, connection, limit=None)):
        if other.state == "ready" and _shared(other, upload):
            try:
                periods |= _again(scope, other, connection)
            except AyniError as error:
                raise Conflict(
                    "shared_lines",
                    f"No deshice la carga: «{other.filename}» tiene líneas en común y no pude volver a leerlo.",
                    f"Sube otra vez «{other.filename}» y prueba de nuevo. No cambió nada.",
                ) from error
    return tuple(sorted(periods))


def remap(scope: Scope, upload_id: UUID, mapping: Mapping[str, str], connection: Connection, part: int = 0) -> Upload:
    """Keep the owner's own mapping (header -> field id, '' for: do not use) for the layout of the upload, or of a
    `part` of it (`merging.readings`), and put the upload back to `received`: the caller has it processed again. Raises
    `BadInput` for a header or field there is not."""
    if not scope.may(Permission.upload):
        raise Forbidden("remap_forbidden", "Tu usuario puede mirar, pero no corregir columnas.", "Pídeselo al dueño.")
    upload = uploads.upload(scope, upload_id, connection)
    tables = readings(upload)
    reading = tables[part] if 0 <= part < len(tables) else {}
    headers = {entry["column"] for entry in reading.get("mapping", ())}
    fields = [f for f in mapping.values() if f]
    if upload.state == "undone" or not headers or not mapping.keys() <= headers:
        raise BadInput("unknown_column", "Esa columna no está en el archivo.", "Elige una de las que muestra la carga.")
    book = books.KINDS.get(str(reading.get("book", "")))
    known = {f.id for f in book.fields} if book else BY_ID.keys()
    once = [f for f in fields if f not in books.SEVERAL]
    unnamed = [h for h, f in mapping.items() if f == books.MONTHLY and not books.names_month(h)]
    if unnamed:
        raise BadInput(
            "not_a_month", f"«{unnamed[0]}» no es el nombre de un mes.", "Escríbelo así en tu planilla: octubre 2026."
        )
    if not set(fields) <= known or len(set(once)) < len(once):
        raise BadInput(
            "unknown_field",
            "Hay un dato que no existe o que está en dos columnas.",
            "Elige una columna para cada dato.",
        )
    layout = str(reading["layout"])
    kept = uploads.remembered(scope, layout, connection)
    kept = {header: field for header, field in kept.items() if not field or field not in once}
    uploads.remember(scope, layout, {**kept, **mapping}, connection)
    uploads.set_state(scope, upload_id, "received", connection)
    return uploads.upload(scope, upload_id, connection)


def reclassify(scope: Scope, upload_id: UUID, kind: str, connection: Connection, tabs: Sequence[str] = ()) -> Upload:
    """Take the owner's word for what a file holds, or each of its `tabs` in their order ('' for: do not use), and put
    it back to `received`: the caller has it processed again."""
    if not scope.may(Permission.upload):
        raise Forbidden("remap_forbidden", "Tu usuario puede mirar, pero no corregir cargas.", "Pídeselo al dueño.")
    undone = uploads.upload(scope, upload_id, connection).state == "undone"
    named = uploads.tabs_of(scope, upload_id, connection)
    kind = next((k for k in tabs if k), kind) if tabs else kind
    if kind not in SALES_OR_BOOK or not {*tabs} <= {UNUSED, *SALES_OR_BOOK} or len(tabs) not in (0, len(named)):
        raise BadInput("unknown_kind", "No conozco ese tipo de archivo.", "Elige ventas, gastos o inventario.")
    if undone:
        raise BadInput("undone", "Esa carga está deshecha.", "Sube el archivo de nuevo.")
    uploads.set_kind(scope, upload_id, kind, connection)
    if tabs:
        uploads.set_tabs(scope, upload_id, dict(zip(named, tabs, strict=True)), connection)
    uploads.set_state(scope, upload_id, "received", connection)
    return uploads.upload(scope, upload_id, connection)


def read_again(ids: Sequence[UUID], scope: Scope, connection: Connection) -> tuple[Period, ...]:
    """Take the lines of these ready uploads out and read their stored files once more, the oldest first; the months
    touched. Raises `AyniError` where one can't be read: the caller rolls back."""
    again = [uploads.upload(scope, u, connection) for u in ids]
    periods = {p for u in again for p in months(scope, u.id, connection)}
    for one in again:
        facts.remove(scope, one.id, connection)
    for one in sorted(again, key=lambda u: (u.created_at, u.id)):
        periods |= _again(scope, one, connection)
    return tuple(sorted(periods))


def months(scope: Scope, upload_id: UUID, connection: Connection) -> tuple[Period, ...]:
    """The months in which an upload has lines."""
    return facts.touched(scope, upload_id, connection)


def _remapped(other: Upload, done: Upload) -> bool:
    def pairs(upload: Upload) -> dict[str, list[tuple[str, str]]]:
        return {r["layout"]: [(c["column"], c["field"]) for c in r.get("mapping", ())] for r in readings(upload)}

    theirs, mine = pairs(other), pairs(done)
    return any(theirs[layout] != mine[layout] for layout in theirs.keys() & mine.keys())


def _shared(other: Upload, undone: Upload) -> bool:
    """Whether `other` may carry lines that stood in the facts by `undone`, or states of its orders."""
    if not (other.already_known or other.reading.get("cancelled")):
        return False
    return bool(other.period and undone.period and other.period.overlap(undone.period))


def _run(scope: Scope, upload: Upload, connection: Connection, progress: Report) -> tuple[Upload, set[Period]]:
    before = facts.touched(scope, upload.id, connection)
    periods: tuple[Period, ...] = ()
    try:
        with connection.transaction():
            facts.remove(scope, upload.id, connection)
            done, periods = _ingest(scope, upload, connection, progress)
    except AyniError as error:
        facts.remove(scope, upload.id, connection)
        done = _failed(upload, error)
        uploads.set_rejected(scope, upload.id, (), connection)
    return uploads.finish(scope, done, connection), {*before, *periods}


def _again(scope: Scope, upload: Upload, connection: Connection) -> set[Period]:
    """Read a file whose lines stand in the facts once more. Raises `AyniError`, with all as it was, where it can't."""
    before = facts.touched(scope, upload.id, connection)
    with connection.transaction():
        facts.remove(scope, upload.id, connection)
        done, periods = _ingest(scope, upload, connection, silent)
        uploads.finish(scope, done, connection)
    return {*before, *periods}


def one_at_a_time(scope: Scope, connection: Connection) -> None:
    """Wait until nobody else changes this company's lines; held until the transaction ends."""
    # Two uploads of one company side by side would each take the other's lines for new.
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 41))", [str(scope.company_id)])


def _ingest(
    scope: Scope, upload: Upload, connection: Connection, progress: Report
) -> tuple[Upload, tuple[Period, ...]]:
    progress(Progress("reading"))
    path = path_of(scope, uploads.digest_of(scope, upload.id, connection))
    found = _tables(scope, upload, open_table(path), connection)
    erased = persons.finder(scope, connection)
    if erased and persons.redact(path, erased, _fields(found.parts, scope, connection)):
        uploads.mark_redacted(scope, upload.id, connection)
        found = _tables(scope, upload, open_table(path), connection)
    came: list[Came] = []
    aside: list[RejectedRow] = []
    shelf = books.Shelf()
    for part in found.parts:
        try:
            with connection.transaction():
                done, bad = _read(scope, upload, part, shelf, connection, _after(came, progress))
        except AyniError as error:
            if len(found.parts) == 1:
                raise
            came.append(Came(part, problem=error))
            continue
        came.append(Came(part, done))
        aside += bad
    read = [one.done for one in came if one.done]
    if not read:
        raise next(one.problem for one in came if one.problem)
    uploads.set_rejected(scope, upload.id, aside, connection)
    done = read[0] if len(came) == 1 else merged(came, found.left_out)
    return done, facts.touched(scope, upload.id, connection)


def _tables(scope: Scope, upload: Upload, table: Table, connection: Connection) -> Parts:
    """The tables of a file with what each holds: the owner's word, else what leaves no doubt, which is kept."""
    kind = uploads.kind_of(scope, upload.id, connection)
    tabs = uploads.tabs_of(scope, upload.id, connection)
    if isinstance(table, GridTable) and len(table.sheets) > 1 and (kind == "auto" or tabs):
        if not tabs:
            tabs = guess(table, upload.filename)
            uploads.set_tabs(scope, upload.id, tabs, connection)
            uploads.set_kind(scope, upload.id, next(k for k in SALES_OR_BOOK if k in tabs.values()), connection)
        return parts(table, known(table, tabs))
    if kind == "auto":
        kind = books.kind_of(table, upload.filename)
        uploads.set_kind(scope, upload.id, kind, connection)
    return Parts((Part(kind, table),))


def _after(came: Sequence[Came], progress: Report) -> Report:
    """Progress that counts on from the tables that were read before."""
    read = [one.done for one in came if one.done]

    def report(p: Progress) -> None:
        progress(
            Progress(
                p.stage, p.rows_read + sum(u.rows_read for u in read), p.accepted + sum(u.accepted for u in read),
                p.set_aside + sum(u.set_aside for u in read),
            )
        )  # fmt: skip

    return report


def _fields(found: Sequence[Part], scope: Scope, connection: Connection) -> dict[str, str]:
    """Header -> field of every table, so that a person who was erased leaves each of them as what it is."""
    fields: dict[str, str] = {}
    for part in reversed(found):
        if part.kind != "sales":
            header = header_row(part.table.sample(120))
            fields |= persons.as_goods(c.strip() for c in header.cells) if header else {}
            continue
        with suppress(AyniError):  # what is no table of sales is told when it is read
            fields |= {c.header: c.field for c in sales.understood(part.table, scope, connection).columns}
    return fields


def _read(
    scope: Scope, upload: Upload, part: Part, shelf: books.Shelf, connection: Connection, progress: Report
) -> tuple[Upload, list[RejectedRow]]:
    if part.kind != "sales":
        return books.save(scope, upload, part.table, part.kind, connection, progress, shelf)
    return sales.save(scope, upload, part.table, connection, progress)


def _failed(upload: Upload, error: AyniError) -> Upload:
    return replace(
        upload, state="failed", rows_read=0, accepted=0, set_aside=0, already_known=0, possible_duplicates=0,
        first_day=None, last_day=None, error_code=error.code, message=error.spanish,
        layout=error.layout if isinstance(error, Unmapped) else upload.layout,
        reading=error.reading if isinstance(error, Unmapped) else {},
    )  # fmt: skip
