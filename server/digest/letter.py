"""A summary as a mail: HTML, its plain-text twin, pictures by content id, the PDF, and the headers that let one out."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from assistant.voice import localised
from server.digest import charts, paper
from server.digest.plain import plain
from server.digest.types import Digest
from server.templates import html


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a summary looks like everywhere, `pictures` by content id. `html` names them as 'cid:…'."""

    subject: str
    html: str
    text: str
    pictures: Mapping[str, bytes]
    pdf: bytes | None
    filename: str

    @property
    def page(self) -> str:
        """The HTML for a browser: the pictures inside it."""
        page = self.html
        for name, picture in self.pictures.items():
            page = page.replace(f"cid:{name}", f"data:image/png;base64,{base64.b64encode(picture).decode()}")
        return page


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom: everything of a mail that is not the summary's own."""

    sender: Address
    recipient: Address
    reply_to: str
    message_id: str
    leave: str
    """The address that ends the summary for this reader with one click."""
    at: datetime


def render(digest: Digest, url: str, leave: str) -> Rendered:
    """All of it. `url` is where Ayni is reached, `leave` ends the summary for its reader."""
    # The host keeps one mail's pictures apart from another's in clients that cache by content id.
    tail = f"{digest.company.slug}.{digest.key}@resumen".lower()
    pictures = {}
    sparks, drawn = [], []
    for kpi in digest.kpis:
        name = f"{kpi.fact.query.metrics[0]}.{tail}" if len(kpi.course) > 2 else ""
        sparks.append(name)
        if name:
            pictures[name] = charts.png(charts.sparkline(kpi.course))
    for number, story in enumerate(digest.stories, start=1):
        name = f"grafico{number}.{tail}" if story.chart else ""
        drawn.append(name)
        if story.chart:
            pictures[name] = charts.png(story.chart)
    context = {
        "digest": digest,
        "company": digest.company,
        "url": url,
        "leave": leave,
        "sparks": sparks,
        "drawn": drawn,
    }
    locale = digest.company.locale
    pdf = paper.pdf(digest, url, [pictures.get(name) for name in drawn]) if digest.kind == "full" else None
    return Rendered(
        subject=localised(digest.subject, locale),
        html=localised(html("resumen_correo.html", context), locale).replace(" %", "\N{NO-BREAK SPACE}%"),
        text=localised(plain(digest, url, leave), locale),
        pictures=pictures,
        pdf=pdf,
        filename=f"resumen-{digest.company.slug}-{digest.edition.id}.pdf".lower(),
    )


def message(rendered: Rendered, envelope: Envelope) -> EmailMessage:
    """The mail as it is sent. The library folds and encodes; no line of a name can become a header of its own."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = envelope.sender
    mail["To"] = envelope.recipient
    mail["Subject"] = " ".join(rendered.subject.split())
    mail["Date"] = format_datetime(envelope.at)
    mail["Message-ID"] = envelope.message_id
    if envelope.reply_to:
        mail["Reply-To"] = envelope.reply_to
    mail["List-Unsubscribe"] = f"<{envelope.leave}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "es"
    mail.set_content(rendered.text, cte="quoted-printable")
    mail.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    body = mail.get_body(("html",))
    assert body is not None
    for name, picture in rendered.pictures.items():
        filename = f"{name.partition('.')[0]}.png"
        body.add_related(picture, "image", "png", cid=f"<{name}>", disposition="inline", filename=filename)
    if rendered.pdf is not None:
        mail.add_attachment(rendered.pdf, "application", "pdf", filename=rendered.filename)
    return mail


def as_page(mail: EmailMessage) -> str:
    """A mail that was sent, for a browser: its HTML with its pictures inside."""
    body = mail.get_body(("html",))
    page = str(body.get_content()) if body is not None else ""
    for part in mail.walk():
        name = str(part["Content-ID"] or "").strip("<>")
        if name:
            picture = part.get_payload(decode=True)
            assert isinstance(picture, bytes)
            page = page.replace(f"cid:{name}", f"data:image/png;base64,{base64.b64encode(picture).decode()}")
    return page
