"""Another company, founded from the web by somebody who owns one: a stranger's first one is the operator's to make.

It is made as the runtime role, in the scope that it is about to be and in its founder's name alone.
"""

import secrets
from collections.abc import Iterable
from uuid import UUID, uuid4

from core import db
from core.auth.audit import note
from core.auth.companies import Profile, normal, slugify
from core.auth.scopes import Membership
from core.countries import COUNTRIES
from core.errors import BadInput, Forbidden, TooMany
from core.settings import settings
from core.tenancy import Company, Role, Scope

MOST_A_DAY = 3
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that reads like another


def may_found(mine: Iterable[Membership]) -> bool:
    """Whether somebody with these memberships may found a company from the web. Pure but for the setting."""
    return settings().companies_each > 0 and any(m.role is Role.owner for m in mine)


def found_company(wanted: Profile, founder: UUID) -> Company:
    """A new company of `founder`, its only owner. An empty time zone is the country's. BadInput for what can't be,
    Forbidden for who owns none, TooMany where they founded as many as they may."""
    profile = normal(wanted, Profile("", "", "-", "", "", "", shares=False))
    if not profile.sector:
        raise BadInput("sector", "Elige el rubro.", "Con él sé con quién compararte.")
    local = COUNTRIES[profile.country]
    # Part of it by chance: whether another company has that name is nobody's business.
    ending = "".join(secrets.choice(LETTERS) for _ in range(6))
    slug = f"{slugify(profile.name)[:50].strip('-') or 'empresa'}-{ending}"
    company = Company(
        uuid4(), slug, profile.name, profile.sector, profile.country, local.currency, profile.timezone, local.locale
    )
    scope = Scope(company, Role.owner, founder)
    with db.tenant(scope) as connection:
        _not_too_many(founder, connection)
        connection.execute(
            "INSERT INTO companies (id, slug, name, sector, country, currency, timezone, locale, region, tax_id, "
            "founded_by) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, nullif(%s, ''), %s)",
            [company.id, slug, company.name, company.sector, company.country, company.currency, company.timezone,
             company.locale, profile.region, profile.tax_id, founder],
        )  # fmt: skip
        connection.execute(
            "INSERT INTO memberships (company_id, user_id, role) VALUES (%s, %s, 'owner')", [company.id, founder]
        )
        note(scope, "founded", company.name, connection)
    return company


def _not_too_many(founder: UUID, connection: db.Connection) -> None:
    # Held until the transaction ends: two at once can't both be the last.
    connection.execute("SELECT 1 FROM users WHERE id = %s FOR UPDATE", [founder])
    owner = connection.execute(
        "SELECT 1 FROM memberships WHERE user_id = %s AND role = 'owner' LIMIT 1", [founder]
    ).fetchone()
    most = settings().companies_each
    if owner is None or not most:
        raise Forbidden("found", "Tu cuenta no puede crear empresas.", "Pídeselo a quien administra Ayni.")
    row = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE created_at > now() - interval '1 day') FROM companies "
        "WHERE founded_by = %s",
        [founder],
    ).fetchone()
    assert row is not None
    if row[0] >= most:
        raise TooMany("companies", f"Ya creaste {most} empresas.", "Si necesitas otra, pídela a quien administra Ayni.")
    if row[1] >= MOST_A_DAY:
        raise TooMany("companies", f"Hoy ya creaste {MOST_A_DAY} empresas.", "Sigue mañana.")
