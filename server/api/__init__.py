"""The HTTP API: /api/v1, its documentation, and what a load balancer and Prometheus ask."""

from fastapi import APIRouter

from server.api import ask, downloads, health, mail, metrics, panel, reference, uploads

router = APIRouter()
for part in (ask, uploads, downloads, panel, metrics, mail, health, reference):
    router.include_router(part.router)
