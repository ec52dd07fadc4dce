"""The web application: guard, API, pages and chat under one login."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

import chat_ui
from core import db
from server import api, pages, problems, uploads
from server.channels.whatsapp import router as whatsapp
from server.channels.whatsapp.account import account as whatsapp_account
from server.guard import Guard
from server.telemetry import Telemetry
from server.templates import STATIC


class Assets(StaticFiles):
    """Files whose address changes with their content (`templates.asset`): kept for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def create_app() -> FastAPI:
    """What uvicorn serves: `uvicorn --factory server.app:create_app`."""
    app = FastAPI(
        title="Ayni",
        description="Preguntas en español sobre los datos de un negocio, con respuestas exactas y citadas.",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_life,
    )
    whatsapp_account()  # half set, it refuses to start
    problems.install(app)
    app.include_router(api.router)
    app.include_router(whatsapp.router)
    app.include_router(pages.router)
    app.mount("/static", Assets(directory=STATIC), name="static")
    chat_ui.mount(app, uploads.attach)
    app.add_middleware(Guard)
    app.add_middleware(Telemetry)
    return app


@asynccontextmanager
async def _life(_: FastAPI) -> AsyncIterator[None]:
    with db.identity():  # the first visitor needn't wait for the pool
        pass
    yield
    db.close()
