"""What a company's facts and files hold about a person; correcting it; keeping somebody out of analyses."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from core import tax_id
from core.db import Connection
from core.errors import BadInput, NotFound
from core.language import fold
from core.periods import Grain, Period
from core.tenancy import Scope
from ingest import storing, uploads
from ingest.merging import readings
from ingest.persons import files
from ingest.persons.person import Known, Person, joined, plain_id
from ingest.types import Upload

BLOCK = 5_000


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as the dimension has them, with what hangs on them: each datum the corrected one where there is one,
    `cities` as their lines say."""

    id: int
    name: str
    tax_id: str
    reserved: bool
    cities: tuple[str, ...]
    lines: int
    total: Decimal
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a rectification says; '' leaves a datum as it is."""

    name: str = ""
    tax_id: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class InFile:
    """A person's traces in a stored original. `gone`: it can be neither read nor searched."""

    upload: Upload | None
    found: files.Found


def customers(who: Person, scope: Scope, connection: Connection) -> list[Customer]:
    """The customers that are this person: the same tax id, or the same name where no other tax id stands by it."""
    ids = [plain_id(t) for t in who.tax_ids]
    rows = connection.execute(
        "SELECT id, coalesce(corrected_name, name), coalesce(corrected_tax_id, tax_id, ''), reserved, name, "
        "coalesce(tax_id, ''), key FROM dim_customers WHERE company_id = %s",
        [scope.company_id],
    ).fetchall()
    names = {fold(n) for n in who.names}
    emails = set(who.emails)
    found = []
    for id_, told, tax, reserved, name, filed, key in rows:
        by_id = any(plain_id(one) in ids for one in (tax, filed, key))
        by_name = (fold(name) in names or fold(told) in names) and (not tax or not ids)
        if by_id or by_name or {fold(name), key} & emails:
            found.append((id_, told, tax, reserved))
    return [Customer(*row, *_bought(row[0], scope, connection)) for row in found]


def lines(ids: Sequence[int], scope: Scope, connection: Connection) -> Iterator[dict[str, Any]]:
    """What these customers bought, line by line, by day."""
    after: tuple[Any, ...] = (date.min, UUID(int=0))
    while True:
        rows = connection.execute(
            "SELECT f.sold_on, f.line_key, f.order_ref, CASE f.kind WHEN 'return' THEN 'devolución' ELSE 'venta' END, "
            "p.name, f.quantity, f.total, f.currency, s.name, h.name, f.seller, f.payment_method, f.city, "
            "coalesce(c.corrected_name, c.name), coalesce(c.corrected_tax_id, c.tax_id), u.filename, f.source_line "
            "FROM fact_sales f "
            "JOIN dim_customers c ON c.company_id = f.company_id AND c.id = f.customer_id "
            "LEFT JOIN dim_products p ON p.company_id = f.company_id AND p.id = f.product_id "
            "LEFT JOIN dim_stores s ON s.company_id = f.company_id AND s.id = f.store_id "
            "LEFT JOIN dim_channels h ON h.company_id = f.company_id AND h.id = f.channel_id "
            "LEFT JOIN uploads u ON u.company_id = f.company_id AND u.id = f.upload_id "
            "WHERE f.company_id = %s AND f.customer_id = ANY(%s) AND (f.sold_on, f.line_key) > (%s, %s) "
            "ORDER BY f.sold_on, f.line_key LIMIT %s",
            [scope.company_id, list(ids), *after, BLOCK],
        ).fetchall()
        for row in rows:
            yield dict(zip(COLUMNS, (row[0], *row[2:]), strict=True))
        if len(rows) < BLOCK:
            return
        after = (rows[-1][0], rows[-1][1])


COLUMNS = (
    "fecha", "venta", "tipo", "producto", "cantidad", "total", "moneda", "sucursal", "canal", "vendedor",
    "medio_de_pago", "ciudad", "cliente", "rut", "archivo", "línea",
)  # fmt: skip


def stored_files(who: Person, scope: Scope, connection: Connection) -> Iterator[InFile]:
    """The stored originals that speak of a person, those of undone and failed uploads included."""
    for path, upload in all_files(scope, connection):
        found = files.search(path, Known(who, "x"), fields_of(upload))
        if found:
            yield InFile(upload, found)


def all_files(scope: Scope, connection: Connection) -> Iterator[tuple[Any, Upload | None]]:
    """Every file that lies in the company's folder, with the latest upload of its bytes."""
    by_path = {
        storing.path_of(scope, uploads.digest_of(scope, u.id, connection)): u
        for u in reversed(uploads.uploads(scope, connection, limit=None))
    }
    folder = storing.folder_of(scope)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file():
            yield path, by_path.get(path)


def fields_of(upload: Upload | None) -> dict[str, str]:
    """Header -> field, as an upload was read."""
    if upload is None:
        return {}
    fields: dict[str, str] = {}
    for reading in reversed(readings(upload)):  # what a table of sales says of a header goes before a book's
        columns = reading.get("mapping", ())
        book = reading.get("book")
        fields |= as_goods(c["column"] for c in columns) if book else {c["column"]: c["field"] or "" for c in columns}
    return fields


