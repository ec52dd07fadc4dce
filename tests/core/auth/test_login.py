"""The one login: who gets in, how often one may try, what a session proves, and who makes a scope."""

import runpy
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest

from core import auth, db
from core.auth import login
from core.auth.session import session_secret
from core.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn, TooMany
from core.tenancy import Role
from tests.core.auth.people import PASSWORD, account


def test_signing_in_gives_the_user_whatever_the_case_of_the_address(database: None):
    user, _ = account()
    found = auth.sign_in(f"  {user.email.upper()} ", PASSWORD, "10.0.0.1")
    assert (found.id, found.name, found.token_version) == (user.id, "Rosa", 0)


@pytest.mark.parametrize("unknown", [True, False])
def test_a_wrong_address_and_a_wrong_password_are_told_alike_and_both_checked(
    database: None, monkeypatch: pytest.MonkeyPatch, unknown: bool
):
    user, _ = account()
    checked: list[str] = []
    real = login.check_password
    monkeypatch.setattr(login, "check_password", lambda hashed, given: checked.append(hashed) or real(hashed, given))
    with pytest.raises(NotSignedIn) as told:
        auth.sign_in("nadie@example.test" if unknown else user.email, "otra clave", f"ip-{uuid4()}")
    assert told.value.code == "login"
    assert len(checked) == 1
    assert checked[0].startswith("$argon2id$")


def test_a_password_is_hashed_at_a_cost_that_guessing_feels():
    hasher = runpy.run_path(login.__file__)["_hasher"]  # as the product has it: the tests' own is cheaper
    assert hasher.memory_cost >= 64 * 1024
    assert hasher.time_cost >= 3
    assert hasher.hash("una clave larga").startswith("$argon2id$")


def test_too_many_tries_are_refused_even_with_the_right_password(database: None):
    user, _ = account()
    here = f"ip-{uuid4()}"
    for _ in range(login.TRIES_PAIR):
        with pytest.raises(NotSignedIn):
            auth.sign_in(user.email, "mala", here)
    with pytest.raises(TooMany):
        auth.sign_in(user.email, PASSWORD, here)
    assert auth.sign_in(user.email, PASSWORD, f"ip-{uuid4()}").id == user.id  # a stranger can't lock the owner out


