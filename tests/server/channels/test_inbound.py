"""A mail that came in is read in a moment, whoever wrote it."""

from time import process_time

import pytest

from server.channels.inbound import read

FINE = b"From: rosa@correo.test\nTo: ayni@ayni.test\nSubject: ventas\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b'"' * 60_000 + b"\n\nhola",
        b"From: rosa@correo.test\nTo: " + b'"' * 60_000 + b"\n\nhola",
        FINE + b"Content-Type: text/plain" + b";" * 60_000 + b"\n\nhola",
        FINE + (b"To: " + b'"' * 2000 + b"\n") * 500 + b"\nhola",
        FINE
        + b"Content-Type: multipart/mixed; boundary=a\n\n"
        + (b"--a\nContent-Type: t;" + b";" * 900 + b"\n\n") * 500,
    ],
    ids=["sender", "recipients", "kind", "headers", "parts"],
)
def test_headers_that_take_for_ever_are_cut_or_not_read(raw: bytes) -> None:
    before = process_time()
    read(raw)
    assert process_time() - before < 3


def test_a_long_list_of_recipients_is_still_a_mail() -> None:
    many = ", ".join(f"persona{n}@correo.test" for n in range(200)).encode()
    mail = read(FINE + b"Cc: " + many + b"\nDelivered-To: ayni+x@ayni.test\n\nventas?")
    assert (mail.sender, mail.text, mail.machine) == ("rosa@correo.test", "ventas?", "")
    assert (mail.recipients[0], mail.recipients[-1]) == ("ayni@ayni.test", "ayni+x@ayni.test")
