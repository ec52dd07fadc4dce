"""The second factor: asked after the password, each code good once, its secret unreadable in the table."""

import time

import pytest

from core import auth, db
from core.auth import second_factor, totp
from core.errors import BadInput, Conflict, NotFound, NotSignedIn, TooMany
from tests.core.auth.people import PASSWORD, account, noted, somewhere

NOW = 1_800_000_000.0


def code(secret: bytes, now: float = NOW) -> str:
    return totp.code(secret, int(now) // totp.STEP_SECONDS)


def with_factor() -> tuple[auth.User, bytes, list[str], auth.Membership]:
    user, _ = account()
    secret = second_factor.begin(user, PASSWORD, somewhere())
    codes = second_factor.confirm(user, code(secret, NOW - 30), somewhere(), NOW)
    return user, secret, codes, auth.memberships(user.id)[0]


def test_until_it_is_confirmed_the_login_asks_for_nothing(database: None):
    user, _ = account()
    secret = second_factor.begin(user, PASSWORD, somewhere())
    assert second_factor.pending(user.id) == secret
    assert not auth.sign_in(user.email, PASSWORD, somewhere()).needs_code
    with pytest.raises(BadInput):
        second_factor.confirm(user, "000000" if code(secret) != "000000" else "111111", somewhere(), NOW)
    assert not second_factor.enabled(user.id)
    again = second_factor.begin(user, PASSWORD, somewhere())
    assert again != secret
    with pytest.raises(BadInput):
        second_factor.begin(user, "no es", somewhere())


def test_the_password_alone_opens_no_session_and_the_code_opens_one(database: None):
    user, secret, _, home = with_factor()
    half = auth.sign_in(user.email, PASSWORD, somewhere())
    assert half.needs_code
    with pytest.raises(NotSignedIn):
        auth.session_token(half, None)
    ticket = second_factor.halfway(half)
    with pytest.raises(NotSignedIn):
        second_factor.complete(ticket, "123", somewhere(), NOW)
    whole = second_factor.complete(ticket, f" {code(secret)[:3]} {code(secret)[3:]} ", somewhere(), NOW)
    assert auth.session_scope(auth.session_token(whole, None)).company == home.company


def test_a_code_seen_over_the_shoulder_serves_nobody_twice(database: None):
    user, secret, _, _ = with_factor()
    ticket = second_factor.halfway(user)
    second_factor.complete(ticket, code(secret), somewhere(), NOW)
    for at in (NOW, NOW + 20):
        with pytest.raises(NotSignedIn):
            second_factor.complete(ticket, code(secret), somewhere(), at)


def test_a_recovery_code_serves_once_however_it_is_written(database: None):
    user, _, codes, home = with_factor()
    assert len(set(codes)) == second_factor.CODES
    ticket = second_factor.halfway(user)
    second_factor.complete(ticket, codes[0].upper().replace("-", " "), somewhere(), NOW)
    assert second_factor.codes_left(user.id) == second_factor.CODES - 1
    with pytest.raises(NotSignedIn):
        second_factor.complete(ticket, codes[0], somewhere(), NOW)
    fresh = second_factor.renew_codes(user, PASSWORD, somewhere())
    with pytest.raises(NotSignedIn):
        second_factor.complete(ticket, codes[1], somewhere(), NOW)
    second_factor.complete(ticket, fresh[1], somewhere(), NOW)
    told = [action for action, _ in noted(auth.scope_for(user.id, home.company.slug))]
    assert told == ["second_factor", "recovery_code_used", "recovery_codes", "recovery_code_used"]


def test_guessing_is_stopped_also_from_many_addresses(database: None):
    user, secret, _, _ = with_factor()
    ticket, here = second_factor.halfway(user), somewhere()
    for _ in range(second_factor.TRIES_PAIR):
        with pytest.raises(NotSignedIn):
            second_factor.complete(ticket, "no", here, NOW)
    with pytest.raises(TooMany):
        second_factor.complete(ticket, code(secret), here, NOW)
    for _ in range(second_factor.TRIES_ACCOUNT - second_factor.TRIES_PAIR):
        with pytest.raises(NotSignedIn):
            second_factor.complete(ticket, "no", somewhere(), NOW)
    with pytest.raises(TooMany):
        second_factor.complete(ticket, code(secret), somewhere(), NOW)


def test_the_halfway_ticket_ends_with_time_and_with_a_new_password(database: None, monkeypatch: pytest.MonkeyPatch):
    user, secret, _, _ = with_factor()
    ticket = second_factor.halfway(user)
    for bad in ("", "x.y.z", auth.session_token(user, None)):
        with pytest.raises(NotSignedIn):
            second_factor.complete(bad, code(secret), somewhere(), NOW)
    monkeypatch.setattr(second_factor, "HALFWAY_SECONDS", -1)
    with pytest.raises(NotSignedIn):
        second_factor.complete(second_factor.halfway(user), code(secret), somewhere(), NOW)
    auth.set_password(user.email, "una clave nueva")
    with pytest.raises(NotSignedIn):
        second_factor.complete(ticket, code(secret), somewhere(), NOW)


def test_turning_it_off_takes_the_password_and_takes_everything_along(database: None):
    user, _, codes, _ = with_factor()
    with pytest.raises(Conflict):
        second_factor.begin(user, PASSWORD, somewhere())
    with pytest.raises(BadInput):
        second_factor.disable(user, "no es", somewhere())
    second_factor.disable(user, PASSWORD, somewhere())
    assert (second_factor.enabled(user.id), second_factor.codes_left(user.id)) == (False, 0)
    assert not auth.sign_in(user.email, PASSWORD, somewhere()).needs_code
    with pytest.raises(NotSignedIn):
        second_factor.complete(second_factor.halfway(user), codes[0], somewhere(), NOW)


def test_the_operator_turns_it_off_for_whoever_lost_everything(database: None):
    user, _, _, _ = with_factor()
    second_factor.disable_for(user.email)
    assert not second_factor.enabled(user.id)
    with pytest.raises(NotFound):
        second_factor.disable_for(user.email)


def test_the_table_holds_neither_secret_nor_codes_and_a_row_moved_elsewhere_opens_nothing(database: None):
    user, secret, codes, _ = with_factor()
    other, _, _, _ = with_factor()
    with db.owner() as connection:
        kept = connection.execute("SELECT secret FROM second_factors WHERE user_id = %s", [user.id]).fetchone()
        hashes = connection.execute("SELECT code_hash FROM recovery_codes WHERE user_id = %s", [user.id]).fetchall()
        assert kept is not None
        assert secret not in bytes(kept[0])
        assert all(c.replace("-", "").encode() not in bytes(h) for (h,) in hashes for c in codes)
        connection.execute("UPDATE second_factors SET secret = %s WHERE user_id = %s", [kept[0], other.id])
    with pytest.raises(Conflict):
        second_factor.complete(second_factor.halfway(other), code(secret), somewhere(), NOW)


def test_nobody_reads_the_factor_of_another_member(database: None):
    user, _, _, home = with_factor()
    colleague, _ = account(company=home.company)
    with db.tenant(auth.scope_for(colleague.id, home.company.slug)) as connection:
        for count in ("SELECT count(*) FROM second_factors", "SELECT count(*) FROM recovery_codes"):
            assert connection.execute(count).fetchone() == (0,)
        for wipe in ("DELETE FROM second_factors", "DELETE FROM recovery_codes"):
            assert connection.execute(wipe).rowcount == 0
    assert second_factor.enabled(user.id)


def test_the_clock_is_the_machines(database: None):
    user, _ = account()
    secret = second_factor.begin(user, PASSWORD, somewhere())
    assert len(second_factor.confirm(user, code(secret, time.time()), somewhere())) == second_factor.CODES
