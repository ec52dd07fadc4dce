"""Another company founded from the web: by an owner, so many and no more, theirs alone."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from core import auth, db
from core.auth.founding import MOST_A_DAY
from core.errors import AyniError, BadInput, Forbidden, TooMany
from core.settings import settings
from core.tenancy import Company, Role
from tests.core.auth.people import account, noted, signed_in

WANTED = auth.Profile("Café Luna Ñuñoa", "cafeteria", "CL", "", "", "76.543.210-3", shares=False)


def test_an_owner_founds_another_company_and_is_its_only_owner(database: None):
    owner = signed_in()
    assert owner.user_id
    company = auth.found_company(WANTED, owner.user_id)
    assert (company.name, company.currency, company.timezone) == ("Café Luna Ñuñoa", "CLP", "America/Santiago")
    assert company.slug.startswith("cafe-luna-nunoa-")
    scope = auth.scope_for(owner.user_id, company.slug)
    assert (scope.company, scope.role) == (company, Role.owner)
    with db.tenant(scope) as connection:
        assert [m.user_id for m in auth.members(scope, connection)] == [owner.user_id]
        assert auth.profile(scope, connection) == auth.Profile(
            company.name, "cafeteria", "CL", "", "America/Santiago", "76543210-3", shares=False
        )
    assert noted(scope) == [("founded", "Café Luna Ñuñoa")]
    twin = auth.found_company(WANTED, owner.user_id)
    assert twin.slug != company.slug


@pytest.mark.parametrize(
    "change",
    [{"name": " "}, {"sector": ""}, {"country": "XX"}, {"country": ""}, {"tax_id": "11.111.111-2"},
     {"timezone": "Mars/Olympus"}],
    ids=str,
)  # fmt: skip
def test_what_a_company_cant_be(database: None, change: dict[str, str]):
    fields = {f: getattr(WANTED, f) for f in WANTED.__slots__} | change
    with pytest.raises(BadInput):
        auth.found_company(auth.Profile(**fields), signed_in().user_id)  # type: ignore[arg-type]


def test_who_owns_none_founds_none(database: None):
    for person in (signed_in(Role.analyst).user_id, account(role=None)[0].id):
        assert person
        with pytest.raises(Forbidden):
            auth.found_company(WANTED, person)


def test_so_many_a_day_and_in_all_whoever_asks_at_once(database: None, monkeypatch: pytest.MonkeyPatch):
    owner = signed_in().user_id
    assert owner

    def attempt(_: int) -> Company | AyniError:
        try:
            return auth.found_company(WANTED, owner)
        except AyniError as problem:
            return problem

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(attempt, range(MOST_A_DAY + 2)))
    assert sum(isinstance(t, Company) for t in told) == MOST_A_DAY
    assert sum(isinstance(t, TooMany) for t in told) == 2
    with db.owner() as connection:
        connection.execute("UPDATE companies SET created_at = now() - interval '2 days' WHERE founded_by = %s", [owner])
    monkeypatch.setattr(settings(), "companies_each", MOST_A_DAY)
    assert isinstance(attempt(0), TooMany)
    monkeypatch.setattr(settings(), "companies_each", 0)
    assert isinstance(attempt(0), Forbidden)


def test_nobody_founds_in_anothers_name_or_over_another_company(database: None):
    """What the policies hold, whatever the code above says."""
    me, other = signed_in(), signed_in()
    insert = "INSERT INTO companies (id, slug, name, founded_by) VALUES (%s, %s, 'x', %s)"
    for id_, founder in ((me.company_id, other.user_id), (other.company_id, me.user_id)):
        with pytest.raises(psycopg.Error), db.tenant(me) as connection:
            connection.execute(insert, [id_, f"x-{id_}", founder])
    with pytest.raises(psycopg.errors.InsufficientPrivilege), db.tenant(me) as connection:
        connection.execute("INSERT INTO companies (id, slug, name, demo) VALUES (%s, 'y', 'y', true)", [me.company_id])
