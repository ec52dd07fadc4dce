"""A report as files: a paper with its charts and tables, a workbook with a sheet for each table."""

from collections.abc import Sequence
from datetime import date

from core.periods import day_label
from core.tenancy import Scope
from server.reports import nested, text
from server.reports.blocks import Filled, period_words
from server.reports.spec import Draft
from server.views import charts, export, paper
from server.views.export import File
from server.views.view import Chart, Table

PDF_TYPE = "application/pdf"
NAMES = {"pdf": "PDF", "xlsx": "Excel"}


def file(kind: str, draft: Draft, filled: Sequence[Filled], on: date, logo: bytes | None, scope: Scope) -> File:
    """The report as 'pdf' or 'xlsx', as it is on the day `on`."""
    name = f"{export.file_name(draft.title, scope.company.slug, on.isoformat())}.{kind}"
    if kind == "xlsx":
        sheets = [_sheet(f) for f in filled if f.table is not None]
        return File(name, export.XLSX_TYPE, export.xlsx(sheets, scope.company, draft.title))
    period = period_words(draft.spec, on)
    subtitle = " · ".join(part for part in (period, f"hecho el {day_label(on)}") if part)
    made = paper.pdf(draft.title, [_section(f) for f in filled], scope.company, logo, subtitle)
    return File(name, PDF_TYPE, made)


def _sheet(filled: Filled) -> Table:
    assert filled.table is not None
    table = filled.table
    return Table(filled.title, table.columns, table.rows, table.total, (table.title, *table.notes), table.groups)


def _section(filled: Filled) -> paper.Section:
    if filled.chart is Chart.text:
        return paper.Section(filled.title, text=text.plain(filled.block.text))
    if filled.problem:
        return paper.Section(filled.title, note=filled.problem)
    if filled.figures:
        return paper.Section(filled.title, figures=tuple((f.name, f.value, f.change) for f in filled.figures))
    picture = export.png(charts.picture(filled.spec)) if filled.spec else None
    drawn = picture is not None
    return paper.Section(
        filled.title,
        note=filled.period if filled.block.title else "",  # the title of our own says it
        picture=picture,
        says=f"Gráfico de {filled.title}",
        table=None if drawn and not _short(filled) else filled.table and nested.merged(filled.table),
        notes=filled.notes if drawn and not _short(filled) else (),
    )


def _short(filled: Filled) -> bool:
    """Whether the table fits under its chart on a paper."""
    return filled.table is not None and len(filled.table.rows) <= 15 and len(filled.table.columns) <= 6
