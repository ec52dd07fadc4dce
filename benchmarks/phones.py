"""Phones whose messages are answered while the worker is killed (SIGKILL) at random moments, again and again.

The workers are forks of one process that has everything imported, as the queue's are: the kills fall on the work and
not on its start. A dead worker's lease is ended by hand, as time would: waiting for it shows nothing. At the end Meta's
statuses come, which settle what nobody knew.
"""

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import child
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
    with _workers(graph, senders, data) as start:
        for turn in sorted(chance.uniform(0, len(trackers) - 1) for _ in range(kills)):
            pid, ended = start()
            while len(graph.sent) - began < int(turn) and not ended(0):
                time.sleep(0.001)
            if not ended(chance.uniform(0, AFTER_SECONDS)):
                os.kill(pid, signal.SIGKILL)
                assert ended(10)
            moments.append(_bury(pid))
        _, ended = start()
        assert ended(120)
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


@contextmanager
def _workers(graph: Graph, senders: Sequence[str], data: Path) -> Iterator[Any]:
    """Starts a worker: its process id, and whether it has ended within so many seconds."""
    account = {
        "AYNI_WHATSAPP_PHONE_ID": PHONE_ID, "AYNI_WHATSAPP_NUMBER": "56911112222", "AYNI_WHATSAPP_TOKEN": TOKEN,
        "AYNI_WHATSAPP_APP_SECRET": "benchmark", "AYNI_WHATSAPP_VERIFY_TOKEN": "word",
        "AYNI_WHATSAPP_GRAPH_URL": graph.url,
    }  # fmt: skip
    parent = subprocess.Popen(
        [sys.executable, "-m", MODULE, "work", ",".join(senders)],
        cwd=child.HOME, env=child.environment(data, **account), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        bufsize=0,
    )  # fmt: skip
    assert parent.stdin is not None
    assert parent.stdout is not None
    told, asked = parent.stdout, parent.stdin

    def start() -> tuple[int, Any]:
        asked.write(b"start\n")
        pid, over = int(told.readline()), False

        def ended(seconds: float) -> bool:
            nonlocal over
            over = over or (bool(select.select([told], [], [], seconds)[0]) and told.readline() == b"ended\n")
            return over

        return pid, ended

    try:
        yield start
    finally:
        asked.close()
        parent.wait(30)
        told.close()


def _work(senders: Sequence[str]) -> None:
    """Fork a worker for each line that comes in, one after the other."""
    from core import db
    from server.channels.whatsapp import deliver

    with db.identity():  # joined once, and nothing open when it forks: as the queue's parent does
        pass
    db.close()
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                for sender in senders:
                    deliver.work(sender)
            finally:
                os._exit(0)
        print(pid, flush=True)
        os.waitpid(pid, 0)
        print("ended", flush=True)


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
        _work(sys.argv[2].split(","))
    else:
        child.tell(lambda: _prove(date.fromisoformat(sys.argv[2])))
