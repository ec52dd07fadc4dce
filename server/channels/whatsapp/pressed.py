"""Buttons that do something rather than ask: whose each one is, by the beginning of its id.

A room that wants such buttons gives them ids with a beginning of its own, and adds a line here: what is called with the
whole id and the scope of who pressed it, and says what became of it. It opens its own transactions, and may be called
again for the same press after a worker's death.
"""

from collections.abc import Callable
from datetime import datetime

from core.tenancy import Scope
from server.alerts import by_phone
from server.channels.whatsapp.reply import Reply

Pressed = Callable[[str, Scope, datetime], Reply]
"""(the button's id, who pressed it, now) -> what they are told."""
BUTTONS: dict[str, Pressed] = {by_phone.BEGINNING: by_phone.pressed}
Said = Callable[[str, str, Scope, datetime], Reply | None]
"""(what was written, the id of our message it answers or '', who wrote it, now) -> what they are told; None where the
words are for somebody else."""
ANSWERS: tuple[Said, ...] = (by_phone.said,)


def of(id: str) -> Pressed | None:
    """What a button's id calls, None for a question or a company's name."""
    return next((does for beginning, does in BUTTONS.items() if id.startswith(beginning)), None)


def said(text: str, quoted: str, scope: Scope, now: datetime) -> Reply | None:
    """What words do that answer a message of ours; None where they are a question."""
    return next((reply for does in ANSWERS if (reply := does(text, quoted, scope, now))), None)
