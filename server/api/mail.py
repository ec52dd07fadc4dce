"""POST /api/v1/mail/inbound: what the mail server hands over, whole and signed."""

import hmac
import re
from datetime import UTC, datetime

import anyio.to_thread
from fastapi import APIRouter, Request

from core.errors import Forbidden
from core.settings import settings
from server import mailbox

PATH = "/api/v1/mail/inbound"
LATEST_SECONDS = 300
_SIGNED = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")
router = APIRouter(tags=["correo"])


@router.post(PATH, summary="Un correo que llegó, tal como llegó y firmado")
async def inbound(request: Request) -> dict[str, str]:
    """The body is the mail (RFC 5322). `X-Ayni-Signature: t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA256 of
    `SECONDS.BODY` under AYNI_MAIL_INBOUND_SECRET and SECONDS the Unix time, at most five minutes off."""
    found = _SIGNED.fullmatch(request.headers.get("x-ayni-signature", ""))
    now = int(datetime.now(UTC).timestamp())
    if not settings().mail_inbound_secret or found is None or abs(now - int(found[1])) > LATEST_SECONDS:
        raise _refused()  # before the body is read
    body = await request.body()
    if not hmac.compare_digest(signature(body, int(found[1])), request.headers["x-ayni-signature"]):
        raise _refused()
    return {"taken": await anyio.to_thread.run_sync(mailbox.take, body)}


def signature(body: bytes, at: int) -> str:
    """The header's value for a body sent at `at` (Unix seconds)."""
    secret = settings().mail_inbound_secret
    assert secret is not None
    said = str(at).encode() + b"." + body
    return f"t={at},v1={hmac.digest(secret.get_secret_value().encode(), said, 'sha256').hex()}"


def _refused() -> Forbidden:
    return Forbidden("signature", "Ese correo no viene firmado.", "Fírmalo con AYNI_MAIL_INBOUND_SECRET.")
