"""Each mail leaves once for each reader and key: claim, write, hand over, mark.

`send_once(key, reader, write, scope)` is the one way out: the summary's ('2026-W44'), an alert's, a report's with its
attachment. A row of `mails` (company, reader, key) goes

    (none) | waiting | held -> claimed -> sending -> sent -> bounced   a server further on said no, in a mail of its own
                                  |          |-----> waiting, failed   the server said no: try again later, or never
                                  |          '-----> unsure            nobody knows; not sent again by itself
                                  '-> waiting, held, skipped           not written yet, waits for data, not needed

What is guaranteed, and what is not. `claimed` is committed before the mail is written, with a lease: one worker at a
time has it, and if it dies the next one takes it when the lease is over. `sending` is committed when the whole mail
lies at the server except the line that makes it final, and only by who still holds the claim. So a worker that dies
before `sending` has sent nothing that a server may deliver: the mail is tried again, and arrives once. A worker that
dies after it, before `sent`, may or may not have sent that line: SMTP has no way of asking afterwards. Such a mail is
never sent a second time by itself: **no reader gets one key twice**. It is lost only where the process ends between
that commit and the five bytes that follow it; it then stays `unsure`, which the operator sees in the log and in
`ayni mail list` and the reader on /resumen, where it can be sent again by hand. In development the mail is a file
named by its Message-ID.

Who calls calls again: a mail that is `waiting` leaves with the next `send_once` of the same key after its pause.
`companies_waiting(prefix)` and `waiting(prefix, scope)` tell a schedule which those are.
"""

from server.outbox.claims import BACKOFF_MINUTES, ClaimLost, give_up_waiting, host, message_id
from server.outbox.sending import NotNeeded, NotYet, Write, send_once
from server.outbox.standing import Mail, again, companies_waiting, history, paused, state, waiting, wake

__all__ = [
    "BACKOFF_MINUTES",
    "ClaimLost",
    "Mail",
    "NotNeeded",
    "NotYet",
    "Write",
    "again",
    "companies_waiting",
    "give_up_waiting",
    "history",
    "host",
    "message_id",
    "paused",
    "send_once",
    "state",
    "waiting",
    "wake",
]
