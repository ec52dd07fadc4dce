"""The summary on a phone, once, and by mail where no phone takes it."""

from collections.abc import Callable

import pytest

from core import db
from core.tenancy import Scope
from server.digest import choices, sending
from server.digest.by_whatsapp import notice
from server.digest.editions import parse
from server.digest.gather import compose
from tests.server.conftest import Person
from tests.server.digest.conftest import TODAY, as_queue
from tests.server.smtp import Post


def test_it_is_short_and_its_buttons_ask(shop: Callable[..., Person]) -> None:
    scope = shop().scope
    with db.tenant(scope) as connection:
        digest = compose(parse("2026-W44"), TODAY, scope, connection)
    made = notice(digest, "https://ayni.test")
    assert made.key == "digest-2026-W44"
    assert len(made.reply.text) <= 700
    assert made.reply.text.startswith(f"*{digest.subject}*")
    assert digest.stories[0].title in made.reply.text
    assert made.reply.buttons[0].id == f"q:{digest.stories[0].ask}"
    assert made.reply.chart == digest.stories[0].chart
    assert made.template is not None
    assert made.template.values == (scope.company.name, digest.subject)


def wants(owner: Person, by: choices.By) -> tuple[Scope, choices.Subscriber]:
    with db.tenant(owner.scope) as connection:
        choices.choose(choices.Choice("weekly", by), owner.scope, connection)
        return as_queue(owner.scope), choices.subscribers(owner.scope, connection)[0]


@pytest.mark.parametrize("by", ["whatsapp", "both"])
def test_who_has_no_phone_gets_the_mail(shop: Callable[..., Person], post: Post, by: choices.By) -> None:
    scope, one = wants(shop(), by)
    assert sending.send(parse("2026-W44"), one, TODAY, scope) == "sent"
    assert len(post.mails) == 1
