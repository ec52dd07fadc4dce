"""An alert as a mail: the figure first, where it comes from, what was asked for, what can be done about it. Pure."""

from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode

from assistant.citations import encode
from assistant.voice import localised
from core.settings import settings
from core.tenancy import Company
from features import alerts
from features.alerts import Alert, Kept
from server.alerts.planning import FIRST, SECOND
from server.envelope import Envelope, headed
from server.templates import html


def write(alert: Alert, kept: Kept, reason: str, envelope: Envelope, company: Company) -> EmailMessage:
    """The mail, HTML and its plain-text twin."""
    locale = company.locale
    told = _context(alert, kept, reason, company)
    mail = headed(envelope, localised(alert.title, locale))
    mail.set_content(localised(_plain(told), locale), cte="quoted-printable")
    page = localised(html("alerta_correo.html", told), locale).replace(" %", "\N{NO-BREAK SPACE}%")
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    return mail


def short(alert: Alert, kept: Kept, reason: str, company: Company) -> str:
    """The same for a phone: one message, the headline in WhatsApp's bold."""
    told = _context(alert, kept, reason, company)
    title = alert.title.replace("*", "")
    lines = [f"*{title}*", *told["lines"], f"De dónde sale: {told['source']}", f"Vista o posponer: {told['here']}"]
    return localised("\n\n".join(lines), company.locale)[:1000]


def source(alert: Alert) -> str:
    """The address behind the alert's figure, inside Ayni."""
    return encode(alert.query)


def _context(alert: Alert, kept: Kept, reason: str, company: Company) -> dict[str, Any]:
    url, question = settings().url, alerts.question(kept.rule, alert.query.period)
    lead = {FIRST: "", SECOND: "Te escribo a ti porque nadie ha marcado esta alerta como vista."}
    back = "Desde entonces ya volvió a lo normal." if alert.recovered_at else ""
    asked = "Tu empresa pidió avisar" if reason == SECOND else "Me pediste avisarte"
    return {
        "alert": alert,
        "company": company,
        "lines": [x for x in (lead.get(reason, "Pediste que te lo recordara hoy."), alert.body, back) if x],
        "asked": f"{asked} {alerts.sentence(kept.rule, company)}.",
        "source": f"{url}{source(alert)}",
        "here": f"{url}/avisos#alerta-{alert.id}",
        "rule": f"{url}/avisos/{kept.id}",
        "question": question,
        "chat": f"{url}/chat?{urlencode({'pregunta': question})}",
    }


def _plain(told: dict[str, Any]) -> str:
    parts = [
        told["alert"].title, *told["lines"], f"De dónde sale: {told['source']}",
        f"Para preguntar en el chat: «{told['question']}»", f"Marcar como vista o posponer: {told['here']}",
        f"{told['asked']}\nCambiar o quitar este aviso: {told['rule']}",
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"
