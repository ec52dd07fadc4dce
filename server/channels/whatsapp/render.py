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
from server.channels.whatsapp.reply import MOST_BUTTONS, MOST_ID, MOST_TEXT, MOST_TITLE, Button, Reply, cut

WANTED = 600
"""Characters of a whole message that is read at a glance."""
QUESTION = "q:"
MORE = "Escribe *detalle* para ver el resto."
SHORT = (
    (r"^como me fue( el mes pasado)?$", "¿Cómo me fue?"),
    (r"productos? .*(mas vendid|vendieron mas|venden mas)|productos mas vendidos", "Lo más vendido"),
    (r"venden menos|menos vendid", "Lo menos vendido"),
    (r"como han evolucionado", "Mes a mes"),
    (r"^cual fue (el|mi) mejor (\w+)$", r"El mejor \2"),
    (r"clientes .*(no han vuelto|dejaron)", "Quién no ha vuelto"),
    (r"^como estoy frente", "Frente a otros"),
    (r"peor dia de la semana", "El peor día"),
    (r"que dia de la semana", "El mejor día"),
    (r"^cuanto fue (.*) el mes pasado$", r"\1"),
    (r"^y (.*)$", r"¿Y \1?"),
)
"""Long questions as people would call them on a button; the button's id holds the question itself."""


def answer(found: Answer, link: str = "", company: str = "", before: str = "", more: str = MORE) -> Reply:
    """The message of an answer. `link` opens its sources after login; `company` is named where the phone has several;
    `before` is said first."""
    text = f"{before}\n\n{plain(found.text)}" if before else plain(found.text)
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


def titled(question: str) -> str:
    """What a button says for a question: the question itself where it fits."""
    if len(question) <= MOST_TITLE:
        return question.strip()
    bare = " ".join(question.strip(" ¿?¡!.").split())
    folded = fold(bare)
    for pattern, short in SHORT:
        found = re.search(pattern, folded)
        if found:
            # The folded text has the same length: what is kept of the question keeps its accents.
            said = short
            for number in range(1, len(found.groups()) + 1):
                said = said.replace(f"\\{number}", bare[slice(*found.span(number))])
            if len(said) <= MOST_TITLE:
                return said[:1].upper() + said[1:]
    return cut(bare[:1].upper() + bare[1:], MOST_TITLE)


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
