"""Rows of text -> sale lines: parsed, checked, signed; what can't be used is set aside with its reason."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from core.money import CURRENCIES as CURRENCIES_KNOWN
from ingest import dates, numbers
from ingest.columns import BY_ID
from ingest.numbers import LARGEST, MONEY
from ingest.reading import NOTHING, Reading, without_percent
from ingest.tables import LINE

RETURN = (
    r"nota(s)? (de )?cr[eé]dito|\bn\.?/?c\.?\b|devoluci|devolv|devuelt|anulaci|\banulad|refund|reembols|\breturn|"
    r"chargeback|dispute|credit note|credit memo|contracargo|cancel|estorno|devolu|\bvoid"
)
"""Document kinds that take a sale back."""
CANCELLED = r"cancel|anulad|\bvoid|rechazad|reembols|refund|devuelt|devuelta|rejected|failed|fallid|estornad|reintegrad"
"""States of an order that came to nothing."""
NOT_SALES = r"withdrawal|payout|retiro|cotizaci|presupuesto|orden de compra|\bquote\b|or[cç]amento"
TOTALS = r"(?i)^\s*(sub)?total(es)?\b|^\s*total general|^\s*suma\b|^\s*grand total|^\s*totais\b"
CURRENCIES = {
    "$": None, "pes": "ARS", "peso": None, "pesos": None, "dol": "USD", "u$s": "USD", "us$": "USD", "r$": "BRL",
}  # fmt: skip
SIGNS = {
    r"\br\$|\bbrl": "BRL", r"\bus\$|\bu\$[sd]|\busd": "USD", r"€|\beur": "EUR", r"\bs/": "PEN", "₲": "PYG",
    r"\buf\b|\bclf": "CLF",
}  # fmt: skip
"""What a figure itself says of its currency, where no column does. A bare `$` is whoever's it is."""

TEXTS = (
    "order", "product", "sku", "category", "customer", "customer_tax_id", "branch", "channel", "seller",
    "payment_method", "city", "country",
)  # fmt: skip
_NO_TEXT = sorted({spelled for text in NOTHING for spelled in (text, text.upper(), text.capitalize(), text.title())})
NOBODY = r"^(66\.?666\.?666-?6|55\.?555\.?555-?5|44\.?444\.?444-?4|[0.\-]+|99\.?999\.?999-?9?)$"
"""Tax ids that tills put where the buyer gave none."""
REASONS = {
    "shifted": "La fila tiene más celdas que columnas: puede estar corrida.",
    "no_date": "Falta la fecha.",
    "bad_date": "No entiendo la fecha.",
    "no_amount": "Falta el monto.",
    "bad_number": "No entiendo el número de la columna {column}.",
    "too_large": "El monto es imposible de tan grande.",
    "foreign": "El monto está en otra moneda que la de tu empresa, y no la puedo sumar.",
    "not_a_sale": "El documento no es una venta (cotización, presupuesto o retiro de dinero).",
}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`good` sale lines, `bad` (line, code, column) and how many rows of totals were passed over."""

    good: pl.DataFrame
    bad: pl.DataFrame
    totals: int


def by_unique(values: pl.Series, parse: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
    """`parse` applied to each different value once; a till repeats the same prices and days."""
    unique = values.unique()
    if len(unique) > 0.7 * len(values):
        return parse(values)
    table = parse(unique).with_columns(unique.alias("_key"))
    return (
        pl.DataFrame({"_key": values})
        .join(table, on="_key", how="left", nulls_equal=True, maintain_order="left")
        .drop("_key")
    )


def clean(rows: pl.DataFrame, reading: Reading, timezone: str, currency: str, standing: pl.Series) -> Cleaned:
    """One batch of canonical rows -> sale lines. A cancelled row whose sale also stands in the file (`standing`, see
    `still_standing`) is that sale's return; one that stands alone is marked `cancelled` and counts nothing."""
    rows, totals = _without_totals(rows, reading)
    parsed = rows.select(LINE, *(_text(f) for f in TEXTS if f in rows.columns))
    parsed = parsed.with_columns(*_numbers(rows, reading)).hstack(_when(rows, reading, timezone))
    if "discount" in rows.columns:
        parsed = parsed.with_columns(_discount(rows, parsed.columns, reading.percent))
    if reading.amounts is not None:
        parsed = _with_amounts(parsed, reading.amounts)
    parsed = parsed.with_columns(
        _matches(rows, "kind", RETURN).alias("returned"),
        _cancelled(rows).alias("cancelled"),
        _sale_hash(rows).is_in(standing.implode()).alias("stands") if len(standing) else pl.lit(False).alias("stands"),
        _currency(rows, currency),
        _amount(parsed).alias("amount"),
    )
    code = _fault(rows, parsed, reading, currency)
    parsed = parsed.with_columns(code)
    bad = parsed.filter(pl.col("code").is_not_null()).select(LINE, "code")
    good = parsed.filter(pl.col("code").is_null())
    return Cleaned(_signed(good), bad, totals)


