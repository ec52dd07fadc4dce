"""Each message leaves with a word of ours that comes back in Meta's statuses, and settles what nobody knew.

A status is proof that Meta took the message, whatever became of the call that sent it: a cut connection, a gateway that
gave up waiting, a worker that died between sending and settling, a 500 after which the message went all the same.
"""

import re
from uuid import UUID

from core.db import Connection
from server.channels.whatsapp.parse import Status

MOST = 512
"""Letters that Meta carries along."""
_REPLY = "reply:"
_NOTICE = re.compile(r"notice:([0-9a-f-]{36}):(text|template)")


def of_reply(wamid: str) -> str:
    """The word for what a message gets; `wamid` is the message's."""
    return f"{_REPLY}{wamid}"[:MOST]


def of_notice(tracker: UUID, form: str) -> str:
    """The word for what Ayni writes by itself, in the one form or the other: a text that failed tells nothing of the
    template that followed it."""
    return f"notice:{tracker}:{form}"


def settle(status: Status, connection: Connection) -> None:
    """Mark what this status is about as having left, where that isn't known yet. In the channel's transaction."""
    if status.tracker.startswith(_REPLY):
        connection.execute(
            "UPDATE whatsapp_inbox SET state = 'done', reply_wamid = %s, reply = NULL, error = '', "
            "finished_at = coalesce(finished_at, now()) WHERE wamid = %s AND state <> 'done'",
            [status.wamid, status.tracker.removeprefix(_REPLY)],
        )
    elif named := _NOTICE.fullmatch(status.tracker):
        connection.execute(
            "UPDATE whatsapp_sent SET state = 'sent', form = %(form)s, wamid = %(wamid)s, error = '', "
            "sent_at = %(at)s WHERE tracker = %(tracker)s AND state <> 'sent' AND form IN ('', %(form)s)",
            {"form": named[2], "wamid": status.wamid, "at": status.at, "tracker": UUID(named[1])},
        )
