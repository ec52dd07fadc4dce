"""Erasing a person wherever a company keeps text: facts and files first, then everything else, then what it left on
the disk. One job, one transaction: what a file lost before a failure, it loses only once."""

from email import policy
from email.parser import BytesParser
from email.utils import getaddresses
from pathlib import Path
from typing import Any
from uuid import UUID

import ingest
import retrieval
from core import auth
from core.db import Connection
from core.language import plural
from core.periods import Period
from core.settings import settings
from core.tenancy import Scope
from ingest import persons
from server.channels import email
from server.channels.whatsapp import inbox
from server.downloads import company_zip
from server.privacy import everywhere, register


def forget(request_id: UUID, scope: Scope, connection: Connection) -> tuple[Period, ...]:
    """Do what a request of deletion asks; the months whose lines changed. Done again, it changes nothing."""
    request = register.one(request_id, scope, connection)
    if request.state == "done":
        return ()
    who = persons.of_json(request.person)
    erased = ingest.erase(who, scope, connection)
    chunks = retrieval.forget(persons.pattern(who), scope, connection) if persons.pattern(who) else 0
    register.forget(register.same_person(who, scope, connection), erased.label, scope, connection)
    texts = everywhere.clear(who, erased.label, scope, connection)
    if persons.pattern(who):
        texts["whatsapp_inbox"] = inbox.forget_person(persons.pattern(who), scope.company_id)
    company_zip.drop_all(scope, connection)
    mails = _mails(who, scope, connection)
    result = {
        "label": erased.label, "customers": erased.customers, "lines": erased.lines, "files": erased.files,
        "file_rows": erased.rows, "chunks": chunks, "texts": texts, "mails": mails, "removed": erased.removed,
        "kept": erased.kept, "vague": not persons.pattern(who),
    }  # fmt: skip
    register.settle(request_id, "done", result, told(result), scope, connection)
    auth.note(scope, "privacy_erased", erased.label, connection)
    return erased.touched


def told(result: dict[str, Any]) -> str:
    """What was done, for the register. Pure."""
    texts = sum(result["texts"].values()) + result["chunks"]
    parts = [
        f"Ahora es {result['label']}: {plural(result['lines'], 'línea de venta sigue', 'líneas de venta siguen')} "
        "contando, sin decir de quién.",
        f"Reescribí {plural(result['files'], 'archivo', 'archivos')} sin sus datos.",
        f"Limpié {plural(texts, 'texto', 'textos')} de chats, resúmenes y registros.",
    ]
    if result.get("vague"):
        parts.append("Solo sé un nombre de una palabra: tomé las celdas de cliente que lo dicen, no los textos.")
    if result["removed"]:
        parts.append(f"Borré {', '.join(result['removed'])}: no se puede leer y podía nombrarla.")
    if result["kept"]:
        parts.append(
            f"No pude volver a leer {', '.join(result['kept'])}: sus líneas perdieron a la persona sin el archivo."
        )
    return " ".join(parts)


def _mails(who: persons.Person, scope: Scope, connection: Connection) -> int:
    """In development mails land in a folder: those of this company's people that name the person go."""
    folder = email.folder()
    if not settings().development or not folder.is_dir():
        return 0
    rows = connection.execute(
        "SELECT u.email FROM users u JOIN memberships m ON m.user_id = u.id WHERE m.company_id = %s", [scope.company_id]
    ).fetchall()
    readers, finder, gone = {row[0] for row in rows}, persons.Known(who, ""), 0
    for path in folder.glob("*.eml"):
        if _names(path, readers, finder):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _names(path: Path, readers: set[str], finder: persons.Known) -> bool:
    mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    if not readers & {address.lower() for _, address in getaddresses([str(mail["To"])])}:
        return False
    parts = [p for p in mail.walk() if p.get_content_maintype() == "text"]
    return any(finder.within(str(p.get_content())) for p in parts) or finder.within(str(mail["Subject"]))
