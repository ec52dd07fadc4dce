"""Who reads the summary: how often, by which way, with what in it; and the signed address that ends it by one click."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

import jwt

from core import auth, db
from core.db import Connection
from core.errors import BadInput, NotFound
from core.settings import settings
from core.tenancy import Role, Scope
from server.digest.editions import FREQUENCIES, Frequency
from server.digest.types import Digest
from server.envelope import Reader

PATH = "/resumen/baja/"
By = Literal["email", "whatsapp", "both"]
WAYS: dict[By, str] = {"email": "Por correo", "whatsapp": "Por WhatsApp", "both": "Por los dos"}
SECTIONS = {
    "kpis": "Tus cifras",
    "insights": "Lo que importa",
    "peers": "Frente a otros como tú",
    "winds": "Vientos de la economía",
    "watch": "Ojo con",
}
"""What may be left out, by how it is called."""
# An owner gets it from the first Monday on; whoever else belongs to the company asks for it.
SUBSCRIBERS = """
SELECT u.id, u.email, u.name, coalesce(d.frequency, CASE WHEN m.role = 'owner' THEN 'weekly' ELSE 'off' END),
       coalesce(d.by, 'email'), coalesce(d.without, '{}')
FROM memberships m JOIN users u ON u.id = m.user_id
LEFT JOIN digest_choices d ON d.company_id = m.company_id AND d.user_id = m.user_id
WHERE m.company_id = %s ORDER BY m.created_at, u.email
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """How often somebody wants the summary, by which way, and which sections not."""

    frequency: Frequency = "off"
    by: By = "email"
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A member of the company and their choice."""

    reader: Reader
    choice: Choice


def subscribers(scope: Scope, connection: Connection) -> list[Subscriber]:
    """The company's members, also those who want none."""
    rows = connection.execute(SUBSCRIBERS, [scope.company_id])
    return [
        Subscriber(Reader(user_id, email, name), Choice(frequency, by, frozenset(without)))
        for user_id, email, name, frequency, by, without in rows
    ]


def choice(scope: Scope, connection: Connection) -> Choice:
    """What the signed-in user chose."""
    mine = next((s for s in subscribers(scope, connection) if s.reader.user_id == scope.user_id), None)
    return mine.choice if mine else Choice()


def checked(frequency: str, by: str, shown: Sequence[str]) -> Choice:
    """A choice as a form sends it: `shown` are the sections that are wanted. BadInput where it is none. Pure."""
    if frequency not in FREQUENCIES:
        raise BadInput("frequency", "No conozco esa frecuencia.", "Elige una de la lista.")
    if by not in WAYS:
        raise BadInput("by", "No conozco ese camino.", "Elige uno de la lista.")
    if not set(shown) <= SECTIONS.keys():
        raise BadInput("sections", "No conozco esa sección.", "Elige de la lista.")
    return Choice(frequency, by, frozenset(SECTIONS) - set(shown))


def choose(chosen: Choice, scope: Scope, connection: Connection) -> None:
    """Keep the choice of the user of `scope`."""
    if scope.user_id is None:
        raise BadInput("frequency", "Esa elección es de cada persona.", "Entra con tu cuenta.")
    connection.execute(
        "INSERT INTO digest_choices (company_id, user_id, frequency, by, without) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT (company_id, user_id) DO UPDATE SET frequency = excluded.frequency, by = excluded.by, "
        "without = excluded.without, updated_at = now()",
        [scope.company_id, scope.user_id, chosen.frequency, chosen.by, sorted(chosen.without)],
    )


def stop(scope: Scope, connection: Connection) -> None:
    """No more summaries for the user of `scope`; the rest of their choice is kept."""
    choose(replace(choice(scope, connection), frequency="off"), scope, connection)


def kept(digest: Digest, without: frozenset[str]) -> Digest:
    """The summary with the sections that its reader wants. Pure."""
    if digest.kind != "full" or not without:
        return digest
    return replace(
        digest,
        kpis=() if "kpis" in without else digest.kpis,
        stories=() if "insights" in without else digest.stories,
        peers=() if "peers" in without else digest.peers,
        peer_facts=() if "peers" in without else digest.peer_facts,
        winds=() if "winds" in without else digest.winds,
        watch=() if "watch" in without else digest.watch,
        facts=() if "watch" in without else digest.facts,  # of a full one they are the watch's
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
