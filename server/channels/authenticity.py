"""Whether a mail is from who it says, by the verdict of the server that received it (RFC 8601). Pure.

Anybody may write an `Authentication-Results` header: only the topmost one that carries the operator's own server's id
counts, since a server puts its own above whatever came.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["proven", "unproven", "failed"]
"""`failed`: the server says that it is not from its sender; `unproven`: it says nothing either way."""

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PART = re.compile(rf"(?:{_QUOTED}|[^;\"])+")
_RESULT = re.compile(r"\s*([a-z0-9-]+)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)(?=\s|$)", re.I)
# A name begins a word, and its value ends where the word does: what the sender put inside quotes names nothing.
_PROPERTY = re.compile(rf"(?<!\S)([a-z]+)(?:\s*\.\s*([a-z0-9_-]+))?\s*=\s*((?:{_QUOTED}|[^\s;\"])+)", re.I)


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result: 'dkim', 'pass', {'header.d': 'example.com'}."""

    method: str
    said: str
    properties: dict[str, str] = field(default_factory=dict)


def verdict(headers: Sequence[str], server: str, sender: str) -> Verdict:
    """What the server with the id `server` found of a mail with these headers (`Authentication-Results`, the topmost
    first) whose one From is `sender`. Without a server's id, or a header of it, nothing is known."""
    domain = sender.rpartition("@")[2].lower()
    found = next((results for id, results in map(read, headers) if server and id == server.lower()), [])
    dmarc = [r for r in found if r.method == "dmarc"]
    if any(r.said == "fail" for r in dmarc):
        return "failed"
    if any(r.said == "pass" and r.properties.get("header.from", domain) == domain for r in dmarc):
        return "proven"
    # A domain without a policy of its own: a signature or an envelope of that same domain proves as much.
    return "proven" if domain and not _contradicted(dmarc) and any(_of(r, domain) for r in found) else "unproven"


def read(header: str) -> tuple[str, list[Result]]:
    """The id of the server that wrote a header, lower case, and its results; ('', []) where it can't be read."""
    parts = _PART.findall(_uncommented(header))
    words = parts[0].split() if parts else []
    if not words or (len(words) > 1 and not words[1].isdigit()):
        return "", []
    results = []
    for part in parts[1:]:
        if matched := _RESULT.match(part):
            named: dict[str, str] = {}
            for kind, name, value in _PROPERTY.findall(part):
                if name:  # what is told twice is told by the sender, too: it says nothing
                    key = f"{kind}.{name}".lower()
                    named[key] = "?" if key in named else _value(value)
            results.append(Result(matched[1].lower(), matched[2].lower(), named))
    return _value(words[0]), results


def _contradicted(dmarc: Sequence[Result]) -> bool:
    """DMARC was looked at and is about something else than this sender, or its policy could not be read."""
    return any(r.said != "none" for r in dmarc)


def _of(result: Result, domain: str) -> bool:
    """Whether it passed for the sender's own domain, or one above it."""
    if result.said != "pass":
        return False
    named = {
        "dkim": result.properties.get("header.d") or result.properties.get("header.i", "").rpartition("@")[2],
        "spf": result.properties.get("smtp.mailfrom", "").rpartition("@")[2],
    }.get(result.method, "")
    return "." in named and (domain == named or domain.endswith(f".{named}"))


def _uncommented(text: str) -> str:
    """Without comments, which may lie in each other and hold anything; a quoted string is none."""
    kept: list[str] = []
    depth, quoted, skip = 0, False, False
    for letter in text:
        if skip:
            skip = False
        elif letter == "\\" and (quoted or depth):
            skip = True
        elif letter == '"' and not depth:
            quoted = not quoted
        elif letter == "(" and not quoted:
            depth += 1
            continue
        elif letter == ")" and depth:
            depth -= 1
            if not depth:
                kept.append(" ")
            continue
        if not depth:
            kept.append(letter)
    return "".join(kept)


def _value(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text.strip('"')).strip().lower()
