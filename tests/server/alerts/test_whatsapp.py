"""An alert on WhatsApp: to a linked phone that wants it, once; to who has none, by mail."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from core import db
from core.periods import Grain
from features import alerts
from features.alerts import Quiet, Rule
from server.alerts import delivering, planning
from tests.server.channels.whatsapp.conftest import Phone, graph, nudges, phone
from tests.server.conftest import Person
from tests.server.graph import Graph
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


def test_without_a_phone_it_comes_by_mail(shop: Shop, graph: Graph, post: Post) -> None:
    owner = shop()
    fire(owner)
    assert delivering.deliver_due(owner.scope, NOW) == ["sent"]
    assert graph.sent == []
    assert len(post.mails) == 1
