"""Put the chat under /chat of an application."""

import importlib
from functools import cache

from starlette.applications import Starlette
from starlette.types import ASGIApp

from chat_ui import site
from chat_ui.attachments import Attach
from chat_ui.gate import PATH, Gate


def mount(app: Starlette, attach: Attach) -> None:
    """Mount the chat at /chat. Chainlit is one per process: of several applications the last `attach` holds."""
    app.mount(PATH, Gate(_chainlit(attach)))


def _chainlit(attach: Attach) -> ASGIApp:
    application = _import_chainlit()
    importlib.import_module("chat_ui.handlers").register(attach)
    return application


@cache
def _import_chainlit() -> ASGIApp:
    # Chainlit reads its folder, its secret and its mount point from the environment while it is imported.
    site.prepare()
    application: ASGIApp = importlib.import_module("chainlit.server").app
    importlib.import_module("chainlit.socket")  # registers the socket's events
    return application
