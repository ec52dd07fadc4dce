"""Nueva empresa: an owner founds another company and goes on in it."""

from collections.abc import Callable

from core import auth
from core.tenancy import Role
from tests.server.conftest import Person

TYPED = {"name": "Café <Luna>", "kind": "cafeteria", "country": "CL", "tax": "76.543.210-3"}


def test_the_new_company_is_the_one_worked_in(owner: Person):
    browser = owner.browser
    assert 'href="/empresas/nueva"' in browser.get("/empresa").text
    answer = browser.post("/empresas/nueva", data=TYPED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/datos")
    page = browser.get("/datos").text
    assert "Café &lt;Luna&gt;" in page
    assert owner.scope.company.name in page  # to go back to
    assert browser.get("/personas").status_code == 200
    slugs = [m.company.slug for m in auth.memberships(owner.user.id)]
    assert len(slugs) == 2


def test_what_was_typed_stays_and_what_is_wrong_is_told(owner: Person):
    answer = owner.browser.post("/empresas/nueva", data={**TYPED, "tax": "76.543.210-9"})
    assert answer.status_code == 400
    assert "no es un RUT" in answer.text
    assert 'value="Café &lt;Luna&gt;"' in answer.text
    assert 'value="76.543.210-9"' in answer.text
    assert len(auth.memberships(owner.user.id)) == 1


def test_an_owner_elsewhere_may_and_others_see_no_door(owner: Person, person: Callable[..., Person]):
    guest = person(Role.viewer)
    assert "/empresas/nueva" not in guest.browser.get("/empresa").text
    assert guest.browser.get("/empresas/nueva").status_code == 403
    auth.add_member(guest.scope.company, owner.user.email, Role.viewer)
    owner.browser.post("/empresa", data={"slug": guest.scope.company.slug})
    assert owner.browser.get("/empresas/nueva").status_code == 200
