"""/dev/mails: in development, what landed in the folder instead of leaving, shown to whom it was written alone."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from core import db
from core.errors import NotFound
from core.settings import settings
from core.tenancy import Scope
from server.channels import email
from server.digest.letter import as_page
from server.identity import CurrentVisitor
from server.templates import render

router = APIRouter()


@router.get("/dev/mails")
def landed(visitor: CurrentVisitor) -> HTMLResponse:
    """The visitor's mails in the folder, the newest first."""
    found = [(path.stem, mail) for path, mail in _landed(visitor.scope)]
    rows = [(name, str(m["To"]), str(m["Subject"]), str(m["Date"])) for name, m in found]
    return render("dev_mails.html", {"mails": rows, "folder": str(email.folder())})


@router.get("/dev/mails/{name}")
def landed_one(name: str, visitor: CurrentVisitor) -> HTMLResponse:
    mail = next((m for p, m in _landed(visitor.scope) if p.stem == name), None)
    if mail is None:
        raise NotFound("mail", "Aquí no hay nada.")
    return HTMLResponse(as_page(mail))


def _landed(scope: Scope) -> list[tuple[Path, EmailMessage]]:
    """The folder holds the mails of all companies: each reader sees their own."""
    if not settings().development:
        raise NotFound("not_found", "Aquí no hay nada.")
    with db.identity(scope.user_id) as connection:
        row = connection.execute("SELECT email FROM users WHERE id = %s", [scope.user_id]).fetchone()
    paths = sorted(email.folder().glob("*.eml"), key=lambda p: p.stat().st_mtime, reverse=True)
    mails = [(path, _read(path)) for path in paths]
    return [(p, m) for p, m in mails if row and [a for _, a in getaddresses([str(m["To"])])] == [row[0]]]


def _read(path: Path) -> EmailMessage:
    read = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert isinstance(read, EmailMessage)
    return read
