"""A company's end: asked for by who manages it, told to everybody in it, undone at will for thirty days, then total.

What is erased: its rows in every table, its folders, and the accounts of those who belonged to nothing else. Published
comparisons stay as they were frozen; who stood behind them is no longer told.
"""

import logging
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from pathlib import Path
from uuid import UUID, uuid4

from psycopg.sql import SQL, Identifier

from core import auth, db
from core.db import Connection
from core.errors import BadInput, Conflict
from core.language import fold
from core.periods import day_label
from core.settings import settings
from core.tenancy import Scope
from server import outbox
from server.channels import email
from server.envelope import Envelope, headed, members

logger = logging.getLogger(__name__)

GRACE_DAYS = 30
LETTER = """{who} pidió cerrar {company} en Ayni y borrar todos sus datos.

Se borrará el {day}. Hasta entonces todo sigue funcionando, y quien administra la empresa puede cancelarlo aquí:
{url}/cierre

Antes de ese día conviene descargar una copia completa, en la misma página. Después no se puede recuperar nada.
"""
STAYED = """{who} canceló el cierre de {company} en Ayni. No se borró nada y todo sigue como estaba.
"""


def leaves_at(scope: Scope, connection: Connection) -> datetime | None:
    """When the company will be erased; None where nobody asked for it."""
    row = connection.execute("SELECT leaves_at FROM companies WHERE id = %s", [scope.company_id]).fetchone()
    return row[0] if row else None


def ask(typed: str, scope: Scope, connection: Connection, now: datetime) -> datetime:
    """Set the day. BadInput unless the company's name was typed; Conflict where it is set already."""
    if fold(typed) != fold(scope.company.name):
        raise BadInput("company_name", f"Para confirmar, escribe el nombre tal cual: {scope.company.name}.")
    if leaves_at(scope, connection) is not None:
        raise Conflict("leaving", "Ya hay una fecha para cerrar la empresa.")
    day = now + timedelta(days=GRACE_DAYS)
    connection.execute("UPDATE companies SET leaves_at = %s WHERE id = %s", [day, scope.company_id])
    auth.note(scope, "leave_ask", scope.company.day_of(day).isoformat(), connection)
    return day


def stay(scope: Scope, connection: Connection) -> None:
    """Take it back."""
    connection.execute("UPDATE companies SET leaves_at = NULL WHERE id = %s", [scope.company_id])
    auth.note(scope, "leave_cancel", "", connection)


def tell(scope: Scope, key: str, text: str, subject: str) -> list[str]:
    """Mail every member, each once under this key; how each mail stands."""

    def write(envelope: Envelope) -> EmailMessage:
        mail = headed(envelope, subject)
        mail.set_content(text)
        return mail

    with db.tenant(scope) as connection:
        people = members(scope, connection)
    return [outbox.send_once(key, reader, write, scope) for reader in people]


def tell_leaving(scope: Scope, day: datetime, who: str) -> list[str]:
    local = scope.company.day_of(day)
    text = LETTER.format(who=who, company=scope.company.name, day=day_label(local), url=settings().url)
    return tell(scope, f"leave-{local.isoformat()}-{day:%H%M%S}", text, f"{scope.company.name} se cerrará en Ayni")


def tell_staying(scope: Scope, who: str, now: datetime) -> list[str]:
    text = STAYED.format(who=who, company=scope.company.name)
    return tell(scope, f"stay-{now:%Y%m%d%H%M%S}", text, f"{scope.company.name} sigue en Ayni")


def erase_due(now: datetime) -> int:
    """Erase the companies whose day has come; how many. One that fails is tried again the next night."""
    with db.identity() as connection:
        due = [row[0] for row in connection.execute("SELECT * FROM companies_leaving(%s)", [now])]
    done = 0
    for company_id in due:
        try:
            erase(company_id)
            done += 1
        except Exception:
            logger.exception("Could not erase company %s", company_id)
    return done


def erase(company_id: UUID) -> None:
    """Everything of a company, now. The files first: while its row stands, it is tried again."""
    scope = auth.company_scope(company_id)
    for path in folders(company_id):
        shutil.rmtree(path)
    _mails(scope)
    with db.tenant(scope) as connection:
        for table in _tables(connection):
            connection.execute(
                SQL("DELETE FROM {table} WHERE company_id = %s").format(table=Identifier(table)), [company_id]
            )
    with db.benchmarks() as connection:
        _unname(company_id, connection)
    with db.owner() as connection:
        rows = connection.execute("SELECT user_id FROM memberships WHERE company_id = %s", [company_id]).fetchall()
        # What refers to the company goes along with its row, whatever the policies say.
        connection.execute("DELETE FROM companies WHERE id = %s", [company_id])
        connection.execute(
            "DELETE FROM users u WHERE id = ANY(%s) AND NOT operator "
            "AND NOT EXISTS (SELECT FROM memberships m WHERE m.user_id = u.id)",
            [[row[0] for row in rows]],
        )
    logger.info("Erased company %s", company_id)


def folders(company_id: UUID) -> list[Path]:
    """The company's own folders under the data folder, whoever made them."""
    root = settings().data_dir
    found = [p for depth in ("*", "*/*", "*/*/*") for p in root.glob(f"{depth}/{company_id}") if p.is_dir()]
    return [p for p in found if "postgres" not in p.relative_to(root).parts]


def _tables(connection: Connection) -> Iterator[str]:
    """Tables of companies that the runtime role may clear; those without a reference to the company need it."""
    rows = connection.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
        "AND EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attname = 'company_id') "
        "AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f' "
        "AND f.confdeltype = 'c') AND has_table_privilege(c.oid, 'DELETE')"
    ).fetchall()
    yield from (row[0] for row in rows)


def _unname(company_id: UUID, connection: Connection) -> None:
    """Put a name that is nobody's where this owner stood behind published figures; those frozen counts stay."""
    with db.owner() as owner:
        row = owner.execute(
            "SELECT coalesce(tax_id, ''), (SELECT count(*) FROM companies o WHERE o.tax_id = c.tax_id) "
            "FROM companies c WHERE id = %s",
            [company_id],
        ).fetchone()
    names = [str(company_id), *([row[0]] if row and row[0] and row[1] == 1 else [])]
    for name in names:
        connection.execute(
            "UPDATE benchmark_members SET owners = array_replace(owners, %s, %s) WHERE %s = ANY(owners)",
            [name, f"left-{uuid4().hex}", name],
        )


def _mails(scope: Scope) -> None:
    """In development mails lie in a folder: those to people of this company alone go."""
    folder = email.folder()
    if not settings().development or not folder.is_dir():
        return
    with db.owner() as connection:
        rows = connection.execute(
            "SELECT u.email FROM users u JOIN memberships m ON m.user_id = u.id WHERE m.company_id = %s AND NOT EXISTS "
            "(SELECT FROM memberships o WHERE o.user_id = u.id AND o.company_id <> m.company_id)",
            [scope.company_id],
        ).fetchall()
    readers = {row[0] for row in rows}
    for path in folder.glob("*.eml"):
        mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes(), headersonly=True)
        if readers & {address.lower() for _, address in getaddresses([str(mail["To"])])}:
            path.unlink(missing_ok=True)