def as_goods(headers: Iterable[str]) -> dict[str, str]:
    """For files of expenses and stock: whoever is named leaves the cell, and the line stays as it is."""
    return dict.fromkeys(headers, "product")


def ambiguous(found: Sequence[Customer], who: Person) -> bool:
    """Whether a name alone was said and several ids go by it: these are different people. Pure."""
    return not who.tax_ids and not who.emails and len({plain_id(c.tax_id) for c in found if c.tax_id}) > 1


def widened(who: Person, scope: Scope, connection: Connection) -> Person:
    """The person with all else that their record says they are called, so that a text that says their name is found by
    their id. A name that somebody with another id has too, or of a single word, adds nothing; who is on record by that
    name alone is taken for them."""
    mine = customers(who, scope, connection)
    if ambiguous(mine, who):
        return who
    rows = connection.execute(
        "SELECT id, name, corrected_name, tax_id, corrected_tax_id FROM dim_customers WHERE company_id = %s",
        [scope.company_id],
    ).fetchall()
    ids = {c.id for c in mine}
    others = {fold(t) for id_, name, right, *taxes in rows if id_ not in ids and any(taxes) for t in (name, right) if t}
    told = [text for id_, *texts in rows if id_ in ids for text in texts if text]
    return joined(who, (text for text in told if fold(text) not in others), scope.company.country)


def correct(ids: Sequence[int], right: Correction, scope: Scope, connection: Connection) -> tuple[Period, ...]:
    """Have these customers told by what is right from now on, their purchases' city and country included; the months
    whose figures it touches. What files say stays as it is, for by that their lines are known again. BadInput for what
    can't be, NotFound where nobody is."""
    name, city, country = (" ".join(text.replace("\0", "").split()) for text in (right.name, right.city, right.country))
    tax = tax_id.normal(right.tax_id, scope.company.country)
    if not any((name, tax, city, country)):
        raise BadInput("correction", "Escribe qué dato corregir.")
    if name and not 2 <= len(name) <= 200:
        raise BadInput("name", "Escribe el nombre correcto, de hasta 200 letras.")
    if len(city) > 100 or len(country) > 100:
        raise BadInput("place", "Escribe la ciudad o el país, de hasta 100 letras.")
    changed = connection.execute(
        "UPDATE dim_customers SET corrected_name = coalesce(nullif(%s, ''), corrected_name), "
        "corrected_tax_id = coalesce(nullif(%s, ''), corrected_tax_id), "
        "corrected_city = coalesce(nullif(%s, ''), corrected_city), "
        "corrected_country = coalesce(nullif(%s, ''), corrected_country) WHERE company_id = %s AND id = ANY(%s)",
        [name, tax, city, country, scope.company_id, list(ids)],
    ).rowcount
    if not changed:
        raise NotFound("customer", "No encuentro a esa persona entre tus clientes.")
    if city or country:
        hold_corrections(scope, connection)
    return months(ids, scope, connection)


def hold_corrections(scope: Scope, connection: Connection, upload_id: UUID | None = None) -> None:
    """Put right the places in the lines of customers who were corrected: in all lines, or in those of one file."""
    connection.execute(
        "UPDATE fact_sales f SET city = coalesce(c.corrected_city, f.city), "
        "country = coalesce(c.corrected_country, f.country) FROM dim_customers c "
        "WHERE f.company_id = %(company)s AND c.company_id = %(company)s AND c.id = f.customer_id "
        "AND (c.corrected_city IS NOT NULL OR c.corrected_country IS NOT NULL) "
        "AND (%(upload)s::uuid IS NULL OR f.upload_id = %(upload)s)",
        {"company": scope.company_id, "upload": upload_id},
    )


def months(ids: Sequence[int], scope: Scope, connection: Connection) -> tuple[Period, ...]:
    """The months in which these customers bought."""
    rows = connection.execute(
        "SELECT DISTINCT date_trunc('month', sold_on)::date FROM fact_sales WHERE company_id = %s "
        "AND customer_id = ANY(%s) ORDER BY 1",
        [scope.company_id, list(ids)],
    ).fetchall()
    return tuple(Period.of(Grain.month, row[0]) for row in rows)


def object_to(ids: Sequence[int], objects: bool, scope: Scope, connection: Connection) -> int:
    """Keep these customers out of every analysis by name, or let them in again; how many were changed."""
    return connection.execute(
        "UPDATE dim_customers SET reserved = %s WHERE company_id = %s AND id = ANY(%s)",
        [objects, scope.company_id, list(ids)],
    ).rowcount


def _bought(id_: int, scope: Scope, connection: Connection) -> tuple[Any, ...]:
    """A customer's cities, lines, total, first and last day."""
    row = connection.execute(
        "SELECT array_agg(DISTINCT concat_ws(', ', city, country)) FILTER (WHERE city IS NOT NULL OR country IS NOT "
        "NULL), count(*), coalesce(sum(total), 0), min(sold_on), max(sold_on) FROM fact_sales "
        "WHERE company_id = %s AND customer_id = %s",
        [scope.company_id, id_],
    ).fetchone()
    assert row is not None
    return tuple(row[0] or ()), *row[1:]