def _text(field: str) -> pl.Expr:
    column = pl.col(field).str.strip_prefix(numbers.TYPED)
    nothing = column.is_in(_NO_TEXT)
    if field == "customer_tax_id":
        nothing = nothing | column.str.contains(NOBODY)
    if field == "order":
        # A terminal that prints no receipt writes zeros: else all those sales would be one.
        nothing = nothing | column.str.contains(r"^0+$")
    return pl.when(~nothing).then(column).alias(field)


def _without_totals(rows: pl.DataFrame, reading: Reading) -> tuple[pl.DataFrame, int]:
    words = [f for f in rows.columns if f in BY_ID or f == "label"]
    is_total = pl.any_horizontal(pl.col(f).str.contains(TOTALS) for f in words).fill_null(False)
    undated = pl.col("date").is_null() | ~pl.col("date").str.contains(r"\d")
    kept = rows.filter(~(is_total & undated))
    return kept, rows.height - kept.height


def _numbers(rows: pl.DataFrame, reading: Reading) -> list[pl.Series]:
    return [
        by_unique(rows[f], lambda v, f=f: _parsed(v, f, reading).to_frame(f))[f]  # type: ignore[misc]
        for f in rows.columns
        if f in BY_ID and BY_ID[f].holds == "number"
    ]


def _parsed(values: pl.Series, field: str, reading: Reading) -> pl.Series:
    return numbers.parse(without_percent(values) if field == "discount" else values, reading.marks.get(field, ","))


def _discount(rows: pl.DataFrame, have: list[str], whole: int) -> pl.Expr:
    """Discounts in percent as amounts: of the price; where there is none, of what was before the discount."""
    rate = pl.col("discount").cast(pl.Float64).abs() / (whole or 100)
    ways: list[pl.Expr] = []
    if "unit_price" in have:
        quantity = pl.col("quantity").fill_null(1) if "quantity" in have else pl.lit(1)
        ways.append(quantity.cast(pl.Float64) * pl.col("unit_price").cast(pl.Float64) * rate)
    if "total" in have:
        ways.append(pl.when(rate < 1).then(pl.col("total").cast(pl.Float64) * rate / (1 - rate)))
    amount = pl.coalesce(*ways, None).round(numbers.SCALE).cast(MONEY)
    percent = rows["discount"].str.contains(r"%\s*$").fill_null(False) if not whole else pl.lit(True)
    return pl.when(percent).then(amount).otherwise(pl.col("discount")).alias("discount")


def _with_amounts(parsed: pl.DataFrame, amounts: pl.DataFrame) -> pl.DataFrame:
    """Totals that stand for a whole order, replaced by the line's own part."""
    own = parsed.join(amounts, on=LINE, how="left", maintain_order="left")
    if "discount" in own.columns:
        quantity = pl.col("quantity").fill_null(1) if "quantity" in own.columns else pl.lit(1).cast(MONEY)
        less = (quantity * pl.col("unit_price") - pl.col("amount")).cast(MONEY)
        own = own.with_columns(discount=pl.when(pl.col("amount").is_null()).then("discount").otherwise(less))
    return own.with_columns(total=pl.coalesce("amount", "total")).drop("amount")


def _when(rows: pl.DataFrame, reading: Reading, timezone: str) -> pl.DataFrame:
    frame = by_unique(rows["date"], lambda v: _instants(v, reading.order, timezone))
    if "time" in rows.columns:
        clock = by_unique(rows["time"], lambda v: dates.parse_clock(v).to_frame("clock"))["clock"]
        frame = frame.with_columns(clock=pl.coalesce(clock, pl.col("clock")))
    if not reading.timed:
        frame = frame.with_columns(clock=pl.lit(None, pl.Time))
    return frame


