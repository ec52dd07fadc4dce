"""A session is a row one can see and close; the cookie is worth what its row is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import jwt
import pytest

from core import auth, db
from core.auth import session
from core.auth.accounts import MOST_NEW_EMAILS
from core.auth.session import open_session, session_secret
from core.errors import BadInput, NotFound, NotSignedIn, TooMany
from tests.core.auth.people import PASSWORD, account, noted, somewhere


def test_each_sign_in_is_listed_with_its_device_and_one_can_be_closed(database: None):
    user, company = account()
    phone = auth.session_token(user, company.slug, address="10.0.0.7", agent="Mozilla/5.0 (iPhone) Safari")
    desk = auth.session_token(user, company.slug)
    listed = auth.devices(user.id)
    assert {(d.address, d.agent) for d in listed} == {("10.0.0.7", "Mozilla/5.0 (iPhone) Safari"), ("", "")}
    auth.close(user.id, auth.read_session(phone).id)
    with pytest.raises(NotSignedIn):
        auth.session_scope(phone)
    assert auth.session_scope(desk).company == company
    assert [d.id for d in auth.devices(user.id)] == [auth.read_session(desk).id]


def test_nobody_sees_or_closes_the_sessions_of_others(database: None):
    user, company = account()
    other, _ = account(company=company)
    token = auth.session_token(user, company.slug)
    with pytest.raises(NotFound):
        auth.close(other.id, auth.read_session(token).id)
    assert auth.devices(other.id) == []
    with db.tenant(auth.scope_for(other.id, company.slug)) as connection:
        assert connection.execute("SELECT count(*) FROM user_sessions").fetchone() == (0,)
        assert connection.execute("DELETE FROM user_sessions").rowcount == 0
    assert auth.session_scope(token).company == company


def test_a_well_signed_cookie_without_its_row_is_worth_nothing(database: None):
    user, company = account()
    claims = jwt.decode(auth.session_token(user, company.slug), options={"verify_signature": False})
    for metadata in ({**claims["metadata"], "session": str(uuid4())}, {"company": company.slug, "version": 0}):
        with pytest.raises(NotSignedIn):
            auth.session_scope(jwt.encode({**claims, "metadata": metadata}, session_secret(), "HS256"))


def test_a_row_whose_time_is_over_ends_the_session_and_is_swept_away(database: None):
    user, company = account()
    token = auth.session_token(user, company.slug)
    with db.owner() as connection:
        connection.execute("UPDATE user_sessions SET expires_at = now() WHERE user_id = %s", [user.id])
    with pytest.raises(NotSignedIn):
        auth.session_scope(token)
    assert auth.devices(user.id) == []
    auth.session_token(user, company.slug)
    with db.identity(user.id) as connection:
        assert connection.execute("SELECT count(*) FROM user_sessions").fetchone() == (1,)


def test_the_last_use_is_kept_without_a_write_for_each_request(database: None):
    user, company = account()
    token = auth.session_token(user, company.slug)

    def seen() -> datetime:
        return auth.devices(user.id)[0].last_seen

    first = seen()
    auth.session_scope(token)
    assert seen() == first
    with db.owner() as connection:
        connection.execute(
            "UPDATE user_sessions SET last_seen_at = now() - interval '1 hour' WHERE user_id = %s", [user.id]
        )
    auth.session_scope(token)
    assert datetime.now(UTC) - seen() < timedelta(minutes=1)


def test_a_session_costs_two_rounds_to_the_database(database: None, monkeypatch: pytest.MonkeyPatch):
    """Who it is, told to the transaction; and account, session and companies in one look."""
    user, company = account()
    token = auth.session_token(user, company.slug)
    asked: list[str] = []
    with db.identity(user.id) as connection:
        pooled = type(connection)
    real = pooled.execute

    def listened(self: db.Connection, query: object, *words: object, **named: object) -> object:
        asked.append(str(query))
        return real(self, query, *words, **named)

    monkeypatch.setattr(pooled, "execute", listened)
    auth.session_scope(token)
    assert len(asked) == 2


def test_a_person_without_a_company_is_signed_in_all_the_same(database: None):
    user, _ = account(role=None)
    opened, mine = open_session(auth.session_token(user, None))
    assert (opened.user_id, mine) == (user.id, [])


def test_a_new_password_keeps_this_session_and_ends_the_others(database: None):
    user, company = account()
    here, there = (auth.session_token(user, company.slug) for _ in range(2))
    kept = auth.read_session(here)
    with pytest.raises(BadInput):
        auth.change_password(user, "no es", "una clave nueva", somewhere(), kept.id)
    with pytest.raises(BadInput):
        auth.change_password(user, PASSWORD, "corta", somewhere(), kept.id)
    changed = auth.change_password(user, PASSWORD, "una clave nueva", somewhere(), kept.id)
    for old in (here, there):
        with pytest.raises(NotSignedIn):
            auth.session_scope(old)
    again = session.written(replace(kept, token_version=changed.token_version))
    assert auth.session_scope(again).company == company
    assert noted(auth.scope_for(user.id, company.slug)) == [("password", "")]


def test_a_new_address_counts_once_its_reader_confirms_it(database: None):
    user, company = account()
    taken, _ = account()
    new = f"{uuid4().hex}@example.test"
    with pytest.raises(BadInput):
        auth.ask_new_email(user, new, "no es", somewhere())
    to, ticket = auth.ask_new_email(user, f" {new.upper()} ", PASSWORD, somewhere())
    assert to == new
    _, elsewhere = auth.ask_new_email(user, f"{uuid4().hex}@example.test", PASSWORD, somewhere())
    forgotten = auth.ask_reset(user.email, somewhere())
    assert forgotten is not None
    assert auth.user(user.id).email == user.email
    assert auth.confirm_new_email(ticket) == (user.email, new)
    assert auth.sign_in(new, PASSWORD, somewhere()).id == user.id
    for used in (ticket, elsewhere):
        with pytest.raises(NotFound):
            auth.confirm_new_email(used)
    with pytest.raises(NotFound):  # a link that still lies in the old mailbox
        auth.check_reset(forgotten[1])
    _, theirs = auth.ask_new_email(auth.user(user.id), taken.email, PASSWORD, somewhere())
    with pytest.raises(Exception, match="user_exists"):
        auth.confirm_new_email(theirs)
    assert noted(auth.scope_for(user.id, company.slug)) == [("user_email", f"{user.email} → {new}")]


def test_no_session_opens_while_the_code_is_to_come(database: None):
    half = auth.User(UUID(int=1), "a@example.test", "Rosa", 0, needs_code=True)
    with pytest.raises(NotSignedIn):
        auth.session_token(half, None)


def test_a_new_address_is_not_asked_for_without_end(database: None):
    user, _ = account()
    for _ in range(MOST_NEW_EMAILS):
        auth.ask_new_email(user, f"{uuid4().hex}@example.test", PASSWORD, somewhere())
    with pytest.raises(TooMany):
        auth.ask_new_email(user, f"{uuid4().hex}@example.test", PASSWORD, somewhere())
