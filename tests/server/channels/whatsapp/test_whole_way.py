"""From a phone to the answer on it: webhook, store, answer, Graph API, by real HTTP."""

from collections.abc import Callable

from core.tenancy import Scope
from tests.server.channels.whatsapp.conftest import Phone, give_sales
from tests.server.conftest import Person
from tests.server.graph import Graph, buttons_of, text_of


def test_a_linked_phone_gets_the_figure_the_chart_the_buttons_and_the_source(
    phone: Callable[[], Phone], owner: Person, graph: Graph
):
    give_sales(owner.scope)
    mine = phone().linked_to(owner.scope)
    assert owner.scope.company.name in graph.texts()[-1]
    mine.says("¿cuánto vendí en octubre de 2026?")
    assert len(graph.sent) == 2
    answer = graph.sent[-1]
    text = text_of(answer)
    assert text.startswith("*$155.000*")
    assert "/whatsapp/fuentes/" in text
    assert len(text) <= 600
    assert 1 <= len(buttons_of(answer)) <= 3
    picture = graph.pictures[answer["interactive"]["header"]["image"]["id"]]
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 40_000
    assert graph.refused == []


def test_an_unlinked_phone_learns_nothing_and_that_once(phone: Callable[[], Phone], scope: Scope, graph: Graph):
    give_sales(scope)
    stranger = phone()
    for text in ("¿cuánto vendí en octubre?", scope.company.name, "baja", "cambiar negocio", "AYNI-AAAA-AAAA"):
        stranger.says(text)
    (told,) = graph.texts()
    assert "pide un código" in told
    assert scope.company.name not in told
