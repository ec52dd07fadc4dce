"""The second factor: after the password, a code of the phone's app, or one of ten recovery codes, each good once.

The secret is kept encrypted (AES-GCM, bound to its person) under a key derived from the one secret; recovery codes are
kept as keyed hashes. A code serves once even within its half minute, and tries are counted as logins are.
"""

import hmac
import secrets
import time
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core import db
from core.auth import tickets, totp
from core.auth.audit import note_everywhere
from core.auth.login import User, confirm_password, count_try, forgive, hashed_keys, user
from core.errors import BadInput, Conflict, NotFound, NotSignedIn
from core.settings import settings

CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that reads like another
CODE_LETTERS = 10  # of 31: 49 bits, behind a keyed hash
HALFWAY_SECONDS = 300
TRIES_PAIR, TRIES_ACCOUNT = 5, 10


def enabled(user_id: UUID) -> bool:
    """Whether the person's login asks for a code."""
    with db.identity(user_id) as connection:
        row = connection.execute(
            "SELECT 1 FROM second_factors WHERE user_id = %s AND confirmed_at IS NOT NULL", [user_id]
        ).fetchone()
    return row is not None


def codes_left(user_id: UUID) -> int:
    """How many recovery codes are unused."""
    with db.identity(user_id) as connection:
        row = connection.execute("SELECT count(*) FROM recovery_codes WHERE user_id = %s", [user_id]).fetchone()
    return int(row[0]) if row else 0


def begin(person: User, password: str, address: str) -> bytes:
    """A new secret to show once; the login doesn't ask for it until `confirm`. Conflict where one is in use."""
    confirm_password(person, password, address)
    secret = secrets.token_bytes(20)
    with db.identity(person.id) as connection:
        kept = connection.execute(
            "INSERT INTO second_factors (user_id, secret) VALUES (%s, %s) ON CONFLICT (user_id) DO UPDATE "
            "SET secret = excluded.secret, created_at = now(), last_step = 0 "
            "WHERE second_factors.confirmed_at IS NULL",
            [person.id, _sealed(secret, person.id)],
        ).rowcount
    if not kept:
        raise Conflict("second_factor", "Ya tienes un segundo paso.", "Apágalo antes de hacer otro.")
    return secret


def pending(user_id: UUID) -> bytes | None:
    """The secret that waits for its first code."""
    with db.identity(user_id) as connection:
        row = connection.execute(
            "SELECT secret FROM second_factors WHERE user_id = %s AND confirmed_at IS NULL", [user_id]
        ).fetchone()
    return _opened(bytes(row[0]), user_id) if row else None


def confirm(person: User, given: str, address: str, now: float | None = None) -> list[str]:
    """Turn it on with the app's first code; the recovery codes, shown this once. BadInput for a wrong code."""
    keys = _count(person.id, address)
    with db.identity(person.id) as connection:
        if not _use_app_code(person.id, given, time.time() if now is None else now, connection, confirmed=False):
            raise BadInput("code", "Ese código no es.", "Escribe el que tu aplicación muestra ahora.")
        connection.execute("UPDATE second_factors SET confirmed_at = now() WHERE user_id = %s", [person.id])
        codes = _new_codes(person.id, connection)
    forgive(keys)
    note_everywhere(person.id, "second_factor", "on")
    return codes


def renew_codes(person: User, password: str, address: str) -> list[str]:
    """Ten new recovery codes; the old ones end."""
    confirm_password(person, password, address)
    if not enabled(person.id):
        raise NotFound("second_factor", "No tienes un segundo paso.")
    with db.identity(person.id) as connection:
        codes = _new_codes(person.id, connection)
    note_everywhere(person.id, "recovery_codes")
    return codes


def disable(person: User, password: str, address: str) -> None:
    """Turn it off; the password is asked, for an open session alone must not be enough."""
    confirm_password(person, password, address)
    with db.identity(person.id) as connection:
        connection.execute("DELETE FROM second_factors WHERE user_id = %s", [person.id])
    note_everywhere(person.id, "second_factor", "off")


