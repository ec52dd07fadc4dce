"""Mails about an account: an invitation, a forgotten password, a new address. They go to people who may belong to no
company yet, at once and once, and what they carry is in no log."""

import logging
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import urlencode
from uuid import uuid4

from core import auth
from core.auth.invitations import DAYS, Invitation
from core.errors import AyniError
from core.settings import settings
from core.tenancy import Scope
from server.channels import email
from server.roles import ROLES
from server.templates import html

logger = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, scope: Scope) -> bool:
    """Whether the mail server took it."""
    company, role = " ".join(scope.company.name.split()), ROLES[invitation.role].name
    return _send(
        invitation.email,
        f"Te invitaron a {company} en Ayni",
        [
            f"{invitation.by or 'Alguien'} te invitó a ver los datos de {company} en Ayni, como {role}.",
            "En Ayni preguntas por el negocio en español y recibes la cifra exacta, con su fuente.",
        ],
        "Aceptar la invitación",
        f"/invitacion?{urlencode({'t': auth.invitations.ticket(invitation, scope)})}",
        f"El enlace es solo para ti, sirve una vez y dura {DAYS} días. Si no esperabas esto, no hagas nada.",
    )


def send_reset(to: str, ticket: str) -> bool:
    return _send(
        to,
        "Tu clave nueva de Ayni",
        ["Alguien, ojalá tú, pidió hacer una clave nueva para tu cuenta de Ayni."],
        "Hacer mi clave nueva",
        f"/recuperar/nueva?{urlencode({'t': ticket})}",
        "El enlace sirve una vez y dura una hora. Al usarlo se cierran todas tus sesiones. Si no lo pediste tú, no "
        "hagas nada: tu clave sigue igual.",
    )


def send_new_email(to: str, ticket: str) -> bool:
    return _send(
        to,
        "Confirma tu correo en Ayni",
        ["Pediste usar este correo para entrar a Ayni."],
        "Usar este correo",
        f"/cuenta/correo/confirmar?{urlencode({'t': ticket})}",
        "El enlace dura una hora. Si no lo pediste tú, no hagas nada.",
    )


def tell_email_changed(to: str, new: str) -> bool:
    return _send(
        to,
        "El correo de tu cuenta de Ayni cambió",
        [f"Desde ahora tu cuenta se abre con {new}.", "Si no fuiste tú, avísale hoy a quien administra Ayni."],
    )


def _send(to: str, subject: str, lines: list[str], button: str = "", path: str = "", small: str = "") -> bool:
    link = settings().url + path if path else ""
    try:
        mail = _written(to, subject, lines, button, link, small)
        email.deliver(mail, lambda: None)
    except (email.NotDelivered, email.Unknown, AyniError) as problem:
        logger.warning("The mail «%s» was not taken: %s", subject, type(problem).__name__)
        return False
    return True


def _written(to: str, subject: str, lines: list[str], button: str, link: str, small: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = email.sender(), to, subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<cuenta.{uuid4().hex}@{parseaddr(email.sender())[1].partition('@')[2] or 'ayni.local'}>"
    mail["Auto-Submitted"] = "auto-generated"
    if settings().mail_reply_to:
        mail["Reply-To"] = settings().mail_reply_to
    said = [*lines, *([f"{button}: {link}"] if link else []), *([small] if small else [])]
    mail.set_content("\n\n".join(said) + "\n", cte="quoted-printable")
    shown = {"subject": subject, "lines": lines, "button": button, "link": link, "small": small}
    mail.add_alternative(html("cuenta_correo.html", shown), subtype="html", cte="quoted-printable")
    return mail