def test_a_stranger_who_goes_on_trying_does_not_lock_the_owner_out(database: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(login, "TRIES_ACCOUNT", login.TRIES_PAIR + 3)
    user, _ = account()
    here = f"ip-{uuid4()}"
    for _ in range(login.TRIES_ACCOUNT + 5):
        with pytest.raises((NotSignedIn, TooMany)):
            auth.sign_in(user.email, "mala", here)
    assert auth.sign_in(user.email, PASSWORD, f"ip-{uuid4()}").id == user.id


def test_an_account_is_guarded_against_many_addresses(database: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(login, "TRIES_ACCOUNT", 3)
    user, _ = account()
    for _ in range(login.TRIES_ACCOUNT):
        with pytest.raises(NotSignedIn):
            auth.sign_in(user.email, "mala", f"ip-{uuid4()}")
    with pytest.raises(TooMany):
        auth.sign_in(user.email, PASSWORD, f"ip-{uuid4()}")


def test_an_address_that_no_database_can_hold_is_only_a_wrong_one(database: None):
    with pytest.raises(NotSignedIn):
        auth.sign_in("na\0die@example.test", "otra clave", f"ip-{uuid4()}")


def test_getting_in_forgives_earlier_tries(database: None):
    user, _ = account()
    here = f"ip-{uuid4()}"
    for _ in range(3):
        for _ in range(login.TRIES_PAIR - 1):
            with pytest.raises(NotSignedIn):
                auth.sign_in(user.email, "mala", here)
        auth.sign_in(user.email, PASSWORD, here)


def test_a_session_gives_the_scope_of_the_chosen_company(database: None):
    user, first = account()
    second = auth.create_company(f"Segunda {uuid4().hex[:8]}")
    auth.add_member(second, user.email, Role.viewer)
    scope = auth.session_scope(auth.session_token(user, second.slug))
    assert (scope.company, scope.role, scope.user_id) == (second, Role.viewer, user.id)
    assert auth.session_scope(auth.session_token(user, None)).company == first
    assert [m.company.slug for m in auth.memberships(user.id)] == [first.slug, second.slug]


def test_a_session_for_a_company_of_others_falls_back_to_ones_own(database: None):
    user, mine = account()
    _, other = account()
    assert auth.session_scope(auth.session_token(user, other.slug)).company == mine
    with pytest.raises(NotFound):
        auth.scope_for(user.id, other.slug)


def test_signing_out_everywhere_or_a_new_password_ends_every_session(database: None):
    user, company = account()
    token = auth.session_token(user, company.slug)
    auth.sign_out_everywhere(user.id)
    with pytest.raises(NotSignedIn):
        auth.session_scope(token)
    again = auth.sign_in(user.email, PASSWORD, "10.0.0.2")
    token = auth.session_token(again, None)
    assert auth.session_scope(token).company == company
    auth.set_password(user.email, "una clave nueva")
    with pytest.raises(NotSignedIn):
        auth.session_scope(token)
    assert auth.sign_in(user.email, "una clave nueva", "10.0.0.2").id == user.id


def test_forged_expired_and_unsigned_sessions_prove_nothing(database: None):
    user, company = account()
    good = auth.session_token(user, company.slug)
    claims = jwt.decode(good, options={"verify_signature": False})
    old = auth.session_token(user, company.slug, datetime.now(UTC) - timedelta(days=60))
    endless = jwt.encode({k: v for k, v in claims.items() if k != "exp"}, session_secret(), "HS256")
    for bad in (
        jwt.encode(claims, "otro secreto de treinta y dos letras", "HS256"),
        jwt.encode(claims, None, "none"),
        good[:-2],
        old,
        endless,
        jwt.encode({**claims, "identifier": "1 OR 1=1"}, session_secret(), "HS256"),
        jwt.encode({**claims, "metadata": None}, session_secret(), "HS256"),
        "",
        None,
    ):
        with pytest.raises(NotSignedIn):
            auth.session_scope(bad)


def test_an_account_without_a_company_is_told_so(database: None):
    user, _ = account(role=None)
    with pytest.raises(Forbidden):
        auth.scope_for(user.id)


def test_a_token_acts_as_its_member_until_they_leave(database: None):
    user, company = account(Role.analyst)
    token = auth.create_token(auth.operator_scope(company.slug), user.email, "caja")
    scope = auth.token_scope(token)
    assert (scope.company, scope.role, scope.user_id) == (company, Role.analyst, user.id)
    with db.owner() as connection:
        assert (
            connection.execute("SELECT 1 FROM api_tokens WHERE token_sha256 = %s", [token.encode()]).fetchone() is None
        )
        connection.execute("DELETE FROM memberships WHERE user_id = %s", [user.id])
    for bad in (token, "ayni_nada", ""):
        with pytest.raises(NotSignedIn):
            auth.token_scope(bad)


def test_a_token_taken_back_is_worth_nothing_at_once(database: None):
    user, company = account()
    mine = auth.operator_scope(company.slug)
    leaked, other = (auth.create_token(mine, user.email, name) for name in ("caja", "web"))
    assert [(t["name"], t["last_used"]) for t in auth.tokens(mine)] == [("caja", ""), ("web", "")]
    assert auth.revoke_tokens(mine, user.email, "caja") == 1
    with pytest.raises(NotSignedIn):
        auth.token_scope(leaked)
    assert auth.token_scope(other).company == company
    _, elsewhere = account()
    with pytest.raises(NotFound):
        auth.revoke_tokens(auth.operator_scope(elsewhere.slug), user.email)


def test_a_token_is_made_for_members_only(database: None):
    user, _ = account()
    _, other = account()
    with pytest.raises(NotFound):
        auth.create_token(auth.operator_scope(other.slug), user.email, "caja")


def test_the_operator_is_told_the_nearest_name(database: None):
    _, company = account()
    assert auth.operator_scope(company.slug).role is Role.operator
    with pytest.raises(NotFound, match="Quisiste decir"):
        auth.operator_scope(company.slug + "x")
    assert auth.company_scope(company.id).company == company
    with pytest.raises(NotFound):
        auth.company_scope(uuid4())


def test_what_cannot_be_is_refused(database: None):
    user, company = account()
    for wrong in (
        lambda: auth.create_company("Otra", slug=company.slug),
        lambda: auth.create_user(user.email, PASSWORD),
    ):
        with pytest.raises(Conflict):
            wrong()
    for wrong in (
        lambda: auth.create_company("  "),
        lambda: auth.create_company("Otra", slug="Con Espacios"),
        lambda: auth.create_company("Otra", country="ZZ"),
        lambda: auth.create_user("sin-arroba", PASSWORD),
        lambda: auth.create_user("a@b.test", "corta"),
        lambda: auth.add_member(company, user.email, Role.operator),
    ):
        with pytest.raises(BadInput):
            wrong()
    with pytest.raises(NotFound):
        auth.add_member(company, "nadie@example.test", Role.owner)


def test_countries_bring_their_money_and_hours(database: None):
    company = auth.create_company(f"Kiosco {uuid4().hex[:8]}", country="ar")
    assert (company.currency, company.timezone, company.locale) == ("ARS", "America/Argentina/Buenos_Aires", "es-AR")


def test_a_name_makes_a_slug():
    assert auth.slugify("  Panadería La Espiga (Ñuñoa) ") == "panaderia-la-espiga-nunoa"


def test_the_runtime_role_cannot_read_the_tries(database: None):
    import psycopg

    with pytest.raises(psycopg.errors.InsufficientPrivilege), db.identity() as connection:
        connection.execute("SELECT * FROM login_failures")
