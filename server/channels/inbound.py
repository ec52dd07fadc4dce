"""A mail that came in, read: who wrote what to which of our addresses, whether a machine did, what came back. Pure."""

import re
from codecs import lookup
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import EmailPolicy
from email.utils import getaddresses
from hashlib import sha256

from server.channels.quoted import new_words, words_of_html

MOST_TEXT = 2000
MOST_ID = 300
MOST_HEADER, MOST_OF_A_PART = 2000, 1000
"""Letters of a header, and of one about a part (Content-Type), cut there: reading one takes the square of its length,
and anybody may write it."""
MOST_HEADERS = 100_000
MOST_PARTS = 100
_FOR_NAMES = frozenset(["punycode", "idna"])
"""Codecs of domain names that no body is written in; a long text takes them minutes."""
MOST_BODY = 400_000
"""Letters of a body that are looked at: what somebody answers stands at its top, with what it answers below."""
_IDS = re.compile(r"<[^<>\s]{3,290}>")
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To")
_MACHINES = ("mailer-daemon", "postmaster", "no-reply", "noreply", "no-responder", "bounce", "bounces")
# Full, too large or refused for what it says: the address itself is good (RFC 3463).
_PASSING = ("5.2.2", "5.2.3", "5.3.", "5.6.", "5.7.")


class _Bounded(EmailPolicy):
    """Headers as they stand, up to a length."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        most = MOST_OF_A_PART if name.lower().startswith("content-") else MOST_HEADER
        return name, value[:most].rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A server's report that a mail of ours was not delivered. `hard`: that address never will."""

    message_id: str
    reason: str
    hard: bool


@dataclass(frozen=True, slots=True)
class Received:
    """A mail as it came in. `machine` says why no answer may go to it, '' for a person's. `thread` is the first mail
    of the exchange, `text` what its writer added, `results` what servers said of its sender, the last one's first."""

    message_id: str
    sender: str
    recipients: list[str]
    subject: str
    text: str
    thread: str
    machine: str
    bounce: Bounce | None
    results: tuple[str, ...] = ()


def read(raw: bytes) -> Received:
    """Read a mail (RFC 5322). Whatever is wrong with it, this raises nothing: what can't be read is a machine's."""
    try:
        return _read(raw)
    except Exception as problem:  # parsers of mail meet everything
        return Received(_named(raw), "", [], "", "", _named(raw), f"unreadable: {type(problem).__name__}", None)


def _read(raw: bytes) -> Received:
    if raw.lower().count(b"\ncontent-type:") > MOST_PARTS:
        raise ValueError("more parts than a person's mail has")
    mail = BytesParser(policy=_Bounded()).parsebytes(raw)
    assert isinstance(mail, EmailMessage)
    if sum(len(value) for _, value in mail.raw_items()) > MOST_HEADERS:
        raise ValueError("more headers than a person's mail has")
    ids = _IDS.findall(str(mail["Message-ID"] or ""))
    id = ids[0] if ids else _named(raw)
    senders = [address.lower() for _, address in getaddresses(_all(mail, "From")) if address]
    earlier = _IDS.findall(f"{mail['References'] or ''} {mail['In-Reply-To'] or ''}")
    return Received(
        message_id=_kept(id),
        sender=senders[0] if len(senders) == 1 else "",
        recipients=[value for name in _RECIPIENTS for value in _all(mail, name)],
        subject=_kept(" ".join(str(mail["Subject"] or "").split()))[:200],
        text=_kept(_text(mail))[:MOST_TEXT],
        thread=_kept(earlier[0] if earlier else id),
        machine=_machine(mail, senders),
        bounce=_bounce(mail),
        results=tuple(_all(mail, "Authentication-Results")),
    )


def _all(mail: EmailMessage, name: str) -> list[str]:
    return [str(value) for value in mail.get_all(name, [])]


def _named(raw: bytes) -> str:
    """For a mail without an id of its own: the same bytes are the same mail."""
    return f"<{sha256(raw).hexdigest()[:40]}@unnamed>"


def _machine(mail: EmailMessage, senders: list[str]) -> str:
    """Why this is no person's mail (RFC 3834, and what programs did before it)."""
    submitted = str(mail["Auto-Submitted"] or "no").split(";")[0].strip().lower()
    if submitted != "no":
        return f"Auto-Submitted: {submitted}"
    if mail.get_content_type() in ("multipart/report", "message/delivery-status"):
        return "a report"
    if str(mail["Precedence"] or "").strip().lower() in ("bulk", "junk", "list", "auto_reply"):
        return "Precedence"
    for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "X-Loop"):
        if mail[name] is not None:
            return name
    if str(mail["Return-Path"] or "").strip() == "<>":
        return "an empty return path"
    if len(senders) != 1:
        return "not one sender"
    return "a machine's address" if senders[0].partition("@")[0].partition("+")[0] in _MACHINES else ""


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain", "html"))
    if body is None:
        return ""
    payload = body.get_payload(decode=True)
    held = payload[: 4 * MOST_BODY] if isinstance(payload, bytes) else b""
    content = _decoded(held, body.get_content_charset())[:MOST_BODY]
    return new_words(content if body.get_content_type() == "text/plain" else words_of_html(content))


def _decoded(payload: bytes, declared: str | None) -> str:
    """A body's letters: as its charset says where that can be, else as UTF-8 or what Windows writes. Programs name
    charsets that are none, name the wrong one, or none at all."""
    for charset in (declared, "utf-8"):
        try:
            known = lookup(charset).name if charset and charset != "us-ascii" else "utf-8"
            if known not in _FOR_NAMES:
                return payload.decode(known)
        except (LookupError, ValueError):  # a name with NUL in it is neither known nor unknown
            continue
    return payload.decode("cp1252", "replace")


def _kept(text: str) -> str:
    """Without what no database keeps: NUL, and halves of a letter."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _bounce(mail: EmailMessage) -> Bounce | None:
    """What a delivery report (RFC 3464) says of a mail that failed for good or after all tries."""
    if mail.get_content_type() != "multipart/report":
        return None
    failed: dict[str, str] = {}
    returned = ""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            groups = part.get_payload()
            for group in groups if isinstance(groups, list) else []:
                if isinstance(group, Message):  # one recipient each, after the report's own
                    fields = {name.lower(): " ".join(str(value).split()) for name, value in group.items()}
                    if fields.get("action", "").lower().partition(" ")[0] == "failed":
                        failed = failed or fields
        elif kind in ("message/rfc822", "text/rfc822-headers") and not returned:
            inside = part.get_payload()
            first = inside[0] if isinstance(inside, list) and inside else None
            text = str(first["Message-ID"] or "") if isinstance(first, Message) else _header(part)
            returned = next(iter(_IDS.findall(text)), "")
    if not failed:
        return None  # delayed, relayed, delivered: nothing is lost
    status = failed.get("status", "")
    said = failed.get("diagnostic-code", "").partition(";")[2].strip() or failed.get("diagnostic-code", "")
    hard = status.startswith("5") and not status.startswith(_PASSING)
    return Bounce(_kept(returned), _kept(said) or f"status {status}", hard)


def _header(part: Message) -> str:
    payload = part.get_payload(decode=True)
    text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    found = re.search(r"^message-id:\s*(<[^>]+>)", text, re.I | re.M)
    return found[1] if found else ""
