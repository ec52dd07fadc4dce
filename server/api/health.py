"""What a load balancer and Prometheus ask: alive, ready, and the counts."""

import hmac
import ipaddress

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from core import db
from core.errors import Forbidden, NotSignedIn
from core.settings import settings
from server.telemetry import measure_queue

router = APIRouter(tags=["operación"])
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""A proxy on this machine says with these that somebody else is asking."""


@router.get("/healthz", summary="El proceso vive")
async def alive() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="La base de datos y la cola responden")
def ready() -> Response:
    found = parts()
    good = all(found.values())
    return JSONResponse({"status": "ok" if good else "unavailable", **found}, 200 if good else 503)


@router.get("/metrics", summary="Conteos para Prometheus")
def metrics(request: Request) -> Response:
    """Counts by route and state, of the whole service and never by company; yet how much there is to do is the
    operator's to know. With AYNI_METRICS_TOKEN, for who sends it; without, for this machine itself."""
    _for_the_operator(request)
    measure_queue()
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _for_the_operator(request: Request) -> None:
    given = settings().metrics_token
    token = given.get_secret_value() if given else ""
    kind, _, sent = request.headers.get("authorization", "").partition(" ")
    if token:
        if kind.lower() != "bearer" or not hmac.compare_digest(sent.strip().encode(), token.encode()):
            raise NotSignedIn("metrics", "Falta la clave de las métricas.", "Envía AYNI_METRICS_TOKEN como Bearer.")
    elif not _here(request.client.host if request.client else "") or any(h in request.headers for h in FORWARDED):
        raise Forbidden("metrics", "Las métricas son para quien opera Ayni.", "Define AYNI_METRICS_TOKEN.")


def _here(address: str) -> bool:
    """Whether an address is this machine's own. Pure."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def parts() -> dict[str, bool]:
    """What has to answer, and whether it does."""
    return {"database": _database(), "broker": _broker()}


def _database() -> bool:
    try:
        with db.identity() as connection:
            connection.execute("SELECT 1")
    except Exception:
        return False
    return True


def _broker() -> bool:
    from server.broker import app  # the queue's libraries take a while to import

    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except Exception:
        return False
    return True
