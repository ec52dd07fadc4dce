"""What `ayni digest` does: writes an edition to files, and sends it where asked."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from core import db
from core.errors import NotFound
from core.settings import settings
from core.tenancy import Scope
from server.channels import email
from server.digest import choices, sending
from server.digest.editions import Edition
from server.digest.gather import compose
from server.digest.letter import message, render
from server.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it; `good` is False where a mail that was asked for did not leave."""

    json: dict[str, Any]
    lines: list[str]
    good: bool


def write(edition: Edition, today: date, folder: Path, scope: Scope) -> Done:
    """The .eml, .html, .txt and .pdf of an edition in `folder`. Nothing is sent, nothing is recorded."""
    if edition.period.start > today:
        raise NotFound("summary", "Ese período todavía no empieza.", "Pide uno que ya pasó.")
    with db.tenant(scope) as connection:
        digest = compose(edition, today, scope, connection)
    if digest.kind == "empty":
        raise NotFound(
            "summary", f"«{scope.company.name}» no tiene ventas hasta ese período.", "Sube sus archivos primero."
        )
    rendered = render(digest, settings().url, f"{settings().url}/resumen")
    name, address = parseaddr(email.sender())
    envelope = Envelope(
        sender=Address(name, addr_spec=address),
        recipient=Address(scope.company.name, addr_spec=f"{scope.company.slug}@ayni.local"),
        reply_to=settings().mail_reply_to or address,
        message_id=f"<{digest.key}.{scope.company.slug}@ayni.local>",
        at=datetime.now(UTC),
    )
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"{scope.company.slug}-{edition.id}"
    contents = {
        ".eml": message(rendered, envelope, f"{settings().url}/resumen").as_bytes(policy=SMTP),
        ".html": rendered.page.encode(),
        ".txt": rendered.text.encode(),
        ".pdf": rendered.pdf,
    }
    written = []
    for ending, content in contents.items():
        if content is not None:
            path = stem.with_name(stem.name + ending)
            path.write_bytes(content)
            written.append(str(path))
    figures = [
        {
            "label": f.label,
            "metric": "percentile" if f.page else f.query.metrics[0],
            "value": str(f.value),
            "href": f.href,
        }
        for f in digest.cited
    ]
    told = {
        "edition": edition.id,
        "kind": digest.kind,
        "subject": rendered.subject,
        "files": written,
        "figures": figures,
    }
    return Done(told, [rendered.subject, *written], True)


def send(edition: Edition, today: date, scope: Scope) -> Done:
    """Send it to each member who wants the summary, as the schedule would: once."""
    with db.tenant(scope) as connection:
        wanted = [s for s in choices.subscribers(scope, connection) if s.choice.frequency != "off"]
    if not wanted:
        raise NotFound("readers", "Nadie de esa empresa recibe el resumen.", "Se elige en la página Resumen.")
    states = {s.reader.email: sending.send(edition, s, today, scope) for s in wanted}
    lines = [f"{address}: {state}" for address, state in states.items()]
    good = all(state in ("sent", "skipped", "held") for state in states.values())
    return Done({"edition": edition.id, "mails": states}, lines, good)
