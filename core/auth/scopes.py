"""The makers of a `Scope`. A membership is read anew for each request: whoever is removed is out at once."""

from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz, process

from core import db
from core.auth.keys import SCOPES, token_hash
from core.errors import Forbidden, NotFound, NotSignedIn
from core.tenancy import Company, Role, Scope

MEMBERSHIPS = (
    "SELECT c.id, c.slug, c.name, c.sector, c.country, c.currency, c.timezone, c.locale, m.role "
    "FROM memberships m JOIN companies c ON c.id = m.company_id WHERE m.user_id = %s ORDER BY m.created_at, c.slug"
)


@dataclass(frozen=True, slots=True)
class Membership:
    """A company the user belongs to, and as what."""

    company: Company
    role: Role


def memberships(user_id: UUID) -> list[Membership]:
    """The companies of a user, the first joined first."""
    with db.identity(user_id) as connection:
        rows = connection.execute(MEMBERSHIPS, [user_id]).fetchall()
    return [Membership(Company(*row[:8]), Role(row[8])) for row in rows]


def scope_for(user_id: UUID, slug: str | None = None) -> Scope:
    """The user's scope for the company named `slug`, or for their first one. NotFound where it isn't theirs."""
    return pick(memberships(user_id), user_id, slug)


def pick(mine: list[Membership], user_id: UUID, slug: str | None) -> Scope:
    """Pure: the scope among a user's memberships."""
    if not mine:
        raise Forbidden("no_company", "Tu cuenta aún no tiene una empresa.", "Pide que te inviten a la tuya.")
    chosen = mine[0] if slug is None else next((m for m in mine if m.company.slug == slug), None)
    if chosen is None:
        raise NotFound("company", "No encuentro esa empresa entre las tuyas.")
    return Scope(chosen.company, chosen.role, user_id)


def operator_scope(slug: str) -> Scope:
    """The operator's scope, for commands on the machine itself. NotFound suggests the nearest name."""
    with db.owner() as connection:
        row = connection.execute(
            "SELECT id, slug, name, sector, country, currency, timezone, locale FROM companies WHERE slug = %s", [slug]
        ).fetchone()
        if row is not None:
            return Scope(Company(*row), Role.operator)
        slugs = [r[0] for r in connection.execute("SELECT slug FROM companies").fetchall()]
    near = process.extractOne(slug, slugs, scorer=fuzz.ratio, score_cutoff=60)
    remedy = f"¿Quisiste decir «{near[0]}»?" if near else "Mira las que hay con: ayni companies"
    raise NotFound("company", f"No hay una empresa «{slug}».", remedy)


def company_scope(company_id: UUID) -> Scope:
    """The queue's scope: a job belongs to a company, and works for it alone."""
    with db.identity() as connection:
        connection.execute("SELECT set_config('app.company_id', %s, true)", [str(company_id)])
        row = connection.execute(
            "SELECT id, slug, name, sector, country, currency, timezone, locale FROM companies WHERE id = %s",
            [company_id],
        ).fetchone()
    if row is None:
        raise NotFound("company", "Esa empresa ya no existe.")
    return Scope(Company(*row), Role.operator)


def token_scope(token: str) -> Scope:
    """The scope of an API key: its member's, as far as the key goes. NotSignedIn where it ended or they left."""
    with db.identity() as connection:
        row = connection.execute(
            "SELECT user_id, company_id, scopes FROM token_lookup(%s)", [token_hash(token)]
        ).fetchone()
    mine = [m for m in memberships(row[0]) if m.company.id == row[1]] if row else []
    if row is None or not mine:
        raise NotSignedIn("token", "Ese token no sirve.", "Crea uno en Mi cuenta, Claves de API.")
    allowed = frozenset(s for s in SCOPES if s.value in row[2])
    return Scope(mine[0].company, mine[0].role, row[0], allowed)
