"""Views on paper: a PDF by typst. What people wrote reaches it as data, never as markup."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from core.language import plural
from core.money import number, percent
from core.periods import Period, label
from core.tenancy import Company
from features.catalog.types import Unit
from features.format import written
from server.views.view import Cell, Column, Table

TEMPLATE = Path(__file__).with_name("paper.typ")
MOST_ROWS = 400
MOST_COLUMNS = 14


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page, each of its pieces where it has one: `note` stands under the title and `notes` at the end,
    with the table's own; `figures` are big values as (name, value, change), `text` paragraphs divided by empty lines,
    `picture` a PNG and `says` the same in words."""

    title: str = ""
    note: str = ""
    figures: tuple[tuple[str, str, str], ...] = ()
    text: str = ""
    picture: bytes | None = None
    says: str = ""
    table: Table | None = None
    notes: tuple[str, ...] = ()


def pdf(
    title: str, sections: Sequence[Section], company: Company, logo: bytes | None = None, subtitle: str = ""
) -> bytes:
    """A4 pages, lying where a table is broad. `subtitle` says the period and when it was made, `logo` is a PNG."""
    with TemporaryDirectory(prefix="ayni-pdf-") as folder:
        # typst reads only below its root: a folder that holds this paper's template, data and pictures alone.
        root = Path(folder)
        (root / "paper.typ").write_bytes(TEMPLATE.read_bytes())
        for at, section in enumerate(sections):
            if section.picture is not None:
                (root / f"{at}.png").write_bytes(section.picture)
        if logo is not None:
            (root / "logo.png").write_bytes(logo)
        data = {
            "title": title,
            "subtitle": subtitle,
            "company": company.name,
            "logo": "logo.png" if logo is not None else "",
            "broad": any(len(s.table.columns) > 7 for s in sections if s.table),
            "sections": [_section(s, f"{at}.png", company) for at, s in enumerate(sections)],
        }
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        made = typst.compile(str(root / "paper.typ"), root=str(root), format="pdf", ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def shown(cell: Cell, column: Column, company: Company) -> str:
    """A cell as people read it: '$8.412.350', '+7,8 %', '−1,2 puntos', 'octubre 2026'. Pure."""
    if cell is None:
        return "—"
    if isinstance(cell, Period):
        return label(cell)
    if isinstance(cell, str):
        return cell
    if column.kind == "change" and column.unit is Unit.ratio:
        return f"{'+' if cell > 0 else ''}{number(cell * 100, 1)} puntos"
    if column.kind == "change":
        return percent(cell, 1, signed=True)
    return written(cell, column.unit, company) if column.unit else number(cell)


def _section(section: Section, picture: str, company: Company) -> dict[str, Any]:
    notes = dict.fromkeys((*section.notes, *(section.table.notes if section.table else ())))
    return {
        "title": section.title,
        "note": section.note,
        "notes": [n for n in notes if n],
        "figures": [{"name": name, "value": value, "change": change} for name, value, change in section.figures],
        "paragraphs": [" ".join(p.split()) for p in section.text.split("\n\n") if p.strip()],
        "picture": picture if section.picture is not None else "",
        "says": section.says,
        "table": _table(section.table, company) if section.table else None,
    }


def _table(table: Table, company: Company) -> dict[str, Any]:
    columns = table.columns[:MOST_COLUMNS]
    cut = []
    if len(table.rows) > MOST_ROWS:
        cut.append(
            f"Van las primeras {MOST_ROWS} de {plural(len(table.rows), 'fila', 'filas')}; el Excel las trae todas."
        )
    if len(table.columns) > MOST_COLUMNS:
        cut.append(f"Van {MOST_COLUMNS} de {len(table.columns)} columnas; el Excel las trae todas.")

    def line(row: tuple[Cell, ...]) -> list[str]:
        return [shown(cell, column, company) for cell, column in zip(row, columns, strict=False)]

    return {
        "heads": [c.name for c in columns],
        "right": [c.kind in ("value", "change") for c in columns],
        "rows": [line(row) for row in table.rows[:MOST_ROWS]],
        "groups": [at for at in table.groups if at < MOST_ROWS],
        "total": line(table.total) if table.total else [],
        "cut": " ".join(cut),
    }
