"""What a load balancer and Prometheus ask: alive, ready, and the counts."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from core import db
from server.telemetry import measure_queue

router = APIRouter(tags=["operación"])


@router.get("/healthz", summary="El proceso vive")
async def alive() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", summary="La base de datos y la cola responden")
def ready() -> Response:
    found = parts()
    good = all(found.values())
    return JSONResponse({"status": "ok" if good else "unavailable", **found}, 200 if good else 503)


@router.get("/metrics", summary="Conteos para Prometheus")
def metrics() -> Response:
    measure_queue()
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


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
    from server.celery import app  # the queue's libraries take a while to import

    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except Exception:
        return False
    return True
