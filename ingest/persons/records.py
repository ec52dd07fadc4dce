"""What a company's facts and files hold about a person; correcting a name; keeping somebody out of analyses."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.db import Connection
from core.errors import BadInput, NotFound
from core.language import fold
from core.tenancy import Scope
from ingest import storing, uploads
from ingest.persons import files
from ingest.persons.person import Known, Person, plain_id
from ingest.types import Upload

BLOCK = 5_000


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as the dimension has them, with what hangs on them. `name` is the corrected one where there is one."""

    id: int
    name: str
    tax_id: str
    reserved: bool
    lines: int
    total: Decimal
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class InFile:
    """A person's traces in a stored original. `gone`: it can be neither read nor searched."""

    upload: Upload | None
    found: files.Found


def customers(who: Person, scope: Scope, connection: Connection) -> list[Customer]:
    """The customers that are this person: the same tax id, or the same name where no other tax id stands by it."""
    ids = [plain_id(t) for t in who.tax_ids]
    rows = connection.execute(
        "SELECT id, coalesce(corrected_name, name), coalesce(tax_id, ''), reserved, name, key FROM dim_customers "
        "WHERE company_id = %s",
        [scope.company_id],
    ).fetchall()
    names = {fold(n) for n in who.names}
    emails = set(who.emails)
    found = []
    for id_, told, tax, reserved, name, key in rows:
        by_id = bool(ids) and (plain_id(tax) in ids or plain_id(key) in ids)
        by_name = (fold(name) in names or fold(told) in names) and (not tax or not ids)
        if by_id or by_name or {fold(name), key} & emails:
            found.append((id_, told, tax, reserved))
    return [Customer(*row, *_bought(row[0], scope, connection)) for row in found]


def lines(ids: Sequence[int], scope: Scope, connection: Connection) -> Iterator[dict[str, Any]]:
    """What these customers bought, line by line, by day."""
    after: tuple[Any, ...] = (date.min, UUID(int=0))
    while True:
        rows = connection.execute(
            "SELECT f.sold_on, f.line_key, f.order_ref, f.kind, p.name, f.quantity, f.total, f.currency, s.name, "
            "h.name, f.seller, f.payment_method, f.city, c.name, c.tax_id, u.filename, f.source_line FROM fact_sales f "
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
    if upload.reading.get("book"):
        return as_goods(c["column"] for c in upload.reading.get("mapping", ()))
    return {m["column"]: m["field"] or "" for m in upload.reading.get("mapping", ())}


def as_goods(headers: Iterable[str]) -> dict[str, str]:
    """For files of expenses and stock: whoever is named leaves the cell, and the line stays as it is."""
    return dict.fromkeys(headers, "product")


def rectify(ids: Sequence[int], name: str, scope: Scope, connection: Connection) -> int:
    """Have these customers told by their right name from now on; how many were changed."""
    right = " ".join(name.split())
    if not 2 <= len(right) <= 200:
        raise BadInput("name", "Escribe el nombre correcto, de hasta 200 letras.")
    changed = connection.execute(
        "UPDATE dim_customers SET corrected_name = %s WHERE company_id = %s AND id = ANY(%s)",
        [right, scope.company_id, list(ids)],
    ).rowcount
    if not changed:
        raise NotFound("customer", "No encuentro a esa persona entre tus clientes.")
    return changed


def object_to(ids: Sequence[int], objects: bool, scope: Scope, connection: Connection) -> int:
    """Keep these customers out of every analysis by name, or let them in again; how many were changed."""
    return connection.execute(
        "UPDATE dim_customers SET reserved = %s WHERE company_id = %s AND id = ANY(%s)",
        [objects, scope.company_id, list(ids)],
    ).rowcount


def _bought(id_: int, scope: Scope, connection: Connection) -> tuple[int, Decimal, date | None, date | None]:
    row = connection.execute(
        "SELECT count(*), coalesce(sum(total), 0), min(sold_on), max(sold_on) FROM fact_sales "
        "WHERE company_id = %s AND customer_id = %s",
        [scope.company_id, id_],
    ).fetchone()
    assert row is not None
    return row[0], row[1], row[2], row[3]
