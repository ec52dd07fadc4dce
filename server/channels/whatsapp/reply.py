"""One message of ours, within what WhatsApp takes. Pure, and storable as JSON until it has left."""

from dataclasses import asdict, dataclass
from typing import Any

MOST_TEXT = 4096
MOST_WITH_BUTTONS = 1024
"""The same for a picture's caption."""
MOST_TITLE = 20
MOST_ID = 256
MOST_BUTTONS = 3
MOST_OPTIONS = 10


@dataclass(frozen=True, slots=True)
class Button:
    """A reply button: `id` comes back when it is pressed, and holds the whole question."""

    title: str
    id: str


@dataclass(frozen=True, slots=True)
class Option:
    """A line of a list to choose from."""

    title: str
    id: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """Text with WhatsApp's own marks (`*bold*`), and at most one chart above it and a few buttons below."""

    text: str
    buttons: tuple[Button, ...] = ()
    options: tuple[Option, ...] = ()
    chart: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        most = MOST_WITH_BUTTONS if self.buttons or self.options or self.chart else MOST_TEXT
        assert 0 < len(self.text) <= most, len(self.text)
        assert len(self.buttons) <= MOST_BUTTONS
        assert len(self.options) <= MOST_OPTIONS
        assert not (self.options and (self.buttons or self.chart))

    def json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Template:
    """A message that Meta has approved beforehand, with its values in their order."""

    name: str
    values: tuple[str, ...]
    language: str = "es"


def from_json(kept: dict[str, Any]) -> Reply:
    """What `Reply.json` gave."""
    return Reply(
        kept["text"],
        tuple(Button(**b) for b in kept["buttons"]),
        tuple(Option(**o) for o in kept["options"]),
        kept["chart"],
    )


def cut(text: str, most: int) -> str:
    """At most so many characters, at the end of a word where one is near."""
    if len(text) <= most:
        return text
    short = text[: most - 1]
    head, space, _ = short.rpartition(" ")
    return f"{(head if space and len(head) > most // 2 else short).rstrip(' ,.;:·')}…"
