"""An answer's chart as the picture that is sent: the chat's own spec, drawn here, under 40 KB."""

import logging

from server.channels.whatsapp.reply import Reply
from server.digest.charts import png

logger = logging.getLogger(__name__)


def draw(answer: Reply) -> bytes | None:
    """The chart's picture; an answer whose chart can't be drawn goes without."""
    if answer.chart is None:
        return None
    try:
        return png(answer.chart)
    except Exception:
        logger.warning("A chart could not be drawn", exc_info=True)
        return None


def without_chart(answer: Reply) -> Reply:
    return Reply(answer.text, answer.buttons, answer.options)