def _instants(values: pl.Series, order: dates.Order, timezone: str) -> pl.DataFrame:
    """`sold_on` and `clock` in the company's time zone; an instant with an offset may fall on another day there."""
    frame = dates.parse(values, order)
    if frame["offset"].null_count() == frame.height:
        return frame.select(pl.col("day").alias("sold_on"), "clock")
    local = (
        (pl.col("day").dt.combine(pl.col("clock")) - pl.duration(minutes="offset"))
        .dt.replace_time_zone("UTC")
        .dt.convert_time_zone(timezone)
    )
    return frame.select(
        pl.when(pl.col("offset").is_null()).then("day").otherwise(local.dt.date()).alias("sold_on"),
        pl.when(pl.col("offset").is_null()).then("clock").otherwise(local.dt.time()).alias("clock"),
    )


def _matches(rows: pl.DataFrame, field: str, pattern: str) -> pl.Series:
    if field not in rows.columns:
        return pl.Series(field, [False]).new_from_index(0, rows.height)
    return by_unique(
        rows[field], lambda v: v.str.to_lowercase().str.contains(pattern).fill_null(False).to_frame(field)
    )[field]


def _cancelled(rows: pl.DataFrame) -> pl.Series:
    return _matches(rows, "status", CANCELLED) | _matches(rows, "payment_status", CANCELLED)


def still_standing(reading: Reading) -> pl.Series:
    """The sales of the file that are not cancelled, as hashes of order, product and total: what a cancelled row of the
    same sale takes back. Empty where the file has no states, or no orders to go by."""
    nothing = pl.Series(dtype=pl.UInt64)
    if not {"status", "payment_status"} & reading.fields.keys() or "order" not in reading.fields:
        return nothing
    found, cancelled = [nothing], [nothing]
    for rows in reading.rows():
        gone, hashes = _cancelled(rows), _sale_hash(rows)
        found.append(hashes.filter(~gone).unique())
        cancelled.append(hashes.filter(gone).unique())
    wanted = pl.concat(cancelled)
    return pl.concat(found).filter(pl.concat(found).is_in(wanted.implode())).unique()


def _sale_hash(rows: pl.DataFrame) -> pl.Series:
    parts = [f for f in ("order", "product", "sku", "total", "unit_price") if f in rows.columns]
    return rows.select(pl.struct(pl.col(parts).str.strip_chars("-() ")).hash(seed=3)).to_series()


def _currency(rows: pl.DataFrame, own: str) -> pl.Expr | pl.Series:
    if "currency" not in rows.columns:
        return _signed_currency(rows, own)
    text = rows["currency"].str.to_lowercase()
    known = {k: v or own for k, v in CURRENCIES.items()}
    codes = text.replace(known)
    valid = codes.str.contains(r"^[a-zA-Z]{3}$").fill_null(False)
    return pl.Series("currency", pl.DataFrame({"c": codes, "ok": valid}).select(
        pl.when("ok").then(pl.col("c").str.to_uppercase()).otherwise(pl.lit(own))).to_series())  # fmt: skip


def spoken_currency(rows: pl.DataFrame, own: str) -> str:
    """The one currency that all of these rows name, where Ayni knows it; else `own`."""
    dated = rows.filter(pl.col("date").is_not_null())
    named = dated.select(_currency(dated, own)).to_series().drop_nulls().unique().to_list()
    return str(named[0]) if len(named) == 1 and named[0] in CURRENCIES_KNOWN else own


def _signed_currency(rows: pl.DataFrame, own: str) -> pl.Expr | pl.Series:
    """By the sign before or behind the figure that was paid."""
    paid = next((pl.col(f).str.to_lowercase() for f in ("total", "net", "unit_price") if f in rows.columns), None)
    if paid is None or rows.is_empty():
        return pl.lit(own).alias("currency")
    figure = paid.str.contains(r"\d")  # «s/i» is no sum of soles
    names = [pl.when(figure & paid.str.contains(sign)).then(pl.lit(code)) for sign, code in SIGNS.items()]
    return rows.select(pl.coalesce(*names, pl.lit(own)).alias("currency")).to_series()


