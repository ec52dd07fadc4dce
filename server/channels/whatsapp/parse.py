"""What Meta's webhook brings, read with patience: what is missing is done without, what is unknown is told as such.

Pure. Nothing here raises for what a payload holds: Meta sends a message again for seven days where it isn't taken.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

PERSON = re.compile(r"\d{5,20}|[A-Z]{2}\.(?:ENT\.)?\d{1,40}")
"""Who writes: a phone's digits, or the id of a user who hides theirs."""
MEDIA_ID = re.compile(r"\d{1,40}")
RANKS = {"sent": 1, "delivered": 2, "read": 3, "failed": 4}
"""A status counts where it ranks above what is known: they come in any order, and more than once."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came: `raw` is Meta's own JSON."""

    wamid: str
    sender: str
    sent_at: datetime
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Status:
    """What became of a message of ours. `code` and `error` where it failed; `tracker` is our own word for it."""

    wamid: str
    status: str
    at: datetime
    code: int | None = None
    error: str = ""
    tracker: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Something to answer, typed or chosen by a button; `chosen` is the button's id."""

    text: str
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    media_id: str
    filename: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The phone's number became another's."""


@dataclass(frozen=True, slots=True)
class Other:
    """What isn't read here: voice, stickers, pictures, places, whatever comes next."""

    kind: str


@dataclass(frozen=True, slots=True)
class Silent:
    """What wants no answer: reactions, notices of the platform."""


Content = Words | Document | Moved | Other | Silent


def decode(body: bytes) -> Any:
    """The body's JSON, or None. NUL and half characters, which no database keeps, are taken out."""
    try:
        return json.loads(body, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def read(payload: Any, phone_id: str, now: datetime) -> tuple[list[Message], list[Status]]:
    """The messages and statuses of one delivery, for the number `phone_id`, in their order."""
    messages: list[Message] = []
    statuses: list[Status] = []
    for value in _values(payload, phone_id):
        contacts = _dicts(value.get("contacts"))
        for raw in _dicts(value.get("messages")):
            message = _message(_clean(raw), contacts, now)
            if message is not None:
                messages.append(message)
        statuses += [s for raw in _dicts(value.get("statuses")) if (s := _status(_clean(raw), now)) is not None]
    return messages, statuses


def content(raw: dict[str, Any]) -> Content:
    """What a message says."""
    kind = _text(raw.get("type"))
    match kind:
        case "text":
            return Words(_text(_dict(raw.get("text")).get("body")).strip())
        case "interactive":
            inside = _dict(raw.get("interactive"))
            chosen = _dict(inside.get("button_reply")) or _dict(inside.get("list_reply"))
            return Words(_text(chosen.get("title")), _text(chosen.get("id"))) if chosen else Other(kind)
        case "button":  # of a template
            return Words(_text(_dict(raw.get("button")).get("text")))
        case "document":
            inside = _dict(raw.get("document"))
            media_id = _text(inside.get("id"))
            known = MEDIA_ID.fullmatch(media_id)
            return Document(media_id, _text(inside.get("filename")) or "archivo") if known else Other(kind)
        case "reaction":
            return Silent()
        case "system":
            changed = _text(_dict(raw.get("system")).get("type"))
            return Moved() if changed in ("user_changed_number", "customer_changed_number") else Silent()
    return Other(kind or "unknown")


def answers_to(raw: dict[str, Any]) -> str:
    """The id of our message that this one answers, by a button or a quote; '' where it stands alone."""
    return _text(_dict(raw.get("context")).get("id"))


def _values(payload: Any, phone_id: str) -> Iterator[dict[str, Any]]:
    for entry in _dicts(_dict(payload).get("entry")):
        for change in _dicts(entry.get("changes")):
            value = _dict(change.get("value"))
            if change.get("field") == "messages" and _dict(value.get("metadata")).get("phone_number_id") == phone_id:
                yield value


def _message(raw: dict[str, Any], contacts: list[dict[str, Any]], now: datetime) -> Message | None:
    """None where nobody wrote it, or where others would read the answer: in a group."""
    alone = contacts[0] if len(contacts) == 1 else {}
    named = (raw.get("from"), raw.get("from_user_id"), alone.get("wa_id"), alone.get("user_id"))
    sender = next((who for who in map(_text, named) if PERSON.fullmatch(who)), "")
    wamid = _text(raw.get("id"))
    if not sender or not 0 < len(wamid) <= 500 or raw.get("group_id"):
        return None
    return Message(wamid, sender, _moment(raw.get("timestamp"), now), raw)


def _status(raw: dict[str, Any], now: datetime) -> Status | None:
    wamid, status = _text(raw.get("id")), _text(raw.get("status"))
    if not 0 < len(wamid) <= 500 or status not in RANKS:
        return None
    error = next(iter(_dicts(raw.get("errors"))), {})
    code = error.get("code")
    told = _text(_dict(error.get("error_data")).get("details")) or _text(error.get("title"))
    known = code if isinstance(code, int) and abs(code) < 2**31 else None
    ours = _text(raw.get("biz_opaque_callback_data"))
    return Status(wamid, status, _moment(raw.get("timestamp"), now), known, told[:300], ours)


def _moment(timestamp: Any, now: datetime) -> datetime:
    """Unix seconds, as a string or not; never later than now."""
    try:
        return min(datetime.fromtimestamp(int(timestamp), UTC), now)
    except (ValueError, TypeError, OverflowError, OSError):
        return now


def _clean(value: Any) -> Any:
    """Without NUL, and with halves of characters replaced: no database keeps them."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_clean(k): _clean(v) for k, v in value.items()}
    return [_clean(v) for v in value] if isinstance(value, list) else value


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
