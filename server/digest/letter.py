"""A summary as a mail: HTML, its plain-text twin, pictures by content id, the PDF, and the headers that let one out."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from io import BytesIO

from PIL import Image

from assistant.voice import localised
from server.digest import charts, paper
from server.digest.plain import plain
from server.digest.types import Digest
from server.envelope import Envelope, headed
from server.templates import html

LOGO_HEIGHT = 88
"""Pixels: twice what is shown."""


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


def render(digest: Digest, url: str, leave: str, answers: bool = False) -> Rendered:
    """All of it. `url` is where Ayni is reached, `leave` ends the summary for its reader; `answers`: whether a reply
    reaches the assistant."""
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
    logo = f"logo.{tail}" if digest.logo else ""
    if digest.logo:
        pictures[logo] = _low(digest.logo)
    context = {
        "digest": digest,
        "logo": logo,
        "answers": answers,
        "company": digest.company,
        "url": url,
        "leave": leave,
        "sparks": sparks,
        "drawn": drawn,
    }
    locale = digest.company.locale
    pdf = (
        paper.pdf(digest, url, [pictures.get(name) for name in drawn], [pictures.get(name) for name in sparks])
        if digest.kind == "full"
        else None
    )
    return Rendered(
        subject=localised(digest.subject, locale),
        html=localised(html("resumen_correo.html", context), locale).replace(" %", "\N{NO-BREAK SPACE}%"),
        text=localised(plain(digest, url, leave, answers), locale),
        pictures=pictures,
        pdf=pdf,
        filename=f"resumen-{digest.company.slug}-{digest.edition.id}.pdf".lower(),
    )


def _low(logo: bytes) -> bytes:
    """As fine as a mail shows it: a tenth of the bytes."""
    packed = BytesIO()
    with Image.open(BytesIO(logo)) as image:
        image.thumbnail((LOGO_HEIGHT * 5, LOGO_HEIGHT))
        image.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def message(rendered: Rendered, envelope: Envelope, leave: str) -> EmailMessage:
    """The mail as it is sent; `leave` is the address that ends the summary for its reader with one click."""
    mail = headed(envelope, rendered.subject)
    mail["List-Unsubscribe"] = f"<{leave}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
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
