"""API keys: a program's way in. A key acts as the member who made it, as far as its scopes go, until it ends."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from core import db
from core.auth.audit import in_each_company, note, note_in
from core.errors import BadInput, Forbidden, NotFound
from core.tenancy import PERMISSIONS, Permission, Role, Scope

TOKEN_PREFIX = "ayni_"  # so that a leaked one is recognised for what it is
SCOPES = (Permission.look, Permission.upload, Permission.download, Permission.plan, Permission.report)
"""What a key may be given. The company and its people are changed by a person."""
MOST_DAYS = 3650
MOST_KEYS = 50


@dataclass(frozen=True, slots=True)
class Key:
    """An API key as it is listed: never the key itself."""

    id: UUID
    user_id: UUID
    email: str
    name: str
    scopes: tuple[Permission, ...]
    created: datetime
    last_used: datetime | None
    expires: datetime | None


KEYS = (
    "SELECT t.id, t.user_id, u.email, t.name, t.scopes, t.created_at, t.last_used_at, t.expires_at "
    "FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.company_id = %s"
)


def create_key(name: str, scopes: Iterable[str], days: int | None, scope: Scope, connection: db.Connection) -> str:
    """A key of the signed-in member's own; only its hash is kept, so it is shown this once. `days` until it ends, None:
    when it is revoked. BadInput for scopes that are none; Forbidden for those the member lacks."""
    if scope.user_id is None:
        raise BadInput("key", "Una clave es de una persona.", "Entra con tu cuenta.")
    return _insert(name, scopes, days, scope.user_id, scope.role, scope, connection)


def keys(scope: Scope, connection: db.Connection) -> list[Key]:
    """The member's own keys; all of the company's for who manages it. The oldest first."""
    mine = None if scope.may(Permission.manage) else scope.user_id
    rows = connection.execute(
        f"{KEYS} AND (%s::uuid IS NULL OR t.user_id = %s) ORDER BY t.created_at, t.id", [scope.company_id, mine, mine]
    ).fetchall()
    return [_key(row) for row in rows]


def revoke_key(id: UUID, scope: Scope, connection: db.Connection) -> None:
    """End a key at once. NotFound where it isn't one that the member sees."""
    mine = None if scope.may(Permission.manage) else scope.user_id
    gone = connection.execute(
        "DELETE FROM api_tokens WHERE company_id = %s AND id = %s AND (%s::uuid IS NULL OR user_id = %s) "
        "RETURNING name",
        [scope.company_id, id, mine, mine],
    ).fetchone()
    if gone is None:
        raise NotFound("key", "No encuentro esa clave.")
    note(scope, "key_revoked", gone[0], connection)


def create_token(scope: Scope, email: str, name: str, scopes: Iterable[str] = (), days: int | None = None) -> str:
    """The operator's way: a key that acts as that member. Without `scopes` it may all that a key of theirs can."""
    with db.tenant(scope) as connection:
        row = connection.execute(
            "SELECT m.user_id, m.role FROM memberships m JOIN users u ON u.id = m.user_id "
            "WHERE m.company_id = %s AND u.email = %s",
            [scope.company_id, email.strip().lower()],
        ).fetchone()
        if row is None:
            raise NotFound("member", f"{email} no es parte de {scope.company.name}.", "Agrégalo con ayni users create.")
        role = Role(row[1])
        wanted = tuple(scopes) or tuple(s.value for s in grantable(role))
        return _insert(name, wanted, days, row[0], role, scope, connection)


def tokens(scope: Scope) -> list[dict[str, str]]:
    """A company's API keys for the operator: whose, what for, how far, since when and when last used."""
    with db.tenant(scope) as connection:
        found = keys(scope, connection)
    day = scope.company.tz
    return [
        {
            "email": k.email,
            "name": k.name,
            "scopes": " ".join(k.scopes),
            "created": k.created.astimezone(day).date().isoformat(),
            "last_used": k.last_used.astimezone(day).date().isoformat() if k.last_used else "",
            "expires": k.expires.astimezone(day).date().isoformat() if k.expires else "",
        }
        for k in found
    ]


