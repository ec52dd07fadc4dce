"""An API key does what its scopes say, never more than its member may, and until it ends."""

from uuid import uuid4

import pytest

from core import auth, db
from core.auth.keys import SCOPES
from core.auth.members import ROLES
from core.errors import BadInput, Forbidden, NotFound, NotSignedIn
from core.tenancy import PERMISSIONS, Permission, Role
from tests.core.auth.people import account, noted, signed_in


def test_a_key_may_what_it_was_given_and_its_role_still_allows(database: None):
    scope = signed_in(Role.analyst)
    with db.tenant(scope) as connection:
        token = auth.create_key("Caja", ["upload", "download"], None, scope, connection)
    key = auth.token_scope(token)
    assert (key.company, key.user_id) == (scope.company, scope.user_id)
    assert {p for p in Permission if key.may(p)} == {Permission.upload, Permission.download}
    auth.add_member(scope.company, auth.user(scope.user_id).email, Role.operations)
    assert {p for p in Permission if auth.token_scope(token).may(p)} == {Permission.upload}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_makes_a_key_that_may_more_than_they(database: None, role: Role):
    scope = signed_in(role)
    for wanted in SCOPES:
        with db.tenant(scope) as connection:
            if wanted in PERMISSIONS[role]:
                assert auth.create_key("x", [wanted], 1, scope, connection).startswith("ayni_")
            else:
                with pytest.raises(Forbidden):
                    auth.create_key("x", [wanted], 1, scope, connection)


def test_no_key_manages_a_company(database: None):
    scope = signed_in()
    for wanted in set(Permission) - set(SCOPES):
        with pytest.raises(BadInput), db.tenant(scope) as connection:
            auth.create_key("x", [wanted.value], None, scope, connection)
    with db.tenant(scope) as connection:
        token = auth.create_key("x", [s.value for s in SCOPES], None, scope, connection)
    for beyond in (Permission.manage, Permission.privacy, Permission.audit, Permission.operate):
        assert not auth.token_scope(token).may(beyond)


def test_a_key_without_name_scope_or_sense_is_refused(database: None):
    scope = signed_in()
    for name, scopes, days in (("", ["look"], None), ("x", [], None), ("x", ["todo"], None), ("x", ["look"], 0)):
        with pytest.raises(BadInput), db.tenant(scope) as connection:
            auth.create_key(name, scopes, days, scope, connection)
    with pytest.raises(BadInput), db.tenant(auth.operator_scope(scope.company.slug)) as connection:
        auth.create_key("x", ["look"], None, auth.operator_scope(scope.company.slug), connection)


def test_a_key_ends_on_its_day(database: None):
    scope = signed_in()
    with db.tenant(scope) as connection:
        token = auth.create_key("x", ["look"], 30, scope, connection)
    assert auth.token_scope(token).company == scope.company
    with db.owner() as connection:
        connection.execute("UPDATE api_tokens SET expires_at = now() WHERE company_id = %s", [scope.company_id])
    with pytest.raises(NotSignedIn):
        auth.token_scope(token)


def test_one_sees_and_revokes_ones_own_and_who_manages_all(database: None):
    owner = signed_in()
    viewer = signed_in(Role.viewer, owner.company)
    made = {}
    for scope in (owner, viewer):
        with db.tenant(scope) as connection:
            made[scope] = auth.create_key("x", ["look"], None, scope, connection)
    with db.tenant(viewer) as connection:
        assert [k.user_id for k in auth.keys(viewer, connection)] == [viewer.user_id]
    with db.tenant(owner) as connection:
        both = {k.user_id: k.id for k in auth.keys(owner, connection)}
    assert set(both) == {owner.user_id, viewer.user_id}
    stranger = signed_in()
    for scope, id in ((viewer, both[owner.user_id]), (stranger, both[owner.user_id]), (owner, uuid4())):
        with pytest.raises(NotFound), db.tenant(scope) as connection:
            auth.revoke_key(id, scope, connection)
    with db.tenant(owner) as connection:
        auth.revoke_key(both[viewer.user_id], owner, connection)
    with pytest.raises(NotSignedIn):
        auth.token_scope(made[viewer])
    assert auth.token_scope(made[owner]).company == owner.company
    assert noted(owner) == [("key_created", "x: look"), ("key_created", "x: look"), ("key_revoked", "x")]


def test_the_operators_key_is_as_wide_as_asked_or_as_its_member(database: None):
    user, company = account(Role.viewer)
    operator = auth.operator_scope(company.slug)
    assert auth.token_scope(auth.create_token(operator, user.email, "a")).allowed == {Permission.look}
    with pytest.raises(Forbidden):
        auth.create_token(operator, user.email, "b", ["upload"])
    auth.create_token(operator, user.email, "c", ["look"], 7)
    told = auth.tokens(operator)
    assert [(t["name"], t["scopes"], bool(t["expires"])) for t in told] == [("a", "look", False), ("c", "look", True)]
