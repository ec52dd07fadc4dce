"""A forgotten password: a ticket by mail, good once and for an hour. Who has an account is told to nobody.

The ticket carries the account's `token_version`, which every new password raises: used, outrun by another change or
outlived, it is worth nothing, and no table has to remember it.
"""

from uuid import UUID

from core import db
from core.auth import tickets
from core.auth.accounts import checked_password
from core.auth.audit import note_everywhere
from core.auth.keys import end_own_keys, own_keys
from core.auth.login import User, count_try, forgive_account, hash_password, hashed_keys
from core.errors import NotFound

SECONDS = 3600
ASKED_ACCOUNT, ASKED_ADDRESS = 3, 20
"""How often in a quarter of an hour, for one account and from one address."""


def ask_reset(email: str, address: str) -> tuple[str, str] | None:
    """The address of an account and the ticket to send there; None for an unknown one, which takes as long and is told
    alike. TooMany where it was asked too often, whether the account exists or not."""
    email = email.replace("\0", "").strip().lower()[:254]
    count_try(hashed_keys({f"reset from\n{address}": ASKED_ADDRESS}))
    count_try(hashed_keys({f"reset\n{email}": ASKED_ACCOUNT}))
    with db.identity() as connection:
        row = connection.execute("SELECT id, token_version FROM login_lookup(%s)", [email]).fetchone()
    if row is None:
        return None
    return email, tickets.sign("reset", SECONDS, user=str(row[0]), version=row[1])


def check_reset(ticket: str) -> int:
    """How many API keys the account of a ticket that still counts has. Else NotFound."""
    user_id, version = _read(ticket)
    with db.identity(user_id) as connection:
        row = connection.execute("SELECT token_version FROM users WHERE id = %s", [user_id]).fetchone()
        if row is None or row[0] != version:
            raise _worthless()
        return own_keys(user_id, connection)


def reset_password(ticket: str, password: str, address: str, end_keys: bool = False) -> User:
    """Set the new password and end every session, and every API key where `end_keys`; the second factor stays.
    NotFound for a ticket that no longer counts."""
    user_id, version = _read(ticket)
    hashed = hash_password(checked_password(password))
    with db.identity(user_id) as connection:
        row = connection.execute(
            "UPDATE users SET password_hash = %s, token_version = token_version + 1 "
            "WHERE id = %s AND token_version = %s RETURNING id, email, name, token_version",
            [hashed, user_id, version],
        ).fetchone()
        if row is None:
            raise _worthless()
        connection.execute("DELETE FROM user_sessions WHERE user_id = %s", [user_id])
        if end_keys:
            end_own_keys(user_id, connection)
    forgive_account(row[1], address)
    note_everywhere(user_id, "password_reset")
    return User(*row)


def _read(ticket: str) -> tuple[UUID, int]:
    claims = tickets.read("reset", ticket)
    return UUID(claims["user"]), int(claims["version"])


def _worthless() -> NotFound:
    return NotFound("link", "Ese enlace ya no sirve.", "Pide uno nuevo.")
