"""Who writes to whom: everything of a mail that is not its text, and the headers that every mail of ours carries."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

from core.db import Connection
from core.tenancy import Scope


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of the company, as the one a mail is for."""

    user_id: UUID
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail's addresses, its Message-ID and its instant."""

    sender: Address
    recipient: Address
    reply_to: str
    message_id: str
    at: datetime


def members(scope: Scope, connection: Connection) -> list[Reader]:
    """The company's people, the first member first."""
    rows = connection.execute(
        "SELECT u.id, u.email, u.name FROM memberships m JOIN users u ON u.id = m.user_id "
        "WHERE m.company_id = %s ORDER BY m.created_at, u.email",
        [scope.company_id],
    )
    return [Reader(*row) for row in rows]


def headed(envelope: Envelope, subject: str) -> EmailMessage:
    """A mail without its text yet. The library folds and encodes; no line of a name can become a header of its own."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = envelope.sender
    mail["To"] = envelope.recipient
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = format_datetime(envelope.at)
    mail["Message-ID"] = envelope.message_id
    if envelope.reply_to:
        mail["Reply-To"] = envelope.reply_to
    # Out-of-office programs and other robots leave such a mail alone (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = "es"
    return mail
