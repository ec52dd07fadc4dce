"""The proof: after somebody is erased, the whole database and the data folder know neither their id nor their name."""

import asyncio
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

import assistant
import features
from core import db
from core.db.connect import admin_address
from core.periods import Period
from core.settings import settings
from core.tenancy import Scope
from features.query import Query
from ingest import persons
from server import jobs, uploads
from server.downloads import company_zip
from server.privacy import everywhere, register
from tests.server.conftest import Person, finish_jobs

HEAD = "Fecha;Boleta;Cliente;RUT Cliente;Correo;Producto;Sucursal;Vendedor;Cantidad;Total;Notas\n"
NAME, RUT, MAIL = "Fidelia Quintrileo Paz", "12.345.678-5", "fidelia@correo.cl"
TODAY = datetime.now(ZoneInfo("America/Santiago")).date()  # by UTC it is tomorrow there in the evening
WORDS = ("fidelia", "quintrileo", "12.345.678-5", "12345678-5", "12345678.5")


def lines() -> str:
    rows = [
        f"{day:02}/{month:02}/2026;{month}{day};{NAME};{RUT};{MAIL};Pan;Talca;Eva;1;1000;"
        for month in (8, 9, 10)
        for day in (1, 9, 17, 25)
    ]
    rows += [
        f"{day:02}/{month:02}/2026;9{month}{day};Pedro Rojas;11.111.111-1;;Kuchen;Curicó;{NAME};2;5000;"
        for month in (8, 9, 10)
        for day in range(1, 29)
    ]
    rows.append(f"30/10/2026;77;{NAME};{RUT};{MAIL};Pan;Talca;Eva;1;no sé;llamar")
    return HEAD + "\n".join(rows) + "\n"


def everything(company: Any) -> Iterator[tuple[str, str]]:
    """Each row of each table that speaks of the words, as the superuser, whom no policy hides anything from."""
    with psycopg.connect(admin_address()) as connection:
        tables = connection.execute(
            "SELECT c.relname, EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid "
            "AND k.attname = 'company_id') FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace "
            "AND c.relkind = 'r'"
        ).fetchall()
        for table, owned in tables:
            query = SQL("SELECT t::text FROM {t} t WHERE t::text ~* %s").format(t=Identifier(table))
            if owned:
                query = SQL("{q} AND company_id = %s").format(q=query)
            for row in connection.execute(query, ["|".join(WORDS), company] if owned else ["|".join(WORDS)]):
                yield table, row[0]


def stored(company: UUID) -> Iterator[str]:
    """Every file that Ayni wrote, but the database's own pages and what other tests' companies have in theirs."""
    for path in settings().data_dir.rglob("*"):
        others = [part for part in path.parts if re.fullmatch(r"[0-9a-f-]{36}", part) and part != str(company)]
        if path.is_file() and "postgres" not in path.parts and not others:
            data = path.read_bytes()
            texts = [data.decode("utf-8", "ignore"), data.decode("utf-16", "ignore")]
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as book:
                    texts += [book.read(name).decode("utf-8", "ignore") for name in book.namelist()]
            if any(word in text.lower() for text in texts for word in WORDS):
                yield str(path)


def figures(scope: Scope) -> list[Any]:
    period = Period(date(2026, 1, 1), date(2026, 12, 31))
    query = Query(("sales", "transactions", "units", "active_customers"), period)
    with db.tenant(scope) as connection:
        return [
            [r.value for r in features.run(query, scope, connection).rows],
            connection.execute("SELECT sold_on, count(*), sum(total) FROM fact_sales GROUP BY 1 ORDER BY 1").fetchall(),
        ]


