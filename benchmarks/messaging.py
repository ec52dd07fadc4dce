"""WhatsApp under load: how long Meta waits for its acknowledgement, and that each message is kept and answered once.

The whole service runs (web, worker, schedule) beside a local server that speaks the Graph API. Messages come at an even
pace whatever the answers take (open loop), each timed from the moment at which it was due; every tenth comes a second
time in other bytes. The bare limit is an endpoint that reads the body and says 200, under the same load.
"""

import asyncio
import hmac
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks import child
from benchmarks.starting import _wait, free_port
from benchmarks.table import Row
from tests.server.graph import PHONE_ID, TOKEN, running

MODULE = "benchmarks.messaging"
RATE = 50
SECONDS = 60
PHONES = 40
SECRET = "benchmark"
DRAIN_SECONDS = 600
DRAWN = 20


def measure(rows: int, today: date, folder: Path) -> list[Row]:
    """A minute at `RATE` a second (ten seconds in the quick run), and one chart drawn many times."""
    seconds = SECONDS if rows >= 1_000_000 else 10
    done = load(folder / "messaging", RATE, seconds)
    bare = _bare(folder / "messaging-bare", RATE, seconds)
    drawn = child.run(MODULE, "draw", data_dir=folder / "messaging")
    section, note = f"{RATE} messages/s for {seconds} s", f"{done['messages']} messages of {PHONES} phones"
    return [
        Row(section, "webhook ack p50", done["p50"], "ms", 250, bare["p50"], note),
        Row(section, "webhook ack p95", done["p95"], "ms", None, bare["p95"], f"slowest {done['max']:.0f} ms"),
        Row(section, "lost", done["lost"], "messages", 0, None, f"{done['repeated']} came twice, in other bytes"),
        Row(section, "doubled", done["doubled"], "messages", 0, None,
            f"all answered {done['drained']:.0f} s after the first came"),
        Row("chart", "PNG of an answer, p50", drawn["p50"], "ms", 120, drawn["bare"],
            f"{drawn['bytes'] / 1000:.0f} KB; bare: drawn alone, not made small"),
    ]  # fmt: skip


def load(data: Path, rate: int, seconds: int) -> dict[str, Any]:
    """The service under `rate` messages a second for so long, and what became of each."""
    with running() as graph:
        account = {
            "AYNI_DEMO": "false", "AYNI_WHATSAPP_PHONE_ID": PHONE_ID, "AYNI_WHATSAPP_NUMBER": "56911112222",
            "AYNI_WHATSAPP_TOKEN": TOKEN, "AYNI_WHATSAPP_APP_SECRET": SECRET, "AYNI_WHATSAPP_VERIFY_TOKEN": "word",
            "AYNI_WHATSAPP_GRAPH_URL": graph.url,
        }  # fmt: skip
        with _service(data, account) as port:
            phones: list[str] = child.run(MODULE, "make", str(PHONES), data_dir=data)["phones"]
            started = time.perf_counter()
            sent = child.run(MODULE, "load", str(port), str(rate), str(seconds), json.dumps(phones), data_dir=data)
            until = time.perf_counter() + DRAIN_SECONDS
            while len(graph.sent) < sent["messages"] and time.perf_counter() < until:
                time.sleep(0.2)
            drained = time.perf_counter() - started
            time.sleep(2)  # a doubled reply would come now
            kept = child.run(MODULE, "count", data_dir=data)
        answered = Counter(message["to"] for message in graph.sent)
        wanted = Counter({phone: int(count) for phone, count in sent["by_phone"].items()})
    lost = sent["messages"] - kept["messages"] + sum((wanted - answered).values())
    return {**sent, "lost": lost, "doubled": sum((answered - wanted).values()), "drained": drained}


@contextmanager
def _service(data: Path, account: dict[str, str]) -> Iterator[int]:
    """`ayni up` until the block ends; its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "server.cli", "up"],
        cwd=child.HOME,
        env=child.environment(data, AYNI_PORT=str(port), **account),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(process, f"http://127.0.0.1:{port}/readyz")
        yield port
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=30)


def _bare(data: Path, rate: int, seconds: int) -> dict[str, Any]:
    """The same load on an endpoint that does nothing."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", f"{MODULE}:nothing", "--port", str(port), "--log-level", "warning"],
        cwd=child.HOME,
        env=child.environment(data),
    )
    try:
        _wait(process, f"http://127.0.0.1:{port}/healthz")
        phones = json.dumps([f"569{n:08}" for n in range(PHONES)])
        return child.run(MODULE, "load", str(port), str(rate), str(seconds), phones, data_dir=data)
    finally:
        process.terminate()
        process.wait(timeout=30)


