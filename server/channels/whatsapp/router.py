"""Meta's webhook: who calls is proven over the raw bytes, what came is stored, and only then acknowledged."""

import hmac
import logging
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from core.errors import Forbidden, NotFound
from server.channels.whatsapp import inbox, parse
from server.channels.whatsapp.account import Account, account

logger = logging.getLogger(__name__)
PATH = "/whatsapp/webhook"
MOST_BODY = 3_000_000
"""Meta's own limit for one delivery."""
router = APIRouter(include_in_schema=False)


@router.get(PATH)
def verify(
    mode: Annotated[str, Query(alias="hub.mode")] = "",
    token: Annotated[str, Query(alias="hub.verify_token")] = "",
    challenge: Annotated[str, Query(alias="hub.challenge", max_length=200)] = "",
) -> Response:
    """Meta asks once whether this address is ours, with the word that the operator gave it."""
    ours = _account().verify_token
    if mode != "subscribe" or not hmac.compare_digest(token.encode(), ours.encode()):
        raise Forbidden("verify_token", "Esa palabra no es la acordada.")
    return PlainTextResponse(challenge)


@router.post(PATH)
async def receive(request: Request, x_hub_signature_256: Annotated[str, Header()] = "") -> Response:
    """Whatever is signed is acknowledged once it is stored: what can't be read would not be read better later."""
    ours = _account()
    body = await request.body()
    if not signed(body, x_hub_signature_256, ours.app_secret):
        raise Forbidden("signature", "La firma no corresponde.")
    came = await run_in_threadpool(_keep, body, ours)
    # After the answer: a slow queue is not Meta's to wait for.
    return Response(status_code=200, background=BackgroundTask(_nudge_all, came))


def signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether Meta signed these very bytes. Pure; equally slow either way."""
    wanted = f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"
    return hmac.compare_digest(signature.encode(), wanted.encode())


def _keep(body: bytes, ours: Account) -> list[str]:
    """Store it; the phones that a worker should be told of."""
    payload = parse.decode(body)
    messages, statuses = parse.read(payload, ours.phone_id, datetime.now(UTC))
    if not messages and not statuses:
        logger.info("A signed delivery of %d bytes held nothing for this number", len(body))
        return []
    return inbox.store(messages, statuses)


def _nudge_all(senders: list[str]) -> None:
    for sender in senders:
        _nudge(sender)


def _nudge(sender: str) -> None:
    """Tell a worker. Never fails: what is stored is found by the sweep."""
    from server.broker import post  # the queue's libraries take a while to import: only who sends needs them

    try:
        post("whatsapp", sender)
    except Exception:
        logger.warning("Could not tell a worker of a message; the sweep will", exc_info=True)


def _account() -> Account:
    found = account()
    if found is None:
        raise NotFound("not_found", "Aquí no hay nada.")
    return found