@pytest.fixture
def talked_about(owner: Person, no_queue: list[object]) -> Person:
    """Somebody's data wherever an owner's work leaves it."""
    scope = owner.scope
    uploads.receive(scope, "ventas.csv", io.BytesIO(lines().encode()))
    finish_jobs(scope, at_once=True)
    for question in (f"¿cuánto me compró {NAME} en octubre?", f"¿y {RUT}?", "¿quiénes son mis mejores clientes?"):
        asyncio.run(assistant.answer(assistant.Question(question, conversation="c1"), scope))
    with db.tenant(scope) as connection:
        company, user = scope.company_id, scope.user_id
        connection.execute(
            "INSERT INTO chat_threads (company_id, user_id, id, name) VALUES (%s, %s, 't', %s)", [company, user, NAME]
        )
        connection.execute(
            "INSERT INTO chat_steps (company_id, user_id, id, thread_id, body) VALUES (%s, %s, 's', 't', %s)",
            [company, user, Jsonb({"output": f"«{NAME}» ({RUT}) compró $1.000", "deep": [{"x": MAIL}]})],
        )
        connection.execute(
            "INSERT INTO chunks (company_id, kind, key, title, text) VALUES (%s, 'insight', 'k', 'Cliente', %s)",
            [company, f"Dejó de venir {NAME.upper()}."],
        )
        connection.execute(
            "INSERT INTO insights (company_id, key, rule, period_start, period_end, score, body) "
            "VALUES (%s, 'k', 'r', '2026-10-01', '2026-10-31', 1, %s)",
            [company, Jsonb({"title": f"{NAME} no vuelve"})],
        )
        connection.execute(
            "INSERT INTO exchanges (company_id, user_id, channel, question, answer, planner) "
            "VALUES (%s, %s, 'web', %s, %s, 'rules')",
            [company, user, f"¿qué le vendí a {NAME}?", Jsonb({"text": f"A {NAME}, $1.000", "status": "answered"})],
        )
    with db.channel() as connection:
        connection.execute(
            "INSERT INTO whatsapp_inbox (wamid, sender, sent_at, message, state, answered_for, answered_user) "
            "VALUES (%s, '56900000000', now(), %s, 'done', %s, %s)",
            [f"wamid.{scope.company_id}", Jsonb({"text": {"body": f"¿y {NAME}?"}}), company, user],
        )
    with db.tenant(scope) as connection:
        export = company_zip.ask(scope, connection)
        jobs.enqueue(scope, "export", {"export": str(export)}, connection)
    finish_jobs(scope, at_once=True)
    return owner


def test_nothing_anywhere_says_who_it_was(talked_about: Person):
    scope = talked_about.scope
    spoke = {table for table, _ in everything(scope.company_id)}
    assert {"fact_sales", "dim_customers", "rejected_rows", "chat_steps", "chat_threads", "chunks", "exchanges",
            "insights", "metric_values", "whatsapp_inbox"} <= spoke  # fmt: skip
    assert list(stored(scope.company_id))
    before = figures(scope)
    who = persons.person([NAME], [RUT], [MAIL], "CL")
    with db.tenant(scope) as connection:
        request = register.add("deletion", who, TODAY, scope, connection)
        jobs.enqueue(scope, "forget", {"request": str(request.id)}, connection)
    finish_jobs(scope, at_once=True)
    with db.tenant(scope) as connection:
        after = register.one(request.id, scope, connection)
    assert (after.state, after.person, after.subject) == ("done", {}, "(cliente eliminado 1)")
    assert list(everything(scope.company_id)) == []
    assert list(stored(scope.company_id)) == []
    assert figures(scope) == before
    # The file once more, and a new one: nobody is back.
    _, job = uploads.receive(scope, "ventas.csv", io.BytesIO(lines().encode()))
    assert job is None
    more = lines() + f"31/10/2026;99;{NAME};;;Pan;Talca;Eva;1;700;de {NAME}\n"
    uploads.receive(scope, "todo.csv", io.BytesIO(more.encode()))
    finish_jobs(scope, at_once=True)
    assert list(everything(scope.company_id)) == []
    assert list(stored(scope.company_id)) == []
    # The register still knows that it was done, when somebody asks for them again.
    with db.tenant(scope) as connection:
        assert persons.label_of(who, scope, connection) == "(cliente eliminado 1)"


def test_what_others_keep_is_not_touched(talked_about: Person, person: Any):
    other = person()
    uploads.receive(other.scope, "ventas.csv", io.BytesIO(lines().encode()))
    finish_jobs(other.scope, at_once=True)
    spoke = sorted(everything(other.scope.company_id))
    with db.tenant(talked_about.scope) as connection:
        everywhere.clear(persons.person([NAME], [RUT], [], "CL"), "(x)", talked_about.scope, connection)
    assert sorted(everything(other.scope.company_id)) == spoke


def test_every_table_of_text_may_be_cleared(scope: Scope):
    """A table whose text nobody may change would keep a person for ever."""
    with db.tenant(scope) as connection:
        stuck = [
            (place.table, name)
            for place in everywhere.places(connection)
            for name, _ in place.columns
            if not any(
                connection.execute("SELECT has_column_privilege(%s, %s, 'UPDATE') OR has_table_privilege(%s, 'DELETE')",
                                   [place.table, name, place.table]).fetchone() or (False,)
            )
        ]  # fmt: skip
    assert stuck == []


def test_an_erased_person_is_not_erased_twice(talked_about: Person):
    scope = talked_about.scope
    who = persons.person([NAME], [RUT], [], "CL")
    for _ in range(2):
        with db.tenant(scope) as connection:
            request = register.add("deletion", who, TODAY, scope, connection)
            jobs.enqueue(scope, "forget", {"request": str(request.id)}, connection)
        finish_jobs(scope, at_once=True)
    with db.tenant(scope) as connection:
        found = register.all_of(scope, connection)
    assert [(r.state, r.subject) for r in found] == [("done", "(cliente eliminado 1)")] * 2
