"""Members come by invitation, change what they are, and leave; an owner always stays."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from core import auth, db
from core.auth import invitations, tickets
from core.auth.invitations import Invitation
from core.errors import AyniError, BadInput, Conflict, Forbidden, NotFound, NotSignedIn, TooMany
from core.tenancy import Role, Scope
from tests.core.auth.people import PASSWORD, account, noted, signed_in


def invite(scope: Scope, email: str = "", role: str = "analyst") -> tuple[Invitation, str]:
    with db.tenant(scope) as connection:
        made = invitations.invite(email or f"{uuid4().hex}@example.test", role, scope, connection)
    return made, invitations.ticket(made, scope)


def test_a_new_person_makes_their_account_with_the_ticket_and_only_once(database: None):
    scope = signed_in()
    made, ticket = invite(scope, " Nueva.Socia@Example.test ".replace("Nueva", uuid4().hex))
    door = invitations.invited(ticket)
    assert (door.company, door.invitation.role, door.invitation.by) == (scope.company, Role.analyst, "Rosa")
    user = invitations.accept_as_new(ticket, "  Ana   María ", PASSWORD)
    assert (user.email, user.name) == (made.email, "Ana María")
    joined = auth.scope_for(user.id, scope.company.slug)
    assert joined.role is Role.analyst
    for again in (
        lambda: invitations.invited(ticket),
        lambda: invitations.accept_as_new(ticket, "Ana", PASSWORD),
        lambda: invitations.accept(ticket, user),
    ):
        with pytest.raises(NotFound):
            again()
    assert auth.sign_in(user.email, PASSWORD, f"ip-{uuid4()}").id == user.id
    assert noted(scope) == [("invited", f"{user.email}: analyst"), ("joined", f"{user.email}: analyst")]


def test_who_gave_no_name_invites_by_their_address(database: None):
    scope = signed_in()
    with db.owner() as connection:
        connection.execute("UPDATE users SET name = '' WHERE id = %s", [scope.user_id])
    made, _ = invite(scope)
    assert made.by == auth.user(scope.user_id).email


def test_whoever_has_an_account_adds_the_company_to_it(database: None):
    scope = signed_in()
    user, first = account()
    _, ticket = invite(scope, user.email, "viewer")
    with pytest.raises(Conflict):
        invitations.accept_as_new(ticket, "Otra", PASSWORD)
    other, _ = account()
    with pytest.raises(Forbidden):  # a forwarded mail lets nobody else in
        invitations.accept(ticket, other)
    assert invitations.accept(ticket, user) == scope.company
    assert [m.company for m in auth.memberships(user.id)] == [first, scope.company]


def test_to_invite_says_nothing_about_who_has_an_account(database: None):
    scope = signed_in()
    known, _ = account()
    (one, _), (two, _) = invite(scope, known.email), invite(scope)
    assert (one.role, one.sent, one.over, one.by) == (two.role, two.sent, two.over, two.by)


def test_a_member_is_not_invited_and_an_open_invitation_is_renewed(database: None):
    scope = signed_in()
    with pytest.raises(Conflict):
        invite(scope, auth.user(scope.user_id).email)
    made, old = invite(scope)
    again, new = invite(scope, made.email, "finance")
    assert (again.id, again.sent, again.role) == (made.id, 2, Role.finance)
    with pytest.raises(NotFound):
        invitations.invited(old)
    assert invitations.invited(new).invitation.role is Role.finance


def test_sending_again_ends_the_earlier_link_and_has_its_limit(database: None):
    scope = signed_in()
    made, old = invite(scope)
    with db.tenant(scope) as connection:
        renewed = invitations.resend(made.id, scope, connection)
    with pytest.raises(NotFound):
        invitations.invited(old)
    assert invitations.invited(invitations.ticket(renewed, scope)).invitation.email == made.email
    for _ in range(invitations.MOST_SENT - 2):
        with db.tenant(scope) as connection:
            invitations.resend(made.id, scope, connection)
    with pytest.raises(TooMany), db.tenant(scope) as connection:
        invitations.resend(made.id, scope, connection)


def test_revoked_outlived_forged_and_foreign_tickets_let_nobody_in(database: None):
    scope, other = signed_in(), signed_in()
    made, ticket = invite(scope)
    late = datetime.now(UTC) - timedelta(days=8)
    claims = {"company": str(scope.company_id), "invitation": str(made.id), "sent": 1}
    for bad in (
        tickets.sign("invitation", invitations.DAYS * 86400, late, **claims),
        tickets.sign("reset", 3600, **claims),
        tickets.sign("invitation", 3600, **{**claims, "company": str(other.company_id)}),
        tickets.sign("invitation", 3600, **{**claims, "company": str(UUID(int=0))}),
        tickets.sign("invitation", 3600, **{**claims, "sent": 2}),
        ticket[:-4],
        "",
    ):
        with pytest.raises(NotFound):
            invitations.accept_as_new(bad, "Ana", PASSWORD)
    with db.owner() as connection:  # the table's word counts too, whatever the ticket says
        connection.execute("SET ROLE NONE")
        connection.execute("UPDATE invitations SET expires_at = now() WHERE id = %s", [made.id])
    with pytest.raises(NotFound):
        invitations.invited(ticket)
    made, ticket = invite(scope)
    for someone in (other,):
        with pytest.raises(NotFound), db.tenant(someone) as connection:
            invitations.revoke_invitation(made.id, someone, connection)
    with db.tenant(scope) as connection:
        invitations.revoke_invitation(made.id, scope, connection)
    with pytest.raises(NotFound):
        invitations.accept_as_new(ticket, "Ana", PASSWORD)
    assert [i.email for i in _open(scope)] != [made.email]


def test_the_invitations_of_who_leaves_or_becomes_less_end_with_it(database: None):
    scope = signed_in()
    second, third = signed_in(Role.owner, scope.company), signed_in(Role.owner, scope.company)
    (first, kept), (_, by_second), (mine, by_third) = invite(scope), invite(second), invite(third)
    assert second.user_id
    assert third.user_id
    with db.tenant(scope) as connection:
        auth.change_role(second.user_id, "owner", scope, connection)  # nothing changes
        assert len(invitations.open_invitations(scope, connection)) == 3
        auth.change_role(second.user_id, "analyst", scope, connection)
        auth.remove_member(third.user_id, scope, connection)
        assert [i.id for i in invitations.open_invitations(scope, connection)] == [first.id]
    for ended in (by_second, by_third):
        with pytest.raises(NotFound):
            invitations.accept_as_new(ended, "Ana", PASSWORD)
    assert invitations.invited(kept).invitation.email == first.email
    assert ("invitation_revoked", mine.email) in noted(scope)


def test_an_inviter_who_was_made_less_by_the_operator_lets_nobody_in_until_another_sends_it_again(database: None):
    scope = signed_in()
    second = signed_in(Role.owner, scope.company)
    made, ticket = invite(second)
    auth.add_member(scope.company, auth.user(second.user_id or UUID(int=0)).email, Role.viewer)
    with pytest.raises(NotFound):
        invitations.invited(ticket)
    with db.tenant(scope) as connection:
        again = invitations.resend(made.id, scope, connection)
    assert invitations.invited(invitations.ticket(again, scope)).invitation.id == made.id


def test_a_day_has_its_limit(database: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(invitations, "MOST_A_DAY", 2)
    scope = signed_in()
    invite(scope), invite(scope)
    with pytest.raises(TooMany):
        invite(scope)


@pytest.mark.parametrize("email", ["", "ana", "a@b@c", "a@b.test\nBcc: x@y.z", "<a@b.test>", "a,b@c.test"])
def test_what_is_no_address_gets_no_mail(database: None, email: str):
    with pytest.raises(BadInput):
        invite(signed_in(), email or " ")


def test_nobody_is_invited_to_operate_ayni(database: None):
    for role in ("operator", "dueño", ""):
        with pytest.raises(BadInput):
            invite(signed_in(), role=role)


def test_roles_change_and_members_leave_with_their_keys(database: None):
    owner = signed_in()
    analyst = signed_in(Role.analyst, owner.company)
    token = auth.create_token(auth.operator_scope(owner.company.slug), auth.user(analyst.user_id).email, "x")
    with db.tenant(owner) as connection:
        auth.change_role(analyst.user_id, "viewer", owner, connection)
    assert auth.scope_for(analyst.user_id).role is Role.viewer
    with db.tenant(owner) as connection:
        auth.remove_member(analyst.user_id, owner, connection)
    assert auth.memberships(analyst.user_id) == []
    with pytest.raises(NotSignedIn):
        auth.token_scope(token)
    email = auth.user(analyst.user_id).email
    assert noted(owner)[-2:] == [("member_role", f"{email}: analyst → viewer"), ("member_removed", email)]


def test_the_only_owner_can_neither_leave_nor_become_less(database: None):
    owner = signed_in()
    for act in (
        lambda c: auth.remove_member(owner.user_id, owner, c),
        lambda c: auth.change_role(owner.user_id, "analyst", owner, c),
    ):
        with pytest.raises(Conflict), db.tenant(owner) as connection:
            act(connection)
    second = signed_in(Role.owner, owner.company)
    with db.tenant(owner) as connection:
        auth.change_role(owner.user_id, "analyst", owner, connection)
    with pytest.raises(Conflict), db.tenant(second) as connection:
        auth.remove_member(second.user_id, second, connection)


def test_two_owners_who_remove_each_other_at_once_do_not_both_succeed(database: None):
    one = signed_in()
    two = signed_in(Role.owner, one.company)
    ready, told = threading.Barrier(2), []

    def remove(by: Scope, whom: UUID | None) -> None:
        ready.wait()
        try:
            with db.tenant(by) as connection:
                auth.remove_member(whom, by, connection)
            told.append("gone")
        except AyniError as problem:
            told.append(problem.code)

    threads = [threading.Thread(target=remove, args=pair) for pair in ((one, two.user_id), (two, one.user_id))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["gone", "last_owner"]
    left = one if auth.memberships(one.user_id) else two
    with db.tenant(left) as connection:
        assert [m.role for m in auth.members(left, connection)] == [Role.owner]


def test_members_of_another_company_cannot_be_touched(database: None):
    mine, theirs = signed_in(), signed_in()
    signed_in(Role.owner, theirs.company)
    for act in (
        lambda c: auth.remove_member(theirs.user_id, mine, c),
        lambda c: auth.change_role(theirs.user_id, "viewer", mine, c),
    ):
        with pytest.raises(NotFound), db.tenant(mine) as connection:
            act(connection)
    with db.tenant(mine) as connection:  # nor by the table itself
        assert connection.execute("DELETE FROM memberships WHERE user_id = %s", [theirs.user_id]).rowcount == 0
    both, _ = account()
    for scope in (mine, theirs):
        auth.add_member(scope.company, both.email, Role.viewer)
    with db.tenant(auth.scope_for(both.id, mine.company.slug)) as connection:  # one's own other company neither
        changed = connection.execute("UPDATE memberships SET role = 'owner' WHERE user_id = %s", [both.id]).rowcount
        connection.rollback()
    assert changed == 1
    assert auth.scope_for(both.id, theirs.company.slug).role is Role.viewer


def _open(scope: Scope) -> list[Invitation]:
    with db.tenant(scope) as connection:
        return invitations.open_invitations(scope, connection)
