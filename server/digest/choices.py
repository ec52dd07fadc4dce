"""Who reads the summary, how often, and the signed address that ends it with one click."""

import hmac
from dataclasses import dataclass
from uuid import UUID

import jwt

from core import auth, db
from core.db import Connection
from core.errors import BadInput, NotFound
from core.settings import settings
from core.tenancy import Role, Scope
from server.digest.editions import FREQUENCIES, Frequency

PATH = "/resumen/baja/"
# An owner gets it from the first Monday on; whoever else belongs to the company asks for it.
READERS = """
SELECT u.id, u.email, u.name, coalesce(d.frequency, CASE WHEN m.role = 'owner' THEN 'weekly' ELSE 'off' END)
FROM memberships m JOIN users u ON u.id = m.user_id
LEFT JOIN digest_choices d ON d.company_id = m.company_id AND d.user_id = m.user_id
WHERE m.company_id = %s ORDER BY m.created_at, u.email
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """A member of the company, and how often they want the summary."""

    user_id: UUID
    email: str
    name: str
    frequency: Frequency


def readers(scope: Scope, connection: Connection) -> list[Reader]:
    """The company's members, also those who want none."""
    return [Reader(*row) for row in connection.execute(READERS, [scope.company_id])]


def choice(scope: Scope, connection: Connection) -> Frequency:
    """How often the signed-in user wants it."""
    mine = next((r for r in readers(scope, connection) if r.user_id == scope.user_id), None)
    return mine.frequency if mine else "off"


def choose(frequency: str, scope: Scope, connection: Connection) -> None:
    """Keep the choice of the user of `scope`."""
    if frequency not in FREQUENCIES:
        raise BadInput("frequency", "No conozco esa frecuencia.", "Elige una de la lista.")
    if scope.user_id is None:
        raise BadInput("frequency", "Esa elección es de cada persona.", "Entra con tu cuenta.")
    connection.execute(
        "INSERT INTO digest_choices (company_id, user_id, frequency) VALUES (%s, %s, %s) "
        "ON CONFLICT (company_id, user_id) DO UPDATE SET frequency = excluded.frequency, updated_at = now()",
        [scope.company_id, scope.user_id, frequency],
    )


def leave_url(company_id: UUID, user_id: UUID) -> str:
    """The address that ends the summary of one company for one reader. It can do that and nothing else."""
    token = jwt.encode({"c": str(company_id), "u": str(user_id)}, _key(), algorithm="HS256")
    return f"{settings().url}{PATH}{token}"


def leaving(token: str) -> Scope:
    """Whose summary a leave address ends. NotFound where it is not ours, or they are no longer a member."""
    try:
        claims = jwt.decode(token, _key(), algorithms=["HS256"])
        company_id, user_id = UUID(claims["c"]), UUID(claims["u"])
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, AttributeError):
        raise NotFound("leave", "Ese enlace no sirve.", "Entra y cámbialo en Resumen.") from None
    company = auth.company_scope(company_id).company
    scope = Scope(company, Role.viewer, user_id)
    with db.tenant(scope) as connection:
        if not any(r.user_id == user_id for r in readers(scope, connection)):
            raise NotFound("leave", "Esa cuenta ya no pertenece a la empresa.")
    return scope


def _key() -> str:
    return hmac.digest(settings().secret().encode(), b"ayni leave the summary", "sha256").hex()
