"""The proof itself, small: a real worker process, killed three times while four phones are answered."""

from collections.abc import Callable

from benchmarks import phones
from core.settings import settings
from tests.server.channels.whatsapp.conftest import Phone, give_sales
from tests.server.conftest import Person
from tests.server.graph import Graph


def test_a_killed_worker_neither_doubles_nor_loses_a_reply(
    phone: Callable[[], Phone], owner: Person, graph: Graph
) -> None:
    give_sales(owner.scope)
    senders = [phone().linked_to(owner.scope).number for _ in range(4)]
    found = phones.prove(graph, senders, each=3, kills=3, seed=3, data=settings().data_dir)
    assert (found.messages, len(found.moments)) == (12, 3)
    assert (found.twice, found.lost, found.mistaken, found.disordered) == (0, 0, 0, 0)
    assert found.once + found.left_unsure == 12
    assert found.unsure <= 3  # a death leaves at most the one that was leaving
