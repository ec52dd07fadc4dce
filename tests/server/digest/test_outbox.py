"""Each mail leaves once, whatever ends the worker."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pytest

from core import db
from core.settings import settings
from core.tenancy import Role, Scope
from server import filing, jobs, outbox
from server.digest import choices, sending
from server.digest.choices import Subscriber
from server.digest.editions import parse
from server.envelope import Reader
from server.outbox import claims
from tests.server.conftest import Person, environment
from tests.server.digest.conftest import TODAY, as_queue, write_sales
from tests.server.smtp import Post

WEEK = parse("2026-W44")
HOME = Path(__file__).resolve().parents[3]


def subscriber(scope: Scope) -> Subscriber:
    with db.tenant(scope) as connection:
        return choices.subscribers(scope, connection)[0]


def reader(scope: Scope) -> Reader:
    return subscriber(scope).reader


def send(owner: Person, today: date = TODAY, edition: str = "2026-W44") -> str:
    scope = as_queue(owner.scope)
    return sending.send(parse(edition), subscriber(scope), today, scope)


def row(owner: Person, key: str = "2026-W44") -> tuple[str, int, str]:
    with db.tenant(owner.scope) as connection:
        found = connection.execute("SELECT state, attempts, error FROM mails WHERE key = %s", [key]).fetchone()
    assert found is not None
    return found


def time_passes(owner: Person) -> None:
    """Every lease and every pause of this company is over."""
    with db.tenant(owner.scope) as connection:
        connection.execute(
            "UPDATE mails SET claimed_until = now() - interval '1 hour', run_after = now() - interval '1 hour'"
        )


def test_a_mail_arrives_once_and_says_how_to_leave(shop: Callable[..., Person], post: Post) -> None:
    owner = shop()
    assert send(owner) == send(owner) == "sent"
    [mail] = post.mails
    assert mail["To"] == f"{reader(owner.scope).name} <{reader(owner.scope).email}>"
    assert mail["From"] == "Ayni <resumen@ayni.test>"
    assert mail["Reply-To"] == "resumen@ayni.test"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith(f"<{settings().url}{choices.PATH}")
    assert mail["Message-ID"] == outbox.message_id(owner.scope, reader(owner.scope), "2026-W44")
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds[:5] == ["multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html"]
    assert kinds[-1] == "application/pdf"
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert text is not None
    assert "Talca" in html.get_content()
    assert "Talca" in text.get_content()


def test_many_workers_at_once_send_one(shop: Callable[..., Person], post: Post) -> None:
    owner = shop()
    with ThreadPoolExecutor(6) as pool:
        states = list(pool.map(lambda _: send(owner), range(6)))
    assert len(post.mails) == 1
    assert "sent" in states


def test_killed_between_claim_and_send_it_arrives_once(shop: Callable[..., Person], post: Post) -> None:
    """The worker is killed inside the mail's own bytes: the server drops them, and the next worker sends."""
    owner = shop()
    post.wait_at_data = True
    script = (
        "from core import auth; from server.digest.editions import parse; from server import outbox\n"
        "from server.digest import choices, sending\n"
        "from core import db; from datetime import date\n"
        f"scope = auth.operator_scope('{owner.scope.company.slug}')\n"
        "with db.tenant(scope) as c: reader = choices.subscribers(scope, c)[0]\n"
        "def wait(claim):\n"
        "    import time; print('written', flush=True); time.sleep(600)\n"
        "outbox.claims.mark_sending = wait\n"
        "sending.send(parse('2026-W44'), reader, date(2026, 11, 2), scope)\n"
    )
    told = {**environment(), "AYNI_SMTP_URL": post.url, "AYNI_MAIL_FROM": "Ayni <resumen@ayni.test>"}
    worker = subprocess.Popen([sys.executable, "-c", script], cwd=HOME, env=told, stdout=subprocess.PIPE, text=True)
    assert post.inside.wait(300)
    assert worker.stdout is not None
    post.go.set()  # the server reads all there is; the line that makes it final never comes
    assert worker.stdout.readline() == "written\n"
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    post.wait_at_data = False
    assert row(owner)[0] == "claimed"
    assert send(owner) == "claimed"  # its lease still lives: nobody else touches it
    assert post.mails == []
    time_passes(owner)
    assert send(owner) == "sent"
    assert send(owner) == "sent"
    assert len(post.mails) == 1


def test_what_may_have_left_is_never_sent_again(shop: Callable[..., Person], post: Post) -> None:
    owner = shop()
    post.answers = ["drop"]
    assert send(owner) == "unsure"
    time_passes(owner)
    assert send(owner) == "unsure"
    assert len(post.mails) == 1
    page = owner.browser.get("/resumen")
    assert "No sabemos si llegó" in page.text


def test_a_worker_that_died_while_sending_leaves_it_unsure(shop: Callable[..., Person], post: Post) -> None:
    owner = shop()
    claim = claims.take("2026-W44", reader(owner.scope), as_queue(owner.scope))
    assert claim is not None
    claims.mark_sending(claim)
    assert send(owner) == "sending"
    time_passes(owner)
    assert send(owner) == "unsure"
    assert post.mails == []


def test_a_claim_that_was_lost_sends_nothing(shop: Callable[..., Person], post: Post) -> None:
    owner = shop()
    claim = claims.take("2026-W44", reader(owner.scope), as_queue(owner.scope))
    assert claim is not None
    time_passes(owner)
    with pytest.raises(outbox.ClaimLost):
        claims.mark_sending(claim)
    assert send(owner) == "sent"
    with pytest.raises(outbox.ClaimLost):
        claims.mark_sending(claim)
    assert len(post.mails) == 1


