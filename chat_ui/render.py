"""Answer parts as the chat shows them: the text as safe Markdown, all else as one element's properties. Pure."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from assistant.parts import Answer, Chart, Citation

ANSWER = "AyniAnswer"
"""The custom element (`site/public/elements`) that draws an answer's charts, sources and follow-ups."""

MOST_FOLLOW_UPS = 4


def markdown(text: str) -> str:
    """The answer's text, where a name out of somebody's file can neither fetch a picture, nor lead to another site, nor
    become a directive."""
    text = text.replace("![", "!\\[")
    text = re.sub(r"(?<=\d) %", "\u00a0%", re.sub(r"−(?=[$\d])", "−\u2060", text))  # a sign stays by its figure
    text = re.sub(r"\](?=[\[(])(?!\(/(?![/\\]))", r"\]\\", text)
    return re.sub(r"(?<!\\):(?=[A-Za-zÀ-ÿ:])", r"\\:", text)


def properties(answer: Answer) -> dict[str, Any] | None:
    """What `AyniAnswer` draws below the text; None where there is nothing to draw."""
    drawn = {
        "status": answer.status,
        "charts": [{"title": c.title, "spec": c.spec} for c in answer.charts if is_self_contained(c)],
        "citations": [citation(c) for c in answer.citations],
        "followUps": list(dict.fromkeys(answer.follow_ups))[:MOST_FOLLOW_UPS],
    }
    return drawn if any(drawn[key] for key in ("charts", "citations", "followUps")) else None


def citation(source: Citation) -> dict[str, str]:
    """A source; its address only where it is a page of ours."""
    return {**asdict(source), "href": source.href if is_ours(source.href) else ""}


def is_ours(href: str) -> bool:
    """A path on this server: no other host, no script."""
    parts = urlsplit(href)
    return not parts.scheme and not parts.netloc and href.startswith("/") and "\\" not in href


def is_self_contained(chart: Chart) -> bool:
    """Whether the spec has all its data inside: one that names an address would make the browser fetch it."""
    return not any(key in ("url", "href", "usermeta") for key in keys(chart.spec))


def keys(node: Any) -> Iterator[str]:
    """All keys of a spec, at any depth, its data rows left out."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            if key not in ("values", "datasets"):
                yield from keys(value)
    elif isinstance(node, list):
        for value in node:
            yield from keys(value)
