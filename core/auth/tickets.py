"""Signed tickets: what a link in a mail proves, for one purpose and a while. Each purpose has its own key, so that none
can stand in for another, nor for a session."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import jwt

from core.errors import NotFound
from core.settings import settings

Purpose = Literal["invitation", "reset", "email", "code", "alert"]


def sign(purpose: Purpose, seconds: int, now: datetime | None = None, **claims: str | int) -> str:
    """A ticket that says `claims` for `seconds`. Whether it still counts is for its table to say."""
    ends = (now or datetime.now(UTC)) + timedelta(seconds=seconds)
    return jwt.encode({**claims, "exp": ends}, _key(purpose), algorithm="HS256")


def read(purpose: Purpose, ticket: str) -> dict[str, Any]:
    """What a ticket says. NotFound where it isn't ours, is for something else, or its time is over."""
    try:
        return dict(jwt.decode(ticket, _key(purpose), algorithms=["HS256"], options={"require": ["exp"]}))
    except (jwt.InvalidTokenError, UnicodeError):
        raise NotFound("link", "Ese enlace ya no sirve.", "Pide uno nuevo.") from None


def _key(purpose: Purpose) -> str:
    return hmac.digest(settings().secret().encode(), f"ayni ticket: {purpose}".encode(), "sha256").hex()
