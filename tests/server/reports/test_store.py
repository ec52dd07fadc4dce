"""Who sees a report, who changes it, and that another company's is not there."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from python_calamine import CalamineWorkbook

import features
from core import db
from core.errors import BadInput, Conflict, NotFound
from core.periods import Period
from core.tenancy import Role
from features.catalog.types import Good, Unit
from features.own import define
from features.query import Query
from server.reports import blocks, sending, store
from server.reports.schedule import Schedule
from server.reports.spans import Kind
from server.reports.spec import Block, Draft, Only, Spec
from server.reports.templates import BY_ID
from server.views.view import Chart
from tests.server.conftest import Person

People = Callable[..., Person]
Keep = Callable[..., UUID]
DAILY = Schedule("daily", 8)


def titles(person: Person) -> list[str]:
    with db.tenant(person.scope) as connection:
        return [r.title for r in store.listed(person.scope, connection)]


def test_a_report_is_kept_as_it_was_written(owner: Person, keep: Keep) -> None:
    draft = BY_ID["cierre"].draft
    id = keep(owner.scope, draft)
    with db.tenant(owner.scope) as connection:
        assert store.one(id, owner.scope, connection).draft == draft
        changed = Draft(title="Otro", spec=Spec(blocks=(Block(id="b7", metrics=("sales",)),)))
        store.save(id, changed, owner.scope, connection)
        assert store.one(id, owner.scope, connection).draft == changed


def test_of_two_who_save_at_once_the_second_is_told(owner: Person, keep: Keep) -> None:
    id = keep(owner.scope)
    with db.tenant(owner.scope) as connection:
        opened = store.one(id, owner.scope, connection)
    first, second = (opened.draft.model_copy(update={"title": title}) for title in ("De la una", "De la otra"))

    def late() -> None:
        with db.tenant(owner.scope) as connection:
            store.save(id, second, owner.scope, connection, opened.version)

    with ThreadPoolExecutor(1) as other:
        with db.tenant(owner.scope) as connection:
            store.save(id, first, owner.scope, connection, opened.version)
            saving = other.submit(late)
        with pytest.raises(Conflict):
            saving.result()
    with db.tenant(owner.scope) as connection:
        now = store.one(id, owner.scope, connection)
        assert now.draft == first
        store.save(id, first, owner.scope, connection, opened.version)  # the same again is no quarrel
        store.save(id, second, owner.scope, connection, now.version)
        assert store.one(id, owner.scope, connection).draft == second


def test_private_until_it_is_shared(owner: Person, person: People, keep: Keep) -> None:
    analyst, viewer = person(Role.analyst, owner.scope), person(Role.viewer, owner.scope)
    id = keep(owner.scope)
    for other in (analyst, viewer):
        with db.tenant(other.scope) as connection, pytest.raises(NotFound):
            store.one(id, other.scope, connection)
        assert titles(other) == []
    with db.tenant(owner.scope) as connection:
        store.share(id, True, owner.scope, connection)
    for other in (analyst, viewer):
        with db.tenant(other.scope) as connection:
            assert not store.one(id, other.scope, connection).changed_by(other.scope)
            for change in (store.save, store.rename):
                with pytest.raises(NotFound):
                    change(id, "x", other.scope, connection)  # type: ignore[operator]
            with pytest.raises(NotFound):
                store.delete(id, other.scope, connection)
    with db.tenant(analyst.scope) as connection:
        copy = store.duplicate(id, analyst.scope, connection)
        found = store.one(copy, analyst.scope, connection)
        assert (found.title, found.shared, found.mine(analyst.scope)) == ("Ventas por sucursal (copia)", False, True)
    with db.tenant(owner.scope) as connection, pytest.raises(NotFound):
        store.one(copy, owner.scope, connection)  # a private one is its owner's alone, also for who manages


def test_deleted_it_is_gone_and_comes_back(owner: Person, keep: Keep) -> None:
    id = keep(owner.scope)
    with db.tenant(owner.scope) as connection:
        store.delete(id, owner.scope, connection)
        assert store.listed(owner.scope, connection) == []
        assert store.for_queue(id, owner.scope, connection) is None
        assert [r.id for r in store.deleted(owner.scope, connection)] == [id]
        with pytest.raises(NotFound):
            store.one(id, owner.scope, connection)
        store.restore(id, owner.scope, connection)
        assert [r.id for r in store.listed(owner.scope, connection)] == [id]
    long_ago = keep(owner.scope)
    with db.tenant(owner.scope) as connection:
        store.delete(long_ago, owner.scope, connection)
        connection.execute("UPDATE reports SET deleted_at = now() - interval '31 days' WHERE id = %s", [long_ago])
        assert store.deleted(owner.scope, connection) == []
        store.delete(id, owner.scope, connection)
        assert connection.execute("SELECT count(*) FROM reports").fetchone() == (1,)


def test_where_its_owner_leaves_who_manages_sees_to_it(owner: Person, person: People, keep: Keep) -> None:
    analyst = person(Role.analyst, owner.scope)
    id = keep(analyst.scope)
    with db.tenant(analyst.scope) as connection:
        everybody = [owner.user.id, analyst.user.id]
        sending.plan(id, DAILY, ["pdf"], everybody, datetime.now(UTC), analyst.scope, connection)
    with db.owner() as connection:
        connection.execute("DELETE FROM memberships WHERE user_id = %s", [analyst.user.id])
    with db.tenant(owner.scope) as connection:
        found = store.one(id, owner.scope, connection)
        assert (found.owner_id, found.owner, found.changed_by(owner.scope)) == (None, "", True)
        planned = sending.of(id, owner.scope, connection)
        assert planned is not None
        assert planned.recipients == (owner.user.id,)


def test_another_companys_report_is_not_there(owner: Person, person: People, keep: Keep) -> None:
    stranger = person()
    id = keep(owner.scope)
    with db.tenant(owner.scope) as connection:
        store.share(id, True, owner.scope, connection)
        sending.plan(id, DAILY, ["pdf"], [owner.user.id], datetime.now(UTC), owner.scope, connection)
    scope = stranger.scope
    draft = BY_ID["productos"].draft
    attempts: list[Callable[[db.Connection], object]] = [
        lambda c: store.one(id, scope, c),
        lambda c: store.save(id, draft, scope, c),
        lambda c: store.share(id, False, scope, c),
        lambda c: store.duplicate(id, scope, c),
        lambda c: store.delete(id, scope, c),
        lambda c: store.restore(id, scope, c),
        lambda c: sending.plan(id, DAILY, ["pdf"], [stranger.user.id], datetime.now(UTC), scope, c),
        lambda c: sending.stop(id, scope, c),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound), db.tenant(scope) as connection:
            attempt(connection)
    with db.tenant(scope) as connection:
        sending.leave(id, scope, connection)
        assert sending.of(id, scope, connection) is None
        for table in ("reports", "report_schedules", "report_recipients"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608
    # Not even by naming the other company's id: the row's company is checked, not believed.
    for statement in (
        "INSERT INTO reports (company_id, id, title, spec) VALUES (%(company)s, %(id)s, 'x', '{}')",
        "INSERT INTO report_recipients VALUES (%(company)s, %(report)s, %(user)s)",
    ):
        values = {"company": owner.scope.company_id, "id": uuid4(), "report": id, "user": stranger.user.id}
        with pytest.raises(Exception, match="row-level security"), db.tenant(scope) as connection:
            connection.execute(statement, values)
    with db.tenant(owner.scope) as connection:
        assert store.one(id, owner.scope, connection).shared
        assert sending.of(id, owner.scope, connection) is not None


def test_routes_of_another_companys_report_say_it_is_not_there(owner: Person, person: People, keep: Keep) -> None:
    id, stranger, viewer = keep(owner.scope), person(), person(Role.viewer, owner.scope)
    gets = ["", "/editar", "/envio", "/informe.pdf", "/informe.xlsx"]
    posts = ["/editar", "/vista", "/duplicar", "/borrar", "/recuperar", "/envio/parar", "/envio/ahora"]
    forms = {"/nombre": {"title": "x"}, "/compartir": {"con": "nadie"},
             "/envio": {"cadence": "daily", "hour": "8", "formats": "pdf"}}  # fmt: skip
    for path in gets:
        assert stranger.browser.get(f"/informes/{id}{path}").status_code == 404, path
    for path in [*posts, *forms]:
        answer = stranger.browser.post(f"/informes/{id}{path}", data=forms.get(path, {}))
        assert answer.status_code == 404, path
        assert viewer.browser.post(f"/informes/{id}{path}", data=forms.get(path, {})).status_code == 403, path
    assert viewer.browser.get(f"/informes/{id}").status_code == 404
    assert viewer.browser.get(f"/informes/{id}/editar").status_code == 403
    assert viewer.browser.post("/informes").status_code == 403
    assert viewer.browser.get("/informes").status_code == 200


def test_only_members_get_it_by_mail(owner: Person, person: People, keep: Keep) -> None:
    id, stranger = keep(owner.scope), person()
    with db.tenant(owner.scope) as connection:
        with pytest.raises(BadInput):
            sending.plan(id, DAILY, ["pdf"], [stranger.user.id], datetime.now(UTC), owner.scope, connection)
        with pytest.raises(BadInput):
            sending.plan(id, DAILY, ["exe"], [owner.user.id], datetime.now(UTC), owner.scope, connection)
        both = [stranger.user.id, owner.user.id]
        sending.plan(id, DAILY, ["xlsx", "pdf"], both, datetime.now(UTC), owner.scope, connection)
        planned = sending.of(id, owner.scope, connection)
        assert planned is not None
        assert (planned.recipients, planned.formats) == ((owner.user.id,), ("pdf", "xlsx"))
        assert sending.received(owner.scope, connection) == [(id, "Ventas por sucursal", DAILY)]
        sending.leave(id, owner.scope, connection)
        assert sending.of(id, owner.scope, connection) is None


def test_a_report_that_names_what_has_gone_still_opens(shop: People, keep: Keep) -> None:
    owner = shop()
    spec = Spec(
        blocks=(
            Block(id="b1", metrics=("ventas_magicas",)),
            Block(id="b2", metrics=("sales",), rows="planeta"),
            Block(id="b3", metrics=("sales",), filters=(Only(dimension="planeta", members=("x",)),)),
            Block(id="b4", metrics=("sales",), rows="branch", columns="branch"),
            Block(id="b5", chart=Chart.kpi, metrics=("sales",)),
        )
    )
    id = keep(owner.scope, Draft(title="<b>x</b>", spec=spec))
    with db.tenant(owner.scope) as connection:
        filled = blocks.fill(spec, blocks.today(owner.scope), owner.scope, connection)
    assert "ventas_magicas" in filled[0].problem
    assert all(f.problem for f in filled[:4])
    assert filled[4].figures
    for path in ("", "/editar"):
        page = owner.browser.get(f"/informes/{id}{path}")
        assert page.status_code == 200
        assert "&lt;b&gt;x&lt;/b&gt;" in page.text
        assert "<b>x</b>" not in page.text
    assert "(ya no existe: planeta)" in owner.browser.get(f"/informes/{id}/editar").text
    with db.tenant(owner.scope) as connection:
        connection.execute(
            "UPDATE reports SET spec = %s", [json.dumps({"blocks": [{"id": "b1", "chart": "hologram"}]})]
        )
    assert owner.browser.get(f"/informes/{id}").status_code == 200


def test_a_companys_own_metric_is_a_field_and_is_drawn_printed_and_exported(shop: People, keep: Keep) -> None:
    owner = shop()
    with db.tenant(owner.scope) as connection:
        own = define("venta por unidad", "ventas / unidades", Unit.money, Good.up, owner.scope, connection)
        by_branch = features.run(
            Query((own.id,), Period.month(2026, 10), dimension="branch"), owner.scope, connection
        ).rows
    block = Block(id="b1", chart=Chart.bar, metrics=(own.id,), rows="branch")
    id = keep(owner.scope, Draft(spec=Spec(span=Kind.range, start=date(2026, 10, 1), end=date(2026, 10, 31),
                                           blocks=(block,))))  # fmt: skip
    assert f'value="{own.id}" selected>venta por unidad' in owner.browser.get(f"/informes/{id}/editar").text
    page = owner.browser.get(f"/informes/{id}").text
    for row in by_branch:
        assert f">{features.shown(own, row.value, owner.scope.company)}<" in page
    book = CalamineWorkbook.from_filelike(BytesIO(owner.browser.get(f"/informes/{id}/informe.xlsx").content))
    rows = {r[0]: r[1] for r in book.get_sheet_by_index(0).to_python() if len(r) > 1}
    assert {r.member: pytest.approx(float(r.value or 0)) for r in by_branch}.items() <= rows.items()
    assert owner.browser.get(f"/informes/{id}/informe.pdf").content.startswith(b"%PDF")
