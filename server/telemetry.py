"""Counts for Prometheus: requests by route and time, and jobs by state, never by company."""

import time

from prometheus_client import Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import db
from server import mails

REQUESTS = Counter("ayni_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "ayni_request_seconds", "Time to answer", ["route"], buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 20)
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}  # a method of a stranger's makes no new series
JOBS = Gauge("ayni_jobs", "Jobs not ended", ["state"])
MAILS = Gauge("ayni_mails", "Mails of the last seven days", ["state"])


class Telemetry:
    """Counts each request under its route's pattern, so that ids don't make new series."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in METHODS else "other"
            REQUESTS.labels(method, route, str(status)).inc()
            SECONDS.labels(route).observe(time.perf_counter() - started)


def measure_queue() -> None:
    """Read how many jobs wait and run, over all companies."""
    with db.identity() as connection:
        rows = connection.execute("SELECT state, count FROM jobs_open()").fetchall()
    found = dict(rows)
    for state in ("queued", "running"):
        JOBS.labels(state).set(found.get(state, 0))
    standing = mails.counts()
    for state in mails.STATES:
        MAILS.labels(state).set(standing.get(state, 0))