def test_a_busy_server_is_asked_again_later(shop: Callable[..., Person], post: Post) -> None:
    owner = shop()
    post.answers = ["451 later", "421 closing"]
    assert send(owner) == "waiting"
    assert send(owner) == "waiting"
    assert row(owner)[1:] == (1, "451 later")
    for state in ("waiting", "sent"):
        time_passes(owner)
        assert send(owner) == state
    assert len(post.mails) == 1


def test_a_refused_address_is_not_tried_again(shop: Callable[..., Person], post: Post) -> None:
    owner = shop()
    post.refuse = {"RCPT": "550 no such person"}
    assert send(owner) == "failed"
    time_passes(owner)
    assert send(owner) == "failed"
    assert row(owner)[2] == "550 no such person"
    assert "No se pudo enviar" in owner.browser.get("/resumen").text


def test_it_gives_up_in_the_end(shop: Callable[..., Person], post: Post) -> None:
    owner = shop()
    post.refuse = {"MAIL": "550 we do not know you"}  # about us, not about the reader: worth trying again
    assert send(owner) == "waiting"
    with db.tenant(owner.scope) as connection:
        connection.execute("UPDATE mails SET attempts = %s", [len(outbox.BACKOFF_MINUTES)])
    time_passes(owner)
    assert send(owner) == "failed"


def test_one_silence_is_told_once(shop: Callable[..., Person], post: Post) -> None:
    owner = shop(last=date(2026, 10, 21))
    assert send(owner) == "held"
    assert send(owner, date(2026, 11, 9), "2026-W45") == "held"
    [mail] = post.mails
    assert mail["Subject"] == "Hace 12 días que no subes ventas"
    assert row(owner, "stale-2026-10-21")[0] == "sent"


def test_a_week_like_the_others_is_not_sent(shop: Callable[..., Person], post: Post) -> None:
    owner = shop()
    assert send(owner, date(2026, 10, 26), "2026-W43") == "skipped"
    assert post.mails == []
    assert "así que no te escribimos" in owner.browser.get("/resumen").text


def test_sales_that_come_later_in_the_week_bring_the_summary(
    shop: Callable[..., Person], post: Post, tmp_path: Path
) -> None:
    owner = shop(last=date(2026, 10, 21))
    scope, tz = as_queue(owner.scope), owner.scope.company.tz
    assert sending.send_due(scope, datetime(2026, 11, 2, 8, 5, tzinfo=tz)) == ["held"]
    friday = datetime(2026, 11, 6, 11, 0, tzinfo=tz)
    assert owner.scope.company_id not in sending.companies_due(friday)
    assert filing.file(owner.scope, write_sales(tmp_path / "more.csv", "Kuchen", 1990)).ready
    assert owner.scope.company_id in sending.companies_due(friday)
    assert sending.send_due(scope, friday) == ["sent"]
    assert sending.send_due(scope, friday) == []
    assert owner.scope.company_id not in sending.companies_due(friday)
    assert [m["Subject"][:9] for m in post.mails] == ["Hace 12 d", "Tu semana"]


def test_the_queue_sends_what_is_due_and_only_then(
    shop: Callable[..., Person], post: Post, no_queue: list[object]
) -> None:
    owner = shop()
    monday = datetime(2026, 11, 2, 8, 5, tzinfo=owner.scope.company.tz)
    assert owner.scope.company_id in sending.companies_due(monday)
    assert owner.scope.company_id not in sending.companies_due(monday.replace(hour=7))
    scope = as_queue(owner.scope)
    for _ in range(2):
        assert sending.send_due(scope, monday) == ["sent"]
    assert owner.scope.company_id not in sending.companies_due(monday)
    assert len(post.mails) == 1
    jobs.spread("digest", [scope.company_id])
    [job] = no_queue
    assert isinstance(job, jobs.Job)
    assert jobs.run(job.company_id, job.id)


def test_who_wants_none_gets_none(shop: Callable[..., Person], person: Callable[..., Person], post: Post) -> None:
    owner = shop()
    viewer = person(Role.viewer, owner.scope)
    monday = datetime(2026, 11, 2, 8, 5, tzinfo=owner.scope.company.tz)
    with db.tenant(owner.scope) as connection:
        choices.stop(owner.scope, connection)
        assert {s.reader.user_id: s.choice.frequency for s in choices.subscribers(owner.scope, connection)} == {
            owner.user.id: "off",
            viewer.user.id: "off",
        }
    assert owner.scope.company_id not in sending.companies_due(monday)
    with db.tenant(viewer.scope) as connection:
        choices.choose(choices.Choice("closing"), viewer.scope, connection)
    assert sending.send_due(as_queue(owner.scope), monday) == ["sent"]
    assert "Cierre de octubre 2026" in post.mails[0]["Subject"]
    assert viewer.user.email in post.mails[0]["To"]


def test_choices_and_mails_are_a_companys_own(shop: Callable[..., Person], post: Post) -> None:
    one, other = shop(), shop("Empanada", 2711)
    assert send(one) == "sent"
    with db.tenant(other.scope) as connection:
        assert connection.execute("SELECT count(*) FROM mails").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM digest_choices").fetchone() == (0,)
    assert send(other) == "sent"
    first, second = (m.as_string() for m in post.mails)
    assert one.scope.company.slug not in second
    assert other.scope.company.slug not in first
