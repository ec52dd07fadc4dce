"""An alert on WhatsApp: to a linked phone that wants it, once; to who has none, by mail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from core import db
from core.periods import Grain
from features import alerts
from features.alerts import Quiet, Rule, planning
from server.alerts import delivering
from tests.server.channels.whatsapp.conftest import Phone, graph, nudges, phone
from tests.server.conftest import Person
from tests.server.graph import Graph, buttons_of
from tests.server.smtp import Post

__all__ = ["graph", "nudges", "phone"]
NOW = datetime(2026, 11, 9, 15, tzinfo=UTC)
STALE = Rule("stale", "sales", "above", Decimal(8), Grain.day, channels=("app", "whatsapp"), quiet=Quiet(0, 0))

Shop = Callable[..., Person]


def fire(owner: Person) -> None:
    with db.tenant(owner.scope) as connection:
        alerts.create(STALE, owner.scope, connection, NOW - timedelta(days=3))
        assert planning.evaluate(owner.scope, connection, NOW) == 1


def test_a_linked_phone_gets_it_once(shop: Shop, graph: Graph, phone: Callable[[], Phone], post: Post) -> None:
    owner = shop()
    phone().linked_to(owner.scope, opt_in=True)
    graph.sent.clear()
    fire(owner)
    assert delivering.deliver_due(owner.scope, NOW) == ["sent"]
    assert delivering.deliver_due(owner.scope, NOW + timedelta(days=1)) == []
    (sent,) = graph.sent
    said = str(sent)
    assert "*Hace 8 días que no llegan ventas nuevas*" in said
    assert "/fuentes?metric=sales" in said
    assert post.mails == []


def test_its_buttons_and_words_answer_it(
    shop: Shop, person: Shop, graph: Graph, phone: Callable[[], Phone], post: Post
) -> None:
    owner = shop()
    mine = phone().linked_to(owner.scope, opt_in=True)
    mine.says("visto")  # nothing was told yet: only words
    assert "Anotada" not in graph.texts()[-1]
    for days in (8, 9):
        with db.tenant(owner.scope) as connection:
            alerts.create(replace(STALE, amount=Decimal(days)), owner.scope, connection, NOW - timedelta(days=3))
    with db.tenant(owner.scope) as connection:
        assert planning.evaluate(owner.scope, connection, NOW + timedelta(days=1)) == 2
    assert delivering.deliver_due(owner.scope, NOW + timedelta(days=1)) == ["sent", "sent"]
    first, second = graph.sent[-2:]
    assert [title for title, _ in buttons_of(first)] == ["Visto", "Posponer 1 día", "Ver más"]

    def states() -> list[tuple[bool, bool]]:
        with db.tenant(owner.scope) as connection:
            found = [alerts.alert(UUID(buttons_of(m)[0][1].split(":")[2]), owner.scope, connection) for m in sent]
        return [(a.acknowledged_at is not None, a.snoozed_until is not None) for a in found]

    sent = [first, second]
    stranger = phone().linked_to(person().scope)
    stranger.presses(buttons_of(first)[0])  # another company's phone, with our button's id
    assert "no existe" in graph.texts()[-1]
    stranger.says("visto")
    mine.presses(("Visto", "alerta:vista:nada"))
    mine.presses(("Posponer", f"{buttons_of(first)[1][1]}900"))
    assert states() == [(False, False), (False, False)]
    mine.presses(buttons_of(first)[1])
    assert "Pospuesta. Te la recuerdo el" in graph.texts()[-1]
    assert states() == [(False, True), (False, False)]
    mine.says("visto")  # which of the two?
    asked = graph.sent[-1]["interactive"]
    assert asked["type"] == "list"
    rows = asked["action"]["sections"][0]["rows"]
    assert len(rows) == 2
    mine.presses((rows[0]["title"], next(r["id"] for r in rows if r["id"] == buttons_of(second)[0][1])))
    assert "Anotada como vista" in graph.texts()[-1]
    assert states() == [(False, True), (True, False)]
    mine.says("ok, visto")  # one is left
    assert states() == [(True, False), (True, False)]
    mine.presses(buttons_of(first)[0], ago=timedelta(hours=7))  # late, and again
    assert states() == [(True, False), (True, False)]


def test_without_a_phone_it_comes_by_mail(shop: Shop, graph: Graph, post: Post) -> None:
    owner = shop()
    fire(owner)
    assert delivering.deliver_due(owner.scope, NOW) == ["sent"]
    assert graph.sent == []
    assert len(post.mails) == 1
