"""Who belongs to a company and as what, for whoever manages it. A company is never left without an owner."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import db
from core.auth.audit import note
from core.errors import BadInput, Conflict, NotFound
from core.tenancy import Permission, Role, Scope

ROLES = tuple(r for r in Role if r is not Role.operator)
"""What a member can be."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the company."""

    user_id: UUID
    name: str
    email: str
    role: Role
    since: datetime


def members(scope: Scope, connection: db.Connection) -> list[Member]:
    """All of the company, the first joined first."""
    rows = connection.execute(
        "SELECT u.id, u.name, u.email, m.role, m.created_at FROM memberships m JOIN users u ON u.id = m.user_id "
        "WHERE m.company_id = %s ORDER BY m.created_at, u.email",
        [scope.company_id],
    ).fetchall()
    return [Member(id, name, email, Role(role), since) for id, name, email, role, since in rows]


def change_role(user_id: UUID, role: str, scope: Scope, connection: db.Connection) -> None:
    """Have a member be something else. Conflict for the only owner, NotFound for whoever is no member."""
    chosen, member = member_role(role), _member(user_id, scope, connection)
    if chosen is member.role:
        return
    if member.role is Role.owner:
        _another_owner(user_id, scope, connection)
    if not chosen.may(Permission.manage):
        _end_invitations(member, scope, connection)
    connection.execute(
        "UPDATE memberships SET role = %s WHERE company_id = %s AND user_id = %s",
        [chosen.value, scope.company_id, user_id],
    )
    note(scope, "member_role", f"{member.email}: {member.role.value} → {chosen.value}", connection)


def remove_member(user_id: UUID, scope: Scope, connection: db.Connection) -> None:
    """Let a member go, and with them their keys of this company and the invitations they sent. Conflict for the only
    owner, NotFound for nobody."""
    member = _member(user_id, scope, connection)
    if member.role is Role.owner:
        _another_owner(user_id, scope, connection)
    _end_invitations(member, scope, connection)
    for table in ("api_tokens", "digest_choices", "memberships"):
        connection.execute(
            f"DELETE FROM {table} WHERE company_id = %s AND user_id = %s",  # noqa: S608
            [scope.company_id, user_id],
        )
    note(scope, "member_removed", member.email, connection)


def member_role(role: str) -> Role:
    """The role so named. BadInput where no member can be that. Pure."""
    if role not in {r.value for r in ROLES}:
        raise BadInput("role", "No conozco ese rol.", "Elige uno de la lista.")
    return Role(role)


def _member(user_id: UUID, scope: Scope, connection: db.Connection) -> Member:
    found = next((m for m in members(scope, connection) if m.user_id == user_id), None)
    if found is None:
        raise NotFound("member", "Esa persona no es parte de la empresa.")
    return found


def _end_invitations(member: Member, scope: Scope, connection: db.Connection) -> None:
    """Who may no longer invite has nobody on the way either: an invitation to themselves would bring them back."""
    rows = connection.execute(
        "UPDATE invitations SET state = 'revoked' WHERE company_id = %s AND invited_by = %s AND state = 'open' "
        "RETURNING email",
        [scope.company_id, member.user_id],
    ).fetchall()
    for (email,) in rows:
        note(scope, "invitation_revoked", email, connection)


def _another_owner(user_id: UUID, scope: Scope, connection: db.Connection) -> None:
    # All owners are held until the transaction ends: two owners removing each other at once can't both succeed.
    rows = connection.execute(
        "SELECT user_id FROM memberships WHERE company_id = %s AND role = 'owner' ORDER BY user_id FOR UPDATE",
        [scope.company_id],
    ).fetchall()
    if not any(id != user_id for (id,) in rows):
        raise Conflict("last_owner", "La empresa necesita al menos un dueño.", "Nombra antes a otro.")
