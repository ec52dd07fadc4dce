"""Mi empresa: only who manages it changes it, and each change is noted."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image

import ingest
from core import db
from core.tenancy import Role
from tests.server.conftest import Person

FORM = {"name": "Café del Puerto", "kind": "restaurante", "tax": "76.086.428-5", "shares": "true"}


def _profile(person: Person) -> object:
    with db.tenant(person.scope) as connection:
        return connection.execute(
            "SELECT name, sector, coalesce(tax_id, ''), shares_benchmarks FROM companies WHERE id = %s",
            [person.scope.company_id],
        ).fetchone()


def test_the_owner_takes_part_and_every_change_is_noted(owner: Person):
    page = owner.browser.get("/empresa").text
    assert "menos de 10 dueños" in page
    assert 'value="cafeteria" selected' in page
    assert owner.browser.post("/empresa/perfil", data=FORM).status_code == 303
    assert _profile(owner) == ("Café del Puerto", "restaurante", "76086428-5", True)
    with db.tenant(owner.scope) as connection:
        rows = connection.execute("SELECT action, user_id, subject FROM audit_log ORDER BY id").fetchall()
    assert [r[0] for r in rows] == ["name", "sector", "tax_id", "share_benchmarks"]
    assert {r[1] for r in rows} == {owner.user.id}
    assert rows[-1][2] == "off → on"
    owner.browser.post("/empresa/perfil", data={k: v for k, v in FORM.items() if k != "shares"})
    assert _profile(owner) == ("Café del Puerto", "restaurante", "76086428-5", False)


def test_a_wrong_tax_id_changes_nothing(owner: Person):
    before = _profile(owner)
    told = owner.browser.post("/empresa/perfil", data={**FORM, "tax": "76.086.428-6"})
    assert told.status_code == 400
    assert "no es un RUT" in told.text
    assert _profile(owner) == before


def test_others_may_look_but_not_change(person: Callable[..., Person]):
    for role in (Role.analyst, Role.viewer):
        someone = person(role)
        before = _profile(someone)
        assert "Solo quien administra" in someone.browser.get("/empresa").text
        assert someone.browser.post("/empresa/perfil", data=FORM).status_code == 403
        assert _profile(someone) == before


def test_a_logo_is_redrawn_shown_and_taken_away(person: Callable[..., Person]):
    owner, other = person(), person()
    viewer = person(Role.viewer, owner.scope)
    assert owner.browser.get("/empresa/logo.png").status_code == 404
    sent = BytesIO()
    Image.new("RGB", (1200, 600), "#1a6a57").save(sent, "JPEG")
    for someone, status in ((viewer, 403), (owner, 303)):
        answer = someone.browser.post("/empresa/logo", files={"file": ("logo.jpg", sent.getvalue(), "image/jpeg")})
        assert answer.status_code == status
    shown = viewer.browser.get("/empresa/logo.png")
    assert (shown.headers["content-type"], Image.open(BytesIO(shown.content)).size) == ("image/png", (400, 200))
    assert other.browser.get("/empresa/logo.png").status_code == 404
    assert (
        owner.browser.post("/empresa/logo", files={"file": ("logo.svg", b"<svg/>", "image/svg+xml")}).status_code == 400
    )
    assert viewer.browser.post("/empresa/logo/quitar").status_code == 403
    owner.browser.post("/empresa/logo/quitar")
    assert owner.browser.get("/empresa/logo.png").status_code == 404


def _row(person: Person) -> object:
    with db.tenant(person.scope) as connection:
        return connection.execute(
            "SELECT country, currency, locale, timezone, region FROM companies WHERE id = %s", [person.scope.company_id]
        ).fetchone()


def _send(person: Person, **changed: str) -> int:
    form = {**FORM, "tax": "", "country": "CL", "region": "Maule", "timezone": "America/Santiago", **changed}
    return person.browser.post("/empresa/perfil", data=form).status_code


def test_region_and_clock_are_those_of_the_list(owner: Person):
    assert _send(owner, timezone="America/Punta_Arenas") == 303
    assert _row(owner) == ("CL", "CLP", "es-CL", "America/Punta_Arenas", "Maule")
    for wrong in ({"region": "Atlántida"}, {"timezone": "Marte/Olympus"}, {"country": "ZZ"}, {"name": " "}):
        assert _send(owner, **wrong) == 400
    assert _row(owner) == ("CL", "CLP", "es-CL", "America/Punta_Arenas", "Maule")
    told = owner.browser.post("/empresa/perfil", data={**FORM, "tax": "1-1", "region": "Ñuble"}).text
    assert 'value="1-1"' in told  # what was typed stays
    assert "<option selected>Ñuble" in told


def test_a_new_country_brings_its_money_and_clock_while_there_is_no_data(owner: Person):
    assert _send(owner) == 303
    assert _send(owner, country="AR") == 303
    assert _row(owner) == ("AR", "ARS", "es-AR", "America/Argentina/Buenos_Aires", "")
    assert _send(owner, country="AR", region="Mendoza", timezone="America/Argentina/Buenos_Aires") == 303
    assert _row(owner) == ("AR", "ARS", "es-AR", "America/Argentina/Buenos_Aires", "Mendoza")


def test_with_data_the_money_stays_and_it_is_said(owner: Person):
    with db.tenant(owner.scope) as connection:
        ingest.receive(owner.scope, "ventas.csv", BytesIO(b"Fecha;Total\n01/10/2026;100\n"), connection)
    answer = owner.browser.post("/empresa/perfil", data={**FORM, "tax": "", "country": "AR"})
    assert answer.headers["location"].endswith("moneda=1")
    assert "La moneda sigue siendo CLP" in owner.browser.get(answer.headers["location"]).text
    assert _row(owner)[:3] == ("AR", "CLP", "es-CL")


def test_a_name_stands_on_one_line(owner: Person):
    sent = {"name": "Café\r\nBcc: alguien\0", "kind": "pan\nadería"}
    assert owner.browser.post("/empresa/perfil", data=sent).status_code == 303
    with db.tenant(owner.scope) as connection:
        kept = connection.execute(
            "SELECT name, sector FROM companies WHERE id = %s", [owner.scope.company_id]
        ).fetchone()
    assert kept == ("Café Bcc: alguien", "pan adería")
