"""A sheet sent as a document: read like any other, told at its start and at its end, once each."""

from collections.abc import Callable
from typing import Any

import pytest

from core import db
from core.settings import settings
from core.tenancy import Role
from server import jobs
from tests.server.channels.whatsapp.conftest import Phone
from tests.server.conftest import SALES, Person
from tests.server.graph import Failure, Graph, buttons_of

MONTH = "Fecha;Boleta;Producto;Cantidad;Total\n" + "".join(
    f"{day:02}/10/2026;{day};Pan amasado;1;1.000\n" for day in range(1, 32)
)


@pytest.fixture
def mine(phone: Callable[[], Phone], owner: Person, graph: Graph) -> Phone:
    made = phone().linked_to(owner.scope)
    graph.sent.clear()
    return made


def send(phone: Phone, graph: Graph, content: str | bytes = MONTH, name: str = "ventas octubre.csv") -> None:
    media = graph.hold(content.encode() if isinstance(content, str) else content)
    phone.sends({"type": "document", "document": {"id": media, "filename": name, "mime_type": "text/csv"}})


def work_off(sent: list[Any]) -> None:
    """What the queue holds, in its order."""
    while sent:
        job = sent.pop(0)
        jobs.run(job.company_id, job.id)


def test_a_sheet_is_read_and_its_first_insight_comes_back(
    mine: Phone, owner: Person, graph: Graph, no_queue: list[Any]
):
    send(mine, graph)
    (told,) = graph.texts()
    assert told.startswith("Recibí *ventas octubre.csv* y lo estoy leyendo. Cuando termine te escribo")
    work_off(no_queue)
    assert len(graph.sent) == 2
    text = graph.texts()[1]
    assert text.startswith("Listo, leí 31 líneas del 1-oct-2026 al 31-oct-2026.\n\nVendiste *$31.000*")
    assert "*$31.000*" in text
    assert len(text) <= 600
    assert buttons_of(graph.sent[1])
    mine.says("¿cuánto vendí en octubre de 2026?")
    assert graph.texts()[2].startswith("*$31.000*")


def test_the_same_sheet_again_changes_nothing_and_is_told_as_such(
    mine: Phone, owner: Person, graph: Graph, no_queue: list[Any]
):
    send(mine, graph)
    work_off(no_queue)
    send(mine, graph, name="otra vez.csv")
    work_off(no_queue)
    assert len(graph.sent) == 3
    assert "Ya tenía *otra vez.csv*" in graph.texts()[2]


def test_twice_before_it_is_read_is_told_once_when_it_is(mine: Phone, graph: Graph, no_queue: list[Any]):
    send(mine, graph)
    send(mine, graph)
    work_off(no_queue)
    assert [t[:8] for t in graph.texts()] == ["Recibí *", "Recibí *", "Listo, l"]


def test_a_job_that_runs_again_tells_nothing_twice(mine: Phone, owner: Person, graph: Graph, no_queue: list[Any]):
    send(mine, graph)
    work_off(no_queue)
    with db.tenant(owner.scope) as connection:
        connection.execute("UPDATE jobs SET state = 'queued' WHERE kind = 'whatsapp_file'")
        rows = connection.execute("SELECT id FROM jobs WHERE kind = 'whatsapp_file'").fetchall()
    assert rows
    for (id,) in rows:
        jobs.run(owner.scope.company_id, id)
    assert len(graph.sent) == 2


def test_what_was_set_aside_is_said(mine: Phone, graph: Graph, no_queue: list[Any]):
    send(mine, graph, SALES)
    work_off(no_queue)
    assert "1 quedó apartada" in graph.texts()[1]


def test_what_is_no_sheet_is_told_why(mine: Phone, graph: Graph, no_queue: list[Any]):
    send(mine, graph, b"%PDF-1.7 \x00\x01 nothing", "factura.pdf")
    work_off(no_queue)
    assert graph.texts()[-1].startswith("No pude leer *factura.pdf*.")


def test_a_viewer_may_not_send_files(
    phone: Callable[[], Phone], person: Callable[..., Person], owner: Person, graph: Graph
):
    viewer = person(Role.viewer, owner.scope)
    theirs = phone().linked_to(viewer.scope)
    send(theirs, graph)
    assert "no subir archivos" in graph.texts()[-1]
    with db.tenant(owner.scope) as connection:
        assert connection.execute("SELECT count(*) FROM uploads").fetchone() == (0,)


def test_an_unlinked_phone_may_not_either(phone: Callable[[], Phone], graph: Graph, tmp_path: Any):
    send(phone(), graph)
    assert "pide un código" in graph.texts()[-1]


