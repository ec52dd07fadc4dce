"""The log: who did what, by person and kind, paged, as CSV, each company's own."""

from collections.abc import Callable

import pytest

from core import auth, db
from core.tenancy import Role
from server.activity import ACTIONS, GROUPS, detail
from tests.server.conftest import SALES, Person


def test_what_was_done_is_told_with_who_did_it(owner: Person, person: Callable[..., Person], no_queue: list[object]):
    owner.browser.post("/api/v1/uploads", files={"file": ("ventas.csv", SALES.encode())})
    mate = person(Role.finance, owner.scope)
    mate.browser.get("/descargas/ventas.csv")
    page = owner.browser.get("/actividad").text
    assert page.index("Descargó un conjunto de datos") < page.index("Subió un archivo")
    only = owner.browser.get(f"/actividad?persona={mate.user.id}").text
    assert "ventas.csv" in only
    assert "Subió un archivo</td>" not in only
    assert "Nada con ese filtro" in owner.browser.get("/actividad?tipo=privacidad").text
    csv = mate.browser.get("/actividad.csv?tipo=archivos").content.decode("utf-8-sig").splitlines()
    assert csv[0] == "cuándo;quién;qué;detalle"
    assert len(csv) == 3
    assert "Subió" not in person().browser.get("/actividad").text


def test_a_long_log_has_pages(owner: Person):
    with db.tenant(owner.scope) as connection:
        for number in range(60):
            auth.note(owner.scope, "target", f"=meta {number}", connection)
    first, second = (owner.browser.get(f"/actividad?pagina={n}").text for n in (1, 2))
    assert ("=meta 59" in first, "=meta 9<" in first, "=meta 9<" in second) == (True, False, True)
    assert "Más antiguas" in first
    assert "Más antiguas" not in second
    assert "'=meta 0" in owner.browser.get("/actividad.csv").text


@pytest.mark.parametrize("role", [Role.analyst, Role.operations, Role.marketing, Role.viewer])
def test_who_may_not_look(person: Callable[..., Person], role: Role):
    assert person(role).browser.get("/actividad").status_code == 403
    assert person(role).browser.get("/actividad.csv").status_code == 403


def test_each_action_is_of_one_kind():
    assert sum(len(actions) for _, actions in GROUPS.values()) == len(ACTIONS)


@pytest.mark.parametrize(
    ("action", "kept", "told"),
    [
        ("invited", "finance@example.cl: finance", "finance@example.cl: finanzas"),
        ("member_role", "ana@example.cl: viewer → owner", "ana@example.cl: visor → dueño"),
        ("key_created", "Caja: look: look, upload", "Caja: look: preguntar y ver cifras, subir archivos"),
        ("logo", "on", "sí"),
        ("reclassify", "libro.csv: expenses", "libro.csv: gastos"),
        ("upload", "on", "on"),
        ("second_factor", "on", "encendido"),
        ("leave_ask", "2026-12-21", "se borra el 21-dic-2026"),
    ],
)
def test_details_are_told_in_spanish(action: str, kept: str, told: str):
    assert detail(action, kept) == told
