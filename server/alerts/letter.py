"""An alert as a mail: the figure first, where it comes from, what was asked for, what can be done about it. Pure."""

from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from assistant.citations import encode
from assistant.voice import localised
from core.settings import settings
from core.tenancy import Company
from features import alerts
from features.alerts import FIRST, SECOND, Alert, Item, Kept
from server import addresses
from server.alerts import tickets
from server.channels.whatsapp.reply import cut
from server.envelope import Envelope, headed
from server.templates import html

MOST_LISTED = 10
"""So many products a message lists; the page has all of them."""
PHONE = 1000
PARAGRAPH = "\n\n"


def write(alert: Alert, kept: Kept, reason: str, envelope: Envelope, company: Company, reader: UUID) -> EmailMessage:
    """The mail to one reader, HTML and its plain-text twin."""
    locale = company.locale
    told = _context(alert, kept, reason, company)
    told["answer"] = tickets.link(alert.id, reader, company.id)
    # A reply changes something only where the receiving server vouches for its sender.
    told["by_reply"] = addresses.answered() and bool(settings().mail_authserv)
    mail = headed(envelope, localised(alert.title, locale))
    mail.set_content(localised(_plain(told), locale), cte="quoted-printable")
    page = localised(html("alerta_correo.html", told), locale).replace(" %", "\N{NO-BREAK SPACE}%")
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    return mail


def short(alert: Alert, kept: Kept, reason: str, company: Company) -> str:
    """The same for a phone: one message, the headline in WhatsApp's bold."""
    told = _context(alert, kept, reason, company)
    listed = (
        [f"• {i.member}: {i.told}" for i, _ in told["items"]] if told["several"] else [i.note for i, _ in told["items"]]
    )
    listed += [f"y {told['more']} más"] if told["more"] else []
    parts = [f"*{alert.title.replace('*', '')}*", *told["lines"], *(["\n".join(listed)] if listed else [])]
    end = f"De dónde sale: {told['here'] if alert.items else told['source']}"
    return f"{cut(localised(PARAGRAPH.join(parts), company.locale), PHONE - len(end) - 2)}{PARAGRAPH}{end}"


def source(alert: Alert) -> str:
    """The address behind the alert's figure, inside Ayni."""
    return encode(alert.query)


def sources(item: Item) -> list[tuple[str, str]]:
    """What stands behind a member's figure inside Ayni: (what it is, its address)."""
    count = [("Tu conteo", f"/datos/{item.upload_id}")] if item.upload_id else []
    return [*count, *([("Lo vendido", encode(item.query))] if item.query else [])]


def _context(alert: Alert, kept: Kept, reason: str, company: Company) -> dict[str, Any]:
    url, question = settings().url, alerts.question(kept.rule, alert.query.period)
    lead = {FIRST: "", SECOND: "Te escribo a ti porque nadie ha marcado esta alerta como vista."}
    back = "Desde entonces ya volvió a lo normal." if alert.recovered_at else ""
    asked = "Tu empresa pidió avisar" if reason == SECOND else "Me pediste avisarte"
    return {
        "alert": alert,
        "company": company,
        "lines": [x for x in (lead.get(reason, "Pediste que te lo recordara hoy."), alert.body, back) if x],
        "items": [(i, [(what, url + href) for what, href in sources(i)]) for i in alert.items[:MOST_LISTED]],
        "more": max(len(alert.items) - MOST_LISTED, 0),
        "several": len(alert.items) > 1,
        "asked": f"{asked} {alerts.sentence(kept.rule, company)}.",
        "source": f"{url}{source(alert)}",
        "here": f"{url}/avisos#alerta-{alert.id}",
        "rule": f"{url}/avisos/{kept.id}",
        "question": question,
        "chat": f"{url}/chat?{urlencode({'pregunta': question})}",
    }


def _plain(told: dict[str, Any]) -> str:
    reply = ["O responde a este correo «visto» o «posponer 3 días»."] if told["by_reply"] else []
    items = [
        "\n  ".join([f"- {i.member}: {i.told}. {i.note}", *(f"{what}: {href}" for what, href in behind)])
        for i, behind in told["items"]
    ]
    items += [f"- y {told['more']} más: {told['here']}"] if told["more"] else []
    parts = [
        told["alert"].title, *told["lines"],
        *(["\n".join(items)] if items else [f"De dónde sale: {told['source']}"]),
        f"Para preguntar en el chat: «{told['question']}»",
        f"Marcar como vista: {told['answer']}?hacer=vista", f"Posponer 1 día: {told['answer']}?hacer=posponer", *reply,
        f"{told['asked']}\nCambiar o quitar este aviso: {told['rule']}",
    ]  # fmt: skip
    return PARAGRAPH.join(parts) + "\n"