@pytest.mark.parametrize("lie", [False, True])
def test_a_file_over_the_limit_is_not_kept_whatever_size_is_said(
    mine: Phone, graph: Graph, monkeypatch: pytest.MonkeyPatch, lie: bool
):
    monkeypatch.setattr(settings(), "max_upload_mb", 1)
    graph.lie_about_size = lie
    send(mine, graph, "Fecha;Total\n" * 120_000)
    assert "pesa más de 1 MB" in graph.texts()[-1]


def test_a_document_that_is_gone_at_meta_is_asked_for_again(mine: Phone, graph: Graph):
    mine.sends({"type": "document", "document": {"id": "999", "filename": "a.csv"}})
    assert "Envíalo de nuevo" in graph.texts()[-1]


def test_a_document_that_leads_away_from_meta_is_not_followed(mine: Phone, graph: Graph):
    graph.moved_to = graph.url.rpartition("/")[0].replace("127.0.0.1", "localhost") + "/elsewhere"
    send(mine, graph)
    assert graph.strayed == []
    assert "Envíalo de nuevo" in graph.texts()[-1]


def test_a_media_id_that_is_no_number_never_reaches_an_address(mine: Phone, graph: Graph):
    mine.sends({"type": "document", "document": {"id": "../me/accounts", "filename": "a.csv"}})
    assert "todavía" in graph.texts()[-1]


def test_marks_in_a_file_name_stay_text(mine: Phone, graph: Graph):
    send(mine, graph, MONTH, "*mis_ventas*~2026~.csv")
    assert "*mis ventas 2026 .csv*" in graph.texts()[-1]


def test_an_upload_that_was_read_before_the_phone_was_noted_is_told_all_the_same(
    mine: Phone, owner: Person, graph: Graph, no_queue: list[Any], monkeypatch: pytest.MonkeyPatch
):
    """Another worker may be done before this one has written who waits."""
    from server import uploads

    receive = uploads.receive

    def read_at_once(*given: Any) -> Any:
        upload_id, job = receive(*given)
        jobs.run(job.company_id, job.id)
        return upload_id, job

    monkeypatch.setattr(uploads, "receive", read_at_once)
    send(mine, graph)
    work_off(no_queue)
    assert [t[:8] for t in graph.texts()] == ["Recibí *", "Listo, l"]


def test_meta_can_not_give_the_document_now(mine: Phone, graph: Graph, no_queue: list[Any]):
    graph.failures.append(Failure("document", 503, 131016))
    send(mine, graph)
    assert graph.sent == []
    from server.channels.whatsapp import deliver

    with db.channel() as connection:
        connection.execute("UPDATE whatsapp_inbox SET run_after = now() WHERE sender = %s", [mine.number])
    deliver.work(mine.number)
    assert len(graph.sent) == 1


@pytest.mark.parametrize("wanted", [True, False])
def test_a_file_that_ends_after_the_day_is_told_by_its_template_to_who_wants_that(
    phone: Callable[[], Phone], owner: Person, graph: Graph, no_queue: list[Any], wanted: bool
):
    mine = phone().linked_to(owner.scope, opt_in=wanted)
    send(mine, graph)
    graph.sent.clear()
    with db.channel() as connection:
        connection.execute("UPDATE whatsapp_senders SET last_message_at = now() - interval '25 hours'")
    graph.outside.add(mine.number)
    work_off(no_queue)
    if not wanted:
        assert graph.sent == []
        assert "más de un día" in owner.browser.get("/whatsapp").text
        return
    (told,) = graph.sent
    assert told["template"]["name"] == "archivo_leido"
    values = [p["text"] for p in told["template"]["components"][0]["parameters"]]
    assert values == ["ventas octubre.csv", "listo, leí 31 líneas del 1-oct-2026 al 31-oct-2026"]
    graph.outside.clear()
    mine.sends({"type": "button", "button": {"text": "Ver más", "payload": "Ver más"}})
    assert "*$31.000*" in graph.texts()[-1]


def test_who_asks_is_told_how_far_the_file_is(mine: Phone, owner: Person, graph: Graph, no_queue: list[Any]):
    mine.says("avance")
    assert "No estoy leyendo" in graph.texts()[-1]
    send(mine, graph)
    mine.says("¿Cómo va?")
    assert graph.texts()[-1] == "*ventas octubre.csv*: en espera. Te escribo apenas termine."
    with db.tenant(owner.scope) as connection:
        connection.execute("UPDATE uploads SET state = 'working', stage = 'cleaning', rows_read = 12345")
    mine.says("avance")
    assert graph.texts()[-1] == (
        "*ventas octubre.csv*: revisando las filas, 12.345 filas leídas. Te escribo apenas termine."
    )
