"""Chainlit's folder: Spanish to the last word, and no link to another host."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chat_ui import site

SAME_IN_SPANISH = {"navigation.user.menu.settingsKey", "alerts.idea", "alerts.beta"}


@pytest.fixture(scope="module")
def root() -> Path:
    return site.prepare()


def leaves(node: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def test_every_word_is_translated() -> None:
    packaged = site.chainlit_folder()
    english = dict(leaves(json.loads((packaged / "translations" / "en-US.json").read_text("utf-8"))))
    ours = dict(leaves(site.spanish(packaged)))
    assert english.keys() == ours.keys()
    same = {key for key, text in english.items() if ours[key] == text}
    assert same <= SAME_IN_SPANISH


def test_attachments_are_read_by_this_user_alone(root: Path) -> None:
    assert (root / ".files").stat().st_mode & 0o077 == 0


def test_the_page_names_no_other_host(root: Path) -> None:
    page = (root / "build" / "index.html").read_text("utf-8")
    assert not re.findall(r"https?://", page)
    assert 'lang="es"' in page
    assert "/assets/index" in page


def test_what_is_written_can_be_written_again(root: Path) -> None:
    vega = root / "public" / "vega.js"
    before = vega.stat().st_mtime_ns
    assert site.prepare() == root
    assert vega.stat().st_mtime_ns == before
    assert (root / "build" / "assets").is_dir()


def test_the_elements_and_styles_name_no_other_host(root: Path) -> None:
    for path in (root / "public").rglob("*"):
        if path.suffix in (".jsx", ".css", ".json") or path.name == "ayni.js":
            assert not re.findall(r"https?://", path.read_text("utf-8")), path


def test_chainlit_keeps_its_chats_in_our_tables_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@nowhere/nothing")
    monkeypatch.setenv("LITERAL_API_KEY", "x")
    from fastapi import FastAPI

    import chat_ui

    chat_ui.mount(FastAPI(), lambda scope, filename, stream: None)  # type: ignore[arg-type,return-value]
    import chainlit.data

    from chat_ui.history import History

    monkeypatch.setattr(chainlit.data, "_data_layer", None)
    monkeypatch.setattr(chainlit.data, "_data_layer_initialized", False)
    assert isinstance(chainlit.data.get_data_layer(), History)
    assert os.environ["CHAINLIT_APP_ROOT"].endswith("/chat")
