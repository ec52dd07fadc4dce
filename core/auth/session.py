"""The session: one signed cookie. It has the claims that the chat's own login would put there, so one serves all.

The cookie names a row of `user_sessions`: whoever closes that row, here or on another device, closes the session.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import jwt

from core import db
from core.auth.login import User
from core.auth.scopes import Membership, pick
from core.errors import NotFound, NotSignedIn
from core.settings import settings
from core.tenancy import Company, Role, Scope

COOKIE = "access_token"
SESSION_SECONDS = 15 * 24 * 3600
SEEN_SECONDS = 300
"""How exactly the last use is told: a write for each request would cost more than the request."""

# Account, session and memberships in one round: every request asks this.
LOOKUP = """
SELECT u.token_version, s.last_seen_at, u.operator,
       c.id, c.slug, c.name, c.sector, c.country, c.currency, c.timezone, c.locale, m.role
FROM users u
JOIN user_sessions s ON s.user_id = u.id AND s.id = %s AND s.expires_at > now()
LEFT JOIN (memberships m JOIN companies c ON c.id = m.company_id) ON m.user_id = u.id
WHERE u.id = %s ORDER BY m.created_at, c.slug
"""


@dataclass(frozen=True, slots=True)
class Session:
    """What a valid cookie says. It proves who; what they may see is looked up (`session_scope`). `operator`: that they
    run Ayni, which no cookie says: it is the account's, where the session was looked up."""

    user_id: UUID
    name: str
    slug: str | None
    token_version: int
    id: UUID
    expires: datetime
    operator: bool = False

    def in_company(self, slug: str) -> "Session":
        return replace(self, slug=slug)


@dataclass(frozen=True, slots=True)
class Device:
    """Where a person is signed in: `agent` is what the browser called itself."""

    id: UUID
    address: str
    agent: str
    created: datetime
    last_seen: datetime


def session_secret() -> str:
    """The signing key of sessions, derived: no other use of the one secret can forge one."""
    return hmac.digest(settings().secret().encode(), b"ayni session", "sha256").hex()


def session_token(user: User, slug: str | None, now: datetime | None = None, address: str = "", agent: str = "") -> str:
    """Open a session; the cookie's value for a user who works in the company `slug`. NotSignedIn while the second
    factor is still to come."""
    if user.needs_code:
        raise NotSignedIn("code", "Falta el código de tu segundo paso.", "Entra otra vez.")
    now = now or datetime.now(UTC)
    session = Session(
        user.id, user.name or user.email, slug, user.token_version, uuid4(), now + timedelta(seconds=SESSION_SECONDS)
    )
    with db.identity(user.id) as connection:
        connection.execute("DELETE FROM user_sessions WHERE user_id = %s AND expires_at < now()", [user.id])
        connection.execute(
            "INSERT INTO user_sessions (user_id, id, address, agent, expires_at) VALUES (%s, %s, %s, %s, %s)",
            [user.id, session.id, address[:60], agent.replace("\0", "")[:300], session.expires],
        )
    return written(session, now)


def written(session: Session, now: datetime | None = None) -> str:
    """The cookie's value for a session that is open already: in another company, or after a new password."""
    claims = {
        "identifier": str(session.user_id),
        "display_name": session.name,
        "metadata": {"company": session.slug, "version": session.token_version, "session": str(session.id)},
        "iat": now or datetime.now(UTC),
        "exp": session.expires,
    }
    return jwt.encode(claims, session_secret(), algorithm="HS256")


def read_session(token: str | None) -> Session:
    """What the cookie says, once its signature and its end are checked. Else NotSignedIn."""
    try:
        claims = jwt.decode(token or "", session_secret(), algorithms=["HS256"], options={"require": ["exp", "iat"]})
        extra = claims["metadata"]
        return Session(
            UUID(claims["identifier"]),
            str(claims["display_name"]),
            extra.get("company"),
            int(extra["version"]),
            UUID(extra["session"]),
            datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, AttributeError):
        raise _signed_out() from None


def session_scope(token: str | None) -> Scope:
    """The scope of a session, as the account and its memberships stand now."""
    return session_memberships(token)[0]


def session_memberships(token: str | None) -> tuple[Scope, list[Membership], Session]:
    """The session's scope, with all the companies its user may choose. One round to the database."""
    session, mine = open_session(token)
    known = session.slug if any(m.company.slug == session.slug for m in mine) else None
    return pick(mine, session.user_id, known), mine, session


def open_session(token: str | None) -> tuple[Session, list[Membership]]:
    """A session that is open still, and its person's companies, maybe none yet. Else NotSignedIn."""
    session = read_session(token)
    with db.identity(session.user_id) as connection:
        rows = connection.execute(LOOKUP, [session.id, session.user_id]).fetchall()
        if not rows or rows[0][0] != session.token_version:
            raise _signed_out()
        if (datetime.now(UTC) - rows[0][1]).total_seconds() > SEEN_SECONDS:
            connection.execute(
                "UPDATE user_sessions SET last_seen_at = now() WHERE user_id = %s AND id = %s",
                [session.user_id, session.id],
            )
    mine = [Membership(Company(*row[3:11]), Role(row[11])) for row in rows if row[3] is not None]
    return replace(session, operator=rows[0][2]), mine


def devices(user_id: UUID) -> list[Device]:
    """Where a person is signed in, the latest used first."""
    with db.identity(user_id) as connection:
        rows = connection.execute(
            "SELECT id, address, agent, created_at, last_seen_at FROM user_sessions "
            "WHERE user_id = %s AND expires_at > now() ORDER BY last_seen_at DESC, id",
            [user_id],
        ).fetchall()
    return [Device(*row) for row in rows]


def close(user_id: UUID, session_id: UUID, missing_ok: bool = False) -> None:
    """End one session of a person, on whichever device. NotFound where it isn't theirs, unless `missing_ok`."""
    with db.identity(user_id) as connection:
        gone = connection.execute(
            "DELETE FROM user_sessions WHERE user_id = %s AND id = %s", [user_id, session_id]
        ).rowcount
    if not gone and not missing_ok:
        raise NotFound("session", "Esa sesión ya no está abierta.")


def _signed_out() -> NotSignedIn:
    return NotSignedIn("signed_out", "Tu sesión terminó.", "Entra otra vez.")
