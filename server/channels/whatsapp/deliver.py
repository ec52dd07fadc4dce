"""A message leaves: compose, keep, mark, send, settle. One worker at a time works for a phone."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

from server.channels.whatsapp import answering, graph, inbox, reply, tracking
from server.channels.whatsapp.account import Account, required
from server.channels.whatsapp.inbox import LeaseLost, Waiting
from server.channels.whatsapp.picture import draw, without_chart

logger = logging.getLogger(__name__)


def work(sender: str) -> int:
    """Answer what waits for a phone, in its order; how many messages were settled (0 where somebody else does)."""
    done = 0
    while True:
        holder = f"{os.uname().nodename}:{os.getpid()}:{uuid4().hex[:8]}"
        if not inbox.lease(sender, holder):
            return done
        try:
            with _heartbeat(sender, holder):
                while (message := inbox.upcoming(sender)) is not None:
                    done += _one(message, holder, required())
        except LeaseLost:
            logger.warning("Lost the lease of a phone; nothing of its message was sent here")
        if not inbox.release(sender, holder):
            return done


def _one(message: Waiting, holder: str, account: Account) -> bool:
    """Bring one message to its end, or put it off; whether it ended."""
    try:
        if message.reply is None:
            composed = answering.compose(message, datetime.now(UTC))
            if composed.reply is None:
                inbox.settle(message.wamid, "done")
                return True
            inbox.compose(message, holder, composed.reply.json(), composed.company_id, composed.user_id)
            answer = composed.reply
        else:
            answer = reply.from_json(message.reply)
        picture = draw(answer)
        wamid = graph.send(
            answer if picture or not answer.chart else without_chart(answer),
            message.sender, picture, tracking.of_reply(message.wamid), account,
            lambda: inbox.mark_sending(message, holder),
        )  # fmt: skip
    except LeaseLost:
        raise
    except graph.NotSent as problem:
        return _put_off(message, str(problem), problem.again)
    except graph.Unknown as problem:
        logger.error("Nobody knows whether the reply to %s left: %s", message.wamid, problem)
        inbox.settle(message.wamid, "unsure", error=str(problem))
        return True
    except Exception as problem:
        logger.exception("Could not answer message %s", message.wamid)
        return _put_off(message, repr(problem), again=True)
    inbox.settle(message.wamid, "done", wamid)
    return True


@contextmanager
def _heartbeat(sender: str, holder: str) -> Iterator[None]:
    """Keep the lease alive from a thread of its own while the block works."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(inbox.LEASE_SECONDS / 3):
            try:
                inbox.keep(sender, holder)
            except Exception:  # one missed beat is no harm; without beats the lease ends and another worker starts
                logger.warning("A heartbeat of a phone failed", exc_info=True)

    thread = threading.Thread(target=beat, name="heartbeat-whatsapp", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)


def _put_off(message: Waiting, error: str, again: bool) -> bool:
    if again and message.attempts + 1 < inbox.MOST_ATTEMPTS:
        inbox.later(message, error, backoff(message.attempts))
        return False
    logger.error("The reply to %s was not sent: %s", message.wamid, error)
    inbox.settle(message.wamid, "failed", error=error)
    return True


def backoff(attempts: int) -> float:
    """Seconds until the next try: 2, 6, 18, 54, 162. Pure."""
    return float(2 * 3**attempts)
