"""A company's whole copy, and its end: told to all, undone at will, and then nothing remains."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from email.utils import getaddresses
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from core import auth, db
from core.db.connect import admin_address
from core.settings import settings
from core.tenancy import Role
from server import jobs, leaving, uploads
from server.channels import email
from server.downloads import company_zip
from tests.server.conftest import SALES, Person, finish_jobs


@pytest.fixture
def keeper(owner: Person, no_queue: list[object]) -> Person:
    upload_id, _ = uploads.receive(owner.scope, "ventas.csv", io.BytesIO(SALES.encode()))
    jobs.settle(owner.scope, upload_id)
    return owner


def copy_of(person: Person) -> str:
    person.browser.post("/cierre/copias")
    assert "Esperando su turno" in person.browser.get("/cierre").text
    assert person.browser.post("/cierre/copias").status_code == 409
    finish_jobs(person.scope)
    with db.tenant(person.scope) as connection:
        export = company_zip.exports(person.scope, connection)[0]
    assert (export.state, export.parts_done) == ("ready", export.parts)
    return f"/cierre/copias/{export.id}.zip"


def test_no_table_of_the_copy_runs_in_a_spreadsheet(owner: Person, no_queue: list[object]):
    upload_id, _ = uploads.receive(owner.scope, "ventas.csv", io.BytesIO(SALES.replace("Pan", "=1+1 Pan").encode()))
    jobs.settle(owner.scope, upload_id)
    got = owner.browser.get(copy_of(owner))
    with zipfile.ZipFile(io.BytesIO(got.content)) as book:
        tables = {n: book.read(n).decode() for n in book.namelist() if n.startswith("tablas/")}
    assert "'=1+1 Pan" in tables["tablas/dim_products.csv"]
    assert not [name for name, text in tables.items() if re.search(r'(^|,)"?[=@]', text, re.M)]


def test_the_copy_has_everything_and_its_link_ends(keeper: Person, person: Callable[..., Person]):
    where = copy_of(keeper)
    got = keeper.browser.get(where)
    with zipfile.ZipFile(io.BytesIO(got.content)) as book:
        names = book.namelist()
        assert book.testzip() is None
        assert pl.read_parquet(book.read("conjuntos/ventas.parquet")).height == 3
        assert book.read("originales/0001-ventas.csv") == SALES.encode()
        assert b"token_sha256" not in b"".join(book.read(n).split(b"\n")[0] for n in names if n.startswith("tablas/"))
    assert {"LEEME.txt", "conjuntos/ventas.csv", "tablas/fact_sales.csv", "tablas/audit_log.csv"} <= set(names)
    assert not any("api_tokens" in n for n in names)
    assert person().browser.get(where).status_code == 404
    later = datetime.now(UTC) + timedelta(days=company_zip.DAYS, minutes=1)
    with db.tenant(keeper.scope) as connection:
        assert company_zip.drop_expired(keeper.scope, connection, later) == 1
    assert keeper.browser.get(where).status_code == 404
    assert list(company_zip.folder(keeper.scope).iterdir()) == []


def test_the_copy_has_the_askers_own_chats_and_is_theirs_alone(keeper: Person, person: Callable[..., Person]):
    scope, mate = keeper.scope, person(Role.owner, keeper.scope)
    for one, word in ((keeper, "mío"), (mate, "ajeno")):
        with db.tenant(one.scope) as connection:
            company, user = scope.company_id, one.scope.user_id
            connection.execute(
                "INSERT INTO chat_threads (company_id, user_id, id, name) VALUES (%s, %s, %s, %s)",
                [company, user, word, f"chat {word}"],
            )
            connection.execute(
                "INSERT INTO exchanges (company_id, user_id, channel, question, answer, planner) "
                "VALUES (%s, %s, 'web', %s, '{}', 'rules')",
                [company, user, f"pregunta {word}"],
            )
            connection.execute(
                "INSERT INTO reports (company_id, id, owner_id, title, spec, shared) "
                "VALUES (%s, %s, %s, %s, '{}', false)",
                [company, uuid4(), user, f"informe {word}"],
            )
    where = copy_of(keeper)
    with zipfile.ZipFile(io.BytesIO(keeper.browser.get(where).content)) as book:
        tables = "".join(book.read(n).decode() for n in book.namelist() if n.startswith("tablas/"))
    for what in ("chat", "pregunta", "informe"):
        assert f"{what} mío" in tables
        assert f"{what} ajeno" not in tables
    assert mate.browser.get(where).status_code == 404
    assert "La descarga quien la pidió" in mate.browser.get("/cierre").text


def told(words: str) -> set[str]:
    """Who got a mail with these words in its subject."""
    mails = [BytesParser(policy=policy.default).parsebytes(p.read_bytes()) for p in email.folder().glob("*.eml")]
    return {a for m in mails if words in str(m["Subject"]) for _, a in getaddresses([str(m["To"])])}


def test_the_end_asks_for_the_name_tells_all_and_can_be_undone(keeper: Person, person: Callable[..., Person]):
    mate = person(Role.viewer, keeper.scope)
    wrong = keeper.browser.post("/cierre", data={"typed": "otra cosa"})
    assert (wrong.status_code, 'value="otra cosa"' in wrong.text) == (400, True)
    assert keeper.browser.post("/cierre", data={"typed": keeper.scope.company.name.upper()}).status_code == 303
    finish_jobs(keeper.scope)
    assert "se borrará el" in keeper.browser.get("/cierre").text
    assert {keeper.user.email, mate.user.email} <= told("se cerrará en Ayni")
    assert leaving.erase_due(datetime.now(UTC) + timedelta(days=leaving.GRACE_DAYS - 1)) == 0
    keeper.browser.post("/cierre/cancelar")
    finish_jobs(keeper.scope)
    assert "Pedir el cierre" in keeper.browser.get("/cierre").text
    assert any(
        mate.user.email in m and "sigue en Ayni" in m for m in (p.read_text() for p in email.folder().glob("*.eml"))
    )
    leaving.erase_due(datetime.now(UTC) + timedelta(days=leaving.GRACE_DAYS + 1))
    assert keeper.browser.get("/panel").status_code == 200


def remains(company: UUID, words: list[str]) -> Iterator[tuple[str, Any]]:
    """Rows of any table that carry the company's id or one of the words, as the superuser."""
    with psycopg.connect(admin_address()) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        ).fetchall()
        said = "|".join([str(company), *words])
        for (table,) in tables:
            query = SQL("SELECT t::text FROM {t} t WHERE t::text ~* %s").format(t=Identifier(table))
            yield from ((table, row[0]) for row in connection.execute(query, [said]))


def test_when_its_day_has_come_nothing_remains(keeper: Person, person: Callable[..., Person]):
    scope, other = keeper.scope, person()
    both = person(Role.viewer, scope)
    auth.add_member(other.scope.company, both.user.email, Role.viewer)
    copy_of(keeper)
    with db.tenant(scope) as connection:
        connection.execute(
            "INSERT INTO chat_threads (company_id, user_id, id, name) VALUES (%s, %s, 't', 'x')",
            [scope.company_id, scope.user_id],
        )
    keeper.browser.post("/cierre", data={"typed": scope.company.name})
    finish_jobs(scope)
    leaving.erase_due(datetime.now(UTC) + timedelta(days=leaving.GRACE_DAYS, hours=1))
    assert list(remains(scope.company_id, [keeper.user.email, scope.company.slug])) == []
    found = [
        p for p in Path(settings().data_dir).rglob("*") if "postgres" not in p.parts and str(scope.company_id) in str(p)
    ]
    assert found == []
    assert keeper.user.email not in told("Ayni")
    assert auth.user(both.user.id).email == both.user.email  # of another company too: they stay
    assert other.browser.get("/panel").status_code == 200
    assert keeper.browser.get("/panel").status_code in (303, 401)
