"""With whom a report is shared: chosen members and roles, to look or to edit, and nobody else."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from core import db
from core.errors import BadInput, NotFound
from core.tenancy import Permission, Role
from server.reports import sending, sharing, store
from server.reports.schedule import Schedule
from server.reports.sharing import Share
from server.reports.templates import BY_ID
from tests.server.conftest import Person

People = Callable[..., Person]
Keep = Callable[..., UUID]
LOOKS = ("", "/informe.pdf", "/informe.xlsx")
EDITS = ("/editar", "/vista")
RUNS = ("/compartir", "/borrar", "/envio/parar", "/envio/ahora")


def share(owner: Person, id: UUID, *said: str, con: str = "nadie") -> int:
    return owner.browser.post(f"/informes/{id}/compartir", data={"con": con, "acceso": list(said)}).status_code


def reach(person: Person, id: UUID) -> str:
    """What somebody comes to, by every route: '' (not there), 'look' or 'edit'."""
    looks = {person.browser.get(f"/informes/{id}{path}").status_code for path in LOOKS}
    edits = {person.browser.post(f"/informes/{id}{path}", data={"do": "show"}).status_code for path in EDITS}
    runs = {person.browser.post(f"/informes/{id}{path}", data={"con": "empresa"}).status_code for path in RUNS}
    listed = str(id) in person.browser.get("/informes").text
    refused = {404} if person.scope.may(Permission.report) else {403}
    assert runs == refused
    assert looks == {200 if listed else 404}
    assert edits in ({200}, refused)
    return "edit" if edits == {200} else "look" if listed else ""


def test_who_is_chosen_sees_it_and_who_is_not_finds_nothing(owner: Person, person: People, keep: Keep) -> None:
    chosen, editor, other = (person(Role.analyst, owner.scope) for _ in range(3))
    viewer, finance, stranger = person(Role.viewer, owner.scope), person(Role.finance, owner.scope), person()
    id = keep(owner.scope)
    for one in (chosen, editor, other, viewer, finance, stranger):
        assert reach(one, id) == ""
    assert share(owner, id, f"look:{chosen.user.id}", f"edit:{editor.user.id}", "edit:finance", "edit:viewer") == 303
    found = {name: reach(p, id) for name, p in (("chosen", chosen), ("editor", editor), ("other", other),
             ("viewer", viewer), ("finance", finance), ("stranger", stranger))}  # fmt: skip
    assert found == {
        "chosen": "look",
        "editor": "edit",
        "other": "",
        "viewer": "look",
        "finance": "edit",
        "stranger": "",
    }
    # Who may edit saves and renames; who may look gets a copy of their own.
    draft = BY_ID["productos"].draft
    with db.tenant(editor.scope) as connection:
        store.save(id, draft, editor.scope, connection)
    with db.tenant(chosen.scope) as connection:
        with pytest.raises(NotFound):
            store.save(id, draft, chosen.scope, connection)
        store.duplicate(id, chosen.scope, connection)
    # Taken back, it is gone at once; a role is what one has today.
    assert share(owner, id, "look:operations") == 303
    assert [reach(p, id) for p in (chosen, editor, finance, viewer)] == ["", "", "", ""]
    with db.owner() as connection:
        connection.execute("UPDATE memberships SET role = 'operations' WHERE user_id = %s", [other.user.id])
    assert other.browser.get(f"/informes/{id}").status_code == 200


def test_only_who_runs_it_shares_it_and_only_with_members(owner: Person, person: People, keep: Keep) -> None:
    editor, stranger = person(Role.analyst, owner.scope), person()
    id = keep(owner.scope)
    assert share(owner, id, f"edit:{editor.user.id}") == 303
    assert share(editor, id, f"edit:{editor.user.id}", con="empresa") == 404
    assert editor.browser.get(f"/informes/{id}/compartir").status_code == 404
    assert share(owner, id, f"look:{stranger.user.id}") == 404
    assert share(owner, id, f"look:{uuid4()}") == 404
    for nonsense in ("look:operator", "own:analyst", "look:", "look", "x' OR 1=1 --"):
        assert share(owner, id, nonsense) == 400, nonsense
    page = owner.browser.get(f"/informes/{id}/compartir").text
    assert f'value="edit:{editor.user.id}" selected' in page
    assert str(stranger.user.id) not in page
    with pytest.raises(Exception, match="row-level security"), db.tenant(stranger.scope) as connection:
        connection.execute(
            "INSERT INTO report_shares (company_id, report_id, user_id) VALUES (%s, %s, %s)",
            [owner.scope.company_id, id, stranger.user.id],
        )
    with db.tenant(stranger.scope) as connection:
        assert connection.execute("SELECT count(*) FROM report_shares").fetchone() == (0,)


def test_who_gets_it_by_mail_may_open_it_until_they_leave(owner: Person, person: People, keep: Keep) -> None:
    viewer = person(Role.viewer, owner.scope)
    id = keep(owner.scope)
    with db.tenant(owner.scope) as connection:
        sending.plan(id, Schedule("daily", 8), ["pdf"], [viewer.user.id], datetime.now(UTC), owner.scope, connection)
    assert reach(viewer, id) == "look"
    assert viewer.browser.post(f"/informes/{id}/envio/salir").status_code == 303
    assert reach(viewer, id) == ""


def test_a_form_says_each_once() -> None:
    id = uuid4()
    said = ("", f"look:{id}", f"edit:{id}", "look:viewer", "")
    assert sharing.read(said) == (Share(id, None, True), Share(None, Role.viewer, False))
    for wrong in ("edit:operator", "all:viewer", f"look:{id}x"):
        with pytest.raises(BadInput):
            sharing.read([wrong])


def test_who_shared_and_who_deleted_stand_in_the_log(owner: Person, keep: Keep) -> None:
    id = keep(owner.scope)
    assert share(owner, id, con="empresa") == 303
    with db.tenant(owner.scope) as connection:
        title = store.one(id, owner.scope, connection).title
        store.delete(id, owner.scope, connection)
        noted = connection.execute(
            "SELECT action, subject FROM audit_log WHERE company_id = %s AND action LIKE 'report%%' ORDER BY action",
            [owner.scope.company_id],
        ).fetchall()
    assert noted == [("report_deleted", title), ("report_shared", title)]
