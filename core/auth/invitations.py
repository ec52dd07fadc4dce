"""Invitations: a ticket by mail, good once and for seven days, that lets its reader into one company.

The ticket names company, invitation and how often it was sent: sending it again makes the earlier ones worthless. It
is for whoever reads the invited address: they make their account with it, or accept signed in with that address.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

import psycopg

from core import db
from core.auth import tickets
from core.auth.accounts import checked_email, checked_name, checked_password
from core.auth.audit import note
from core.auth.login import User, hash_password
from core.auth.members import member_role, members
from core.auth.scopes import company_scope
from core.errors import Conflict, Forbidden, NotFound, TooMany
from core.tenancy import PERMISSIONS, Company, Permission, Role, Scope

DAYS = 7
MOST_A_DAY = 50
MOST_SENT = 6

FIELDS = (
    "i.id, i.email, i.role, i.sent, i.delivered, i.expires_at, i.expires_at <= now(), "
    "coalesce(nullif(u.name, ''), u.email, '')"  # who gave no name is known by their address
)
FOUND = f"SELECT {FIELDS} FROM invitations i LEFT JOIN users u ON u.id = i.invited_by WHERE i.company_id = %s"  # noqa: S608

# The operator's command line changes roles and looks at no invitation: at the door, its inviter is asked for.
STANDING = (
    "(i.invited_by IS NULL OR EXISTS (SELECT FROM memberships m WHERE m.company_id = i.company_id "
    "AND m.user_id = i.invited_by AND m.role = ANY(%s)))"
)
INVITERS = [role.value for role, permissions in PERMISSIONS.items() if Permission.manage in permissions]


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that is still open; `delivered`: the mail server took its last mail; `over`: its time ended."""

    id: UUID
    email: str
    role: Role
    sent: int
    delivered: bool
    expires: datetime
    over: bool
    by: str


@dataclass(frozen=True, slots=True)
class Door:
    """What an invited person sees before they come in."""

    company: Company
    invitation: Invitation


def invite(email: str, role: str, scope: Scope, connection: db.Connection) -> Invitation:
    """A new invitation, or the open one to that address renewed; whether that address has an account plays no part.
    Conflict for a member, TooMany where a day's are used up."""
    email, chosen = checked_email(email), member_role(role)
    if any(m.email == email for m in members(scope, connection)):
        raise Conflict("member", f"{email} ya es parte de {scope.company.name}.")
    count = connection.execute(
        "SELECT count(*) FROM invitations WHERE company_id = %s AND created_at > now() - interval '1 day'",
        [scope.company_id],
    ).fetchone()
    if count is not None and count[0] >= MOST_A_DAY:
        raise TooMany("invitations", f"Ya invitaste a {MOST_A_DAY} personas hoy.", "Sigue mañana.")
    row = connection.execute(
        "INSERT INTO invitations (company_id, email, role, invited_by, expires_at) "
        "VALUES (%s, %s, %s, %s, now() + make_interval(days => %s)) "
        "ON CONFLICT (company_id, email) WHERE state = 'open' DO UPDATE SET role = excluded.role, "
        "invited_by = excluded.invited_by, sent = invitations.sent + 1, expires_at = excluded.expires_at, "
        "delivered = false RETURNING id, sent",
        [scope.company_id, email, chosen.value, scope.user_id, DAYS],
    ).fetchone()
    assert row is not None
    _not_too_often(row[1])
    note(scope, "invited", f"{email}: {chosen.value}", connection)
    return _one(row[0], scope, connection)


def resend(id: UUID, scope: Scope, connection: db.Connection) -> Invitation:
    """The same invitation with seven new days, now by whoever sends it again; its earlier links end. NotFound where it
    isn't open here."""
    row = connection.execute(
        "UPDATE invitations SET sent = sent + 1, delivered = false, invited_by = %s, "
        "expires_at = now() + make_interval(days => %s) "
        "WHERE company_id = %s AND id = %s AND state = 'open' RETURNING sent, email",
        [scope.user_id, DAYS, scope.company_id, id],
    ).fetchone()
    if row is None:
        raise NotFound("invitation", "Esa invitación ya no está.")
    _not_too_often(row[0])
    note(scope, "invitation_resent", row[1], connection)
    return _one(id, scope, connection)


def revoke_invitation(id: UUID, scope: Scope, connection: db.Connection) -> None:
    """Its link ends at once. NotFound where it isn't open here."""
    row = connection.execute(
        "UPDATE invitations SET state = 'revoked' WHERE company_id = %s AND id = %s AND state = 'open' RETURNING email",
        [scope.company_id, id],
    ).fetchone()
    if row is None:
        raise NotFound("invitation", "Esa invitación ya no está.")
    note(scope, "invitation_revoked", row[0], connection)


