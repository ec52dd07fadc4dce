"""Whatever picture is sent, what is kept is a small PNG of our own making."""

import random
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from core import auth, db
from core.auth import logos
from core.errors import BadInput, TooLarge
from core.tenancy import Scope


def picture(size: tuple[int, int] = (900, 300), kind: str = "PNG", **how: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "#1a6a57").save(written, kind, **how)
    return written.getvalue()


@pytest.mark.parametrize("kind", logos.FORMATS)
def test_every_kind_becomes_a_small_png(kind: str):
    made = Image.open(BytesIO(logos.redrawn(picture(kind=kind))))
    assert (made.format, made.size) == ("PNG", (400, 133))


def test_a_noisy_photo_is_lightened_until_it_fits():
    noise = Image.frombytes("RGB", (1200, 900), random.Random(1).randbytes(1200 * 900 * 3))
    written = BytesIO()
    noise.save(written, "JPEG", quality=95)
    made = logos.redrawn(written.getvalue())
    assert len(made) <= logos.MOST_KEPT
    assert max(Image.open(BytesIO(made)).size) >= 100


def test_see_through_stays_see_through():
    written = BytesIO()
    Image.new("RGBA", (50, 40), (20, 30, 40, 0)).save(written, "PNG")
    made = Image.open(BytesIO(logos.redrawn(written.getvalue())))
    assert (made.mode, made.getpixel((3, 3))[3], made.size) == ("RGBA", 0, (50, 40))


def test_where_a_photo_was_taken_and_what_hangs_behind_it_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "Camara de Rosa"
    sent = picture(kind="JPEG", exif=exif) + b"<script>alert(1)</script>"
    made = logos.redrawn(sent)
    assert b"Camara" not in made
    assert b"script" not in made


@pytest.mark.parametrize(
    "sent",
    [b"", b"hola", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:200], picture(kind="GIF")],
)
def test_what_is_no_picture_is_told_so(sent: bytes):
    with pytest.raises(BadInput):
        logos.redrawn(sent)


def test_a_small_file_that_would_unfold_to_gigabytes_is_refused_unread():
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0))
    with pytest.raises((TooLarge, BadInput)):
        logos.redrawn(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"") + chunk(b"IEND", b""))
    with pytest.raises(TooLarge):
        logos.redrawn(b"x" * (logos.MOST_SENT + 1))


def test_a_logo_is_kept_noted_and_nobody_elses(new_scope: Callable[..., Scope]):
    mine, other = new_scope(), new_scope()
    with db.tenant(mine) as connection:
        auth.set_logo(picture(), mine, connection)
    with db.tenant(mine) as connection:
        assert (auth.logo(mine, connection) or b"").startswith(b"\x89PNG")
        auth.remove_logo(mine, connection)
        auth.remove_logo(mine, connection)
        assert auth.logo(mine, connection) is None
        noted = connection.execute("SELECT action, subject FROM audit_log ORDER BY id").fetchall()
    assert noted == [("logo", "on"), ("logo", "off")]
    with db.tenant(mine) as connection:
        auth.set_logo(picture(), mine, connection)
    with db.tenant(other) as connection:
        assert auth.logo(mine, connection) is None
