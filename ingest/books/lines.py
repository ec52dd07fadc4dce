"""A book's rows, cell by cell: what each says, and why one can't be used. A row of a sheet with a column a month is a
line for each of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from core.language import fold
from core.tenancy import Company
from ingest import dates, numbers
from ingest.books import months, sums
from ingest.books.kinds import EXPENSES
from ingest.books.sheet import Sheet, filled
from ingest.columns import Field
from ingest.tables import LINE

Row = dict[str, Any]
"""A line by field, with its `line` in the file, its `part` of the row, whether it is known `by_month` alone, and `bad`:
a code and a sentence of why it can't be used, or None."""
SUMMARY = "summary"
"""The code of a row that sums up others: not a line, and nothing to correct."""
_NO_EXPENSE = re.compile(
    r"^(?:ventas?|ingresos?|utilidad|ganancia|resultado|margen|saldo|caja)(?: (?:netas?|brutas?|totales|inicial|final"
    r"|del? .*|operacional|mensual|ano|mes))*[ :]*$"
)


@dataclass(slots=True)
class Read:
    """The lines of a sheet, how many took their month from the row above, and how many are credit notes that came
    without their sign."""

    rows: list[Row] = field(default_factory=list)
    carried: int = 0
    credits: int = 0


def read(sheet: Sheet, cells: pl.DataFrame, company: Company) -> Read:
    """Every line of the sheet's rows, those that can't be used among them."""
    texts = {f: filled(cells[f"c{i}"]) for f, i in sheet.fields.items()}
    first: dates.Order = "mdy" if company.country == "US" else "dmy"
    mark: numbers.Mark = "." if company.country in ("US", "MX", "PE") else ","
    fields = {f.id: f for f in sheet.kind.fields}
    values = {f: _values(fields[f], column, mark, first) for f, column in texts.items()}
    said = {f: column.to_list() for f, column in texts.items()}
    monthly = {i: filled(cells[f"c{i}"]) for i in sheet.months or sheet.branches}
    amounts = _amounts(monthly, mark)
    told = {i: column.to_list() for i, column in monthly.items()}
    found, last = Read(), None
    for at, line in enumerate(cells[LINE].to_list()):
        here = {f: column[at] for f, column in said.items()}
        parts = {i: column[at] for i, column in told.items() if column[at] is not None}
        if not parts and all(v is None for v in here.values()):
            continue
        row: Row = {**{f: column[at] for f, column in values.items()}, "line": line, "part": 0, "by_month": False}
        if sheet.months:
            found.rows += _spread(sheet, row, here, parts, {i: amounts[i][at] for i in parts})
            continue
        if sheet.branches:
            found.rows += _by_branch(sheet, row, here, parts, {i: amounts[i][at] for i in parts})
            continue
        if sheet.kind is EXPENSES:
            month = _month(sheet, here)
            if month is None and here.get("month") is None and "month" in here and here.get("total") and last:
                month, found.carried = last, found.carried + 1
            last = month or last
            if row.get("date") is None and month is not None:
                row |= {"date": month, "by_month": True}
        found.rows.append({**row, "bad": _fault(sheet, row, here)})
    headers = [c.header for c in sheet.columns]
    if sheet.kind is EXPENSES:
        paid = [*sheet.months, *(sheet.fields[f] for f in ("total",) if f in sheet.fields)]
        _beside_the_sum(
            found, sheet, sums.credits(cells, headers), sums.foreign(cells, headers, paid, company.currency)
        )
    elif "unit_cost" in sheet.fields:
        other = sums.foreign(cells, headers, [sheet.fields["unit_cost"]], company.currency)
        found.rows = [{**r, "unit_cost": None} if r["line"] in other else r for r in found.rows]
    return found


def _beside_the_sum(found: Read, sheet: Sheet, credits: set[int], foreign: Mapping[int, str]) -> None:
    """Set apart what can't be added, and give credit notes their sign, where none of them has it."""
    for row in found.rows:
        if (text := foreign.get(row["line"])) and (not row["bad"] or row["bad"][0] == "bad_total"):
            said = f"«{text[:40]}» está en otra moneda que la de tu empresa, y no la puedo sumar."
            row["bad"] = ("foreign", said)
    good = [r for r in found.rows if not r["bad"]]
    noted = [r for r in good if r["line"] in credits]
    if noted and all(r["total"] > 0 for r in noted) and len(noted) < len(good):
        for row in noted:
            row["total"] = -row["total"]
        found.credits = len(noted)
    if not sheet.months and sheet.month is None:
        return  # of lines with a day each, none sums up others
    lines: dict[int, dict[date, Decimal]] = {}
    labels: dict[int, str] = {}
    for row in good:
        lines.setdefault(row["line"], {})[row["date"]] = row["total"]
        labels[row["line"]] = str(row.get("category") or row.get("detail") or "")
    order = list(lines)
    over = {order[i] for i in sums.summing([(labels[line], lines[line]) for line in order])}
    for row in good:
        if row["line"] in over:
            row["bad"] = (SUMMARY, "Suma lo que dicen otras filas: no es una línea.")


