"""Every text that a company's tables hold, whoever made the table: searched for a person, and cleared of them.

The tables are asked of the database itself, so that a table added tomorrow is not forgotten. Facts, dimensions, files
and rows set aside are cleared by `ingest.erase` before; chunks by `retrieval.forget`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from core.db import Connection
from core.tenancy import Scope
from ingest import persons

DERIVED = frozenset({"insights", "metric_values"})
"""Made anew by the next refresh: what speaks of the person is dropped."""
ELSEWHERE = frozenset({"memberships", "suppressions", "benchmark_ranks"})
"""Who signs in, hashes, and our own words for what is compared: nothing of the persons in the data."""
NUMBERS = frozenset({("fact_sales", "order_ref"), ("fact_sales", "line_key"), ("fact_sales", "currency")})
CASTS = {"text": SQL(""), "character varying": SQL(""), "jsonb": SQL("::jsonb"), "text[]": SQL("::text[]")}
MOST_EXCERPTS = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A table's text columns, as (name, type). `personal`: each row is its own user's alone."""

    table: str
    columns: tuple[tuple[str, str], ...]
    personal: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """A row that speaks of the person: where, how many such rows, and what some of them say."""

    table: str
    rows: int
    excerpts: tuple[str, ...]


def mentions(who: persons.Person, scope: Scope, connection: Connection, quick: bool = False) -> list[Mention]:
    """Where a person is spoken of beside facts, customers and files. `quick` passes over the facts' own texts."""
    found: dict[str, Mention] = {}
    for place, said in _asked(who, scope, connection):
        if place.table == "dim_customers" or (quick and place.table in ("fact_sales", "sales_mart")):
            continue
        rows = connection.execute(
            SQL("SELECT left({text}, 2000), count(*) OVER () FROM {table} WHERE company_id = %s AND {found} LIMIT %s")
            .format(text=_text(place), table=Identifier(place.table), found=_matches(place)),
            [scope.company_id, *[said] * len(place.columns), MOST_EXCERPTS],
        ).fetchall()  # fmt: skip
        if rows:
            before = found.get(place.table, Mention(place.table, 0, ()))
            texts = (*before.excerpts, *(row[0] for row in rows))[:MOST_EXCERPTS]
            found[place.table] = Mention(place.table, before.rows + rows[0][1], texts)
    return list(found.values())


def clear(who: persons.Person, label: str, scope: Scope, connection: Connection) -> dict[str, int]:
    """Put `label` where the person stood, in every table; how many rows of each changed. What can't be changed goes."""
    changed: dict[str, int] = {}
    for place, said in _asked(who, scope, connection):
        table = Identifier(place.table)
        parameters = [scope.company_id, *[said] * len(place.columns)]
        delete = SQL("DELETE FROM {table} WHERE company_id = %s AND {found}").format(table=table, found=_matches(place))
        if place.table in DERIVED:
            rows = connection.execute(delete, parameters).rowcount
        else:
            update = SQL("UPDATE {table} SET {new} WHERE company_id = %s AND {found}").format(
                table=table, new=SQL(", ").join(_replaced(n, t) for n, t in place.columns), found=_matches(place)
            )
            try:
                with connection.transaction():
                    values = [value for _ in place.columns for value in (said, label)]
                    rows = connection.execute(update, [*values, *parameters]).rowcount
            except (
                psycopg.errors.UniqueViolation,  # two spellings became one
                psycopg.errors.CheckViolation,
                psycopg.errors.InsufficientPrivilege,  # a log that is only added to
            ):
                rows = connection.execute(delete, parameters).rowcount
        if rows:
            changed[place.table] = changed.get(place.table, 0) + rows
    return changed


def places(connection: Connection) -> list[Place]:
    """The tables that belong to companies, with their columns of text."""
    rows = connection.execute(
        "SELECT c.relname, array_agg(a.attname ORDER BY a.attnum), array_agg(format_type(a.atttypid, null) "
        "ORDER BY a.attnum), EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname "
        "AND p.qual LIKE '%app.user_id%' AND 'ayni_app' = ANY(p.roles)) "
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attgenerated = '' "
        "AND a.atttypid IN ('text'::regtype, 'jsonb'::regtype, 'text[]'::regtype, 'varchar'::regtype) "
        "AND EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attname = 'company_id') "
        "AND has_table_privilege(c.oid, 'SELECT') GROUP BY c.oid, c.relname ORDER BY c.relname"
    ).fetchall()
    return [
        Place(table, tuple((n, t) for n, t in zip(names, types, strict=True) if (table, n) not in NUMBERS), personal)
        for table, names, types, personal in rows
        if table not in ELSEWHERE
    ]


def _asked(who: persons.Person, scope: Scope, connection: Connection) -> Iterator[tuple[Place, str]]:
    """Each table with the expression to look for; those of each person's own, once as each person."""
    loose, strict = persons.pattern(who), persons.pattern(who, loose=False)
    if not loose:  # a name of one word: texts are left alone
        return
    found = places(connection)
    for place in found:
        if not place.personal:
            yield place, strict if place.table in ("fact_sales", "sales_mart") else loose
    for user_id in people(scope, connection):
        with seen_by(user_id, connection):
            for place in found:
                if place.personal:
                    yield place, loose


def people(scope: Scope, connection: Connection) -> list[UUID]:
    """Whoever may have something of their own in the company: its members, and who left a chat behind."""
    rows = connection.execute(
        "SELECT user_id FROM memberships WHERE company_id = %s UNION SELECT chat_people()", [scope.company_id]
    ).fetchall()
    return [row[0] for row in rows]


@contextmanager
def seen_by(user_id: UUID | None, connection: Connection) -> Iterator[None]:
    """The connection sees what each person has for themselves as `user_id` does; then again as before."""
    before = connection.execute("SELECT coalesce(current_setting('app.user_id', true), '')").fetchone()
    connection.execute("SELECT set_config('app.user_id', %s, true)", [str(user_id or "")])
    yield
    connection.execute("SELECT set_config('app.user_id', %s, true)", [before[0] if before else ""])


def _matches(place: Place) -> Composed:
    return SQL("({any})").format(
        any=SQL(" OR ").join(SQL("{c}::text ~* %s").format(c=Identifier(n)) for n, _ in place.columns)
    )


def _replaced(name: str, kind: str) -> Composed:
    return SQL("{c} = regexp_replace({c}::text, %s, %s, 'gi'){cast}").format(c=Identifier(name), cast=CASTS[kind])


def _text(place: Place) -> Composed:
    return SQL("concat_ws(' · ', {columns})").format(
        columns=SQL(", ").join(SQL("{c}::text").format(c=Identifier(n)) for n, _ in place.columns)
    )
