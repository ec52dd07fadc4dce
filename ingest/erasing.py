"""Erasing a person: their sales stay to the last digit, and nothing says any more whose they were.

The stored files lose them first, then the files are read again: so the lines that stay are known by what the files say
now, and a later export that overlaps them still doubles nothing. The person goes on as '(cliente eliminado 7)', a
customer of their own whom no analysis names, so that counts of customers stay exact too.
"""

import logging
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core.db import Connection
from core.errors import AyniError
from core.language import fold
from core.periods import Period
from core.tenancy import Scope
from ingest import processing, uploads
from ingest.persons import files, suppression
from ingest.persons.person import Known, Person, pattern
from ingest.persons.records import all_files, customers, fields_of

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Erased:
    """What was done: what the person is called now, and counts for the register. `touched` months changed; `kept`
    files could not be read again, so that their lines lost the person in place."""

    label: str
    customers: int = 0
    lines: int = 0
    files: int = 0
    rows: int = 0
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    touched: tuple[Period, ...] = ()


def erase(who: Person, scope: Scope, connection: Connection) -> Erased:
    """Take a person out of files, facts, dimension and rows set aside. Once more does no harm: it finds less."""
    processing.one_at_a_time(scope, connection)
    theirs = customers(who, scope, connection)
    label = suppression.label_of(who, scope, connection)
    label = label or suppression.next_label(scope, connection, bool(theirs))
    suppression.remember(who, label, scope, connection)
    done = Erased(label, customers=len(theirs), lines=sum(c.lines for c in theirs))
    ids = [c.id for c in theirs]
    changed = _files(who, done, scope, connection)
    with_lines = connection.execute(
        "SELECT DISTINCT upload_id FROM fact_sales WHERE company_id = %s AND customer_id = ANY(%s)",
        [scope.company_id, ids],
    ).fetchall()
    member = _pseudonym(label, scope, connection) if ids else None
    affected = changed | {row[0] for row in with_lines}
    before = _buyers(affected, scope, connection)
    done.touched = _read_again(affected, done, scope, connection)
    _drop_unnamed(before - set(ids), scope, connection)
    _in_place(ids, member, who, label, scope, connection)
    return done


def _files(who: Person, done: Erased, scope: Scope, connection: Connection) -> set[UUID]:
    """Rewrite the stored files; the uploads whose file changed."""
    changed: set[UUID] = set()
    for path, upload in list(all_files(scope, connection)):
        found = files.redact(path, Known(who, done.label), fields_of(upload))
        if not found:
            continue
        done.files += 1
        done.rows += len(found.lines)
        if found.removed:
            done.removed.append(upload.filename if upload else path.name)
        if upload is not None:
            changed.add(upload.id)
            uploads.mark_redacted(scope, upload.id, connection)
    return changed


def _pseudonym(label: str, scope: Scope, connection: Connection) -> int:
    row = connection.execute(
        "INSERT INTO dim_customers (company_id, key, name, reserved) VALUES (%s, %s, %s, true) "
        "ON CONFLICT (company_id, key) DO UPDATE SET reserved = true RETURNING id",
        [scope.company_id, fold(label), label],
    ).fetchone()
    assert row is not None
    return int(row[0])


def _buyers(ids: set[UUID], scope: Scope, connection: Connection) -> set[int]:
    rows = connection.execute(
        "SELECT DISTINCT customer_id FROM fact_sales WHERE company_id = %s AND upload_id = ANY(%s) "
        "AND customer_id IS NOT NULL",
        [scope.company_id, list(ids)],
    )
    return {row[0] for row in rows}


def _drop_unnamed(ids: set[int], scope: Scope, connection: Connection) -> None:
    """Customers whose lines all went over to the erased person: known by an address, they had a name and an id."""
    connection.execute(
        "DELETE FROM dim_customers d WHERE company_id = %s AND id = ANY(%s) AND NOT EXISTS (SELECT FROM fact_sales f "
        "WHERE f.company_id = d.company_id AND f.customer_id = d.id)",
        [scope.company_id, list(ids)],
    )


def _read_again(ids: set[UUID], done: Erased, scope: Scope, connection: Connection) -> tuple[Period, ...]:
    """Read the changed files once more, where that brings the same figures; else leave the lines as they stand."""
    ready = [u for u in uploads.uploads(scope, connection, limit=None) if u.id in ids and u.state == "ready"]
    if not ready:
        return ()
    before = _figures(scope, connection)
    try:
        with connection.transaction():
            touched = processing.read_again([u.id for u in ready], scope, connection)
            if _figures(scope, connection) != before:
                raise _Differs("differs", "Al leerlos de nuevo cambiarían las cifras.")
            return touched
    except AyniError as problem:
        logger.warning("%s: lines of an erased person lose them in place (%s)", scope.company.slug, problem.code)
        done.kept += [u.filename for u in ready]
        return tuple(sorted({p for u in ready for p in processing.months(scope, u.id, connection)}))


class _Differs(AyniError):
    """The files read once more would change what was sold."""


def _figures(scope: Scope, connection: Connection) -> tuple[Any, ...]:
    row = connection.execute(
        "SELECT count(*), sum(total), sum(quantity), sum(cost), sum(discount), "
        "(SELECT (count(*), sum(total))::text FROM fact_expenses WHERE company_id = %(company)s), "
        "(SELECT (count(*), sum(quantity))::text FROM fact_stock WHERE company_id = %(company)s) "
        "FROM fact_sales WHERE company_id = %(company)s",
        {"company": scope.company_id},
    ).fetchone()
    assert row is not None
    return row


def _in_place(
    ids: list[int], member: int | None, who: Person, label: str, scope: Scope, connection: Connection
) -> None:
    """What is left: lines that no file brings, the customer itself, the text of rows set aside."""
    parameters = {"company": scope.company_id, "ids": ids, "member": member, "label": label, "key": fold(label)}
    if member is not None:
        connection.execute(
            "UPDATE fact_sales SET customer_id = %(member)s WHERE company_id = %(company)s "
            "AND customer_id = ANY(%(ids)s) AND customer_id <> %(member)s",
            parameters,
        )
        connection.execute(
            "DELETE FROM dim_customers WHERE company_id = %(company)s AND id = ANY(%(ids)s) AND id <> %(member)s",
            parameters,
        )
    connection.execute(
        "UPDATE dim_customers SET tax_id = NULL, name = %(label)s, corrected_name = NULL, "
        "corrected_tax_id = NULL, corrected_city = NULL, corrected_country = NULL, reserved = true "
        "WHERE company_id = %(company)s AND key = %(key)s",
        parameters,
    )
    found = pattern(who)
    if found:  # a row set aside has no columns to tell by: all of it goes
        connection.execute(
            "UPDATE rejected_rows SET raw = %s WHERE company_id = %s AND raw ~* %s", [label, scope.company_id, found]
        )
