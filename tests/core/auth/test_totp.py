"""The codes are those of RFC 4226 and RFC 6238, by their own test vectors."""

import pytest

from core.auth import totp

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("count", "expected"),
    enumerate(["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]),
)
def test_rfc_4226_appendix_d(count: int, expected: str):
    assert totp.code(SECRET, count) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_rfc_6238_appendix_b(seconds: int, expected: str):
    assert totp.code(SECRET, seconds // totp.STEP_SECONDS, digits=8) == expected


def test_a_phone_may_be_half_a_minute_off_and_no_more():
    now = 1_700_000_000
    step = now // 30
    for away, good in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        found = totp.matching_step(SECRET, totp.code(SECRET, step + away), now, after=0)
        assert (found == step + away) is good


def test_a_used_step_and_any_before_it_serve_no_more():
    now = 1_700_000_000
    step = now // 30
    assert totp.matching_step(SECRET, totp.code(SECRET, step), now, after=step) is None
    assert totp.matching_step(SECRET, totp.code(SECRET, step - 1), now, after=step) is None
    assert totp.matching_step(SECRET, totp.code(SECRET, step + 1), now, after=step) == step + 1


@pytest.mark.parametrize("given", ["", "0", "ñandú", "1234567", "００００００"])
def test_what_is_no_code_matches_nothing(given: str):
    assert totp.matching_step(SECRET, given, 1_700_000_000, after=0) is None


def test_the_apps_address_escapes_the_account():
    assert totp.address(SECRET, "ana+caja@example.test") == (
        "otpauth://totp/Ayni%3Aana%2Bcaja%40example.test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Ayni"
    )
