"""The updaters against a local server that answers as the live sources do, errors included."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from core import db
from features.macro import load, load_built_in
from features.macro.sources import SOURCES, Source, suspicious
from features.macro.update import Updated, update

TODAY = date(2026, 11, 20)


class Server:
    """`answers` maps a path to the queue of (status, body) it gives; the last one stays."""

    def __init__(self) -> None:
        self.answers: dict[str, list[tuple[int, Any]]] = {}
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                queue = outer.answers.get(self.path.split("?")[0], [(404, {})])
                status, body = queue.pop(0) if len(queue) > 1 else queue[0]
                sent = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(sent)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def run(server: Server, database: None) -> Iterator[Callable[..., dict[tuple[str, str], Updated]]]:
    """Updates only the named series from the server; what it saved is rolled back, for the other tests' sake."""

    def go(source: str, *keys: tuple[str, str], **credentials: str) -> dict[tuple[str, str], Updated]:
        found = next(s for s in SOURCES if s.name.startswith(source))
        one: Source = replace(found, base=server.url, series={k: found.series[k] for k in keys})
        return {(u.country, u.indicator): u for u in update(connection, credentials, TODAY, [one], lambda _: None)}

    with db.owner() as connection:
        load_built_in(connection)
        connection.commit()
        go.connection = connection  # type: ignore[attr-defined]
        yield go
        connection.rollback()


def test_mindicador_adds_what_is_new(server: Server, run: Any):
    server.answers["/api/uf/2026"] = [
        (
            200,
            {
                "serie": [
                    {"fecha": "2026-07-12T04:00:00.000Z", "valor": 40850.1},
                    {"fecha": "2026-07-11T04:00:00.000Z", "valor": 40844.79},
                ]
            },
        )
    ]
    updated = run("mindicador", ("CL", "uf"))["CL", "uf"]
    assert (updated.changed, updated.last_day, updated.error) == (1, date(2026, 7, 12), "")
    series = load("CL", "uf", run.connection)
    assert series is not None
    assert series.at(date(2026, 7, 12)) == Decimal("40850.1")


def test_a_uf_that_reads_608_is_a_dollar_and_is_refused(server: Server, run: Any):
    server.answers["/api/uf/2026"] = [(200, {"serie": [{"fecha": "2026-07-12T04:00:00.000Z", "valor": 608.0}]})]
    updated = run("mindicador", ("CL", "uf"))["CL", "uf"]
    assert updated.changed == 0
    assert "608" in updated.error


def test_a_source_that_stumbles_is_asked_again(server: Server, run: Any):
    server.answers["/api/dolar/2026"] = [
        (503, {}),
        (429, {}),
        (200, {"serie": [{"fecha": "2026-07-13T04:00:00.000Z", "valor": 931.2}]}),
    ]
    assert run("mindicador", ("CL", "usd"))["CL", "usd"].changed == 1
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    "answer", [(500, {}), (404, {}), (200, "<html>"), (200, {"serie": [{"fecha": "x"}]}), (200, [])]
)
def test_a_source_that_fails_leaves_the_series_as_it_is(server: Server, run: Any, answer: tuple[int, Any]):
    server.answers["/api/uf/2026"] = [answer]
    updated = run("mindicador", ("CL", "uf"))["CL", "uf"]
    assert updated.changed == 0
    assert updated.error
    assert updated.last_day == date(2026, 7, 11)


def test_the_central_bank_of_chile(server: Server, run: Any):
    server.answers["/SieteRestWS/SieteRestWS.ashx"] = [
        (200, {"Codigo": 0, "Series": {"Obs": [
            {"indexDateString": "11-07-2026", "value": "NeuN", "statusCode": "ND"},
            {"indexDateString": "13-07-2026", "value": "930.15", "statusCode": "OK"},
        ]}})
    ]  # fmt: skip
    assert run("Banco Central de Chile", ("CL", "usd"))["CL", "usd"].error == "no source for it is set up"
    updated = run("Banco Central de Chile", ("CL", "usd"), bcch_user="u", bcch_password="secret word")["CL", "usd"]
    assert (updated.changed, updated.last_day) == (1, date(2026, 7, 13))
    server.answers["/SieteRestWS/SieteRestWS.ashx"] = [(200, {"Codigo": -5, "Descripcion": "Invalid user"})]
    failed = run("Banco Central de Chile", ("CL", "usd"), bcch_user="u", bcch_password="secret word")["CL", "usd"]
    assert failed.error
    assert "secret" not in failed.error


def test_argentina_and_brazil(server: Server, run: Any):
    server.answers["/series/api/series/"] = [(200, {"data": [["2026-07-01", 0.018], ["2026-08-01", None]]})]
    assert run("datos.gob.ar", ("AR", "cpi"))["AR", "cpi"].last_day == date(2026, 7, 1)
    server.answers["/dados/serie/bcdata.sgs.433/dados"] = [(200, [{"data": "01/07/2026", "valor": "0.31"}])]
    assert run("Banco Central do Brasil", ("BR", "cpi"))["BR", "cpi"].changed == 1


def test_what_is_suspicious():
    day = date(2026, 1, 1)
    assert suspicious([(day, Decimal(100))], (0, 50), None, level=True)
    assert suspicious([(day, Decimal(100))], (0, 500), Decimal(40), level=True)
    assert suspicious([(day, Decimal(100))], (0, 500), Decimal(90), level=True) is None
    assert suspicious([(day, Decimal(8))], (-5, 10), Decimal("0.1"), level=False) is None
