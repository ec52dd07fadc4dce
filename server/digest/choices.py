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
from server.envelope import Reader

PATH = "/resumen/baja/"
# An owner gets it from the first Monday on; whoever else belongs to the company asks for it.
SUBSCRIBERS = """
SELECT u.id, u.email, u.name, coalesce(d.frequency, CASE WHEN m.role = 'owner' THEN 'weekly' ELSE 'off' END)
FROM memberships m JOIN users u ON u.id = m.user_id
LEFT JOIN digest_choices d ON d.company_id = m.company_id AND d.user_id = m.user_id
WHERE m.company_id = %s ORDER BY m.created_at, u.email
"""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A member of the company, and how often they want the summary."""

    reader: Reader
    frequency: Frequency


def subscribers(scope: Scope, connection: Connection) -> list[Subscriber]:
    """The company's members, also those who want none."""
    rows = connection.execute(SUBSCRIBERS, [scope.company_id])
    return [Subscriber(Reader(user_id, email, name), frequency) for user_id, email, name, frequency in rows]


def choice(scope: Scope, connection: Connection) -> Frequency:
    """How often the signed-in user wants it."""
    mine = next((s for s in subscribers(scope, connection) if s.reader.user_id == scope.user_id), None)
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
        if not any(s.reader.user_id == user_id for s in subscribers(scope, connection)):
            raise NotFound("leave", "Esa cuenta ya no pertenece a la empresa.")
    return scope


def _key() -> str:
    return hmac.digest(settings().secret().encode(), b"ayni leave the summary", "sha256").hex()
