"""Companies: made by the operator, described by whoever manages them."""

import re
from dataclasses import dataclass
from typing import Any

import psycopg

from core import db, tax_id
from core.auth.audit import note
from core.countries import COUNTRIES, TIMEZONES
from core.errors import BadInput, Conflict
from core.language import fold
from core.tenancy import Company, Scope


@dataclass(frozen=True, slots=True)
class Profile:
    """What a company says about itself; `tax_id` as in `core.tax_id`, '' where unknown."""

    name: str
    sector: str
    country: str
    region: str
    timezone: str
    tax_id: str
    shares: bool


def slugify(name: str) -> str:
    """'Panadería La Espiga' -> 'panaderia-la-espiga'."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:63].strip("-")


def create_company(
    name: str,
    slug: str = "",
    sector: str = "",
    country: str = "CL",
    *,
    demo: bool = False,
    tax: str = "",
    shares: bool = False,
) -> Company:
    """A new tenant. BadInput for a name, slug, country or tax id that can't be; Conflict where the slug is taken.

    `shares`: whether it takes part in the benchmarks; nobody does without having been asked.
    """
    slug, country = slug or slugify(name), country.upper()
    if not name.strip():
        raise BadInput("company_name", "La empresa necesita un nombre.")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", slug):
        raise BadInput("company_slug", f"«{slug}» no sirve como nombre corto.", "Usa minúsculas, números y guiones.")
    if country not in COUNTRIES:
        raise BadInput("country", f"No conozco el país «{country}».", f"Usa uno de: {', '.join(COUNTRIES)}.")
    local = COUNTRIES[country]
    try:
        with db.owner() as connection:
            row = connection.execute(
                "INSERT INTO companies (slug, name, sector, country, currency, timezone, locale, demo, tax_id, "
                "shares_benchmarks) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, nullif(%s, ''), %s) "
                "RETURNING id, slug, name, sector, country, currency, timezone, locale",
                [slug, name.strip(), sector, country, local.currency, local.timezone, local.locale, demo,
                 tax_id.normal(tax, country), shares],
            ).fetchone()  # fmt: skip
    except psycopg.errors.UniqueViolation:
        raise Conflict("company_exists", f"Ya hay una empresa «{slug}».", "Elige otro --slug.") from None
    assert row is not None
    return Company(*row)


def companies(generated: bool = False) -> list[Company]:
    """All that somebody asks about, for the operator; or (`generated`) the demo's peers, which nobody can enter."""
    with db.owner() as connection:
        rows = connection.execute(
            "SELECT id, slug, name, sector, country, currency, timezone, locale FROM companies c "
            "WHERE (demo AND NOT EXISTS (SELECT FROM memberships m WHERE m.company_id = c.id)) = %s "
            "ORDER BY created_at",
            [generated],
        ).fetchall()
    return [Company(*row) for row in rows]


def profile(scope: Scope, connection: db.Connection) -> Profile:
    """What the company says about itself now."""
    row = connection.execute(
        "SELECT name, sector, country, region, timezone, coalesce(tax_id, ''), shares_benchmarks FROM companies "
        "WHERE id = %s",
        [scope.company_id],
    ).fetchone()
    assert row is not None
    return Profile(*row)


def has_data(scope: Scope, connection: db.Connection) -> bool:
    """Whether any file was read or is being read: from then on the currency stands."""
    return connection.execute("SELECT 1 FROM uploads LIMIT 1").fetchone() is not None


def describe(wanted: Profile, scope: Scope, connection: db.Connection) -> Profile:
    """Keep `wanted` and note each change. A new country brings its currency, its clock and its Spanish as long as there
    is no data; afterwards the currency stays, for the amounts are in it. BadInput for what can't be."""
    connection.execute("SELECT 1 FROM companies WHERE id = %s FOR NO KEY UPDATE", [scope.company_id])
    before = profile(scope, connection)
    checked = normal(wanted, before)
    moved, free = checked.country != before.country, not has_data(scope, connection)
    local = COUNTRIES.get(checked.country)
    connection.execute(
        "UPDATE companies SET name = %s, sector = %s, country = %s, region = %s, timezone = %s, "
        "tax_id = nullif(%s, ''), shares_benchmarks = %s WHERE id = %s",
        [checked.name, checked.sector, checked.country, checked.region, checked.timezone, checked.tax_id,
         checked.shares, scope.company_id],
    )  # fmt: skip
    if moved and free and local:
        connection.execute(
            "UPDATE companies SET currency = %s, locale = %s WHERE id = %s",
            [local.currency, local.locale, scope.company_id],
        )
    for what, old, new in _changes(before, checked):
        note(scope, what, f"{old} → {new}", connection)
    return checked


def set_sharing(scope: Scope, shares: bool) -> None:
    """Whether the company takes part in the benchmarks; noted in its log."""
    with db.tenant(scope) as connection:
        connection.execute("UPDATE companies SET shares_benchmarks = %s WHERE id = %s", [shares, scope.company_id])
        note(scope, "share_benchmarks", "on" if shares else "off", connection)


def normal(wanted: Profile, before: Profile) -> Profile:
    """`wanted` in its normal spelling; what `before` said already may stay. BadInput for what can't be. Pure."""
    # On one line: a name stands in mails' subjects and in WhatsApp's templates, which take no more.
    name, sector = (" ".join(text.replace("\0", "").split()) for text in (wanted.name, wanted.sector))
    country, local = wanted.country.upper(), COUNTRIES.get(wanted.country.upper())
    if not name:
        raise BadInput("company_name", "La empresa necesita un nombre.")
    if local is None and country != before.country:
        raise BadInput("country", f"No conozco el país «{wanted.country}».", "Elige uno de la lista.")
    if wanted.timezone not in (*TIMEZONES, before.timezone):
        raise BadInput("timezone", "No conozco esa zona horaria.", "Elige una de la lista.")
    moved, region = country != before.country, " ".join(wanted.region.split())[:100]
    if moved and region == before.region:
        region = ""  # it was the other country's
    if region and local and local.regions and region not in (*local.regions, "" if moved else before.region):
        raise BadInput("region", f"«{region}» no es una región de {local.name}.", "Elige una de la lista.")
    # Who moves the country and not the clock means the clock of there.
    timezone = local.timezone if moved and local and wanted.timezone == before.timezone else wanted.timezone
    return Profile(
        name,
        sector,
        country,
        region,
        timezone,
        tax_id.normal(wanted.tax_id, country),
        wanted.shares,
    )


def _changes(before: Profile, now: Profile) -> list[tuple[str, Any, Any]]:
    named = {"name": "name", "sector": "sector", "country": "country", "region": "region", "timezone": "timezone",
             "tax_id": "tax_id", "shares": "share_benchmarks"}  # fmt: skip
    pairs = ((action, getattr(before, field), getattr(now, field)) for field, action in named.items())
    return [(action, _word(old), _word(new)) for action, old, new in pairs if old != new]


def _word(value: object) -> str:
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)
