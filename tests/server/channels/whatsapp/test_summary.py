"""The summary on a phone, once; what a reader chose decides whether the mail goes too."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core import db
from server import filing, outbox
from server.channels import email
from server.digest import choices, sending
from server.digest.editions import parse
from tests.server.channels.whatsapp.conftest import Phone
from tests.server.conftest import Person
from tests.server.digest.conftest import TODAY, as_queue, write_sales
from tests.server.graph import Graph


@pytest.mark.parametrize(("by", "mails"), [("whatsapp", 0), ("both", 1), ("email", 1)])
def test_it_comes_the_way_its_reader_chose(
    phone: Callable[[], Phone], owner: Person, graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    by: choices.By, mails: int,
) -> None:  # fmt: skip
    (tmp_path / "mails").mkdir()
    monkeypatch.setattr(email, "folder", lambda: tmp_path / "mails")
    assert filing.file(owner.scope, write_sales(tmp_path / "v.csv", "Kuchen", 1990)).ready
    phone().linked_to(owner.scope, opt_in=True)
    graph.sent.clear()
    scope = as_queue(owner.scope)
    with db.tenant(owner.scope) as connection:
        choices.choose(choices.Choice("weekly", by), owner.scope, connection)
        one = choices.subscribers(owner.scope, connection)[0]
    states = [sending.send(parse("2026-W44"), one, TODAY, scope) for _ in range(2)]
    assert states == ["skipped" if by == "whatsapp" else "sent"] * 2
    assert len(graph.sent) == (0 if by == "email" else 1)
    assert len(list((tmp_path / "mails").glob("*.eml"))) == mails
    if by == "whatsapp":
        assert "Por WhatsApp" in owner.browser.get("/resumen").text
        assert outbox.history(scope, owner.user.id)[0].error == "by WhatsApp: sent"


def test_a_paused_address_does_not_keep_the_phone_from_it(
    phone: Callable[[], Phone], owner: Person, graph: Graph, tmp_path: Path
) -> None:
    assert filing.file(owner.scope, write_sales(tmp_path / "v.csv", "Kuchen", 1990)).ready
    phone().linked_to(owner.scope, opt_in=True)
    graph.sent.clear()
    with db.tenant(owner.scope) as connection:
        connection.execute(
            "INSERT INTO mail_pauses (company_id, user_id, address, reason) VALUES (%s, %s, %s, '550')",
            [owner.scope.company_id, owner.user.id, owner.user.email],
        )
        choices.choose(choices.Choice("weekly", "both"), owner.scope, connection)
        one = choices.subscribers(owner.scope, connection)[0]
    assert sending.send(parse("2026-W44"), one, TODAY, as_queue(owner.scope)) == "skipped"
    assert len(graph.sent) == 1
