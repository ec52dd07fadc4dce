"""A thousand summaries with charts and PDF, and two hundred whose worker is killed ten times, to a real mail server.

A killed worker's lease is ended by hand, as time would: waiting for it shows nothing, and takes two minutes a kill.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import child
from benchmarks.forking import Fork, forks, serve
from benchmarks.table import Row
from core.tenancy import Scope
from tests.server.smtp import Post, running

MODULE = "benchmarks.mailing"
SUMMARIES = 1_000
MEASURED = 100
COMPANIES = 4
WORKERS = 2
KILLED_MAILS = 200
KILLS = 10
SEED = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of the mails: how many arrived once, twice, not at all; and what their rows say."""

    mails: int
    kills: int
    once: int
    twice: int
    lost: int
    """Not at the server, and their row does not say so."""
    unsure: int
    """Their row says that nobody knows; whether they arrived is counted in `once` as well."""
    moments: tuple[str, ...]
    """What each killed worker's mail was at: 'claimed' (writing it), 'sending', or '-' between two."""


def measure(rows: int, today: date, folder: Path) -> list[Row]:
    """In a database of its own; `MEASURED` summaries of companies of the demo's size, and the killed ones."""
    data = folder / "mailing"
    with running() as post, database(data):
        made = child.run(MODULE, "make", today.isoformat(), data_dir=data)
        monday, slugs = date.fromisoformat(made["monday"]), made["slugs"]
        started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        workers = [worker(data, post, monday, slugs, "share", str(n), str(WORKERS)) for n in range(WORKERS)]
        for one in workers:
            one.wait()
        seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        sent, size = len(post.mails), max((len(bytes(m)) for m in post.mails), default=0)
        pdfs = sum(any(part.get_content_type() == "application/pdf" for part in m.walk()) for m in post.mails)
        post.mails.clear()
        child.run(MODULE, "clear", slugs, data_dir=data)
        with workers_of(data, post, monday, slugs) as start:
            found = prove(
                start,
                lambda pid: str(child.run(MODULE, "bury", str(pid), slugs, data_dir=data)["at"]),
                lambda: dict(child.run(MODULE, "states", monday.isoformat(), slugs, data_dir=data)["states"]),
                post,
                KILLED_MAILS,
                KILLS,
                SEED,
            )
    assert sent == pdfs == MEASURED, f"{sent} summaries arrived, {pdfs} with a PDF"
    note = (
        f"{sent} measured with {WORKERS} workers and scaled by count, each composed anew; "
        f"{COMPANIES} companies of about {made['lines']:,} lines; largest mail {size // 1000} KB; "
        f"processor {processor / sent:.2f} s a summary, without the database's"
    )
    said = f"{found.kills} kills ({', '.join(found.moments)}); {found.unsure} unsure"
    section = f"{found.mails} summaries, worker killed"
    return [
        Row(f"{SUMMARIES:,} summaries", "with charts and PDF, handed over", seconds / sent * SUMMARIES / 60, "min", 15,
            None, note),
        Row(section, "arrived twice", found.twice, "mails", 0, None, said),
        Row(section, "lost unsaid", found.lost, "mails", 0, None, f"{found.once} arrived once"),
    ]  # fmt: skip


def prove(
    start: Callable[[], Fork],
    bury: Callable[[int], str],
    states: Callable[[], dict[str, str]],
    post: Post,
    mails: int,
    kills: int,
    seed: int,
) -> Proof:
    """Have a worker that `start` starts send `mails` mails and kill it (SIGKILL) at random moments, `kills` times;
    another takes over each time. `bury` ends the leases of a dead process (0: all that are left) and says what its mail
    was at, `states` gives each mail's state by Message-ID."""
    chance, moments = random.Random(seed), []
    before = len(post.mails)
    # Spread over the whole run: each waits for its number of mails, and a part of one more.
    for turn in sorted(chance.uniform(0, mails - 1) for _ in range(kills)):
        worker = start()
        try:
            while len(post.mails) - before < int(turn) and not worker.ended():
                time.sleep(0.002)
            worker.ended(chance.uniform(0, 0.6))
        finally:
            worker.kill()
        moments.append(bury(worker.pid))
    start().wait()
    bury(0)
    stood = states()
    arrived = Counter(str(m["Message-ID"]) for m in post.mails[before:])
    return Proof(
        mails=len(stood),
        kills=len(moments),
        once=sum(arrived[id] == 1 for id in stood),
        twice=sum(count > 1 for count in arrived.values()),
        lost=sum(arrived[id] == 0 and state != "unsure" for id, state in stood.items()),
        unsure=sum(state == "unsure" for state in stood.values()),
        moments=tuple(moments),
    )


