"""`make screenshots`: every page with the demo's data, on a desk and on a phone, into docs/screenshots/.

    python -m tests.browser.screenshots [FOLDER]

Starts Ayni with its demo in a folder of its own, waits until the demo's comparison is there, and takes each page up to
some two screens. Pictures are reduced to few colours: none is over `MOST_BYTES`.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks import child
from benchmarks.starting import _wait, free_port
from server.pages.menu import MAIN, MORE
from server.panel.boards import Board
from tests.prepare import chromium

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
MOST_BYTES = 90_000
COLOURS = (96, 48)
"""Under this many, hues go before greys do."""
SIZES = {"escritorio": (1280, 900), "telefono": (390, 844)}
MOST_HEIGHT = 1400
COMPARED_SECONDS = 240
BEHIND = {
    "fuentes": "/fuentes?metric=sales",
    "aviso-nuevo": "/avisos/nuevo",
    "claves": "/claves",
    "segundo-paso": "/cuenta/segundo-paso",
    "empresa-nueva": "/empresas/nueva",
    "operador": "/operador",
}
"""Pages that no line of the menu names for everybody."""


def pages() -> dict[str, str]:
    """Name of the picture and address of each page; the chat is taken with an answer."""
    found = {item.here: item.href for item in (*MAIN, *MORE) if item.here not in ("chat", "panel")}
    boards = {f"panel-{board}": f"/panel/{board}" for board in Board}
    return {**boards, **found, **BEHIND}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="ayni-shots-") as data,
        _running(Path(data)) as home,
        sync_playwright() as p,
    ):
        browser = p.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name, (width, height) in SIZES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme="light", locale="es-CL"
            )
            page = context.new_page()
            for here in ("recuperar", "entrar"):
                page.goto(f"{home}/{here}")
                keep(page, folder / f"{here}-{name}.png")
            _enter(page, data, home)
            _compared(page, home)
            for here, href in pages().items():
                page.goto(home + href)
                _settle(page)
                keep(page, folder / f"{here}-{name}.png")
            page.goto(f"{home}/datos")
            page.locator("#lista .files a").first.click()
            page.wait_for_url(re.compile("/datos/."))
            keep(page, folder / f"carga-{name}.png")
            page.goto(f"{home}/resumen")
            page.locator("a[href^='/resumen/correo']").last.click()  # with the latest data
            page.wait_for_url(re.compile("/resumen/correo"))
            keep(page, folder / f"resumen-correo-{name}.png")
            _report(page, home, folder, name)
            _chat(context, home, folder / f"chat-{name}.png")
            context.close()
        browser.close()


def keep(page: Page, path: Path) -> None:
    """The page from its top, in as few colours as `MOST_BYTES` needs."""
    tall = min(MOST_HEIGHT, int(page.evaluate("document.documentElement.scrollHeight")))
    drawn = page.screenshot(
        full_page=True,
        clip={"x": 0, "y": 0, "width": page.viewport_size["width"], "height": tall},  # type: ignore[index]
    )
    path.write_bytes(packed(drawn))
    print(f"{path.name}: {path.stat().st_size // 1000} KB", flush=True)


def packed(drawn: bytes) -> bytes:
    """A picture of at most `MOST_BYTES`: fewer colours first, a smaller one where that does not do."""
    with Image.open(BytesIO(drawn)) as whole:
        image = whole.convert("RGB")
    for shrink in (1.0, 0.8, 0.65, 0.5, 0.4):
        size = (round(image.width * shrink), round(image.height * shrink))
        small = image if shrink == 1.0 else image.resize(size, Image.Resampling.LANCZOS)
        for colours in COLOURS:
            out = BytesIO()
            small.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
                out, "PNG", optimize=True
            )
            if out.tell() <= MOST_BYTES:
                return out.getvalue()
    return out.getvalue()


@contextmanager
def _running(data: Path) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "server.cli", "up"],
        cwd=child.HOME,
        env=child.environment(data, AYNI_PORT=str(port)),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(process, f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)


def _enter(page: Page, data: str, home: str) -> None:
    word = subprocess.run(
        [sys.executable, "-c", "from server import demo; print(demo.EMAIL, demo.password())"],
        cwd=child.HOME,
        env=child.environment(Path(data)),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    email, password = word.stdout.split()
    subprocess.run(
        [sys.executable, "-m", "server.cli", "operator", "grant", email],
        cwd=child.HOME,
        env=child.environment(Path(data)),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"{home}/chat"), wait_until="commit")


def _compared(page: Page, home: str) -> None:
    """The demo's peers are made after the start: waited for, but not for ever."""
    until = time.monotonic() + COMPARED_SECONDS
    while time.monotonic() < until:
        page.goto(f"{home}/panel/dueno")
        if page.locator(".rank").count():
            return
        time.sleep(3)


def _settle(page: Page) -> None:
    for figure in page.locator("figure[data-chart]").all():
        figure.scroll_into_view_if_needed()
        figure.locator("xpath=self::*[@data-state]").wait_for(timeout=20_000)
    page.evaluate("window.scrollTo(0, 0)")


def _report(page: Page, home: str, folder: Path, name: str) -> None:
    """The first template as a report: under somebody's hands, as it is read, and when it is sent."""
    page.goto(f"{home}/informes")
    page.locator("button.plantilla").first.click()
    page.wait_for_url(re.compile("/editar"))
    address = page.url.removesuffix("/editar")
    for here, href in (("informe-armar", "/editar"), ("informe", ""), ("informe-envio", "/envio")):
        page.goto(address + href)
        _settle(page)
        keep(page, folder / f"{here}-{name}.png")


def _chat(context: BrowserContext, home: str, path: Path) -> None:
    """The question of the panel's first card, answered with its chart."""
    page = context.new_page()
    page.goto(f"{home}/panel/dueno")
    page.locator("[data-metric=sales] .ask a").click()
    page.locator("[data-testid=chart][data-state=ready]").first.wait_for(timeout=60_000)
    page.wait_for_timeout(500)  # the answer's own unfolding
    keep(page, path)
    page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
