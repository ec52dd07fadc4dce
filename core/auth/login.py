"""The one login: Argon2, the same delay for a wrong address and a wrong password, and a limit on tries.

Tries are counted in Postgres and not in the process: several web processes and a restart count as one.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core import db
from core.errors import BadInput, NotSignedIn, TooMany

MIN_PASSWORD = 8
WINDOW_MINUTES = 15
# Per pair, so that a stranger can't lock an owner out; per account and per address, so that many of either don't help.
TRIES_PAIR, TRIES_ACCOUNT, TRIES_ADDRESS = 8, 40, 60

_hasher = PasswordHasher()


@dataclass(frozen=True, slots=True)
class User:
    """An account. `token_version` is in every session; raising it ends them all. While `needs_code`, the password was
    right and the second factor is still to come: no session can be opened."""

    id: UUID
    email: str
    name: str
    token_version: int
    needs_code: bool = False


def sign_in(email: str, password: str, address: str) -> User:
    """The user these belong to. NotSignedIn where they don't; TooMany where `address` or the
    account tried too often."""
    email = email.replace("\0", "").strip().lower()[:254]
    mine, account = _keys(email, address)
    # Counted before the check and forgiven after it: tries side by side can't slip past the limit. The account's own
    # count comes last, so that whoever is stopped already can't use it up for its owner.
    for keys in (mine, account):
        count_try(keys)
    with db.identity() as connection:
        row = connection.execute("SELECT id, password_hash, token_version FROM login_lookup(%s)", [email]).fetchone()
    # An unknown address takes as long as a wrong password: the answer's time must not tell who has an account.
    if not check_password(row[1] if row else _nobody(), password[:200]) or row is None:
        raise NotSignedIn("login", "El correo o la clave no coinciden.", "Revisa y prueba otra vez.")
    forgive([*list(mine)[:1], *account])
    with db.identity(row[0]) as connection:
        if _hasher.check_needs_rehash(row[1]):
            connection.execute("UPDATE users SET password_hash = %s WHERE id = %s", [hash_password(password), row[0]])
        found = connection.execute(
            "SELECT u.name, f.confirmed_at IS NOT NULL FROM users u LEFT JOIN second_factors f ON f.user_id = u.id "
            "WHERE u.id = %s",
            [row[0]],
        ).fetchone()
    assert found is not None
    return User(row[0], email, found[0], row[2], needs_code=found[1])


def confirm_password(user: User, password: str, address: str) -> None:
    """That whoever sits at an open session is its person, before what matters. Counted as a login is."""
    try:
        sign_in(user.email, password, address)
    except NotSignedIn:
        raise BadInput("password_wrong", "Esa no es tu clave actual.", "Revisa y prueba otra vez.") from None


def user(user_id: UUID) -> User:
    """An account by its id, for whoever is signed in with it."""
    with db.identity(user_id) as connection:
        row = connection.execute("SELECT id, email, name, token_version FROM users WHERE id = %s", [user_id]).fetchone()
    if row is None:
        raise NotSignedIn("signed_out", "Tu sesión terminó.", "Entra otra vez.")
    return User(*row)


def count_try(keys: dict[str, int]) -> None:
    """Count one try under each of `keys` (hashed). TooMany where one has more than its limit."""
    with db.identity() as connection:
        counts = connection.execute("SELECT * FROM login_tries(%s, %s)", [list(keys), WINDOW_MINUTES]).fetchone()
    assert counts is not None
    if any(n > most for n, most in zip(counts[0], keys.values(), strict=True)):
        raise TooMany("login_tries", "Hubo demasiados intentos de entrar.", f"Espera {WINDOW_MINUTES} minutos.")


def forgive(keys: list[str]) -> None:
    """Forget the tries under `keys`."""
    with db.identity() as connection:
        connection.execute("SELECT login_forgive(%s)", [keys])


def forgive_account(email: str, address: str) -> None:
    """Forget the tries of an account that has just proved who it is by other means."""
    mine, account = _keys(email, address)
    forgive([*list(mine)[:1], *account])


def sign_out_everywhere(user_id: UUID) -> None:
    """End every session of this user, on every device."""
    with db.identity(user_id) as connection:
        connection.execute("UPDATE users SET token_version = token_version + 1 WHERE id = %s", [user_id])
        connection.execute("DELETE FROM user_sessions WHERE user_id = %s", [user_id])


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def check_password(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return hash_password("nobody's")


def _keys(email: str, address: str) -> tuple[dict[str, int], dict[str, int]]:
    """What is counted of this address (the pair first) and of the account from all of them, each with its limit; hashed
    so that the table holds no addresses."""
    mine = {f"{email}\n{address}": TRIES_PAIR, f"from\n{address}": TRIES_ADDRESS}
    account = {f"account\n{email}": TRIES_ACCOUNT}
    return hashed_keys(mine), hashed_keys(account)


def hashed_keys(named: dict[str, int]) -> dict[str, int]:
    """What is counted, each with its limit, so that the table of tries holds no addresses. Pure."""
    return {sha256(key.encode()).hexdigest(): most for key, most in named.items()}
