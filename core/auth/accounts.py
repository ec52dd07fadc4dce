"""Accounts: made by the operator or by an invitation; name, address and password are their person's own."""

import re
from uuid import UUID

import psycopg

from core import db
from core.auth import tickets
from core.auth.audit import note_everywhere
from core.auth.keys import end_own_keys
from core.auth.login import MIN_PASSWORD, User, confirm_password, count_try, hash_password, hashed_keys
from core.errors import BadInput, Conflict, NotFound
from core.tenancy import Company, Role

EMAIL_SECONDS = 3600
MOST_NEW_EMAILS = 5
"""Asked for in a quarter of an hour: each is a mail to an address that nobody has proved to read."""


def create_user(email: str, password: str, name: str = "") -> User:
    """A new account, of no company yet."""
    email = checked_email(email)
    try:
        with db.owner() as connection:
            row = connection.execute(
                "INSERT INTO users (email, name, password_hash) VALUES (%s, %s, %s) RETURNING id, email, name, "
                "token_version",
                [email, name, hash_password(checked_password(password))],
            ).fetchone()
    except psycopg.errors.UniqueViolation:
        raise Conflict("user_exists", f"Ya hay una cuenta con el correo {email}.") from None
    assert row is not None
    return User(*row)


def set_password(email: str, password: str) -> None:
    """The operator's way: replace it and end every session the old one opened."""
    with db.owner() as connection:
        changed = connection.execute(
            "UPDATE users SET password_hash = %s, token_version = token_version + 1 WHERE email = %s RETURNING id",
            [hash_password(checked_password(password)), email.strip().lower()],
        ).fetchone()
        if changed:
            connection.execute("DELETE FROM user_sessions WHERE user_id = %s", [changed[0]])
    if not changed:
        raise NotFound("user", f"No hay una cuenta con el correo {email}.")


def change_password(user: User, current: str, new: str, address: str, keep: UUID, end_keys: bool = False) -> User:
    """A person's own change: every session ends but `keep`, whose cookie must be written anew; every API key too where
    `end_keys`. BadInput where `current` is wrong, TooMany where it was tried too often."""
    confirm_password(user, current, address)
    hashed = hash_password(checked_password(new))
    with db.identity(user.id) as connection:
        row = connection.execute(
            "UPDATE users SET password_hash = %s, token_version = token_version + 1 WHERE id = %s "
            "RETURNING id, email, name, token_version",
            [hashed, user.id],
        ).fetchone()
        connection.execute("DELETE FROM user_sessions WHERE user_id = %s AND id <> %s", [user.id, keep])
        if end_keys:
            end_own_keys(user.id, connection)
    assert row is not None
    note_everywhere(user.id, "password")
    return User(*row)


def rename_user(user: User, name: str) -> None:
    """What others call them."""
    name = checked_name(name)
    with db.identity(user.id) as connection:
        connection.execute("UPDATE users SET name = %s WHERE id = %s", [name, user.id])
    if name != user.name:
        note_everywhere(user.id, "user_name", f"{user.name} → {name}")


def ask_new_email(user: User, email: str, password: str, address: str) -> tuple[str, str]:
    """The new address and the ticket to send there: who reads it there may confirm the change, for an hour. Whether
    somebody else has that address is not told. TooMany where it was asked too often."""
    email = checked_email(email)
    count_try(hashed_keys({f"new email\n{user.id}": MOST_NEW_EMAILS}))
    confirm_password(user, password, address)
    return email, tickets.sign("email", EMAIL_SECONDS, user=str(user.id), version=user.token_version, email=email)


def confirm_new_email(ticket: str) -> tuple[str, str]:
    """Make the change and end every session; the old and the new address. A used or outlived ticket is NotFound."""
    claims = tickets.read("email", ticket)
    user_id, email = UUID(str(claims["user"])), str(claims["email"])
    try:
        with db.identity(user_id) as connection:
            old = connection.execute(
                "SELECT email FROM users WHERE id = %s AND token_version = %s", [user_id, claims["version"]]
            ).fetchone()
            if old is None or old[0] == email:
                raise NotFound("link", "Ese enlace ya no sirve.", "Pide uno nuevo en Mi cuenta.")
            # Links sent to the old address, and whoever is signed in, end with it.
            connection.execute(
                "UPDATE users SET email = %s, token_version = token_version + 1 WHERE id = %s", [email, user_id]
            )
            connection.execute("DELETE FROM user_sessions WHERE user_id = %s", [user_id])
    except psycopg.errors.UniqueViolation:
        raise Conflict("user_exists", "Ese correo ya es de otra cuenta.", "Usa otro, o entra con aquella.") from None
    note_everywhere(user_id, "user_email", f"{old[0]} → {email}")
    return str(old[0]), email


def add_member(company: Company, email: str, role: Role) -> None:
    """The operator's way to let a user into a company, or change what they may do in it."""
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


def checked_email(email: str) -> str:
    """The address in its one spelling. BadInput where it can't be one. Pure."""
    email = email.strip().lower()
    if not re.fullmatch(r"[^@\s\x00-\x1f<>,;\"]+@[^@\s\x00-\x1f<>,;\"]+", email) or len(email) > 254:
        raise BadInput("email", f"«{email}» no es un correo.")
    return email


def checked_password(password: str) -> str:
    if not MIN_PASSWORD <= len(password) <= 200:
        raise BadInput("password", f"La clave necesita entre {MIN_PASSWORD} y 200 caracteres.")
    return password


def checked_name(name: str) -> str:
    """A person's name on one line. Pure."""
    name = " ".join(name.replace("\0", "").split())[:100]
    if not name:
        raise BadInput("user_name", "Escribe tu nombre.")
    return name
