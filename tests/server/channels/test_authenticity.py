"""What a receiving server says of a mail's sender, and who may say it."""

import pytest

from server.channels.authenticity import read, verdict

GMAIL = (
    "mx.ayni.test 1; dkim=pass (2048-bit key; unprotected) header.d=correo.test header.i=@correo.test;\r\n"
    " spf=pass (mx.ayni.test: domain of rosa@correo.test designates 10.0.0.1 as permitted; dmarc=fail)"
    " smtp.mailfrom=rosa@correo.test; dmarc=pass (p=REJECT dis=NONE) header.from=correo.test"
)


@pytest.mark.parametrize(
    ("results", "said"),
    [
        (GMAIL, "proven"),
        ("mx.ayni.test; dmarc=pass", "proven"),
        ('"mx.ayni.test" 1 ; DMARC = Pass header.from="correo.test"', "proven"),
        ("mx.ayni.test; dmarc=fail (p=none) header.from=correo.test; spf=pass smtp.mailfrom=a@correo.test", "failed"),
        ("mx.ayni.test; dmarc=pass header.from=otra.test", "unproven"),
        ("mx.ayni.test; dmarc=temperror; dkim=pass header.d=correo.test", "unproven"),
        ("mx.ayni.test; dmarc=none; dkim=pass header.d=correo.test", "proven"),
        ("mx.ayni.test; dkim=pass header.i=rosa@correo.test", "proven"),
        ("mx.ayni.test; dkim=pass header.d=otra.test; spf=pass smtp.mailfrom=x@otra.test", "unproven"),
        ("mx.ayni.test; dkim=pass header.d=test", "unproven"),
        ("mx.ayni.test; spf=pass smtp.mailfrom=correo.test", "proven"),
        ("mx.ayni.test; spf=fail smtp.mailfrom=rosa@correo.test; dkim=fail header.d=correo.test", "unproven"),
        ("mx.ayni.test; none", "unproven"),
        ("mx.ayni.test (dmarc=pass; dkim=pass header.d=correo.test)", "unproven"),
        ('mx.ayni.test; spf=none reason="; dmarc=pass"', "unproven"),
        ('mx.ayni.test; spf=pass smtp.mailfrom=a."b smtp.mailfrom=rosa@correo.test x"@otra.test', "unproven"),
        ("mx.ayni.test; spf=pass smtp.mailfrom=a smtp.mailfrom=rosa@correo.test b@otra.test", "unproven"),
        ('mx.ayni.test; dkim=pass reason="of header.d=correo.test" header.d=otra.test', "unproven"),
        ('mx.ayni.test; dkim=pass reason="signed, header.d=correo.test"', "unproven"),
        ("mx.ayni.test; dmarc=pass header.from=otra.test header.from=correo.test", "unproven"),
        ("mx.ayni.test dmarc=pass", "unproven"),
        ("mx.ayni.test.evil.test; dmarc=pass", "unproven"),
        ("; dmarc=pass", "unproven"),
        ("", "unproven"),
        ('(((";;', "unproven"),
    ],
)
def test_a_verdict_is_read_as_the_server_meant_it(results: str, said: str) -> None:
    assert verdict([results], "MX.ayni.test", "rosa@correo.test") == said


def test_only_the_topmost_of_the_own_server_counts() -> None:
    own, forged, other = (
        "mx.ayni.test; dmarc=fail header.from=correo.test",
        "mx.ayni.test; dmarc=pass header.from=correo.test",
        "mx.other.test; dmarc=pass header.from=correo.test",
    )
    assert verdict([other, own, forged], "mx.ayni.test", "rosa@correo.test") == "failed"
    assert verdict([forged, own], "mx.ayni.test", "rosa@correo.test") == "proven"
    assert verdict([other], "mx.ayni.test", "rosa@correo.test") == "unproven"
    assert verdict([forged], "", "rosa@correo.test") == "unproven"
    assert verdict([], "mx.ayni.test", "") == "unproven"


def test_a_result_carries_its_properties() -> None:
    server, results = read(GMAIL)
    assert server == "mx.ayni.test"
    assert [(r.method, r.said) for r in results] == [("dkim", "pass"), ("spf", "pass"), ("dmarc", "pass")]
    assert results[0].properties["header.i"] == "@correo.test"