def mark_delivered(id: UUID, scope: Scope, connection: db.Connection) -> None:
    connection.execute(
        "UPDATE invitations SET delivered = true WHERE company_id = %s AND id = %s", [scope.company_id, id]
    )


def open_invitations(scope: Scope, connection: db.Connection) -> list[Invitation]:
    """Those not yet accepted nor revoked, also where their time is over; the newest first."""
    rows = connection.execute(f"{FOUND} AND i.state = 'open' ORDER BY i.created_at DESC, i.id", [scope.company_id])
    return [_invitation(row) for row in rows.fetchall()]


def ticket(invitation: Invitation, scope: Scope) -> str:
    """What its mail carries."""
    return tickets.sign(
        "invitation",
        DAYS * 24 * 3600,
        company=str(scope.company_id),
        invitation=str(invitation.id),
        sent=invitation.sent,
    )


def invited(text: str) -> Door:
    """Where a ticket leads. NotFound once it is used, renewed, revoked or over."""
    scope, id, sent = _read(text)
    with db.tenant(scope) as connection:
        return Door(scope.company, _open(id, sent, scope, connection))


def accept_as_new(text: str, name: str, password: str) -> User:
    """Make the invited person's account and let them in. Conflict where that address has one already."""
    scope, id, sent = _read(text)
    name, hashed = checked_name(name), hash_password(checked_password(password))
    user_id = uuid4()
    mine = replace(scope, user_id=user_id)
    try:
        with db.tenant(mine) as connection:
            invitation = _open(id, sent, mine, connection)
            connection.execute(
                "INSERT INTO users (id, email, name, password_hash) VALUES (%s, %s, %s, %s)",
                [user_id, invitation.email, name, hashed],
            )
            _let_in(invitation, mine, connection)
    except psycopg.errors.UniqueViolation:
        raise Conflict("user_exists", "Ese correo ya tiene una cuenta de Ayni.", "Entra con ella y acepta.") from None
    return User(user_id, invitation.email, name, 0)


def accept(text: str, user: User) -> Company:
    """Let a signed-in person into the company they were invited to. Forbidden with another address than the invited."""
    scope, id, sent = _read(text)
    mine = replace(scope, user_id=user.id)
    with db.tenant(mine) as connection:
        invitation = _open(id, sent, mine, connection)
        if invitation.email != user.email:
            raise Forbidden("invitation", "Esa invitación es para otro correo.", f"Entra con {invitation.email}.")
        _let_in(invitation, mine, connection)
    return scope.company


def _let_in(invitation: Invitation, scope: Scope, connection: db.Connection) -> None:
    connection.execute(
        "INSERT INTO memberships (company_id, user_id, role) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
        [scope.company_id, scope.user_id, invitation.role.value],
    )
    connection.execute(
        "UPDATE invitations SET state = 'accepted' WHERE company_id = %s AND id = %s", [scope.company_id, invitation.id]
    )
    note(scope, "joined", f"{invitation.email}: {invitation.role.value}", connection)


def _read(text: str) -> tuple[Scope, UUID, int]:
    claims = tickets.read("invitation", text)
    return company_scope(UUID(claims["company"])), UUID(claims["invitation"]), int(claims["sent"])


def _open(id: UUID, sent: int, scope: Scope, connection: db.Connection) -> Invitation:
    # Held until the transaction ends: of two who accept at once, the second finds it used.
    connection.execute("SELECT 1 FROM invitations WHERE company_id = %s AND id = %s FOR UPDATE", [scope.company_id, id])
    row = connection.execute(
        f"{FOUND} AND i.id = %s AND i.state = 'open' AND i.sent = %s AND i.expires_at > now() AND {STANDING}",
        [scope.company_id, id, sent, INVITERS],
    ).fetchone()
    if row is None:
        raise NotFound("invitation", "Esa invitación ya no sirve.", "Pide a quien te invitó que la envíe otra vez.")
    return _invitation(row)


def _one(id: UUID, scope: Scope, connection: db.Connection) -> Invitation:
    row = connection.execute(f"{FOUND} AND i.id = %s", [scope.company_id, id]).fetchone()
    assert row is not None
    return _invitation(row)


def _invitation(row: tuple[object, ...]) -> Invitation:
    id, email, role, *rest = row
    return Invitation(id, email, Role(role), *rest)  # type: ignore


def _not_too_often(sent: int) -> None:
    if sent > MOST_SENT:
        raise TooMany("invitation_sent", "Ya le enviaste esa invitación varias veces.", "Anúlala y haz otra.")
