"""A stored file -> facts, in the caller's one transaction."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import polars as pl

from core.db import Connection
from core.errors import AyniError
from core.language import fold, join, plural
from core.periods import Period
from core.tenancy import Scope
from ingest import facts, identity, uploads
from ingest.columns import BY_ID
from ingest.lines import REASONS, by_unique, clean
from ingest.opening import open_table
from ingest.reading import Reading, understand
from ingest.storing import path_of
from ingest.types import Outcome, Progress, RejectedRow, Report, Upload, silent


def process(scope: Scope, upload_id: UUID, connection: Connection, progress: Report = silent) -> Outcome:
    """Read, map, clean and save an upload. A file that can't be used ends `failed` with its message and leaves no
    line; what it had brought before stays out too. Processing an upload again changes nothing."""
    _one_at_a_time(scope, connection)
    upload = uploads.upload(scope, upload_id, connection)
    if upload.state == "undone":
        return Outcome(upload, ())
    before = facts.touched(scope, upload_id, connection)
    facts.remove(scope, upload_id, connection)
    try:
        with connection.transaction():
            done, periods = _ingest(scope, upload, connection, progress)
    except AyniError as error:
        done, periods = _failed(upload, error), ()
        uploads.set_rejected(scope, upload_id, (), connection)
    return Outcome(uploads.finish(scope, done, connection), tuple(sorted({*before, *periods})))


def _one_at_a_time(scope: Scope, connection: Connection) -> None:
    # Two uploads of one company side by side would each take the other's lines for new.
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 41))", [str(scope.company_id)])


def _ingest(scope: Scope, upload: Upload, connection: Connection, progress: Report) -> tuple[Upload, tuple[Period, ...]]:
    progress(Progress("reading"))
    table = open_table(path_of(scope, uploads.digest_of(scope, upload.id, connection)), scope.company.country)
    progress(Progress("mapping"))
    reading = understand(table, lambda layout: uploads.remembered(scope, layout, connection), scope.company.country)
    saving = facts.Saving(scope, upload.id, connection)
    occurrences, repeated, totals = identity.Occurrences(), 0, 0
    rejected: list[RejectedRow] = []
    days: set[date] = set()
    for rows in reading.rows():
        cleaned = clean(rows, reading, scope.company.timezone, scope.company.currency)
        rejected += _set_aside(cleaned.bad, reading)
        totals += cleaned.totals
        if cleaned.good.height:
            lines = _identified(cleaned.good, reading, occurrences)
            repeated += int((lines["occurrence"] > 0).sum())
            days |= {lines["sold_on"].min(), lines["sold_on"].max()}  # type: ignore[arg-type]
            saving.add(lines)
        progress(Progress("cleaning", saving.staged + len(rejected), saving.staged, len(rejected)))
    progress(Progress("saving", saving.staged + len(rejected), saving.staged, len(rejected)))
    new = saving.finish()
    uploads.set_rejected(scope, upload.id, rejected, connection)
    done = replace(
        upload, state="ready", rows_read=saving.staged + len(rejected), accepted=saving.staged,
        set_aside=len(rejected), already_known=saving.staged - new, possible_duplicates=repeated,
        first_day=min(days, default=None), last_day=max(days, default=None), layout=reading.layout,
        reading=reading.as_json(), error_code="", message="",
    )  # fmt: skip
    return replace(done, message=_message(done)), facts.touched(scope, upload.id, connection)


def _identified(lines: pl.DataFrame, reading: Reading, occurrences: identity.Occurrences) -> pl.DataFrame:
    have = set(lines.columns)
    folded = {
        "product": [f for f in ("product", "sku") if f in have],
        "customer": [f for f in ("customer_tax_id", "customer") if f in have],
        "branch": ["branch"] if "branch" in have else [],
    }
    parts = {p for p in ("clock", "order", "quantity") if p in have} | {p for p, fields in folded.items() if fields}
    view = lines.with_columns(
        *(_folded(lines.select(pl.coalesce(fields)).to_series()).alias(p) for p, fields in folded.items() if fields)
    )
    contents = view.select(identity.content(parts)).to_series()
    number = occurrences.number(contents)
    return lines.with_columns(identity.keys(contents, number), number.alias("occurrence"))


def _folded(values: pl.Series) -> pl.Series:
    return by_unique(values, lambda v: pl.DataFrame({"f": pl.Series([None if t is None else fold(t) for t in v.to_list()], dtype=pl.String)}))["f"]


def _set_aside(bad: pl.DataFrame, reading: Reading) -> list[RejectedRow]:
    if bad.is_empty():
        return []
    raw = reading.table.raw(bad["line"].to_list())
    return [RejectedRow(line, code.partition(":")[0], _reason(code, reading), raw.get(line, "")) for line, code in bad.select("line", "code").iter_rows()]


def _reason(code: str, reading: Reading) -> str:
    kind, _, field = code.partition(":")
    column = reading.header_of(field) or (BY_ID[field].name if field in BY_ID else "")
    return REASONS[kind].format(column=f"«{column}»")


def _message(done: Upload) -> str:
    count = plural(done.accepted, "línea", "líneas")
    aside = [plural(done.set_aside, "apartada", "apartadas")] if done.set_aside else []
    known = [f"{plural(done.already_known, 'ya la tenía', 'ya las tenía')}"] if done.already_known else []
    inside = ", ".join([count, *aside, *known])
    sheet = done.reading.get("sheet")
    return f"Usé {f'«{sheet}»' if sheet else join([done.filename])} ({inside})."


def _failed(upload: Upload, error: AyniError) -> Upload:
    return replace(
        upload, state="failed", rows_read=0, accepted=0, set_aside=0, already_known=0, possible_duplicates=0,
        first_day=None, last_day=None, error_code=error.code, message=error.spanish,
    )  # fmt: skip
