"""Addresses of our own that mean something: `reply+TOKEN@domain` is one reader of one company, `bounce+TOKEN@domain`
one mail. Lower case throughout and at most 64 letters before the @, as mail servers keep them.

A reply's token is the user's id and a signature over it and the company: which of the user's companies it is follows
from which of them it signs, so that nobody can name a company, and a person who left one is no longer found in it.
"""

import base64
import hmac
import re
from email.utils import getaddresses
from uuid import UUID

from core import auth
from core.settings import settings
from core.tenancy import Scope

_SIGNATURE_BYTES = 16
_REPLY = re.compile(r"reply\+([a-z2-7]{52})")
_BOUNCE = re.compile(r"bounce\+([0-9a-f]{32})")


def answered() -> bool:
    """Whether a reply to our mails reaches the assistant."""
    return bool(settings().mail_inbound_domain and settings().mail_inbound_secret)


def reply_to(user_id: UUID, company_id: UUID) -> str:
    """Where one reader's replies about one company go."""
    token = base64.b32encode(user_id.bytes + _signed(user_id, company_id)).decode().rstrip("=").lower()
    return f"reply+{token}@{settings().mail_inbound_domain}"


def bounces_to(message_id: str) -> str:
    """The envelope sender of the mail with this Message-ID, '' where bounces can't come in."""
    named = re.match(r"<ayni\.([0-9a-f]{32})@", message_id)
    return f"bounce+{named[1]}@{settings().mail_inbound_domain}" if named and answered() else ""


def replied_to(recipients: list[str]) -> Scope | None:
    """The reader and company that one of these addresses stands for, None where none does."""
    for found in _ours(recipients, _REPLY):
        raw = base64.b32decode(found.upper() + "=" * (-len(found) % 8))
        user_id, signature = UUID(bytes=raw[:16]), raw[16:]
        for one in auth.memberships(user_id):
            if hmac.compare_digest(signature, _signed(user_id, one.company.id)):
                return Scope(one.company, one.role, user_id)
    return None


def bounced(recipients: list[str]) -> str:
    """The mail's name that one of these addresses carries, '' where none does."""
    return next(iter(_ours(recipients, _BOUNCE)), "")


def _ours(recipients: list[str], form: re.Pattern[str]) -> list[str]:
    domain, found = settings().mail_inbound_domain.lower(), []
    for _, address in getaddresses(recipients):
        local, _, host = address.lower().rpartition("@")
        matched = form.fullmatch(local)
        if matched and domain and host == domain:
            found.append(matched[1])
    return found


def _signed(user_id: UUID, company_id: UUID) -> bytes:
    said = b"ayni reply" + user_id.bytes + company_id.bytes
    return hmac.digest(settings().secret().encode(), said, "sha256")[:_SIGNATURE_BYTES]
