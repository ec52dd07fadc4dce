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


ASKED = "¿cuánto vendí?"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("", ASKED.encode()),
        ("", ASKED.encode("latin-1")),
        ("text/plain", ASKED.encode()),
        ("text/plain; charset=utf-8", ASKED.encode("latin-1")),
        ("text/plain; charset=iso-8859-1", ASKED.encode("latin-1")),
        ("text/plain; charset=x-no-such-thing", ASKED.encode()),
        ("text/plain; charset=us-ascii", ASKED.encode("cp1252")),
        ("text/html", f"<p>{ASKED}</p>".encode("cp1252")),
        ("text/plain; charset=punycode", ASKED.encode()),
        ("text/plain; charset=base64", ASKED.encode()),
        ("text/plain; charset=utf-8", "¿cuánto \0vendí?\0".encode()),
    ],
)
def test_a_question_is_read_whatever_its_program_says_of_its_letters(kind: str, body: bytes) -> None:
    header = f"Content-Type: {kind}\n".encode() if kind else b""
    assert read(FINE + header + b"Content-Transfer-Encoding: 8bit\n\n" + body).text == ASKED


def test_html_that_opens_and_never_closes_is_read_in_a_moment() -> None:
    before = process_time()
    read(FINE + b"Content-Type: text/html\n\n" + b"<div>" * 30_000 + b"</p>" * 1_000_000 + b"<p>")
    assert process_time() - before < 3


def test_a_body_in_a_codec_of_domain_names_is_read_in_a_moment() -> None:
    before = process_time()
    assert read(FINE + b"Content-Type: text/plain; charset=punycode\n\n" + b"a" * 900_000 + b"-" + b"9" * 900_000).text
    assert process_time() - before < 3


def report(*recipients: str) -> bytes:
    groups = "\n\n".join(("Reporting-MTA: dns; x", *recipients))
    return (
        "From: mailer-daemon@correo.test\nTo: ayni@ayni.test\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n"
        f"--B\nContent-Type: message/delivery-status\n\n{groups}\n\n"
        "--B\nContent-Type: text/rfc822-headers\n\nMessage-ID: <ayni.k@h>\n\n--B--\n"
    ).encode()


FAILED = "Final-Recipient: rfc822; a@x\nAction: Failed (for good)\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no\0 user"
FINE_TOO = "Final-Recipient: rfc822; b@x\nAction: delivered\nStatus: 2.0.0"


@pytest.mark.parametrize("groups", [(FAILED,), (FAILED, FINE_TOO), (FINE_TOO, FAILED)])
def test_a_report_tells_of_who_got_nothing(groups: tuple[str, ...]) -> None:
    bounce = read(report(*groups)).bounce
    assert bounce is not None
    assert (bounce.message_id, bounce.reason, bounce.hard) == ("<ayni.k@h>", "550 no user", True)
    assert read(report(FINE_TOO)).bounce is None
