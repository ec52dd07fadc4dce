"""What columns hold by what is in them, where their headers say nothing."""

import re
from collections.abc import Mapping, Sequence

import polars as pl

from ingest import dates, numbers
from ingest.columns import normal

_MONTH = r"ene|feb|mar|abr|may|jun|jul|ago|sep|set|oct|nov|dic|jan|apr|aug|dec|fev|out|dez"
_ONLY_MONTH = (
    rf"^(?:{_MONTH})[a-zç]*\.?(?:\s*(?:[-/.,]|de|del)?\s*(?:\d{{4}}|\d{{2}}))?$"
    r"|^\d{1,2}[-/.]\d{4}$|^20\d{2}[-/.]?\d{2}$|^20\d{2}$"
)
_SURE = 0.9
_FEW = 3
"""Products that must tell the same."""
_SAYS_NOTHING = re.compile(r"^(col|columna|column|coluna|campo|field|unnamed|sin nombre|dato|x|v|c|f)?[ \d]*[a-z]?$")
_MONEY = r"[$€]|\b(?:clp|ars|brl|cop|pen|uyu)\b"


def by_content(headers: Sequence[str], cells: Sequence[pl.Series], chosen: Mapping[int, str]) -> dict[int, str]:
    """Column index -> field for the date, the amounts and the product, where no header named them and there is only one
    way to take them. `cells` are each column's cells, empty ones null."""
    taken, found = set(chosen.values()), dict[int, str]()

    def free() -> list[int]:
        return [i for i in range(len(headers)) if i not in chosen and i not in found]

    if "date" not in taken:
        day = next((i for i in free() if _share_of_dates(cells[i]) >= 0.8 and _has(cells[i], r"\D")), None)
        if day is not None:
            found[day] = "date"
    if not taken & {"total", "unit_price", "net"}:
        found |= _amounts([i for i in free() if _is_amount(cells[i]) and _may_be_money(headers[i], cells[i])], cells)
    # A lone column of words is the product only where no header names anything: else it may be remarks.
    if not taken and found:
        words = [i for i in free() if _has(cells[i], r"[^\W\d]{2}") and _share_of_dates(cells[i]) < 0.5]
        if len(words) == 1:
            found[words[0]] = "product"
    return found


def costs_whole_lines(product: pl.Series, quantity: pl.Series, cost: pl.Series) -> bool:
    """Whether a column named 'Costo' alone grows with a line's pieces, product by product: it is then no unit's."""
    lines = pl.DataFrame({"product": product, "q": _figures(quantity).abs(), "cost": _figures(cost).abs()}).drop_nulls()
    each = (
        lines.filter((pl.col("q") > 0) & (pl.col("cost") > 0))
        .with_columns(unit=pl.col("cost") / pl.col("q"))
        .group_by("product")
        .agg(
            pieces=pl.col("q").n_unique(),
            steady=pl.col("unit").std() / pl.col("unit").mean(),
            moving=pl.col("cost").std() / pl.col("cost").mean(),
        )
        .filter(pl.col("pieces") > 1)
    )
    grows = each.filter(pl.col("steady") < 0.25 * pl.col("moving")).height
    return each.height >= _FEW and grows >= _SURE * each.height


def only_months(headers: Sequence[str], cells: Sequence[pl.Series]) -> str:
    """The header of the column that says months where the date should be; '' where there is none."""
    for header, column in zip(headers, cells, strict=False):
        text = column.drop_nulls().str.to_lowercase().str.strip_chars(" \x01")
        if {"fecha", "mes", "periodo", "data", "date", "month", "dia"} & set(normal(header).split()) and len(text):
            wanted = text.filter(~text.str.contains("total"))
            if len(wanted) and float(wanted.str.contains(_ONLY_MONTH).mean() or 0) >= _SURE:  # type: ignore[arg-type]
                return header
    return ""


def _may_be_money(header: str, cells: pl.Series) -> bool:
    """Stock, visits and exchange rates are figures too: only a header that says nothing, or signs of money, will do."""
    known = cells.drop_nulls()
    signs = int(known.str.contains(_MONEY).sum() or 0)
    return bool(_SAYS_NOTHING.match(normal(header))) or (signs > 0 and 2 * signs >= len(known))


def _amounts(numeric: Sequence[int], cells: Sequence[pl.Series]) -> dict[int, str]:
    """One column of figures is the total; of three, that which is the product of the others."""
    if len(numeric) == 1:
        return {numeric[0]: "total"}
    figures = {i: _figures(cells[i]) for i in numeric}
    for total in numeric:
        for quantity in numeric:
            for price in numeric:
                if len({total, quantity, price}) == 3 and _is_product(
                    figures[total], figures[quantity], figures[price]
                ):
                    return {total: "total", quantity: "quantity", price: "unit_price"}
    return {}


def _is_product(total: pl.Series, quantity: pl.Series, price: pl.Series) -> bool:
    # The smaller of the two factors counts pieces.
    sample = pl.DataFrame({"t": total, "q": quantity, "p": price}).drop_nulls()
    if sample.height < 3 or sample["q"].median() > sample["p"].median():  # type: ignore[operator]
        return False
    near = (pl.col("q") * pl.col("p") - pl.col("t")).abs() <= 1
    telling = (pl.col("q") != 1) & (pl.col("p") != 1)
    good, tell = sample.select(near.mean().alias("good"), telling.sum().alias("tell")).row(0)
    return bool(good >= _SURE and tell > 0)


def _is_amount(cells: pl.Series) -> bool:
    """Figures that are neither running numbers nor codes nor the same everywhere."""
    values = _figures(cells)
    known = values.drop_nulls()
    filled = len(cells.drop_nulls())
    if not filled or len(known) < _SURE * filled:
        return False
    if len(known) > 2 and (known.n_unique() == 1 or bool((known.diff().drop_nulls() == 1).all())):
        return False
    codes = cells.drop_nulls().str.contains(r"^\x01?\d{8,}$")
    return not bool(codes.all())


def _figures(cells: pl.Series) -> pl.Series:
    mark = numbers.evidence(cells.unique()).mark or ","
    return numbers.parse(cells, mark).cast(pl.Float64)


def _has(cells: pl.Series, pattern: str) -> bool:
    return bool(cells.str.contains(pattern).any())


def _share_of_dates(cells: pl.Series) -> float:
    known = cells.drop_nulls()
    return float(dates.parse(known, "dmy")["day"].is_not_null().mean() or 0) if len(known) else 0.0  # type: ignore[arg-type]
