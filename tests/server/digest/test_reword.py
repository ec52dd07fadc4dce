"""A model may say a story's sentences in its own way; never another figure, name or direction."""

import json
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from assistant.llm.reword import may_stand
from core import db
from core.settings import settings
from server.digest.editions import parse
from server.digest.gather import compose
from server.digest.reword import reworded
from server.digest.types import Digest
from tests.server.conftest import Person
from tests.stubs.chat_server import Fail, Reply, Request, Say, Stub, serving

OLD = "La sucursal Talca vendió $271 mil, 25 % menos que la semana anterior"
KNOWN = ("Talca", "Curicó", "Kuchen 0")


@pytest.mark.parametrize(
    "new",
    [
        "Talca vendió $271 mil, un 25 % menos que la semana anterior",
        "La sucursal Talca bajó 25 % frente a la semana anterior: vendió $271 mil",
    ],
)
def test_the_same_in_other_words_may_stand(new: str) -> None:
    assert may_stand(new, OLD, KNOWN)


@pytest.mark.parametrize(
    "new",
    [
        "Talca vendió $272 mil, 25 % menos que la semana anterior",
        "Talca vendió $271 mil, 25 % más que la semana anterior",
        "Talca vendió $271 mil",
        "Curicó vendió $271 mil, 25 % menos que la semana anterior",
        "La sucursal vendió $271 mil, 25 % menos que la semana anterior",
        "Talca vendió $271 mil, 25 % menos que en mayo",
        "Talca vendió **$271 mil**, 25 % menos que la semana anterior",
        "Talca vendió $271 mil, 25 % menos que la semana anterior. Mira https://otro.test",
        "Talca vendió $271 mil, 25 % menos que la semana anterior, la mitad de lo usual",
        "",
        OLD * 3,
    ],
)
def test_what_says_anything_else_may_not(new: str) -> None:
    assert not may_stand(new, OLD, KNOWN)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[Request, int], Reply]], Stub]]:
    """Serves a script and points the settings at it."""
    stack = []

    def start(script: Callable[[Request, int], Reply]) -> Stub:
        server = serving(script)
        stub = server.__enter__()
        stack.append(server)
        monkeypatch.setattr(settings(), "llm_base_url", stub.url)
        monkeypatch.setattr(settings(), "llm_model", "stub")
        return stub

    yield start
    for server in stack:
        server.__exit__(None, None, None)


def sentences(request: Request) -> list[str]:
    said = str(request["messages"][-1]["content"])
    return list(json.loads(said[said.index("[") : said.rindex("]") + 1]))


def composed(owner: Person) -> Digest:
    with db.tenant(owner.scope) as connection:
        return compose(parse("2026-W44"), date(2026, 11, 2), owner.scope, connection)


def test_good_sentences_are_taken_and_bad_ones_are_not(
    shop: Callable[..., Person], model: Callable[[Callable[[Request, int], Reply]], Stub]
) -> None:
    owner = shop()
    digest = composed(owner)
    assert reworded(digest, owner.scope) is digest  # none is set

    def script(request: Request, count: int) -> Reply:
        told = sentences(request)
        told[0] = f"Ojo: {told[0][0].lower()}{told[0][1:]}"
        told[1] = "Vendiste $99 millones por el eclipse."
        return Say(json.dumps(told, ensure_ascii=False))

    stub = model(script)
    after = reworded(digest, owner.scope)
    first, rest = after.stories[0], after.stories[1:]
    assert first.title == f"Ojo: {digest.stories[0].title[0].lower()}{digest.stories[0].title[1:]}"
    assert (first.why, first.todo) == (digest.stories[0].why, digest.stories[0].todo)
    assert rest == digest.stories[1:]
    assert len(stub.requests) == 1
    with db.tenant(owner.scope) as connection:
        row = connection.execute("SELECT question, tokens_in, tokens_out FROM exchanges").fetchone()
    assert row == ("Resumen 2026-W44", 100, 20)


@pytest.mark.parametrize("said", [Say("no puedo"), Say("[1, 2]"), Say('["una sola"]'), Fail(500), Say("x", cut=True)])
def test_a_model_that_fails_changes_nothing(
    shop: Callable[..., Person], model: Callable[[Callable[[Request, int], Reply]], Stub], said: Reply
) -> None:
    owner = shop()
    model(lambda request, count: said)
    digest = composed(owner)
    assert reworded(digest, owner.scope) == digest
