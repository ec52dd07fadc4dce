"""The charts' module: made once, with our locale, needing no `eval`, sent compressed to whoever takes that."""

import gzip
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from chat_ui import vega
from chat_ui.gate import Gate


def test_the_module_has_all_that_a_page_needs() -> None:
    vega.write_bundle(vega.path())
    made = vega.path().read_text("utf-8")
    assert "window.ayniVega" in made
    assert '"septiembre"' in made
    assert "expressionInterpreter" in made
    assert gzip.decompress(vega.packed(vega.path()).read_bytes()).decode() == made


def test_it_is_made_again_only_for_another_version() -> None:
    vega.write_bundle(vega.path())
    before = vega.path().stat().st_mtime_ns
    vega.write_bundle(vega.path())
    assert vega.path().stat().st_mtime_ns == before
    vega.path().with_suffix(".version").write_text("another")
    vega.write_bundle(vega.path())
    assert vega.path().stat().st_mtime_ns > before


def test_anybodys_browser_gets_it_compressed_and_keeps_it() -> None:
    vega.write_bundle(vega.path())
    client = TestClient(Gate(Starlette()))
    packed = client.get(vega.ADDRESS, headers={"accept-encoding": "gzip"})
    assert packed.status_code == 200
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < 400_000
    assert "max-age" in packed.headers["cache-control"]
    plain = client.get(vega.ADDRESS, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == packed.text


def test_the_pages_own_script_names_no_other_host() -> None:
    script = (Path(__file__).parents[2] / "server" / "static" / "charts.js").read_text("utf-8")
    assert "http://" not in script
    assert "https://" not in script
