"""Phones whose messages are answered while the worker is killed (SIGKILL) at random moments, again and again.

A dead worker's lease is ended by hand, as time would: waiting for it shows nothing. At the end Meta's
statuses come, which settle what nobody knew.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import child
from benchmarks.forking import forks, serve
from benchmarks.table import Row
from tests.server.graph import PHONE_ID, TOKEN, Graph, running

MODULE = "benchmarks.phones"
PHONES, EACH, KILLS, SEED = 20, 10, 20, 7
AFTER_SECONDS = 0.12
"""A kill falls within so long after its number of replies came: longer than an answer takes."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of the messages. `unsure` when the workers were done, `left_unsure` after Meta's statuses."""

    messages: int
    once: int
    twice: int
    lost: int
    """No reply came, and their row doesn't say that nobody knows."""
    unsure: int
    left_unsure: int
    mistaken: int
    """Said to be unsure although Meta told of them."""
    disordered: int
    """Replies that came after the reply to a newer message of the same phone."""
    moments: tuple[str, ...]
    """What each killed worker's phone was at: 'waiting' (composing), 'sending', or '-' between two."""


def measure(rows: int, today: date, folder: Path) -> list[Row]:
    """In a database of its own; a company of the demo's size, so that answers carry charts."""
    found = child.run(MODULE, "prove", today.isoformat(), data_dir=folder / "phones")
    section = f"{found['messages']} messages of {PHONES} phones, worker killed"
    said = f"{len(found['moments'])} kills ({', '.join(found['moments'])})"
    unsure = f"{found['unsure']} unsure when done, {found['left_unsure']} after Meta's statuses"
    return [
        Row(section, "answered twice", found["twice"], "messages", 0, None, said),
        Row(section, "lost unsaid", found["lost"], "messages", 0, None, f"{found['once']} answered once; {unsure}"),
        Row(section, "out of their order", found["disordered"], "messages", 0, None, "within their phone"),
    ]


def prove(graph: Graph, senders: Sequence[str], each: int, kills: int, seed: int, data: Path) -> Proof:
    """Store `each` messages of every phone, have workers answer them and kill those at random moments."""
    from server.channels.whatsapp import inbox
    from server.channels.whatsapp.parse import Status

    chance, began, moments = random.Random(seed), len(graph.sent), []
    trackers = _store(senders, each)
    env = child.environment(data, **_account(graph))
    with forks(MODULE, "work", ",".join(senders), env=env) as start:
        for turn in sorted(chance.uniform(0, len(trackers) - 1) for _ in range(kills)):
            worker = start()
            while len(graph.sent) - began < int(turn) and not worker.ended():
                time.sleep(0.001)
            worker.ended(chance.uniform(0, AFTER_SECONDS))
            worker.kill()
            moments.append(_bury(worker.pid))
        start().wait()
    unsure = [tracker for tracker, state in _states(trackers).items() if state == "unsure"]
    arrived = [str(message["biz_opaque_callback_data"]) for message in graph.sent[began:]]
    now = datetime.now(UTC)
    told = zip(graph.ids[began:], arrived, strict=True)
    inbox.store([], [Status(wamid, "delivered", now, tracker=tracker) for wamid, tracker in told])
    stood, came = _states(trackers), Counter(arrived)
    assert set(stood.values()) <= {"done", "unsure"}, Counter(stood.values())
    return Proof(
        messages=len(trackers),
        once=sum(came[t] == 1 for t in trackers),
        twice=sum(came[t] > 1 for t in trackers),
        lost=sum(came[t] == 0 and stood[t] != "unsure" for t in trackers),
        unsure=len(unsure),
        left_unsure=sum(state == "unsure" for state in stood.values()),
        mistaken=sum(came[t] > 0 and stood[t] == "unsure" for t in trackers),
        disordered=_disordered(arrived),
        moments=tuple(moments),
    )


