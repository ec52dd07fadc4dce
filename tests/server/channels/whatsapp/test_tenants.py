"""Two tenants served at once: neither phone gets the other's text, chart, file or sources."""

import json
import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image

from core import db
from server.channels.whatsapp import Notice, Reply, deliver, notify, picture
from tests.server.channels.whatsapp.conftest import Phone, give_sales
from tests.server.conftest import Person, finish_jobs
from tests.server.graph import Graph, text_of

ROUNDS = 4
QUESTIONS = ("¿cuánto vendí en octubre de 2026?", "¿qué productos se vendieron más en octubre de 2026?", "detalle")


def test_two_tenants_at_once_get_their_own(phone: Callable[[], Phone], person: Callable[..., Person], graph: Graph):
    people, totals, names = (person(), person()), (1_000, 7_000), ("Hallulla rosada", "Café de grano")
    phones = []
    for one, total, name in zip(people, totals, names, strict=True):
        give_sales(one.scope, total, name=name)
        phones.append(phone().linked_to(one.scope))
    graph.sent.clear()
    for mine in phones:
        mine.works = False
        for n in range(ROUNDS):
            for question in QUESTIONS:
                mine.says(question)
            mine.sends({"type": "document", "document": {"id": graph.hold(sheet(mine, n)), "filename": f"{n}.csv"}})

    workers = [threading.Thread(target=deliver.work, args=[p.number]) for p in phones for _ in range(2)]
    workers += [
        threading.Thread(target=notify, args=[Notice("k", Reply(one.scope.company.name), None, False), one.user.id,
                                              one.scope])
        for one in people
    ]  # fmt: skip
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for mine in phones:
        deliver.work(mine.number)
    for one in people:
        finish_jobs(one.scope)

    assert len(graph.sent) == 2 * (ROUNDS * (len(QUESTIONS) + 2) + 1)
    for index, mine in enumerate(phones):
        got = [m for m in graph.sent if m["to"] == mine.number]
        said = json.dumps(got, ensure_ascii=False)
        assert len(got) == ROUNDS * (len(QUESTIONS) + 2) + 1
        other = people[1 - index]
        assert f"${totals[index] * 31:,}".replace(",", ".") in said
        assert f"${totals[1 - index] * 31:,}".replace(",", ".") not in said
        assert names[1 - index] not in said
        assert other.scope.company.name not in said
        assert charts_of(got, graph) <= charts_expected(people[index], mine, totals[index])
        with db.tenant(people[index].scope) as connection:
            rows = connection.execute("SELECT id FROM exchanges").fetchall()
        links = [line for m in got for line in text_of(m).splitlines() if "/whatsapp/fuentes/" in line]
        assert links
        assert {link[-32:] for link in links} <= {row[0].hex for row in rows}
        for link in links[:2]:
            path = link.partition("/whatsapp/")[2]
            assert people[index].browser.get(f"/whatsapp/{path}").status_code == 200
            assert other.browser.get(f"/whatsapp/{path}").status_code == 404


def sheet(phone: Phone, n: int) -> bytes:
    """A file that is this phone's own: same header, other bytes, sales long before the ones asked about."""
    return f"Fecha;Boleta;Producto;Cantidad;Total\n0{n + 1}/03/2025;{phone.number};Propio;1;10\n".encode()


def charts_of(messages: list[dict[str, Any]], graph: Graph) -> set[bytes]:
    heads = [m["interactive"].get("header") for m in messages if m["type"] == "interactive"]
    ids = [h["image"]["id"] for h in heads if h] + [m["image"]["id"] for m in messages if m["type"] == "image"]
    assert ids
    for id in ids:
        Image.open(BytesIO(graph.pictures[id])).verify()
        assert len(graph.pictures[id]) < 40_000
    return {graph.pictures[id] for id in ids}


def charts_expected(one: Person, phone: Phone, total: int) -> set[bytes]:
    """Every chart of the company's own recorded answers, drawn once more: the same spec gives the same bytes."""
    with db.tenant(one.scope) as connection:
        rows = connection.execute("SELECT answer FROM exchanges").fetchall()
    specs = [c["spec"] for (answer,) in rows for c in answer["charts"]]
    made = {json.dumps(s, sort_keys=True): s for s in specs}.values()
    from server.digest.charts import png

    return {png(picture.drawable(spec)) for spec in made}