def disable_for(email: str) -> None:
    """The operator's way, for somebody who lost phone and codes. NotFound where there is none to turn off."""
    with db.owner() as connection:
        row = connection.execute(
            "DELETE FROM second_factors f USING users u WHERE u.id = f.user_id AND u.email = %s RETURNING u.id",
            [email.strip().lower()],
        ).fetchone()
    if row is None:
        raise NotFound("second_factor", f"{email} no tiene un segundo paso.")
    note_everywhere(row[0], "second_factor", "off")


def halfway(person: User) -> str:
    """A ticket that says: the password was right, the code is to come; for five minutes."""
    return tickets.sign("code", HALFWAY_SECONDS, user=str(person.id), version=person.token_version)


def complete(ticket: str, given: str, address: str, now: float | None = None) -> User:
    """The rest of the login: the person, whose session may now be opened. NotSignedIn for a wrong code or a ticket
    that is over, TooMany after some of them."""
    try:
        claims = tickets.read("code", ticket)
    except NotFound:
        raise NotSignedIn("code_late", "Pasó mucho rato.", "Escribe tu clave otra vez.") from None
    person = user(UUID(claims["user"]))
    if person.token_version != claims["version"]:
        raise NotSignedIn("code_late", "Tu clave cambió entretanto.", "Entra otra vez.")
    keys = _count(person.id, address)
    with db.identity(person.id) as connection:
        by_app = _use_app_code(person.id, given, time.time() if now is None else now, connection, confirmed=True)
        by_recovery = not by_app and _use_recovery_code(person.id, given, connection)
    if not by_app and not by_recovery:
        raise NotSignedIn("code", "Ese código no es.", "Escribe el que tu aplicación muestra ahora.")
    forgive(keys)
    if by_recovery:
        note_everywhere(person.id, "recovery_code_used")
    return person


def _use_app_code(user_id: UUID, given: str, now: float, connection: db.Connection, confirmed: bool) -> bool:
    row = connection.execute(
        "SELECT secret, last_step FROM second_factors "
        "WHERE user_id = %s AND (confirmed_at IS NOT NULL) = %s FOR UPDATE",
        [user_id, confirmed],
    ).fetchone()
    step = totp.matching_step(_opened(bytes(row[0]), user_id), _plain(given), now, row[1]) if row else None
    if step is None:
        return False
    connection.execute("UPDATE second_factors SET last_step = %s WHERE user_id = %s", [step, user_id])
    return True


def _use_recovery_code(user_id: UUID, given: str, connection: db.Connection) -> bool:
    gone = connection.execute(
        "DELETE FROM recovery_codes WHERE user_id = %s AND code_hash = %s", [user_id, _hash(user_id, given)]
    ).rowcount
    return bool(gone)


def _new_codes(user_id: UUID, connection: db.Connection) -> list[str]:
    codes = ["".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS)) for _ in range(CODES)]
    connection.execute("DELETE FROM recovery_codes WHERE user_id = %s", [user_id])
    connection.cursor().executemany(
        "INSERT INTO recovery_codes (user_id, code_hash) VALUES (%s, %s)", [(user_id, _hash(user_id, c)) for c in codes]
    )
    return [f"{c[:5]}-{c[5:]}" for c in codes]


def _count(user_id: UUID, address: str) -> list[str]:
    pair, account = (
        hashed_keys({f"code\n{user_id}\n{address}": TRIES_PAIR}),
        hashed_keys({f"code\n{user_id}": TRIES_ACCOUNT}),
    )
    count_try(pair)
    count_try(account)
    return [*pair, *account]


def _plain(given: str) -> str:
    return "".join(c for c in given.lower() if c.isalnum())[:40]


def _hash(user_id: UUID, given: str) -> bytes:
    return hmac.digest(_key(b"ayni recovery codes"), user_id.bytes + _plain(given).encode(), "sha256")


def _sealed(secret: bytes, user_id: UUID) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_key(b"ayni second factor")).encrypt(nonce, secret, user_id.bytes)


def _opened(sealed: bytes, user_id: UUID) -> bytes:
    try:
        return AESGCM(_key(b"ayni second factor")).decrypt(sealed[:12], sealed[12:], user_id.bytes)
    except InvalidTag:
        raise Conflict(
            "second_factor", "No puedo leer tu segundo paso.", "Pide a quien administra Ayni que lo apague."
        ) from None


def _key(use: bytes) -> bytes:
    return hmac.digest(settings().secret().encode(), use, "sha256")
