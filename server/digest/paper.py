"""The summary on paper: a PDF by typst. What an owner wrote reaches it as data, never as markup."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from assistant.voice import localised
from core.periods import label
from server.digest.types import Digest

TEMPLATE = Path(__file__).with_name("paper.typ")


def pdf(digest: Digest, url: str, pictures: list[bytes | None], sparks: list[bytes | None]) -> bytes:
    """Two or three A4 pages. `pictures` are the stories' charts, `sparks` the figures' courses, in order."""
    with TemporaryDirectory(prefix="ayni-pdf-") as folder:
        # typst reads only below its root: a folder that holds this summary's template, data and pictures alone.
        root = Path(folder)
        (root / "paper.typ").write_bytes(TEMPLATE.read_bytes())
        for name, picture in [*_named("chart", pictures), *_named("spark", sparks)]:
            (root / name).write_bytes(picture)
        if digest.logo is not None:
            (root / "logo.png").write_bytes(digest.logo)
        said = localised(json.dumps(_data(digest, url, pictures, sparks), ensure_ascii=False), digest.company.locale)
        (root / "data.json").write_text(said, encoding="utf-8")
        made = typst.compile(str(root / "paper.typ"), root=str(root), format="pdf", ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def _named(kind: str, pictures: list[bytes | None]) -> Iterator[tuple[str, bytes]]:
    yield from ((f"{kind}{number}.png", picture) for number, picture in enumerate(pictures) if picture is not None)


def _data(digest: Digest, url: str, pictures: list[bytes | None], sparks: list[bytes | None]) -> dict[str, Any]:
    """What the template shows, all of it text."""
    return {
        "company": digest.company.name,
        "titled": digest.titled.capitalize(),
        "edition": digest.edition.name,
        "logo": "logo.png" if digest.logo is not None else "",
        "lead": digest.lead,
        "note": digest.note,
        "kpis": [
            {
                "name": k.fact.label.partition(",")[0].capitalize(),
                "value": k.fact.shown,
                "href": url + k.fact.href,
                "versus": [{"shown": v.shown, "than": v.than, "tone": v.tone} for v in k.versus],
                "spark": f"spark{i}.png" if sparks[i] is not None else "",
            }
            for i, k in enumerate(digest.kpis)
        ],
        "stories": [
            {
                "title": s.title,
                "when": label(s.period),
                "why": s.why,
                "todo": s.todo,
                "chart": f"chart{i}.png" if pictures[i] is not None else "",
                "says": s.chart_says,
            }
            for i, s in enumerate(digest.stories)
        ],
        "sheets": [
            {
                "title": sheet.title,
                "head": list(sheet.head),
                "rows": [
                    {
                        "name": name,
                        "cells": [
                            {"shown": c.shown, "tone": c.tone, "href": url + c.fact.href if c.fact else ""}
                            for c in cells
                        ],
                    }
                    for name, cells in sheet.rows
                ],
            }
            for sheet in digest.sheets
        ],
        "peers": list(digest.peers),
        "peers_note": digest.peers_note,
        "winds": list(digest.winds),
        "watch": list(digest.watch),
        "sources_note": "Cada cifra se abre hasta sus líneas en tus archivos: tócala.",
        "sources": [{"label": f.label, "shown": f.shown, "href": url + f.href} for f in digest.listed],
    }
