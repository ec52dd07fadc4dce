"""The module that draws charts in a browser, for the chat and for our pages alike: made once, sent compressed."""

import gzip
import json
from importlib.metadata import version
from pathlib import Path

import vl_convert
from starlette.datastructures import Headers
from starlette.responses import FileResponse
from starlette.types import Scope as Connection

from chat_ui.files import write
from core.locale import LOCALE
from core.settings import settings

ADDRESS = "/public/vega.js"
"""Under where the chat is mounted."""
SNIPPET = f"window.ayniVega = vegaEmbed; window.ayniLocale = {json.dumps(LOCALE, ensure_ascii=False)};"


def path() -> Path:
    return settings().data_dir.resolve() / "chat" / "public" / "vega.js"


def packed(bundle: Path) -> Path:
    """The same file compressed: a third of the bytes, which a phone notices."""
    return bundle.with_name(f"{bundle.name}.gz")


def write_bundle(bundle: Path) -> None:
    """Vega, Vega-Lite, vega-embed and our locale as one module, by the package that also draws on the server.

    vega-embed brings the expression interpreter along (`ast: true`): our pages' charts run without `eval`.
    """
    made_by, now = bundle.with_suffix(".version"), f"{version('vl-convert-python')} {SNIPPET}"
    if bundle.exists() and packed(bundle).exists() and made_by.exists() and made_by.read_text("utf-8") == now:
        return
    made = vl_convert.javascript_bundle(SNIPPET)
    write(bundle, made)
    write(packed(bundle), gzip.compress(made.encode()))
    write(made_by, now)


def response(connection: Connection) -> FileResponse:
    """The module, compressed where the browser takes that."""
    headers = {"Cache-Control": "public, max-age=86400", "Vary": "Accept-Encoding"}
    if "gzip" in Headers(scope=connection).get("accept-encoding", ""):
        return FileResponse(
            packed(path()), media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"}
        )
    return FileResponse(path(), media_type="text/javascript", headers=headers)