def revoke_tokens(scope: Scope, email: str, name: str | None = None) -> int:
    """Take a member's API keys of a company back, all or those of that name; NotFound where there is none."""
    with db.tenant(scope) as connection:
        gone = connection.execute(
            "DELETE FROM api_tokens WHERE company_id = %s AND user_id = (SELECT id FROM users WHERE email = %s) "
            "AND (%s::text IS NULL OR name = %s) RETURNING name",
            [scope.company_id, email.strip().lower(), name, name],
        ).fetchall()
        if not gone:
            raise NotFound("token", f"{email} no tiene ese token en {scope.company.name}.", "Mira: ayni tokens list")
        for (named,) in gone:
            note(scope, "key_revoked", named, connection)
    return len(gone)


def own_keys(user_id: UUID, connection: db.Connection) -> int:
    """How many keys that still work a person has, over all their companies. The connection is of `db.identity`."""
    live = (
        "SELECT count(*) FROM api_tokens WHERE company_id = %s AND user_id = %s "
        "AND (expires_at IS NULL OR expires_at > now())"
    )
    found = 0
    for company_id in in_each_company(user_id, connection):
        row = connection.execute(live, [company_id, user_id]).fetchone()
        found += row[0] if row else 0
    return found


def end_own_keys(user_id: UUID, connection: db.Connection) -> None:
    """End every key that a person has, in all their companies: whoever had their password may have made one."""
    for company_id in in_each_company(user_id, connection):
        gone = connection.execute(
            "DELETE FROM api_tokens WHERE company_id = %s AND user_id = %s RETURNING name", [company_id, user_id]
        ).fetchall()
        for (name,) in gone:
            note_in(company_id, user_id, "key_revoked", name, connection)


def grantable(role: Role) -> tuple[Permission, ...]:
    """What a key of somebody with that role may be given. Pure."""
    return tuple(s for s in SCOPES if s in PERMISSIONS[role])


def token_hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _insert(
    name: str, scopes: Iterable[str], days: int | None, user_id: UUID, role: Role, scope: Scope,
    connection: db.Connection,
) -> str:  # fmt: skip
    name, given = " ".join(name.replace("\0", "").split())[:80], _scopes(scopes, role)
    if not name:
        raise BadInput("key_name", "Ponle un nombre a la clave.", "Por ejemplo, dónde la vas a usar.")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise BadInput("key_days", f"Una clave dura entre 1 y {MOST_DAYS} días.")
    count = connection.execute(
        "SELECT count(*) FROM api_tokens WHERE company_id = %s AND user_id = %s", [scope.company_id, user_id]
    ).fetchone()
    if count is not None and count[0] >= MOST_KEYS:
        raise BadInput("keys", f"Ya tienes {MOST_KEYS} claves.", "Revoca las que no uses.")
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    connection.execute(
        "INSERT INTO api_tokens (company_id, user_id, name, token_sha256, scopes, expires_at) "
        "VALUES (%s, %s, %s, %s, %s, now() + make_interval(days => %s))",
        [scope.company_id, user_id, name, token_hash(token), [s.value for s in given], days],
    )
    note(scope, "key_created", f"{name}: {', '.join(given)}", connection)
    return token


def _scopes(wanted: Iterable[str], role: Role) -> tuple[Permission, ...]:
    names = set(wanted)
    unknown = names - {s.value for s in SCOPES}
    if unknown or not names:
        told = f"No conozco el alcance «{min(unknown)}»." if unknown else "Elige qué puede hacer la clave."
        raise BadInput("key_scope", told, f"Hay: {', '.join(SCOPES)}.")
    lacking = [s for s in names if Permission(s) not in grantable(role)]
    if lacking:
        raise Forbidden("key_scope", "Una clave no puede más que su dueño.", "Quítale lo que tu rol no permite.")
    return tuple(s for s in SCOPES if s.value in names)


def _key(row: tuple[object, ...]) -> Key:
    id, user_id, email, name, scopes, *times = row
    return Key(id, user_id, email, name, tuple(Permission(s) for s in scopes), *times)  # type: ignore
