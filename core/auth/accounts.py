"""Companies, users, memberships and API tokens: what the operator's command line and the set-up make."""

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256

import psycopg

from core import db, tax_id
from core.auth.login import MIN_PASSWORD, User, hash_password
from core.errors import BadInput, Conflict, NotFound
from core.language import fold
from core.tenancy import Company, Role, Scope

TOKEN_PREFIX = "ayni_"  # so that a leaked one is recognised for what it is


@dataclass(frozen=True, slots=True)
class Country:
    """What a company of this country starts with."""

    currency: str
    timezone: str
    locale: str


COUNTRIES = {
    "CL": Country("CLP", "America/Santiago", "es-CL"),
    "AR": Country("ARS", "America/Argentina/Buenos_Aires", "es-AR"),
    "BR": Country("BRL", "America/Sao_Paulo", "es-CL"),
    "PE": Country("PEN", "America/Lima", "es-CL"),
    "UY": Country("UYU", "America/Montevideo", "es-CL"),
    "BO": Country("BOB", "America/La_Paz", "es-CL"),
    "PY": Country("PYG", "America/Asuncion", "es-CL"),
    "CO": Country("COP", "America/Bogota", "es-CL"),
    "MX": Country("MXN", "America/Mexico_City", "es-CL"),
    "EC": Country("USD", "America/Guayaquil", "es-CL"),
    "US": Country("USD", "America/New_York", "es-CL"),
    "ES": Country("EUR", "Europe/Madrid", "es-CL"),
}


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


def set_sharing(scope: Scope, shares: bool) -> None:
    """Whether the company takes part in the benchmarks; noted in its log."""
    with db.tenant(scope) as connection:
        connection.execute("UPDATE companies SET shares_benchmarks = %s WHERE id = %s", [shares, scope.company_id])
        note(scope, "share_benchmarks", "on" if shares else "off", connection)


def note(scope: Scope, action: str, subject: str, connection: db.Connection) -> None:
    """Write to the company's log who did what."""
    connection.execute(
        "INSERT INTO audit_log (company_id, user_id, action, subject) VALUES (%s, %s, %s, %s)",
        [scope.company_id, scope.user_id, action, subject],
    )


def create_user(email: str, password: str, name: str = "") -> User:
    """A new account, of no company yet."""
    email = _checked_email(email)
    try:
        with db.owner() as connection:
            row = connection.execute(
                "INSERT INTO users (email, name, password_hash) VALUES (%s, %s, %s) RETURNING id, email, name, "
                "token_version",
                [email, name, hash_password(_checked_password(password))],
            ).fetchone()
    except psycopg.errors.UniqueViolation:
        raise Conflict("user_exists", f"Ya hay una cuenta con el correo {email}.") from None
    assert row is not None
    return User(*row)


def set_password(email: str, password: str) -> None:
    """Replace it and end every session the old one opened."""
    with db.owner() as connection:
        changed = connection.execute(
            "UPDATE users SET password_hash = %s, token_version = token_version + 1 WHERE email = %s",
            [hash_password(_checked_password(password)), email.strip().lower()],
        ).rowcount
    if not changed:
        raise NotFound("user", f"No hay una cuenta con el correo {email}.")


def add_member(company: Company, email: str, role: Role) -> None:
    """Let a user into a company, or change what they may do in it."""
    if role is Role.operator:
        raise BadInput("role", "Ese rol es de quien opera Ayni, no de una empresa.")
    with db.owner() as connection:
        added = connection.execute(
            "INSERT INTO memberships (company_id, user_id, role) SELECT %s, id, %s FROM users WHERE email = %s "
            "ON CONFLICT (company_id, user_id) DO UPDATE SET role = excluded.role",
            [company.id, role.value, email.strip().lower()],
        ).rowcount
    if not added:
        raise NotFound("user", f"No hay una cuenta con el correo {email}.")


def users(company: Company | None = None) -> list[dict[str, str]]:
    """Accounts with their companies and roles, for the operator."""
    with db.owner() as connection:
        rows = connection.execute(
            "SELECT u.email, u.name, coalesce(c.slug, ''), coalesce(m.role, '') FROM users u "
            "LEFT JOIN memberships m ON m.user_id = u.id LEFT JOIN companies c ON c.id = m.company_id "
            "WHERE %s::uuid IS NULL OR c.id = %s ORDER BY u.email, c.slug",
            [company and company.id, company and company.id],
        ).fetchall()
    return [dict(zip(("email", "name", "company", "role"), row, strict=True)) for row in rows]


def create_token(scope: Scope, email: str, name: str) -> str:
    """A bearer token that acts as that member; only its hash is kept, so it is shown this once."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with db.owner() as connection:
        added = connection.execute(
            "INSERT INTO api_tokens (company_id, user_id, name, token_sha256) "
            "SELECT m.company_id, m.user_id, %s, %s FROM memberships m JOIN users u ON u.id = m.user_id "
            "WHERE m.company_id = %s AND u.email = %s",
            [name, token_hash(token), scope.company_id, email.strip().lower()],
        ).rowcount
    if not added:
        raise NotFound("member", f"{email} no es parte de {scope.company.name}.", "Agrégalo con ayni users create.")
    return token


def tokens(scope: Scope) -> list[dict[str, str]]:
    """A company's API tokens: whose, what for, since when and when last used; never the token itself."""
    with db.owner() as connection:
        rows = connection.execute(
            "SELECT u.email, t.name, t.created_at::date::text, coalesce(t.last_used_at::date::text, '') "
            "FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.company_id = %s ORDER BY t.created_at",
            [scope.company_id],
        ).fetchall()
    return [dict(zip(("email", "name", "created", "last_used"), row, strict=True)) for row in rows]


def revoke_tokens(scope: Scope, email: str, name: str | None = None) -> int:
    """Take a member's API tokens of a company back, all or those of that name; NotFound where there is none."""
    with db.owner() as connection:
        gone = connection.execute(
            "DELETE FROM api_tokens WHERE company_id = %s AND user_id = (SELECT id FROM users WHERE email = %s) "
            "AND (%s::text IS NULL OR name = %s)",
            [scope.company_id, email.strip().lower(), name, name],
        ).rowcount
    if not gone:
        raise NotFound("token", f"{email} no tiene ese token en {scope.company.name}.", "Mira: ayni tokens list")
    return gone


def token_hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _checked_email(email: str) -> str:
    email = email.strip().lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email) or len(email) > 254:
        raise BadInput("email", f"«{email}» no es un correo.")
    return email


def _checked_password(password: str) -> str:
    if not MIN_PASSWORD <= len(password) <= 200:
        raise BadInput("password", f"La clave necesita entre {MIN_PASSWORD} y 200 caracteres.")
    return password