async def nothing(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The bare endpoint, as ASGI."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


async def _load(port: int, rate: int, seconds: int, phones: list[str]) -> dict[str, Any]:
    """Messages at their moments over as many kept connections as are needed; milliseconds from when each was due."""
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    taken: list[float] = []
    by_phone: Counter[str] = Counter()

    async def deliver(body: bytes, due: float) -> None:
        while True:
            kept = bool(idle)
            reader, writer = idle.pop() if kept else await asyncio.open_connection("127.0.0.1", port)
            try:
                await call(body, reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError):
                if not kept:
                    raise
                continue  # a connection that idled too long: the server had closed it
            break
        taken.append((time.perf_counter() - due) * 1000)
        idle.append((reader, writer))

    async def call(body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        signature = hmac.new(SECRET.encode(), body, sha256).hexdigest()
        writer.write(
            f"POST /whatsapp/webhook HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:60]
        await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0] or 0))

    start, calls, repeated = time.perf_counter() + 0.2, [], 0
    for number in range(rate * seconds):
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        phone = phones[number % len(phones)]
        by_phone[phone] += 1
        payload = _delivery(phone, f"wamid.bench.{number}")
        calls.append(asyncio.create_task(deliver(json.dumps(payload).encode(), due)))
        if number % 10 == 9:
            repeated += 1
            calls.append(asyncio.create_task(deliver(json.dumps(payload, indent=1).encode(), due)))
    await asyncio.gather(*calls)
    return {
        "messages": rate * seconds, "repeated": repeated, "by_phone": by_phone, "p50": statistics.median(taken),
        "p95": statistics.quantiles(taken, n=20, method="inclusive")[-1], "max": max(taken),
    }  # fmt: skip


def _delivery(phone: str, wamid: str) -> dict[str, Any]:
    message = {"from": phone, "id": wamid, "timestamp": str(int(time.time())), "type": "text", "text": {"body": "hola"}}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "56911112222", "phone_number_id": PHONE_ID},
        "contacts": [{"profile": {"name": "Rosa"}, "wa_id": phone, "user_id": "CL.1"}],
        "messages": [message],
    }
    return {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}


def _make(phones: int) -> dict[str, Any]:
    """A company, a member, and so many linked phones of theirs."""
    from core import auth, db
    from core.tenancy import Role

    company = auth.create_company("Café de la medición", sector="cafeteria")
    user = auth.create_user("medicion@ayni.test", "una clave larga", "Rosa")
    auth.add_member(company, user.email, Role.owner)
    numbers = [f"569{n:08}" for n in range(phones)]
    with db.channel() as connection:
        for number in numbers:
            connection.execute("INSERT INTO whatsapp_senders (sender, last_message_at) VALUES (%s, now())", [number])
            connection.execute(
                "INSERT INTO whatsapp_links (company_id, sender, user_id) VALUES (%s, %s, %s)",
                [company.id, number, user.id],
            )
    return {"phones": numbers}


def _count() -> dict[str, Any]:
    from core import db

    with db.channel() as connection:
        row = connection.execute("SELECT count(*) FROM whatsapp_inbox").fetchone()
    return {"messages": row[0] if row else 0}


def _draw() -> dict[str, Any]:
    """A year by month, as an answer draws it."""
    from decimal import Decimal

    import vl_convert

    from assistant.answers.charts import line
    from assistant.parts import Figure
    from core.periods import Grain, Period
    from server.channels.whatsapp.picture import drawable
    from server.digest.charts import png

    months = [Period.month(2026, month) for month in range(1, 13)]
    figures = [
        Figure(f"f{n}", "sales", "ventas", Decimal(9_000_000 + 137_911 * n), "CLP", p.start, p.end, {}, "c1")
        for n, p in enumerate(months)
    ]
    spec = drawable(line(figures, "Ventas", Grain.month))
    size = len(png(spec))  # the first one of a process starts the engine
    taken, bare = [], []
    for _ in range(DRAWN):
        started = time.perf_counter()
        png(spec)
        taken.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        vl_convert.vegalite_to_png(spec, scale=2.0)
        bare.append((time.perf_counter() - started) * 1000)
    return {"p50": statistics.median(taken), "bare": statistics.median(bare), "bytes": size}


def _main(what: str, *given: str) -> dict[str, Any]:
    if what == "load":
        return asyncio.run(_load(int(given[0]), int(given[1]), int(given[2]), json.loads(given[3])))
    if what == "draw":
        return _draw()
    from core import db

    made = _make(int(given[0])) if what == "make" else _count()
    db.close()
    return made


if __name__ == "__main__":
    child.tell(lambda: _main(*sys.argv[1:]))
