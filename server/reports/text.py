"""The text of a report: paragraphs, `## ` titles, `- ` lists and `**strong**`; everything else is what it is. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

_STRONG = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a line."""

    text: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph or a title (one line), or a list (one line an item)."""

    kind: Literal["paragraph", "title", "list"]
    lines: tuple[tuple[Run, ...], ...]


def parse(text: str) -> tuple[Piece, ...]:
    """The pieces in order. Their text is still text: a page escapes it, a paper takes it as data."""
    pieces: list[Piece] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        waiting: list[str] = []
        for line in [*part.split("\n"), ""]:
            kind = "list" if line.startswith("- ") else "title" if line.startswith("## ") else "paragraph"
            if waiting and (kind != "paragraph" or not line.strip()):
                pieces.append(Piece("paragraph", (runs(" ".join(waiting)),)))
                waiting = []
            if kind == "title":
                pieces.append(Piece("title", (runs(line[3:].strip()),)))
            elif kind == "list":
                before = pieces.pop().lines if pieces and pieces[-1].kind == "list" else ()
                pieces.append(Piece("list", (*before, runs(line[2:].strip()))))
            elif line.strip():
                waiting.append(line.strip())
    return tuple(pieces)


def runs(line: str) -> tuple[Run, ...]:
    """'a **b** c' as three stretches."""
    found: list[Run] = []
    at = 0
    for match in _STRONG.finditer(line):
        found += [Run(line[at : match.start()], False), Run(match[1], True)]
        at = match.end()
    return tuple(r for r in [*found, Run(line[at:], False)] if r.text)


def plain(text: str) -> str:
    """Paragraphs divided by empty lines, without marks."""
    said = []
    for piece in parse(text):
        mark = "• " if piece.kind == "list" else ""
        said += [mark + "".join(r.text for r in line) for line in piece.lines]
    return "\n\n".join(said)
