"""The session: one signed cookie. It has the claims that the chat's own login would put there, so one serves all."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt

from core import db
from core.auth.login import User
from core.auth.scopes import MEMBERSHIPS, Membership, pick
from core.errors import NotSignedIn
from core.settings import settings
from core.tenancy import Company, Role, Scope

COOKIE = "access_token"
SESSION_SECONDS = 15 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """What a valid cookie says. It proves who; what they may see is looked up (`session_scope`)."""

    user_id: UUID
    name: str
    slug: str | None
    token_version: int


def session_secret() -> str:
    """The signing key of sessions, derived: no other use of the one secret can forge one."""
    return hmac.digest(settings().secret().encode(), b"ayni session", "sha256").hex()


def session_token(user: User, slug: str | None, now: datetime | None = None) -> str:
    """The cookie's value for a user who works in the company `slug`."""
    now = now or datetime.now(UTC)
    claims = {
        "identifier": str(user.id),
        "display_name": user.name or user.email,
        "metadata": {"company": slug, "version": user.token_version},
        "iat": now,
        "exp": now + timedelta(seconds=SESSION_SECONDS),
    }
    return jwt.encode(claims, session_secret(), algorithm="HS256")


def read_session(token: str | None) -> Session:
    """What the cookie says, once its signature and its end are checked. Else NotSignedIn."""
    try:
        claims = jwt.decode(token or "", session_secret(), algorithms=["HS256"], options={"require": ["exp", "iat"]})
        extra = claims["metadata"]
        return Session(
            UUID(claims["identifier"]), str(claims["display_name"]), extra.get("company"), int(extra["version"])
        )
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, AttributeError):
        raise _signed_out() from None


def session_scope(token: str | None) -> Scope:
    """The scope of a session, as the account and its memberships stand now."""
    return session_memberships(token)[0]


def session_memberships(token: str | None) -> tuple[Scope, list[Membership], Session]:
    """The session's scope, with all the companies its user may choose. One round to the database."""
    session = read_session(token)
    with db.identity(session.user_id) as connection:
        version = connection.execute("SELECT token_version FROM users WHERE id = %s", [session.user_id]).fetchone()
        rows = connection.execute(MEMBERSHIPS, [session.user_id]).fetchall()
    if version is None or version[0] != session.token_version:
        raise _signed_out()
    mine = [Membership(Company(*row[:8]), Role(row[8])) for row in rows]
    known = session.slug if any(m.company.slug == session.slug for m in mine) else None
    return pick(mine, session.user_id, known), mine, session


def _signed_out() -> NotSignedIn:
    return NotSignedIn("signed_out", "Tu sesión terminó.", "Entra otra vez.")
