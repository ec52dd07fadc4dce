"""Whose phone it is: codes that link one to a member of a company, its links, the company it speaks of, its opt-in."""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from core import auth, db
from core.settings import settings
from core.tenancy import Scope

CODE_MINUTES = 10
MOST_TRIES = 5
"""Wrong codes a phone may send in an hour; after that none is looked at."""
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE = re.compile(rf"AYNI[\s\-–—]*((?:[{LETTERS}][\s\-–—]*){{8}})(?![{LETTERS}])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A phone as a member's, in one company."""

    company_id: UUID
    user_id: UUID
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class Phone:
    """A member's phone, for their page."""

    sender: str
    linked_at: datetime
    opted_in: bool

    @property
    def shown(self) -> str:
        """Enough to recognise it by: '+569 ···· 5678'."""
        return f"+{self.sender[:3]} ···· {self.sender[-4:]}" if self.sender.isdigit() else f"···· {self.sender[-4:]}"


def make_code(scope: Scope, opt_in: bool) -> str:
    """A new code for the member, good for `CODE_MINUTES`; the one before is no longer."""
    code = "".join(secrets.choice(LETTERS) for _ in range(8))
    with db.tenant(scope) as connection:
        connection.execute(
            "INSERT INTO whatsapp_codes (company_id, user_id, code_hash, opt_in, expires_at) "
            "VALUES (%s, %s, %s, %s, now() + make_interval(mins => %s)) ON CONFLICT (company_id, user_id) DO UPDATE "
            "SET code_hash = excluded.code_hash, opt_in = excluded.opt_in, expires_at = excluded.expires_at, "
            "used_by = NULL",
            [scope.company_id, scope.user_id, _hash(code), opt_in, CODE_MINUTES],
        )
    return f"AYNI-{code[:4]}-{code[4:]}"


def code_in(text: str) -> str:
    """The code that a message holds, or ''. Pure."""
    found = CODE.search(text)
    return re.sub(r"[\s\-–—]", "", found[1]).upper() if found else ""


def claim(sender: str, code: str) -> Scope | None:
    """Link the phone to the member whose living code this is: once. The phone that used it is told the same again, for
    as long as that link stands: its message may be handled twice. None where there is no such code, or where the phone
    has tried too often, which looks the same from outside."""
    with db.channel() as connection:
        before = connection.execute(
            "SELECT l.company_id, l.user_id, l.linked_at FROM whatsapp_codes c JOIN whatsapp_links l "
            "ON l.company_id = c.company_id AND l.user_id = c.user_id AND l.sender = c.used_by "
            "WHERE c.code_hash = %s AND c.used_by = %s",
            [_hash(code), sender],
        ).fetchone()
        if before is not None:
            return scope_of(Link(*before))
        allowed = connection.execute(
            "UPDATE whatsapp_senders SET "
            "tries = CASE WHEN tries_since > now() - interval '1 hour' THEN tries + 1 ELSE 1 END, "
            "tries_since = CASE WHEN tries_since > now() - interval '1 hour' THEN tries_since ELSE now() END "
            "WHERE sender = %s RETURNING tries <= %s",
            [sender, MOST_TRIES],
        ).fetchone()
        if not allowed or not allowed[0]:
            return None
        row = connection.execute(
            "UPDATE whatsapp_codes SET used_by = %s WHERE code_hash = %s AND used_by IS NULL AND expires_at > now() "
            "RETURNING company_id, user_id, opt_in",
            [sender, _hash(code)],
        ).fetchone()
        if row is None:
            return None
        company_id, user_id, opt_in = row
        connection.execute(
            "INSERT INTO whatsapp_links (company_id, sender, user_id, opted_in_at, opted_in_by) "
            "VALUES (%(company)s, %(sender)s, %(user)s, CASE WHEN %(in)s THEN now() END, %(by)s) "
            "ON CONFLICT (company_id, sender) DO UPDATE SET user_id = excluded.user_id, linked_at = now(), "
            "opted_in_at = excluded.opted_in_at, opted_in_by = excluded.opted_in_by, opted_out_at = NULL",
            {"company": company_id, "sender": sender, "user": user_id, "in": opt_in, "by": "page" if opt_in else ""},
        )
        connection.execute(
            "UPDATE whatsapp_senders SET tries = 0, chosen = %s, asked_wamid = NULL WHERE sender = %s",
            [company_id, sender],
        )
    scope = scope_of(Link(company_id, user_id, datetime.now(UTC)))
    if scope is not None:
        with db.tenant(scope) as connection:
            auth.note(scope, "whatsapp_linked", "opted in" if opt_in else "", connection)
    return scope


def of_phone(sender: str) -> list[Link]:
    """The phone's links, the oldest first."""
    with db.channel() as connection:
        rows = connection.execute(
            "SELECT company_id, user_id, linked_at FROM whatsapp_links WHERE sender = %s "
            "ORDER BY linked_at, company_id",
            [sender],
        ).fetchall()
    return [Link(*row) for row in rows]


def scope_of(link: Link) -> Scope | None:
    """The member's scope as it is now, or None where they are no member any more."""
    mine = [m for m in auth.memberships(link.user_id) if m.company.id == link.company_id]
    return auth.scope_for(link.user_id, mine[0].company.slug) if mine else None


def chosen(sender: str) -> tuple[UUID | None, str]:
    """The company that the phone speaks of, and the message that waits for that to be said."""
    with db.channel() as connection:
        row = connection.execute(
            "SELECT chosen, coalesce(asked_wamid, '') FROM whatsapp_senders WHERE sender = %s", [sender]
        ).fetchone()
    return (row[0], row[1]) if row else (None, "")


def choose(sender: str, company_id: UUID | None, asked_wamid: str = "") -> None:
    with db.channel() as connection:
        connection.execute(
            "UPDATE whatsapp_senders SET chosen = %s, asked_wamid = nullif(%s, '') WHERE sender = %s",
            [company_id, asked_wamid, sender],
        )


def leave(sender: str, before: datetime) -> int:
    """End the phone's links made before a moment: an old 'baja' that comes late ends no newer link. How many."""
    with db.channel() as connection:
        rows = connection.execute(
            "DELETE FROM whatsapp_links WHERE sender = %s AND linked_at <= %s + interval '1 second' "
            "RETURNING company_id, user_id, linked_at",
            [sender, before],
        ).fetchall()
    for row in rows:
        scope = scope_of(Link(*row))
        if scope is not None:
            with db.tenant(scope) as connection:
                auth.note(scope, "whatsapp_unlinked", "by phone", connection)
    return len(rows)


def phones(scope: Scope) -> list[Phone]:
    """The member's own phones in this company."""
    with db.tenant(scope) as connection:
        rows = connection.execute(
            "SELECT sender, linked_at, opted_in_at IS NOT NULL AND opted_out_at IS NULL FROM whatsapp_links "
            "WHERE company_id = %s AND user_id = %s ORDER BY linked_at, sender",
            [scope.company_id, scope.user_id],
        ).fetchall()
    return [Phone(*row) for row in rows]


def unlink(scope: Scope, sender: str) -> None:
    """From the page: the member's own phone alone."""
    with db.tenant(scope) as connection:
        gone = connection.execute(
            "DELETE FROM whatsapp_links WHERE company_id = %s AND user_id = %s AND sender = %s",
            [scope.company_id, scope.user_id, sender],
        ).rowcount
        if gone:
            auth.note(scope, "whatsapp_unlinked", "by page", connection)


def opt(scope: Scope, sender: str, wanted: bool, by: str) -> None:
    """Whether the phone wants what Ayni writes by itself, said on the `page` or by the `phone`; kept with the time."""
    change = "opted_in_at = now(), opted_in_by = %s, opted_out_at = NULL" if wanted else "opted_out_at = now()"
    with db.tenant(scope) as connection:
        changed = connection.execute(
            f"UPDATE whatsapp_links SET {change} WHERE company_id = %s AND user_id = %s AND sender = %s "  # noqa: S608
            f"AND (opted_in_at IS NOT NULL AND opted_out_at IS NULL) <> %s",
            [*([by] if wanted else []), scope.company_id, scope.user_id, sender, wanted],
        ).rowcount
        if changed:
            auth.note(scope, "whatsapp_opted_in" if wanted else "whatsapp_opted_out", f"by {by}", connection)


def _hash(code: str) -> bytes:
    """Keyed, so that who reads the table can't try all codes."""
    return hmac.new(settings().secret().encode(), b"whatsapp code " + code.encode(), sha256).digest()
