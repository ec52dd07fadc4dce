"""An answer on a phone: one message, the figure first and bold, its chart as a picture, sources in a line. Pure."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from assistant.answers.wording import exact
from assistant.parts import Answer
from core.language import fold
from core.periods import Period, label
from server.channels.whatsapp.reply import MOST_BUTTONS, MOST_ID, MOST_TEXT, Button, Reply, cut
from server.channels.whatsapp.titles import titled

WANTED = 600
"""Characters of a whole message that is read at a glance."""
QUESTION = "q:"
MORE = "Escribe *detalle* para ver el resto."
_LED = (
    # 'Curicó es la sucursal con más ventas en octubre 2026: $5.013.678.'
    re.compile(r"\*\*(?P<name>[^*]+)\*\* es (?P<what>[^*:]+): (?P<figure>.+?)\.?"),
    # 'El mejor mes en 2026 fue julio 2026: $11.219.992 de ventas netas.'
    re.compile(r"(?P<what>[^*:]+?) fue (?:en |el )?\*\*(?P<name>[^*]+)\*\*: (?P<figure>.+?)\.?"),
)
_FIGURE = re.compile(r"[+−-]?\S*\d(?: %)?")


def answer(found: Answer, link: str = "", company: str = "", before: str = "", more: str = MORE) -> Reply:
    """The message of an answer. `link` opens its sources after login; `company` is named where the phone has several;
    `before` is said first."""
    text = plain(figure_first(found.text))
    text = f"{before}\n\n{text}" if before else text
    last = _sources(found, link, company)
    chart = found.charts[0].spec if found.charts and found.status == "answered" else None
    room = WANTED - len(last) - 2
    short = shortened(text, room)
    if len(short) < len(text):
        short = f"{shortened(text, room - len(more) - 2)}\n\n{more}"
    return Reply(f"{short}\n\n{last}" if last else short, buttons(found.follow_ups), chart=chart)


def detail(kept: dict[str, Any], link: str, company: str = "") -> Reply:
    """All of an answer as it was recorded: its whole text, every figure, every source."""
    lines = [plain(kept["text"])]
    figures = list(dict.fromkeys(_figure(f) for f in kept["figures"]))
    if figures:
        lines += ["", "*Cifras*", *figures]
    sources = [
        _inline(f"· {title}: {definition} {'; '.join(dict.fromkeys(said for said, _ in places if said))}".rstrip())
        for (title, definition), places in by_definition(kept["citations"]).items()
    ]
    if sources:
        lines += ["", "*De dónde salen*", *sources]
    end = "\n\n".join(p for p in (company, link) if p)
    text = shortened("\n".join(lines), MOST_TEXT - len(end) - 2)
    return Reply(f"{text}\n\n{end}" if end else text)


def by_definition(citations: Iterable[dict[str, Any]]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """(title, definition) -> the periods and filters it was asked for, each with its address: a definition once."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for cited in citations:
        definition, _, said = cited["excerpt"].partition(" Período: ")
        found.setdefault((cited["title"], definition), []).append((said.rstrip("."), cited["href"]))
    return found


def buttons(questions: Iterable[str]) -> tuple[Button, ...]:
    """At most three, each with a title of its own."""
    made: dict[str, Button] = {}
    for question in questions:
        title = titled(question)
        if len(QUESTION + question) <= MOST_ID and title:
            made.setdefault(fold(title), Button(title, QUESTION + question))
    return tuple(made.values())[:MOST_BUTTONS]


def figure_first(markdown: str) -> str:
    """An answer whose first line leads with a name, turned round: on a phone the figure is what is seen at a glance.
    '**$5.013.678**: Curicó, la sucursal con más ventas en octubre 2026.'"""
    line, newline, rest = markdown.strip().partition("\n")
    led = next((found for form in _LED if (found := form.fullmatch(line)) and ". " not in found["figure"]), None)
    if led is None:
        return markdown
    figure, what = led["figure"], led["what"][:1].lower() + led["what"][1:]
    if not figure.startswith("**"):
        number = _FIGURE.match(figure)
        if number is None:
            return markdown
        figure = f"**{number[0]}**{figure[number.end() :]}"
    return f"{figure}: {led['name']}, {what}.{newline}{rest}"


def plain(markdown: str) -> str:
    """Markdown with WhatsApp's marks: bold, lists; tables as lines; no address but our own."""
    lines: list[str] = []
    for line in markdown.strip().splitlines():
        if line.startswith("|"):
            cells = [c.strip() for c in re.split(r"(?<!\\)\|", line.strip("|"))]
            if all(re.fullmatch(r":?-+:?", c) for c in cells):
                lines.pop()  # the line above was the table's head
                continue
            line = f"{cells[0]}: {' · '.join(cells[1:])}" if len(cells) > 1 else cells[0]
        lines.append(_inline(line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def shortened(text: str, most: int) -> str:
    """Whole lines while they fit; the first one cut where even it doesn't."""
    kept: list[str] = []
    size = 0
    for line in text.split("\n"):
        size += len(line) + bool(kept)
        if size > most:
            break
        kept.append(line)
    whole = "\n".join(kept).strip()
    return whole or cut(text.split("\n")[0], most)


def safe(text: str) -> str:
    """Somebody's own text without WhatsApp's marks."""
    return " ".join(text.translate(str.maketrans("*_~`", "    ")).split())[:100]


def _sources(found: Answer, link: str, company: str) -> str:
    titles = list(dict.fromkeys(c.title for c in found.citations))
    named = ", ".join(titles[:3]) + ("…" if len(titles) > 3 else "")
    said = [company] if company else []
    if named:
        said.append(f"{'Fuentes' if len(titles) > 1 else 'Fuente'}: {named}")
    return _inline(" · ".join(said)) + (f"\n{link}" if link and named else "")


def _figure(figure: dict[str, Any]) -> str:
    value = None if figure["value"] is None else Decimal(str(figure["value"]))
    period = Period(date.fromisoformat(figure["period"]["start"]), date.fromisoformat(figure["period"]["end"]))
    named = [figure["label"], ", ".join(m for m in figure["slice"].values() if m not in figure["label"]), label(period)]
    said = ", ".join(part for n, part in enumerate(named) if part and part not in named[:n])
    return _inline(f"· {said}: {exact(value, figure['unit'])}")


def _inline(line: str) -> str:
    line = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)
    line = re.sub(r"^#+\s*", "", line)
    line = re.sub(r"\*\*(.+?)\*\*", r"*\1*", line)
    # A name out of somebody's file becomes no link: a joiner that nobody sees takes the address out of it.
    line = re.sub(r"://", ":\u2060//", line)
    return re.sub(r"(?<=\w)\.(?=[A-Za-z]{2})", ".\u2060", line)
