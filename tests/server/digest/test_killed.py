"""The proof itself, small: twelve summaries, their worker killed three times."""

from collections.abc import Callable

from benchmarks import mailing
from core.settings import settings
from core.tenancy import Role
from tests.server.conftest import Person
from tests.server.digest.conftest import TODAY
from tests.server.smtp import Post


def test_a_killed_worker_neither_doubles_nor_loses_a_mail(
    shop: Callable[..., Person], person: Callable[..., Person], post: Post
) -> None:
    one, other = shop(), shop("Empanada", 2711)
    for owner in (one, other):
        for _ in range(5):
            person(Role.owner, owner.scope)
    slugs = f"{one.scope.company.slug},{other.scope.company.slug}"
    with mailing.workers_of(settings().data_dir, post, TODAY, slugs) as start:
        found = mailing.prove(
            start,
            lambda pid: mailing.bury(pid, slugs),
            lambda: mailing.states(TODAY, slugs),
            post,
            mails=12,
            kills=3,
            seed=7,
        )
    assert (found.mails, found.kills, found.twice, found.lost) == (12, 3, 0, 0)
    assert found.once + found.unsure >= 12
    assert found.unsure <= found.moments.count("sending")