def _amount(parsed: pl.DataFrame) -> pl.Expr:
    """What the customer paid for the line: its total; else net and tax; else quantity × price − discount."""
    have = set(parsed.columns)
    ways: list[pl.Expr] = []
    if "total" in have:
        ways.append(pl.col("total"))
    if "net" in have:
        ways.append(pl.col("net") + (pl.col("tax").fill_null(0) if "tax" in have else 0))
    if "unit_price" in have:
        quantity = pl.col("quantity").fill_null(1) if "quantity" in have else pl.lit(1).cast(MONEY)
        discount = pl.col("discount").fill_null(0).abs() if "discount" in have else pl.lit(0).cast(MONEY)
        ways.append((quantity * pl.col("unit_price") - discount).cast(MONEY))
    return pl.coalesce(*ways) if ways else pl.lit(None, MONEY)


def _fault(rows: pl.DataFrame, parsed: pl.DataFrame, reading: Reading, own: str) -> pl.Series:
    """The code of the first thing wrong with each row, null where nothing is."""
    empty = pl.col("date").is_null() | pl.col("date").str.to_lowercase().is_in(NOTHING)
    checks = pl.DataFrame(
        {"beyond": rows["beyond"], "date": rows["date"], "sold_on": parsed["sold_on"], "amount": parsed["amount"]}
    ).with_columns(
        not_sale=_matches(rows, "kind", NOT_SALES),
        bad=_unread(rows, parsed),
        foreign=parsed["currency"] != own,
    )
    return checks.select(
        pl.when("beyond").then(pl.lit("shifted"))
        .when("not_sale").then(pl.lit("not_a_sale"))
        .when(empty).then(pl.lit("no_date"))
        .when(pl.col("sold_on").is_null()).then(pl.lit("bad_date"))
        .when(pl.col("bad").is_not_null()).then(pl.lit("bad_number:") + pl.col("bad"))
        .when(pl.col("amount").is_null()).then(pl.lit("no_amount"))
        .when(pl.col("amount").abs() >= LARGEST).then(pl.lit("too_large"))
        .when("foreign").then(pl.lit("foreign"))
        .alias("code")
    ).to_series()  # fmt: skip


def _unread(rows: pl.DataFrame, parsed: pl.DataFrame) -> pl.Series:
    """The first number field of each row that holds something which is no number."""
    fields = [f for f in rows.columns if f in BY_ID and BY_ID[f].holds == "number"]
    result = pl.Series("bad", [None], dtype=pl.String).new_from_index(0, rows.height)
    for f in fields:
        if parsed[f].null_count() == rows[f].null_count():
            continue
        wrong = parsed[f].is_null() & rows[f].is_not_null() & ~rows[f].str.to_lowercase().is_in(NOTHING)
        result = pl.select(pl.coalesce(result, pl.when(wrong).then(pl.lit(f)))).to_series().alias("bad")
    return result


def _signed(good: pl.DataFrame) -> pl.DataFrame:
    """Returns negative in quantity and total, whatever sign the file gives them; cost of the whole line."""
    have = set(good.columns)
    negative = pl.col("amount") < 0
    if "quantity" in have:
        negative = negative | (pl.col("quantity") < 0).fill_null(False)
    good = good.with_columns(
        (pl.col("returned") | (pl.col("cancelled") & pl.col("stands"))).alias("returned"),
        (pl.col("cancelled") & ~pl.col("stands") & ~pl.col("returned") & ~negative).alias("cancelled"),
    )
    frame = good.with_columns(
        pl.when(pl.col("returned") | negative).then(pl.lit("return")).otherwise(pl.lit("sale")).alias("kind")
    )
    sign = pl.when(pl.col("kind") == "return").then(-1).otherwise(1).cast(MONEY)

    def signed(name: str) -> pl.Expr:
        return ((pl.col(name).abs() * sign).cast(MONEY) if name in have else pl.lit(None, MONEY)).alias(name)

    quantity = pl.col("quantity").abs() if "quantity" in have else pl.lit(1).cast(MONEY)
    if "cost" in have and "unit_cost" in have:
        cost = pl.coalesce(pl.col("cost").abs(), quantity * pl.col("unit_cost").abs())
    elif "unit_cost" in have:
        cost = quantity * pl.col("unit_cost").abs()
    else:
        cost = pl.col("cost").abs() if "cost" in have else pl.lit(None, MONEY)
    return frame.with_columns(
        (pl.col("amount").abs() * sign).cast(MONEY).alias("total"),
        signed("quantity"),
        (pl.col("unit_price").abs() if "unit_price" in have else pl.lit(None, MONEY)).alias("unit_price"),
        signed("discount"),
        signed("tax"),
        (cost * sign).cast(MONEY).alias("cost"),
    ).drop("amount", "returned", "stands", "code")
