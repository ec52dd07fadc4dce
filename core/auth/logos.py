"""A company's logo: whatever picture was sent becomes a small PNG of our own making, so that nothing else is kept."""

from io import BytesIO

from PIL import Image, ImageOps

from core import db
from core.auth.audit import note
from core.errors import BadInput, TooLarge
from core.tenancy import Scope

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_SENT = 8_000_000  # bytes: a phone's photo
MOST_PIXELS = 50_000_000  # a few kilobytes can unfold to gigabytes
SIDE = 400  # pixels, the longer one
MOST_KEPT = 100_000  # bytes


def logo(scope: Scope, connection: db.Connection) -> bytes | None:
    """The company's logo as a PNG of at most 400 × 400 pixels and 100 KB; None where it has none."""
    row = connection.execute("SELECT png FROM company_logos WHERE company_id = %s", [scope.company_id]).fetchone()
    return bytes(row[0]) if row else None


def set_logo(picture: bytes, scope: Scope, connection: db.Connection) -> None:
    """Keep `picture` (PNG, JPEG or WebP) as the company's logo. BadInput or TooLarge where it can't be one."""
    connection.execute(
        "INSERT INTO company_logos (company_id, png) VALUES (%s, %s) "
        "ON CONFLICT (company_id) DO UPDATE SET png = excluded.png, updated_at = now()",
        [scope.company_id, redrawn(picture)],
    )
    note(scope, "logo", "on", connection)


def remove_logo(scope: Scope, connection: db.Connection) -> None:
    if connection.execute("DELETE FROM company_logos WHERE company_id = %s", [scope.company_id]).rowcount:
        note(scope, "logo", "off", connection)


def redrawn(picture: bytes) -> bytes:
    """The same picture as a small PNG with nothing but its pixels: no place, no camera, no second file inside. Pure."""
    if len(picture) > MOST_SENT:
        raise TooLarge("logo", f"Esa imagen pesa más de {MOST_SENT // 1_000_000} MB.", "Achícala y prueba otra vez.")
    try:
        with Image.open(BytesIO(picture), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise TooLarge("logo", "Esa imagen es demasiado grande.", "Achícala a unos 400 píxeles por lado.")
            opened.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG is decoded near the size that is needed
            drawn = ImageOps.exif_transpose(opened).convert("RGBA")
    except TooLarge:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        raise BadInput("logo", "No pude leer esa imagen.", "Sube un PNG, JPG o WebP.") from None
    drawn.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    drawn.info.clear()  # the colour profile too: it may be longer than the picture
    return _small(drawn)


def _small(drawn: Image.Image) -> bytes:
    """Fewer colours before fewer pixels, until it is light enough."""
    opaque = drawn.getchannel("A").getextrema() == (255, 255)
    whole = _png(drawn.convert("RGB") if opaque else drawn)
    if len(whole) <= MOST_KEPT:
        return whole
    side = SIDE
    while True:
        drawn.thumbnail((side, side), Image.Resampling.LANCZOS)
        light = _png(drawn.quantize(256, method=Image.Quantize.FASTOCTREE))
        if len(light) <= MOST_KEPT:
            return light
        side = side * 4 // 5


def _png(drawn: Image.Image) -> bytes:
    written = BytesIO()
    drawn.save(written, "PNG", optimize=True)
    return written.getvalue()
