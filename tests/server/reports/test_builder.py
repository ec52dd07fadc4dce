"""The builder with and without a script: its buttons, its previews, what it keeps."""

import re
from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import pytest

import ingest
from core import db
from server.reports import form, store
from server.reports.actions import apply
from server.reports.spec import Draft
from tests.server.conftest import Person

SHOP = Callable[..., Person]
Keep = Callable[..., UUID]
HTMX = {"HX-Request": "true"}


def kept(owner: Person, id: UUID) -> Draft:
    with db.tenant(owner.scope) as connection:
        return store.one(id, owner.scope, connection).draft


def sent(owner: Person, id: UUID, **more: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in [*form.fields(kept(owner, id)), *more.items()]:
        found.setdefault(name, []).append(value)
    return found


def test_without_a_script_a_button_changes_what_is_shown_and_nothing_is_kept_until_saved(
    shop: SHOP, keep: Keep
) -> None:
    owner = shop()
    id = keep(owner.scope)
    before = kept(owner, id)
    fields = sent(owner, id, do="add:heatmap") | {"title": ["Otro nombre"]}
    page = owner.browser.post(f"/informes/{id}/editar", data=fields)
    assert page.status_code == 200
    assert "<!doctype html>" in page.text
    assert 'value="Otro nombre"' in page.text
    assert "Bloque 5" in page.text
    assert "data-dirty" in page.text
    assert kept(owner, id) == before
    fields = sent(owner, id, do="filter:b2") | {"b2.new": ["branch"]}
    page = owner.browser.post(f"/informes/{id}/editar", data=fields)
    assert 'value="Talca"' in page.text
    fields = sent(owner, id) | {"b2.filter": ["0"], "b2.0.dimension": ["branch"], "b2.0.member": ["Talca", ""]}
    answer = owner.browser.post(f"/informes/{id}/editar", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/informes/{id}?guardado=1")
    assert [f.members for f in kept(owner, id).spec.blocks[1].filters] == [("Talca",)]


def test_with_a_script_only_the_form_comes_back(shop: SHOP, keep: Keep) -> None:
    owner = shop()
    id = keep(owner.scope)
    page = owner.browser.post(f"/informes/{id}/editar", data=sent(owner, id, do="remove:b1"), headers=HTMX)
    assert "<html" not in page.text
    assert "Bloque 4" not in page.text
    answer = owner.browser.post(f"/informes/{id}/editar", data=sent(owner, id, do="save"), headers=HTMX)
    assert answer.headers["hx-redirect"] == f"/informes/{id}?guardado=1"
    view = owner.browser.post(f"/informes/{id}/vista", data=sent(owner, id, about="b4"), headers=HTMX)
    assert "Talca" in view.text
    assert "<form" not in view.text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_who_saves_second_keeps_what_they_wrote_and_chooses(shop: SHOP, keep: Keep, headers: dict[str, str]) -> None:
    owner = shop()
    id = keep(owner.scope)
    page = owner.browser.get(f"/informes/{id}/editar").text
    version = page.partition('name="version" value="')[2].partition('"')[0]
    mine = sent(owner, id, version=version)
    theirs = mine | {"title": ["De otra ventana"]}
    assert owner.browser.post(f"/informes/{id}/editar", data=theirs).status_code == 303
    mine |= {"title": ["Lo mío"]}
    page = owner.browser.post(f"/informes/{id}/editar", data=mine | {"do": ["add:text"]}, headers=headers).text
    assert f'name="version" value="{version}"' in page, "a button of the form takes nobody's word for the newest"
    told = owner.browser.post(f"/informes/{id}/editar", data=mine, headers=headers)
    assert told.status_code == (200 if headers else 409)
    assert "Otra persona guardó este informe" in told.text
    assert 'value="Lo mío"' in told.text
    assert "data-dirty" in told.text
    assert kept(owner, id).title == "De otra ventana"
    over = told.text.partition('value="save:')[2].partition('"')[0]
    owner.browser.post(f"/informes/{id}/editar", data=mine | {"do": [f"save:{over}"]}, headers=headers)
    assert kept(owner, id).title == "Lo mío"
    told = owner.browser.post(f"/informes/{id}/editar", data=theirs | {"do": [f"save:{over}"]}, headers=headers)
    assert "Otra persona guardó este informe" in told.text, "what was looked at has changed again"


def test_too_many_blocks_are_refused_with_what_was_typed(shop: SHOP, keep: Keep) -> None:
    owner = shop()
    id = keep(owner.scope)
    fields: dict[str, list[str]] = {"title": ["Largo"], "block": [f"x{n}" for n in range(20)], "do": ["add:text"]}
    page = owner.browser.post(f"/informes/{id}/editar", data=fields)
    assert page.status_code == 400
    assert "Un informe lleva hasta 20 bloques." in page.text
    assert 'value="Largo"' in page.text


def test_who_has_no_script_sees_its_charts_as_pictures(shop: SHOP, keep: Keep) -> None:
    owner = shop()
    id = keep(owner.scope)
    pictures = re.findall(r'<noscript><img [^>]*src="([^"]+)"', owner.browser.get(f"/informes/{id}").text)
    assert pictures == [f"/informes/{id}/bloque/{block}.png" for block in ("b2", "b3")]
    for address in pictures:
        assert owner.browser.get(address).content.startswith(b"\x89PNG")
    assert owner.browser.get(f"/informes/{id}/bloque/b1.png").status_code == 404


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_nothing_a_person_wrote_runs_in_a_file(shop: SHOP, keep: Keep, kind: str) -> None:
    owner = shop('=HYPERLINK("http://x.test")#panic()')
    fields = {
        "title": ['=1+1 #panic() <script>alert("x")</script>'], "span": ["last_month"], "block": ["b1", "b2"],
        "b1.chart": ["bar"], "b1.metric": ["sales"], "b1.rows": ["product"],
        "b2.chart": ["text"], "b2.title": ["#panic()"], "b2.text": ["<img src=x onerror=alert(1)> **#panic()**"],
    }  # fmt: skip
    id = keep(owner.scope)
    owner.browser.post(f"/informes/{id}/editar", data=fields)
    page = owner.browser.get(f"/informes/{id}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    made = owner.browser.get(f"/informes/{id}/informe.{kind}")
    assert made.status_code == 200
    assert made.content[:2] == (b"%P" if kind == "pdf" else b"PK")
    assert '"' not in made.headers["content-disposition"].split('"')[1]


def test_a_block_is_put_where_it_was_dropped(shop: SHOP, keep: Keep) -> None:
    owner = shop()
    id = keep(owner.scope)
    draft = kept(owner, id)

    def order(action: str) -> list[str]:
        return [b.id for b in apply(draft, action)[0].spec.blocks]

    assert order("move:b1:2") == ["b2", "b3", "b1", "b4"]
    assert order("move:b4:0") == ["b4", "b1", "b2", "b3"]
    assert order("move:b2:999") == ["b1", "b3", "b4", "b2"]
    assert order("add:pie:1") == ["b1", "b5", "b2", "b3", "b4"]
    for nothing in ("move:b1", "move:b1:-1", "move:x:0", "add:hologram:0", "show", ""):
        assert order(nothing) == ["b1", "b2", "b3", "b4"], nothing
    # What undo sends is shown as it is, and nothing is kept.
    page = owner.browser.post(
        f"/informes/{id}/editar", data=sent(owner, id, do="show") | {"title": ["Antes"]}, headers=HTMX
    )
    assert 'value="Antes"' in page.text
    assert "autofocus" not in page.text
    assert kept(owner, id) == draft


def test_expenses_are_split_by_their_kind_once_there_are_any(shop: SHOP, keep: Keep) -> None:
    owner = shop()
    id = keep(owner.scope)
    assert "Tipo de gasto" not in owner.browser.get(f"/informes/{id}/editar").text
    sheet = "Fecha;Tipo de gasto;Proveedor;Monto\n05/10/2026;Arriendo;Inmobiliaria Sur;450.000\n"
    with db.tenant(owner.scope) as connection:
        upload = ingest.receive(owner.scope, "gastos.csv", BytesIO(sheet.encode()), connection)
        assert ingest.process(owner.scope, upload.id, connection).upload.state == "ready"
    fields = sent(owner, id, do="filter:b2") | {"b2.new": ["expense_kind"]}
    page = owner.browser.post(f"/informes/{id}/editar", data=fields).text
    assert 'value="expense_kind"' in page
    assert 'value="Arriendo"' in page