@contextmanager
def database(data: Path) -> Iterator[None]:
    """The embedded database, held open by a process that nobody kills."""
    holder = subprocess.Popen(
        [sys.executable, "-m", MODULE, "hold"],
        cwd=child.HOME,
        env=child.environment(data),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        holder.stdout.readline()
        yield
    finally:
        holder.stdin.close()
        holder.wait(30)
        holder.stdout.close()


def workers_of(data: Path, post: Post, monday: date, slugs: str) -> AbstractContextManager[Callable[[], Fork]]:
    """Starts workers that send what is due on `monday` to the readers of the companies `slugs` ('one,other')."""
    return forks(MODULE, "send", monday.isoformat(), slugs, "forks", env=_at(data, post))


def _at(data: Path, post: Post) -> dict[str, str]:
    return child.environment(data, AYNI_SMTP_URL=post.url, AYNI_MAIL_FROM="Ayni <resumen@ayni.test>")


def worker(data: Path, post: Post, monday: date, slugs: str, *what: str) -> subprocess.Popen[bytes]:
    """A process that sends its share of what is due on `monday`."""
    return subprocess.Popen(
        [sys.executable, "-m", MODULE, "send", monday.isoformat(), slugs, *what],
        cwd=child.HOME,
        env=_at(data, post),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _make(today: date) -> dict[str, Any]:
    """Companies of the demo's size, refreshed, with enough readers between them."""
    import features
    from core import auth, db
    from core.tenancy import Role
    from server import peers
    from server.ready import make_ready

    make_ready()
    for number in range(1, COMPANIES + 1):
        peers.make(number, today)
    slugs = ",".join(f"{peers.PREFIX}{number:02}" for number in range(1, COMPANIES + 1))
    people = [auth.create_user(f"p{n}@ayni.test", "una clave larga", "Rosa") for n in range(KILLED_MAILS // COMPANIES)]
    last = today
    for scope in scopes(slugs):
        with db.tenant(scope) as connection:
            features.refresh(scope, connection)
            last = features.coverage(scope, connection).last or last
        for one in people:
            auth.add_member(scope.company, one.email, Role.owner)
    # The week in which the data's last month closed: there is most to tell.
    monday = last + timedelta(days=7 - last.weekday())
    return {"lines": peers.LINES, "monday": monday.isoformat(), "slugs": slugs}


def scopes(slugs: str) -> list[Scope]:
    """The companies 'one,other'."""
    from core import auth

    return [auth.operator_scope(slug) for slug in slugs.split(",")]


def _clear(slugs: str) -> None:
    """As if none of the summaries had been sent."""
    from core import db

    for scope in scopes(slugs):
        with db.tenant(scope) as connection:
            connection.execute("DELETE FROM mails")


def _send(monday: date, slugs: str, how: str, share: int, of: int) -> None:
    """What a worker does with the mails of `monday`: all of them as the queue would, or its share of `MEASURED`."""
    from core import db
    from server.digest import choices, sending
    from server.digest.editions import latest

    edition = latest("weekly", monday)
    for scope in scopes(slugs):
        if how == "all":
            sending.send_due(scope, datetime(monday.year, monday.month, monday.day, 8, 5, tzinfo=scope.company.tz))
            continue
        with db.tenant(scope) as connection:
            readers = choices.subscribers(scope, connection)[: MEASURED // COMPANIES]
        for number, one in enumerate(readers):
            if number % of == share:
                sending.send(edition, one, monday, scope)


def bury(pid: int, slugs: str) -> str:
    """End the leases of a worker that is dead; what its mail was at. With 0, every lease that is left."""
    from core import db

    found = []
    for scope in scopes(slugs):
        with db.tenant(scope) as connection:
            found += connection.execute(
                "UPDATE mails SET claimed_until = clock_timestamp() - interval '1 hour' "
                "WHERE state IN ('claimed', 'sending') AND (%(pid)s = '0' OR holder LIKE '%%:' || %(pid)s || ':%%') "
                "RETURNING state",
                {"pid": str(pid)},
            ).fetchall()
    return str(found[0][0]) if found else "-"


def states(monday: date, slugs: str) -> dict[str, str]:
    """How each mail of `monday` stands, by Message-ID."""
    from core import db
    from server import outbox
    from server.digest.editions import latest

    stood: dict[str, str] = {}
    for scope in scopes(slugs):
        outbox.give_up_waiting(scope)
        with db.tenant(scope) as connection:
            rows = connection.execute(
                "SELECT message_id, state FROM mails WHERE key = %s", [latest("weekly", monday).id]
            )
            stood |= dict(rows.fetchall())
    return stood


def _main(what: str, *given: str) -> None:
    from core import db

    told: dict[str, Any] = {}
    match what:
        case "hold":
            db.migrate()
            print("ready", flush=True)
            sys.stdin.read()
        case "make":
            told = _make(date.fromisoformat(given[0]))
        case "clear":
            _clear(given[0])
        case "send":
            monday, slugs = date.fromisoformat(given[0]), given[1]
            if given[2] == "forks":
                from server.digest import sending  # noqa: F401  # imported once, before any worker is forked

                serve(lambda: _send(monday, slugs, "all", 0, 1))
                return
            _send(monday, slugs, "share", int(given[3]), int(given[4]))
        case "bury":
            told = {"at": bury(int(given[0]), given[1])}
        case _:
            told = {"states": states(date.fromisoformat(given[0]), given[1])}
    db.close()
    print(json.dumps(told))


if __name__ == "__main__":
    _main(*sys.argv[1:])
