"""A table of sales -> facts, each line known by what it says, in the caller's one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import polars as pl

from core.countries import COUNTRIES
from core.db import Connection
from core.errors import AyniError
from core.language import fold
from core.tenancy import Scope
from ingest import facts, identity, persons, telling, uploads
from ingest.lines import by_unique, clean, spoken_currency, still_standing
from ingest.order_totals import with_line_amounts
from ingest.reading import Reading, understand
from ingest.tables import Table
from ingest.types import Progress, RejectedRow, Report, Upload


def save(
    scope: Scope, upload: Upload, table: Table, connection: Connection, progress: Report
) -> tuple[Upload, list[RejectedRow]]:
    """Put a table's sales beside those that are there: the upload as it came out, and the rows set aside. Raises
    `BadInput` where its columns can't be told."""
    progress(Progress("mapping"))
    posing = telling.posing(upload.filename, table)
    try:
        reading = understood(table, scope, connection)
    except AyniError as error:
        error.message = f"{posing} {error.message}".strip()
        raise
    parts = _parts(reading)
    kin = _kin(scope, upload, parts, connection)
    standing = still_standing(reading)
    before, currency = _currency(scope, reading, connection)
    occurrences, repeated, totals, cancelled = identity.Occurrences(), 0, 0, 0
    rejected: list[RejectedRow] = []
    days: set[date] = set()
    with facts.Saving(scope, upload.id, connection, borrowed_keys=bool(kin)) as saving:
        for rows in reading.rows():
            cleaned = clean(rows, reading, scope.company.timezone, currency, standing)
            rejected += _set_aside(cleaned.bad, reading)
            totals += cleaned.totals
            if cleaned.good.height:
                lines = _identified(cleaned.good, parts, occurrences, kin)
                repeated += int((lines["occurrence"] > 0).sum())
                cancelled += int(lines["cancelled"].sum())
                days |= {lines["sold_on"].min(), lines["sold_on"].max()}  # type: ignore[arg-type]
                saving.add(lines)
            progress(Progress("cleaning", saving.staged + len(rejected), saving.staged, len(rejected)))
        progress(Progress("saving", saving.staged + len(rejected), saving.staged, len(rejected)))
        new = saving.finish()
    persons.hold_corrections(scope, connection, upload.id)
    files = [(uploads.upload(scope, u, connection).filename, count) for u, count in saving.known.items()]
    told = telling.told(reading, totals, cancelled, repeated, telling.known(files, parts))
    if currency != before:
        told["notes"].append(telling.currency(currency))
    if posing:
        told["notes"].insert(0, posing)
    done = replace(
        upload, state="ready", rows_read=saving.staged + len(rejected), accepted=saving.staged,
        set_aside=len(rejected), already_known=saving.staged - new, possible_duplicates=repeated,
        first_day=min(days, default=None), last_day=max(days, default=None), layout=reading.layout,
        reading={**told, "identity": sorted(parts)}, error_code="", message="",
    )  # fmt: skip
    return replace(done, message=telling.message(done)), rejected


def understood(table: Table, scope: Scope, connection: Connection) -> Reading:
    """How a table of sales is read, the owner's own mapping first. Raises `BadInput`."""
    return with_line_amounts(
        understand(table, lambda layout: uploads.remembered(scope, layout, connection), scope.company.country)
    )


def _currency(scope: Scope, reading: Reading, connection: Connection) -> tuple[str, str]:
    """The company's currency, before this file and with it. The first file decides it, where all its amounts say one
    and the same other: from then on, an amount in any other is set aside, for sums over two currencies mean nothing.
    """
    row = connection.execute("SELECT currency FROM companies WHERE id = %s", [scope.company_id]).fetchone()
    own = str(row[0]) if row else scope.company.currency  # an earlier file may have decided it since the login
    if connection.execute("SELECT 1 FROM fact_sales WHERE company_id = %s LIMIT 1", [scope.company_id]).fetchone():
        return own, own
    local = COUNTRIES[scope.company.country].currency if scope.company.country in COUNTRIES else own
    first = next(iter(reading.rows()), None)
    spoken = local if first is None else spoken_currency(first, local)
    if spoken != own:
        connection.execute("UPDATE companies SET currency = %s WHERE id = %s", [spoken, scope.company_id])
    return own, spoken


_FOLDED = {"product": ("product", "sku"), "customer": ("customer", "customer_tax_id"), "branch": ("branch",)}


def _parts(reading: Reading) -> frozenset[str]:
    """The parts of a line's identity that this file carries."""
    have = reading.fields.keys()
    folded = {part for part, fields in _FOLDED.items() if have & set(fields) or (part == "branch" and part in have)}
    return frozenset({p for p in ("order", "quantity") if p in have} | folded | ({"clock"} if reading.timed else set()))


def _identified(
    lines: pl.DataFrame, parts: frozenset[str], occurrences: identity.Occurrences, kin: Sequence[identity.Kin] = ()
) -> pl.DataFrame:
    """Lines with their `line_key` and `occurrence`; one that an export with more or fewer columns brought already
    takes the key it has there."""
    have = set(lines.columns)
    names = {part: [f for f in fields if f in have] for part, fields in _FOLDED.items()}
    view = lines.with_columns(
        *(_folded(lines.select(pl.coalesce(fields)).to_series()).alias(p) for p, fields in names.items() if fields)
    )
    contents = view.select(identity.content(parts & set(view.columns))).to_series()
    number = occurrences.number(contents)
    own = identity.keys(contents, number)
    for other in kin:
        own = pl.select(pl.coalesce(other.keys_of(view), own)).to_series().alias("line_key")
    return lines.with_columns(own, number.alias("occurrence"))


def _kin(scope: Scope, upload: Upload, parts: frozenset[str], connection: Connection) -> list[identity.Kin]:
    """The lines of uploads that carry the same sales with more or fewer columns, by what both carry. Only where that
    is enough to tell one sale from another: its number, or its product to the minute."""
    by_parts: dict[frozenset[str], list[UUID]] = {}
    for other in uploads.uploads(scope, connection, limit=None):
        theirs = frozenset(other.reading.get("identity", ()))
        shared = theirs & parts
        strong = "order" in shared or {"clock", "product"} <= shared
        if (
            other.state == "ready"
            and other.id != upload.id
            and theirs != parts
            and strong
            and shared in (theirs, parts)
        ):
            by_parts.setdefault(shared, []).append(other.id)
    kin = []
    for shared, ids in by_parts.items():
        lines = facts.stored(scope, ids, connection)
        view = lines.with_columns(_folded(lines[p]).alias(p) for p in _FOLDED)
        kin.append(identity.Kin(shared, view))
    return kin


def _folded(values: pl.Series) -> pl.Series:
    return by_unique(
        values,
        lambda v: pl.DataFrame(
            {"f": pl.Series([None if t is None else fold(t) for t in v.to_list()], dtype=pl.String)}
        ),
    )["f"]


def _set_aside(bad: pl.DataFrame, reading: Reading) -> list[RejectedRow]:
    if bad.is_empty():
        return []
    raw = reading.table.raw(bad["line"].to_list())
    return [
        RejectedRow(line, code.partition(":")[0], telling.reason(code, line, reading), raw.get(line, ""))
        for line, code in bad.select("line", "code").iter_rows()
    ]
