"""The folder Chainlit runs in: our texts, theme and elements, its interface without the parts that call other servers.

Chainlit reads one folder at import and writes into it, so it is made anew under `data_dir` at each start, from
`chat_ui/site` and the installed packages. Nothing in it needs to be kept.
"""

import json
import os
import re
import shutil
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from chat_ui import vega
from chat_ui.files import write
from chat_ui.gate import PATH, inner_secret
from core.settings import settings

SOURCE = Path(__file__).with_name("site")
ONE_DAY = 24 * 3600


def prepare() -> Path:
    """Write the folder and point Chainlit, not yet imported, at it."""
    root = settings().data_dir.resolve() / "chat"
    shutil.copytree(SOURCE, root, dirs_exist_ok=True)
    packaged = chainlit_folder()
    write(root / ".chainlit" / "translations" / "es.json", json.dumps(spanish(packaged), ensure_ascii=False))
    write(root / "build" / "index.html", local_only((packaged / "frontend" / "dist" / "index.html").read_text("utf-8")))
    link(root / "build" / "assets", packaged / "frontend" / "dist" / "assets")
    vega.write_bundle(vega.path())
    (root / ".files").mkdir(mode=0o700, exist_ok=True)  # attachments, in the moments before they are handed over
    forget_old_files(root / ".files")
    os.environ |= {
        "CHAINLIT_APP_ROOT": str(root),
        "CHAINLIT_ROOT_PATH": PATH,
        "CHAINLIT_AUTH_SECRET": inner_secret(),
        "CHAINLIT_CUSTOM_AUTH": "true",
        "CHAINLIT_ENV_FILE": os.devnull,  # a .env is read by our settings, not into the environment
    }
    return root


def chainlit_folder() -> Path:
    """Where Chainlit is installed, without importing it."""
    spec = find_spec("chainlit")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def spanish(packaged: Path) -> dict[str, Any]:
    """Chainlit's Spanish with our words in place of its; what it has not translated stays visible to the tests."""
    theirs = json.loads((packaged / "translations" / "es.json").read_text("utf-8"))
    ours = json.loads((SOURCE / ".chainlit" / "palabras.json").read_text("utf-8"))
    return merge(theirs, ours)


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`base` with the leaves of `over`."""
    both = {key: merge(base[key], value) for key, value in over.items() if isinstance(value, dict) and key in base}
    return {**base, **over, **both}


def local_only(page: str) -> str:
    """Chainlit's page without links to other hosts, said to be in Spanish."""
    page = re.sub(r'<link\b[^>]*\bhref="https?://[^>]*>\s*', "", page)
    return page.replace('<html lang="en">', '<html lang="es">')


def forget_old_files(folder: Path) -> None:
    """Attachments of chats that a crash left behind; the uploads themselves are kept elsewhere."""
    for left in folder.glob("*"):
        if left.stat().st_mtime < time.time() - ONE_DAY:
            shutil.rmtree(left, ignore_errors=True)


def link(path: Path, target: Path) -> None:
    if path.is_symlink() and path.readlink() == target:
        return
    path.unlink(missing_ok=True)
    path.symlink_to(target)
