"""Each file opened by a program that had no part in writing it."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from uuid import uuid4

import openpyxl
import pandas
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from python_calamine import CalamineWorkbook

from core.cells import runs
from core.periods import Period
from core.tenancy import Company
from features.catalog.types import Unit
from server.digest import charts
from server.views import export, paper
from server.views.view import Column, Table

COMPANY = Company(uuid4(), "x", "Café «Ñandú» #eval(1)", "", "CL", "CLP", "America/Santiago", "es-CL")
ATTACKS = (
    '=HYPERLINK("http://x.test";"ver")',
    "+56 9 1234",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "  =1+1",
    "＝1+1",
    "#N/A",
    'un "dicho"; y más',
    "Pan\namasado",
)
SALES = Decimal("8412350.3333333333")


def table(names: tuple[str, ...] = ATTACKS) -> Table:
    columns = (
        Column("month", "mes", "period"),
        Column("product", "=producto", "text"),
        Column("sales", "ventas", "value", Unit.money),
        Column("margin", "margen bruto", "value", Unit.ratio),
        Column("change", "contra el mes anterior", "change"),
    )
    rows = tuple(
        (Period.month(2026, 1 + i % 12), name, SALES, Decimal("0.382154"), Decimal("-0.05"))
        for i, name in enumerate(names)
    )
    return Table("Ventas [2026]: todo/nada?", columns, rows, ("Total", "", SALES * len(names), None, None), ("=nota",))


def test_csv_opens_as_numbers_with_a_decimal_comma_and_nothing_live() -> None:
    made = export.csv(table(), COMPANY)
    assert made.startswith(b"\xef\xbb\xbf")
    read = pandas.read_csv(
        BytesIO(made), sep=";", decimal=",", encoding="utf-8-sig", keep_default_na=False, na_values=[""]
    )
    assert list(read.columns) == [
        "mes", "'=producto", "ventas", "margen bruto (%)", "contra el mes anterior (%)",
    ]  # fmt: skip
    body = read.iloc[:-1]
    assert body["ventas"].tolist() == pytest.approx([8412350.333333] * len(ATTACKS))
    assert body["margen bruto (%)"].tolist() == pytest.approx([38.2154] * len(ATTACKS))
    assert body["contra el mes anterior (%)"].tolist() == [-5] * len(ATTACKS)
    assert body["mes"].iloc[0] == "2026-01"
    for written, name in zip(body["'=producto"], ATTACKS, strict=True):
        assert not written.lstrip().startswith(("=", "+", "-", "@", "＝"))
        assert written.removeprefix("'").strip() == name.strip()
    assert read.iloc[-1]["mes"] == "Total"


@given(st.text(max_size=40))
def test_whatever_a_member_is_called_it_stays_one_text_cell(name: str) -> None:
    made = export.csv(table((name,)), COMPANY).decode("utf-8-sig")
    # Excel, LibreOffice and the others look at the first character that isn't a blank.
    cell = pandas.read_csv(StringIO(made), sep=";", keep_default_na=False, nrows=1, dtype=str).iloc[0, 1]
    assert not runs(cell)
    book = openpyxl.load_workbook(BytesIO(export.xlsx([table((name,))], COMPANY)))
    assert book.worksheets[0]["B2"].data_type in ("s", "inlineStr", "n")  # 'n' is an empty one
    assert paper.pdf(
        name or "-", [paper.Section(name, text=name, figures=((name, name, name),), table=table((name,)))], COMPANY
    )


def test_xlsx_has_real_types_and_no_formula() -> None:
    made = export.xlsx([table(), table(("otra",))], COMPANY)
    book = CalamineWorkbook.from_filelike(BytesIO(made))
    assert book.sheet_names == ["Ventas 2026 todo nada", "Ventas 2026 todo nada 2"]
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["mes", "=producto", "ventas"]
    assert rows[1] == [date(2026, 1, 1), ATTACKS[0], pytest.approx(float(SALES)), 0.382154, -0.05]
    assert [r[1] for r in rows[1 : len(ATTACKS) + 1]][-1] == "Pan\namasado"
    assert rows[len(ATTACKS) + 1][0] == "Total"
    assert rows[-1][0] == "=nota"
    sheet = openpyxl.load_workbook(BytesIO(made)).worksheets[0]
    assert sheet.freeze_panes == "B2"
    assert sheet["A2"].value == datetime(2026, 1, 1)  # noqa: DTZ001 (a day in a sheet has no zone)
    assert (sheet["C2"].number_format, sheet["D2"].number_format) == ('"$"#,##0', "0.0%")
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "inlineStr", "n", "d"}
    assert b"<f>" not in made


def test_spans_of_other_grains_are_named() -> None:
    spans = (
        Period.month(2026, 10),
        Period(date(2026, 10, 5), date(2026, 10, 11)),
        Period(date(2026, 7, 1), date(2026, 9, 30)),
        Period(date(2026, 1, 1), date(2026, 12, 31)),
        Period(date(2026, 10, 3), date(2026, 10, 9)),
    )
    made = Table("x", (Column("p", "período", "period"),), tuple((p,) for p in spans))
    assert export.csv(made, COMPANY).decode("utf-8-sig").split("\r\n")[1:-1] == [
        "2026-10", "semana del 5-oct-2026", "3.er trimestre 2026", "2026", "del 3-oct-2026 al 9-oct-2026",
    ]  # fmt: skip
    rows = CalamineWorkbook.from_filelike(BytesIO(export.xlsx([made], COMPANY))).get_sheet_by_index(0).to_python()
    assert [r[0] for r in rows[1:]] == [
        date(2026, 10, 1), date(2026, 10, 5), "3.er trimestre 2026", 2026, "del 3-oct-2026 al 9-oct-2026",
    ]  # fmt: skip


def test_a_difference_of_ratios_is_told_in_points() -> None:
    column = Column("change", "margen, cambio en puntos", "change", Unit.ratio)
    made = Table("x", (column,), ((Decimal("-0.012"),),))
    assert export.csv(made, COMPANY).decode("utf-8-sig").split("\r\n")[:2] == ["margen, cambio en puntos", "-1,2"]
    rows = CalamineWorkbook.from_filelike(BytesIO(export.xlsx([made], COMPANY))).get_sheet_by_index(0).to_python()
    assert rows[1] == [pytest.approx(-1.2)]
    assert paper.shown(Decimal("-0.012"), column, COMPANY) == "−1,2 puntos"


def test_a_workbook_of_nothing_opens() -> None:
    assert CalamineWorkbook.from_filelike(BytesIO(export.xlsx([], COMPANY))).sheet_names == ["Sin datos"]
    empty = Table("", (), ())
    assert CalamineWorkbook.from_filelike(BytesIO(export.xlsx([empty], COMPANY))).sheet_names == ["Datos"]


def test_pdf_says_what_was_written_and_runs_none_of_it() -> None:
    spec = charts.columns([("uno", Decimal(3)), ("dos", Decimal(5))], Unit.count, "$")
    sections = [
        paper.Section("Cifra", note="nota", figures=(("ventas", "$8.412.350", "+7,8 %"),)),
        paper.Section("Texto", text="*Hola* #panic() $x$\n\notro párrafo"),
        paper.Section("Tabla", picture=export.png(spec), says="dos columnas", table=table()),
    ]
    logo = export.png({**spec, "height": 90})
    made = paper.pdf("Informe #eval(1)", sections, COMPANY, logo, subtitle="octubre 2026")
    pages = pypdf.PdfReader(BytesIO(made)).pages
    text = "\n".join(page.extract_text() for page in pages)
    for said in ("Informe #eval(1)", "octubre 2026", "$8.412.350", "*Hola* #panic() $x$", "38,2 %", "−5 %", "@SUM(1)"):
        assert said in text
    assert sum(len(page.images) for page in pages) == 2


def test_a_long_and_broad_table_is_cut_and_says_so() -> None:
    columns = tuple(Column(str(i), f"c{i}", "value", Unit.count) for i in range(20))
    many = Table("x", columns, tuple((Decimal(i),) * 20 for i in range(500)))
    reader = pypdf.PdfReader(BytesIO(paper.pdf("x", [paper.Section(table=many)], COMPANY)))
    assert "Van las primeras 400 de 500 filas" in reader.pages[-1].extract_text()
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height


def test_png_is_a_picture_and_fetches_nothing() -> None:
    spec = charts.columns([("uno", Decimal(3)), ("dos", Decimal(5))], Unit.count, "$") | {"width": "container"}
    with Image.open(BytesIO(export.png(spec))) as image:
        assert image.format == "PNG"
        assert image.width > 1400
        assert min(image.convert("RGBA").getpixel((0, 0))) >= 253
    with pytest.raises(ValueError, match="inline"):
        export.png({**spec, "data": {"url": "http://x.test/a.csv"}})


@pytest.mark.parametrize(
    ("parts", "name"), [(("Ventas: ¿octubre?", "2026-10"), "ventas-octubre-2026-10"), (("//",), "ayni")]
)
def test_file_names(parts: tuple[str, ...], name: str) -> None:
    assert export.file_name(*parts) == name
