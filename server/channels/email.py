"""Mail leaves here: over SMTP where one is set, into a folder in development where none is.

AYNI_SMTP_URL is `smtp://user:password@host:port?tls=starttls|no` or `smtps://…`; without `tls`, STARTTLS is required
unless the server is on this machine.
"""

import os
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from hashlib import sha256
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from core import folders
from core.errors import BadInput, Conflict
from core.settings import settings

TIMEOUT_SECONDS = 30
PORTS = {"no": 25, "starttls": 587, "tls": 465}
HERE = ("localhost", "127.0.0.1", "::1")

Tls = Literal["no", "starttls", "tls"]


class NotDelivered(Exception):
    """The server has not taken the mail, and it is known. `permanent`: trying again would be refused again."""

    def __init__(self, reason: str, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Unknown(Exception):
    """The mail was handed over whole and the connection broke before the server said yes or no."""


@dataclass(frozen=True, slots=True)
class Relay:
    """The operator's mail server."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = ""


def relay(url: str) -> Relay:
    """What AYNI_SMTP_URL says. BadInput where it can't be read. Pure."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query).get("tls", [""])[0].lower()
    try:
        port = parts.port
    except ValueError:
        port = None
        asked = "?"
    default: Tls = "tls" if parts.scheme == "smtps" else "no" if parts.hostname in HERE else "starttls"
    meant: dict[str, Tls] = {
        "": default,
        "no": "no",
        "false": "no",
        "starttls": "starttls",
        "true": "starttls",
        "tls": "tls",
    }
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or asked not in meant:
        raise BadInput(
            "smtp_url", "No entiendo AYNI_SMTP_URL.", "Escríbela como smtp://usuario:clave@servidor:587?tls=starttls"
        )
    tls = meant[asked]
    return Relay(parts.hostname, port or PORTS[tls], tls, unquote(parts.username or ""), unquote(parts.password or ""))


def deliver(mail: EmailMessage, about_to_leave: Callable[[], None], bounces_to: str = "") -> None:
    """Hand `mail` over. `about_to_leave` is called right before the bytes that make it final: until it has returned
    no server may deliver the mail, whatever ends this process. What a later server refuses comes back to `bounces_to`,
    else to who writes. NotDelivered or Unknown where it did not go well."""
    if settings().smtp_url:
        _over_smtp(mail, relay(settings().smtp_url.get_secret_value()), about_to_leave, bounces_to)
    elif settings().development:
        _into_folder(mail, about_to_leave)
    else:
        raise NotDelivered("AYNI_SMTP_URL is not set", permanent=False)


def able() -> bool:
    """Whether mail can leave at all."""
    return bool(settings().smtp_url) or settings().development


def sender() -> str:
    """Who writes: AYNI_MAIL_FROM; in development an address that nobody has."""
    if settings().mail_from:
        return settings().mail_from
    if settings().development:
        return "Ayni <resumen@ayni.local>"
    raise Conflict("mail_from", "Falta el remitente de los correos.", "Define AYNI_MAIL_FROM.")


def folder() -> Path:
    """Where mails land in development."""
    return settings().data_dir / "mails"


def _into_folder(mail: EmailMessage, about_to_leave: Callable[[], None]) -> None:
    # Named by its Message-ID and moved in whole: the same mail again is the same file.
    path = folder() / f"{sha256(str(mail['Message-ID']).encode()).hexdigest()[:24]}.eml"
    folders.folder("mails")
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(mail.as_bytes(policy=SMTP))
    about_to_leave()
    draft.replace(path)


def _over_smtp(mail: EmailMessage, to: Relay, about_to_leave: Callable[[], None], bounces_to: str) -> None:
    left = addressed = False
    try:
        with _connected(to) as smtp:
            [(_, sent_from)] = getaddresses([str(mail["From"])])
            _expect(smtp.mail(bounces_to or sent_from))
            addressed = True  # a refusal before that is about us, and the operator can mend it
            for _, address in getaddresses([str(mail["To"])]):
                _expect(smtp.rcpt(address))
            _expect(smtp.docmd("DATA"), 354)
            smtp.send(_body(mail))
            about_to_leave()  # without the line with a lone period a server must drop what it has (RFC 5321, 4.1.1.4)
            left = True
            smtp.send(b".\r\n")
            code, said = smtp.getreply()
            left = False  # it has answered: from here on it is known
            _expect((code, said))
    except smtplib.SMTPResponseException as problem:
        refused = addressed and problem.smtp_code >= 500
        raise NotDelivered(_said(problem.smtp_code, problem.smtp_error), refused) from None
    except (smtplib.SMTPException, OSError) as problem:
        if left:
            raise Unknown(repr(problem)) from None
        raise NotDelivered(repr(problem), permanent=False) from None


def _body(mail: EmailMessage) -> bytes:
    """The mail's lines as they travel: each ended, and one that begins with a period given a second one."""
    lines = mail.as_bytes(policy=SMTP).removesuffix(b"\r\n").split(b"\r\n")
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


@contextmanager
def _connected(to: Relay) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    smtp = (
        smtplib.SMTP_SSL(to.host, to.port, timeout=TIMEOUT_SECONDS, context=context)
        if to.tls == "tls"
        else smtplib.SMTP(to.host, to.port, timeout=TIMEOUT_SECONDS)
    )
    try:
        if to.tls == "starttls":
            smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
        if to.user:
            smtp.login(to.user, to.password)
        yield smtp
    finally:
        smtp.close()  # QUIT would wait for an answer that changes nothing


def _expect(answer: tuple[int, bytes], wanted: int = 250) -> None:
    code, said = answer
    if code != wanted and not (wanted == 250 and code == 251):
        raise smtplib.SMTPResponseException(code, said)


def _said(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"[:500]