def _values(one: Field, column: pl.Series, mark: numbers.Mark, first: dates.Order) -> list[Any]:
    known = column.drop_nulls().unique()
    if one.holds == "number":
        return numbers.parse(column, numbers.evidence(known).mark or mark).to_list()
    if one.id == "month":
        return column.to_list()
    if one.holds == "date":
        return dates.parse(column, dates.evidence(known).order or first)["day"].to_list()
    return [v.replace("\x01", "") if v else "" for v in column.to_list()]


def _amounts(columns: Mapping[int, pl.Series], mark: numbers.Mark) -> dict[int, list[Decimal | None]]:
    """The months' columns, all with the same decimal mark."""
    seen = sum((numbers.evidence(c.drop_nulls().unique()) for c in columns.values()), numbers.Evidence())
    return {i: numbers.parse(c, seen.mark or mark).to_list() for i, c in columns.items()}


def _month(sheet: Sheet, said: Mapping[str, str | None]) -> date | None:
    """The month of a line: its own column's, written there where the day should be, else the whole sheet's."""
    year = months.year_of(said.get("year") or "") or sheet.year
    if text := said.get("date") or said.get("month"):
        return months.month_of(text, year)
    return sheet.month if "date" not in sheet.fields and "month" not in sheet.fields else None


def _spread(
    sheet: Sheet, row: Row, said: Mapping[str, str | None], cells: Mapping[int, str],
    amounts: Mapping[int, Decimal | None],
) -> Iterator[Row]:  # fmt: skip
    """A line for each month of which the row says an amount; one alone where the row can't be used. A group's title,
    with no amount at all, is none."""
    if not cells:
        return
    if bad := _no_line(said):
        yield {**row, "bad": bad}
        return
    headers = {c.index: c.header for c in sheet.columns}
    for part, i in enumerate(sorted(cells), start=1):
        amount = amounts[i]
        if amount is None:
            text = cells[i].replace("\x01", "")[:40]
            yield {**row, "part": part, "bad": ("bad_total", f"En «{headers[i]}» no se entiende: «{text}».")}
        elif amount:
            yield {**row, "part": part, "by_month": True, "date": sheet.months[i], "total": amount, "bad": None}


def _by_branch(
    sheet: Sheet, row: Row, said: Mapping[str, str | None], cells: Mapping[int, str],
    counts: Mapping[int, Decimal | None],
) -> Iterator[Row]:  # fmt: skip
    """A line for each branch of which the row says a count, none at all among them; one alone where the row can't be
    used. A group's title, with no count, is none."""
    if not cells:
        return
    row |= {"quantity": Decimal(0)}
    if bad := _fault(sheet, row, {**said, "quantity": "0"}):
        yield {**row, "bad": bad}
        return
    for part, i in enumerate(sorted(cells), start=1):
        if counts[i] is None:
            text = cells[i].replace("\x01", "")[:40]
            said_of = f"En «{sheet.branches[i]}» no se entiende: «{text}»."
            yield {**row, "part": part, "bad": ("bad_quantity", said_of)}
        else:
            yield {**row, "part": part, "branch": sheet.branches[i], "quantity": counts[i], "bad": None}


def _no_line(said: Mapping[str, str | None]) -> tuple[str, str] | None:
    """Why a row of a sheet without days is no expense: it sums up, it is something else, or it does not say of what."""
    words = [fold(v) for v in said.values() if v]
    if any(sums.totals(w) for w in words):
        return SUMMARY, "Parece una fila de totales, no una línea."
    if words and any(_NO_EXPENSE.match(w) for w in words):
        return "no_expense", "No parece un gasto, sino ventas o un resultado."
    if not words:
        return "no_label", "No dice de qué es el gasto: puede ser un total."
    return None


def _fault(sheet: Sheet, row: Row, said: Mapping[str, str | None]) -> tuple[str, str] | None:
    """Why a row can't be used: a code and a sentence."""
    kind = sheet.kind
    texts = {f: said.get(f) for f in said if f not in ("total", "date", "month", "year")}
    if sheet.month is not None:
        if bad := _no_line(texts):
            return bad
    elif any(sums.totals(v) for v in said.values() if v):
        return SUMMARY, "Parece una fila de totales, no una línea."
    named = {f.id: f.name for f in kind.fields}
    for one in kind.fields:
        if one.holds == "text" or one.id == "month" or (one.id not in row and one.id not in kind.needs):
            continue
        source = "month" if one.id == "date" and not said.get("date") and "month" in said else one.id
        empty, value = said.get(source) is None, row.get(one.id)
        if value is None and (one.id in kind.needs or not empty):
            text = (said.get(source) or "")[:40]
            what = "viene vacía" if empty else f"no se entiende: «{text}»"
            if one.id == "date" and months.names_month(text):
                what = f"no dice de qué año es «{text}»: escríbelo así, «{text} 2026»"
            return f"bad_{one.id}", f"La columna de {named[source]} {what}."
    if "product" in kind.needs and not row.get("product"):
        return "bad_product", "No dice qué producto es."
    return None
