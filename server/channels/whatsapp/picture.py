"""An answer's chart as the picture that is sent: the chat's own spec, drawn here, under 40 KB."""

import logging
from typing import Any

from server.channels.whatsapp.reply import Reply
from server.digest.charts import png

logger = logging.getLogger(__name__)


def draw(answer: Reply) -> bytes | None:
    """The chart's picture; an answer whose chart can't be drawn goes without."""
    if answer.chart is None:
        return None
    try:
        return png(drawable(answer.chart))
    except Exception:
        logger.warning("A chart could not be drawn", exc_info=True)
        return None


def drawable(spec: dict[str, Any]) -> dict[str, Any]:
    """The chat's spec for a picture: a width of its own, on white, since phones lay it on any ground."""
    return {**spec, "width": 420 if spec.get("width") == "container" else spec.get("width", 420), "background": "white",
            "padding": 12}  # fmt: skip


def without_chart(answer: Reply) -> Reply:
    return Reply(answer.text, answer.buttons, answer.options)