def _store(senders: Sequence[str], each: int) -> list[str]:
    """Messages as the webhook stores them; the trackers of what they will get."""
    from server.channels.whatsapp import inbox, tracking
    from server.channels.whatsapp.parse import Message

    at = datetime.now(UTC) - timedelta(minutes=5)
    months = ("agosto", "septiembre", "octubre")
    messages = [
        Message(f"wamid.{sender}.killed.{n:03}", sender, at + timedelta(seconds=n),
                {"type": "text", "text": {"body": f"¿cuánto vendí en {months[n % 3]} de 2026?"}})
        for n in range(each) for sender in senders
    ]  # fmt: skip
    inbox.store(messages, [])
    return [tracking.of_reply(m.wamid) for m in messages]


def _account(graph: Graph) -> dict[str, str]:
    return {
        "AYNI_WHATSAPP_PHONE_ID": PHONE_ID, "AYNI_WHATSAPP_NUMBER": "56911112222", "AYNI_WHATSAPP_TOKEN": TOKEN,
        "AYNI_WHATSAPP_APP_SECRET": "benchmark", "AYNI_WHATSAPP_VERIFY_TOKEN": "word",
        "AYNI_WHATSAPP_GRAPH_URL": graph.url,
    }  # fmt: skip


def _work(senders: Sequence[str]) -> None:
    from server.channels.whatsapp import deliver

    for sender in senders:
        deliver.work(sender)


def _bury(pid: int) -> str:
    """End the lease of a dead worker; what its phone was at."""
    from core import db

    with db.channel() as connection:
        row = connection.execute(
            "UPDATE whatsapp_senders SET lease_until = clock_timestamp() - interval '1 hour' "
            "WHERE leased_by LIKE '%%:' || %s || ':%%' RETURNING sender",
            [str(pid)],
        ).fetchone()
        if row is None:
            return "-"
        sending = connection.execute(
            "SELECT EXISTS (SELECT FROM whatsapp_inbox WHERE sender = %s AND state = 'sending')", row
        ).fetchone()
    return "sending" if sending and sending[0] else "waiting"


def _states(trackers: Sequence[str]) -> dict[str, str]:
    """How each message stands, by the tracker of its reply."""
    from core import db
    from server.channels.whatsapp import tracking

    with db.channel() as connection:
        rows = connection.execute("SELECT wamid, state FROM whatsapp_inbox WHERE wamid LIKE '%.killed.%'").fetchall()
    found = {tracking.of_reply(wamid): state for wamid, state in rows}
    return {tracker: found[tracker] for tracker in trackers}


def _disordered(arrived: Sequence[str]) -> int:
    """A tracker ends with its message's number: within a phone they only grow. Pure."""
    last: dict[str, str] = {}
    count = 0
    for tracker in arrived:
        phone, _, number = tracker.rpartition(".")
        count += number < last.get(phone, "")
        last[phone] = max(number, last.get(phone, ""))
    return count


def _prove(today: date) -> dict[str, Any]:
    import features
    from core import auth, db
    from core.settings import settings
    from core.tenancy import Role
    from server import peers
    from server.ready import make_ready

    make_ready()
    peers.make(1, today)
    scope = auth.operator_scope(f"{peers.PREFIX}01")
    user = auth.create_user("fono@ayni.test", "una clave larga", "Rosa")
    auth.add_member(scope.company, user.email, Role.owner)
    senders = [f"569{n:08}" for n in range(PHONES)]
    with db.tenant(scope) as connection:
        features.refresh(scope, connection)
    with db.channel() as connection:
        for sender in senders:
            connection.execute(
                "INSERT INTO whatsapp_links (company_id, sender, user_id) VALUES (%s, %s, %s)",
                [scope.company_id, sender, user.id],
            )
    with running() as graph:
        found = prove(graph, senders, EACH, KILLS, SEED, settings().data_dir)
    db.close()
    return asdict(found)


if __name__ == "__main__":
    if sys.argv[1] == "work":
        from server.channels.whatsapp import deliver  # noqa: F401  # imported once, before any worker is forked

        serve(lambda: _work(sys.argv[2].split(",")))
    else:
        child.tell(lambda: _prove(date.fromisoformat(sys.argv[2])))
