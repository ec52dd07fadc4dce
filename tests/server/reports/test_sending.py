"""A report's mail, through a real server: once for each reader, its figures those of `features.run`."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from io import BytesIO
from uuid import UUID

import pypdf
import pytest
from python_calamine import CalamineWorkbook

import features
from core import db
from core.periods import Period, label
from core.tenancy import Role
from features.query import Query
from server import jobs, outbox
from server.reports import blocks, sending, store
from server.reports.schedule import Schedule
from server.reports.spec import Block, Draft, Spec
from server.views.view import Chart
from tests.server.conftest import Person
from tests.server.digest.conftest import as_queue
from tests.server.smtp import Post

OCTOBER = Period.month(2026, 10)
SHOP = Callable[..., Person]
Keep = Callable[..., UUID]
MONDAY = date(2026, 11, 2)


def plan(owner: Person, id: UUID, recipients: list[UUID], formats: list[str] | None = None, hour: int = 8) -> None:
    with db.tenant(owner.scope) as connection:
        since = datetime(2026, 11, 1, tzinfo=UTC)
        wanted = Schedule("weekly", hour, weekday=0)
        sending.plan(id, wanted, formats or ["pdf", "xlsx"], recipients, since, owner.scope, connection)


def at(owner: Person, hour: int, minute: int = 5, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=owner.scope.company.tz)


def attachments(mail: EmailMessage) -> dict[str, bytes]:
    found = {}
    for part in mail.iter_attachments():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[str(part.get_filename()).rpartition(".")[2]] = content
    return found


def values(owner: Person, metric: str, dimension: str | None = None) -> dict[str, Decimal]:
    with db.tenant(owner.scope) as connection:
        rows = features.run(Query((metric,), OCTOBER, dimension=dimension), owner.scope, connection).rows
    return {r.member: r.value for r in rows if r.value is not None}


def test_the_mail_carries_the_report_as_pdf_and_xlsx_with_the_features_figures(
    shop: SHOP, keep: Keep, post: Post
) -> None:
    owner = shop()
    id = keep(owner.scope)
    plan(owner, id, [owner.user.id])
    assert sending.send_due(as_queue(owner.scope), at(owner, 8)) == ["sent"]
    [mail] = post.mails
    assert mail["Subject"] == "Ventas por sucursal: octubre 2026"
    assert owner.user.email in mail["To"]
    files = attachments(mail)
    assert set(files) == {"pdf", "xlsx"}
    by_branch = values(owner, "sales", "branch")
    whole = values(owner, "sales")[""]
    assert set(by_branch) == {"Talca", "Curicó"}
    book = CalamineWorkbook.from_filelike(BytesIO(files["xlsx"]))
    assert len(book.sheet_names) == 4
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        if rows[0][:2] == ["Sucursal", "Ventas"]:
            written = {row[0]: row[1] for row in rows[1:] if row[0] in (*by_branch, "Total")}
            assert written == {**{m: float(v) for m, v in by_branch.items()}, "Total": float(whole)}
            break
    else:
        pytest.fail("no sheet has the sales by branch")
    pages = pypdf.PdfReader(BytesIO(files["pdf"])).pages
    text = " ".join("\n".join(p.extract_text() for p in pages).split())
    metric = features.metric("sales")
    for value in (whole, *by_branch.values()):
        assert features.shown(metric, value, owner.scope.company) in text
    assert sum(len(p.images) for p in pages) == 2
    html, plain = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert plain is not None
    for body in (html, plain):
        assert features.shown(metric, whole, owner.scope.company) in body.get_content()
        assert f"/informes/{id}" in body.get_content()


def test_each_reader_gets_a_day_once_and_the_next_one_again(
    shop: SHOP, person: Callable[..., Person], keep: Keep, post: Post
) -> None:
    owner = shop()
    viewer = person(Role.viewer, owner.scope)
    id = keep(owner.scope)
    plan(owner, id, [owner.user.id, viewer.user.id], ["xlsx"])
    scope = as_queue(owner.scope)
    assert scope.company_id not in sending.companies_due(at(owner, 7))
    assert sending.send_due(scope, at(owner, 7)) == []
    assert scope.company_id in sending.companies_due(at(owner, 8))
    assert sending.send_due(scope, at(owner, 8)) == ["sent", "sent"]
    assert sending.send_due(scope, at(owner, 8, 10)) == []
    assert scope.company_id not in sending.companies_due(at(owner, 8, 10))
    with db.tenant(owner.scope) as connection:  # as if the worker had died before it wrote that the day is done
        connection.execute("UPDATE report_schedules SET done_on = NULL")
    assert sending.send_due(scope, at(owner, 8, 15)) == ["sent", "sent"]
    assert len(post.mails) == 2
    assert sorted(str(m["To"]).rpartition("<")[2].strip(">") for m in post.mails) == sorted(
        [owner.user.email, viewer.user.email]
    )
    assert sending.send_due(scope, at(owner, 8, day=MONDAY + timedelta(days=7))) == ["sent", "sent"]
    assert len(post.mails) == 4
    with db.tenant(owner.scope) as connection:
        assert [state for _, _, state in sending.history(id, owner.scope, connection)] == ["sent"] * 4


def test_a_busy_server_is_asked_again(shop: SHOP, keep: Keep, post: Post) -> None:
    owner = shop()
    plan(owner, keep(owner.scope), [owner.user.id], ["pdf"])
    scope = as_queue(owner.scope)
    post.answers = ["451 later"]
    assert sending.send_due(scope, at(owner, 8)) == ["waiting"]
    assert scope.company_id in sending.companies_due(at(owner, 8, 10))  # its day isn't done
    with db.tenant(owner.scope) as connection:
        connection.execute("UPDATE mails SET run_after = now() - interval '1 minute'")
    assert sending.send_due(scope, at(owner, 8, 10)) == ["sent"]
    assert scope.company_id not in sending.companies_due(at(owner, 8, 15))
    assert len(post.mails) == 1


def test_a_deleted_report_is_not_sent(shop: SHOP, keep: Keep, post: Post) -> None:
    owner = shop()
    id = keep(owner.scope)
    plan(owner, id, [owner.user.id])
    scope = as_queue(owner.scope)
    post.answers = ["451 later"]
    assert sending.send_due(scope, at(owner, 8)) == ["waiting"]
    with db.tenant(owner.scope) as connection:
        store.delete(id, owner.scope, connection)
        connection.execute("UPDATE mails SET run_after = now() - interval '1 minute'")
    assert sending.send_due(scope, at(owner, 8, 10)) == ["skipped"]
    assert outbox.waiting(sending.PREFIX, scope) == []
    assert post.mails == []


def test_whoever_wants_it_now_gets_it_at_once(shop: SHOP, keep: Keep, post: Post, no_queue: list[object]) -> None:
    owner = shop()
    id = keep(owner.scope)
    answer = owner.browser.post(f"/informes/{id}/envio/ahora")
    assert answer.headers["location"] == f"/informes/{id}/envio?pedido=1"
    [job] = no_queue
    assert isinstance(job, jobs.Job)
    assert jobs.run(job.company_id, job.id)
    [mail] = post.mails
    assert set(attachments(mail)) == {"pdf", "xlsx"}
    assert "Enviado" in owner.browser.get(f"/informes/{id}/envio").text


def test_the_queue_sends_what_the_page_planned(shop: SHOP, keep: Keep, post: Post, no_queue: list[object]) -> None:
    owner = shop()
    id = keep(owner.scope)
    form = {"cadence": "daily", "hour": "0", "formats": ["xlsx"], "recipients": [str(owner.user.id)]}
    assert owner.browser.post(f"/informes/{id}/envio", data=form).status_code == 303
    page = owner.browser.get(f"/informes/{id}/envio").text
    assert "Se envía cada día a las 0:00" in page
    with db.tenant(owner.scope) as connection:
        connection.execute("UPDATE report_schedules SET since = now() - interval '2 days'")
    now = datetime.now(UTC)
    local = now.astimezone(owner.scope.company.tz)
    if timedelta(hours=local.hour, minutes=local.minute) >= timedelta(hours=20):
        pytest.skip("today's sending is too old at this hour")
    jobs.spread("report", sending.companies_due(now))
    mine = [j for j in no_queue if isinstance(j, jobs.Job) and j.company_id == owner.scope.company_id]
    assert jobs.run(mine[0].company_id, mine[0].id)
    assert len(post.mails) == 1
    bad = owner.browser.post(f"/informes/{id}/envio", data={"cadence": "daily", "hour": "5", "formats": ["pdf"]})
    assert bad.status_code == 400
    assert "Falta a quién enviarlo" in bad.text
    assert '<option value="5" selected>' in bad.text
    assert owner.browser.post(f"/informes/{id}/envio/salir").status_code == 303
    assert "No está programado" in owner.browser.get(f"/informes/{id}/envio").text


def test_two_companies_reports_have_nothing_of_each_other(shop: SHOP, keep: Keep, post: Post) -> None:
    one, other = shop(), shop("Empanada", 2711)
    spec = Spec(blocks=(Block(id="b1", chart=Chart.table, metrics=("sales",), rows="product"),))
    for owner in (one, other):
        plan(owner, keep(owner.scope, Draft(title="Productos", spec=spec)), [owner.user.id])
        assert sending.send_due(as_queue(owner.scope), at(owner, 8)) == ["sent"]
    first, second = (attachments(m) for m in post.mails)
    for files, mine, not_mine in ((first, "Kuchen", "Empanada"), (second, "Empanada", "Kuchen")):
        text = "".join(p.extract_text() for p in pypdf.PdfReader(BytesIO(files["pdf"])).pages)
        book = CalamineWorkbook.from_filelike(BytesIO(files["xlsx"]))
        cells = str([book.get_sheet_by_index(i).to_python() for i in range(len(book.sheet_names))])
        for said in (text, cells):
            assert mine in said
            assert not_mine not in said


def test_a_blocks_table_is_what_the_features_say(shop: SHOP) -> None:
    owner = shop()
    spec = Spec(
        blocks=(
            Block(id="b1", chart=Chart.table, metrics=("sales", "transactions", "average_ticket"), rows="branch"),
            Block(id="b2", chart=Chart.kpi, metrics=("sales", "transactions")),
        ),
    )
    with db.tenant(owner.scope) as connection:
        table, kpi = blocks.fill(spec, date(2026, 11, 21), owner.scope, connection)
    assert table.period == label(OCTOBER)
    assert table.table is not None
    for row in table.table.rows:
        for column, value in zip(table.table.columns[1:], row[1:], strict=True):
            assert value == values(owner, column.metric, "branch")[str(row[0])]
    company = owner.scope.company
    for figure, metric in zip(kpi.figures, ("sales", "transactions"), strict=True):
        assert figure.value == features.shown(features.metric(metric), values(owner, metric)[""], company)
