"""Time-based one-time passwords as RFC 6238 has them: six digits, half a minute, SHA-1, as every app does."""

import base64
import hmac
import struct
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6
DRIFT = 1
"""Steps that a phone's clock may be wrong by, each way."""


def code(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of one half minute (RFC 4226, 5.3). Pure."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: bytes, given: str, seconds: float, after: int) -> int | None:
    """The step around `seconds` (since 1970) whose code was given, later than `after`; None where it is none. Pure."""
    now = int(seconds) // STEP_SECONDS
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code(secret, step).encode(), given.encode()) and step > after:
            found = step
    return found


def address(secret: bytes, account: str) -> str:
    """What the app reads from the square code. Pure."""
    return f"otpauth://totp/{quote(f'Ayni:{account}', safe='')}?secret={typed(secret)}&issuer=Ayni"


def typed(secret: bytes) -> str:
    """The secret as one types it where no camera is at hand. Pure."""
    return base64.b32encode(secret).decode().rstrip("=")
