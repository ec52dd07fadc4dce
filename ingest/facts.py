"""Sale lines -> the database, batch by batch: dimensions first, then COPY into a table of the transaction, then an
insert that leaves known lines as they are."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import LiteralString, Self
from uuid import UUID

import polars as pl

from core.db import Connection
from core.language import fold
from core.periods import Grain, Period
from core.tenancy import Scope
from ingest import books
from ingest.identity import keys
from ingest.numbers import MONEY
from ingest.persons.person import plain_id

STAGED = (
    "line_key", "sold_on", "sold_at", "sold_hour", "kind", "order_ref", "product_id", "customer_id", "store_id",
    "channel_id", "seller", "payment_method", "city", "country", "quantity", "unit_price", "discount", "total", "cost",
    "tax", "currency", "source_line", "cancels",
)  # fmt: skip

_CREATE: LiteralString = """CREATE TEMP TABLE staged_sales (
    line_key uuid, sold_on date, sold_at timestamptz, sold_hour smallint, kind text, order_ref text, product_id bigint,
    customer_id bigint, store_id bigint, channel_id bigint, seller text, payment_method text, city text, country text,
    quantity numeric, unit_price numeric, discount numeric, total numeric, cost numeric, tax numeric, currency char(3),
    source_line integer, cancels uuid) ON COMMIT DROP"""

_INSERT: LiteralString = """INSERT INTO fact_sales (company_id, upload_id, line_key, sold_on, sold_at, sold_hour, kind,
        order_ref, product_id, customer_id, store_id, channel_id, seller, payment_method, city, country, quantity,
        unit_price, discount, total, cost, tax, currency, source_line)
    SELECT %(company)s, %(upload)s, line_key, sold_on, sold_at, sold_hour, kind, order_ref, product_id, customer_id,
        store_id, channel_id, seller, payment_method, city, country, trim_scale(quantity), trim_scale(unit_price),
        trim_scale(discount), trim_scale(total), trim_scale(cost), trim_scale(tax), currency, source_line
    FROM staged_sales s
    WHERE (s.cancels IS NULL OR EXISTS (
            SELECT FROM fact_sales f WHERE f.company_id = %(company)s AND f.line_key = s.cancels AND f.total <> 0))"""

# One import at a time runs for a company, so what is not there now is not there when it is inserted; that spares
# ON CONFLICT's second write of every line. The days let the plan read those days only.
_WHERE_NEW: LiteralString = """ AND NOT EXISTS (SELECT FROM fact_sales f WHERE f.company_id = %(company)s
    AND f.line_key = s.line_key AND f.sold_on BETWEEN %(first)s AND %(last)s)"""
_ON_CONFLICT: LiteralString = " ON CONFLICT (company_id, line_key) DO NOTHING"

_KNOWN: LiteralString = """SELECT f.upload_id, count(*) FROM staged_sales s JOIN fact_sales f ON f.line_key = s.line_key
    WHERE f.company_id = %s AND f.upload_id <> %s AND s.cancels IS NULL GROUP BY f.upload_id"""

AMOUNTS = ("quantity", "discount", "total", "cost", "tax")


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension table: which fields of a line give a member's key (the first that is there) and its attributes."""

    table: LiteralString
    id: str
    key_fields: tuple[str, ...]
    name_fields: tuple[str, ...]
    attributes: tuple[tuple[LiteralString, str], ...] = ()
    """Column and field."""
    key: Callable[[str], str] = fold
    """What two spellings of one member share."""


_TAX_ID = re.compile(
    r"[0-9]{7,}[0-9kK]?|[0-9]{6,}\s*-?\s*[0-9kK]"  # plain, or with its check digit apart
    r"|[0-9]{1,3}(?:[. ][0-9]{3}){2,}(?:\s*-?\s*[0-9kK])?"  # 12.345.678-K; a DNI 12.345.678
    r"|[0-9]{2}[-. ][0-9]{2}\.?[0-9]{3}\.?[0-9]{3}[-. ][0-9]"  # a CUIT: 20-12345678-9
    r"|[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-[0-9]{2}"  # a CPF: 123.456.789-09
    r"|[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}/[0-9]{4}-?[0-9]{2}"  # a CNPJ: 12.345.678/0001-95
)
"""What is spelled as ids are. Any other digits with dashes, '1-1234567' and '11-234567', may be codes of two."""
_LEAST_ID = 7


def customer_key(text: str) -> str:
    """'12.345.678-K', '12345678-k' and '012345678K' -> '12345678k': tills write it as they like, and it is
    one customer. A name, and a code of the company's own, is folded. Pure."""
    plain = plain_id(text).lower() if _TAX_ID.fullmatch(text.strip()) else ""
    return plain if len(plain) >= _LEAST_ID else fold(text)


DIMENSIONS = (
    Dimension("dim_products", "product_id", ("sku", "product"), ("product", "sku"), (("sku", "sku"), ("category", "category"))),  # noqa: E501
    Dimension(
        "dim_customers", "customer_id", ("customer_tax_id", "customer"), ("customer", "customer_tax_id"),
        (("tax_id", "customer_tax_id"),), customer_key,
    ),
    Dimension("dim_stores", "store_id", ("branch",), ("branch",)),
    Dimension("dim_channels", "channel_id", ("channel",), ("channel",)),
)  # fmt: skip


class Saving:
    """One upload's lines on their way into `fact_sales`. A thread of its own writes a batch while the caller reads the
    next one; until the block ends, nobody else may use the connection."""

    def __init__(self, scope: Scope, upload_id: UUID, connection: Connection, borrowed_keys: bool = False) -> None:
        """`borrowed_keys`: lines may carry the keys of lines that are stored, so that one may come twice."""
        self._scope, self._upload_id, self._connection = scope, upload_id, connection
        self._insert: LiteralString = _INSERT + (_ON_CONFLICT if borrowed_keys else _WHERE_NEW)
        self._members: dict[str, dict[str, int]] = {d.table: {} for d in DIMENSIONS}
        self._writer = ThreadPoolExecutor(1, "facts")
        self._writing: Future[int] | None = None
        self.staged = 0
        self._new = 0
        self.known: Counter[UUID] = Counter()
        """How many of the lines were there already, by the upload that brought them."""
        connection.execute("DROP TABLE IF EXISTS staged_sales")
        connection.execute(_CREATE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._writer.shutdown(wait=True, cancel_futures=True)

    def add(self, lines: pl.DataFrame) -> None:
        """Save sale lines that carry their `line_key`, once the batch before them is saved. Raises what that raised."""
        self._wait()
        self.staged += lines.height
        self._writing = self._writer.submit(self._save, lines)

    def finish(self) -> int:
        """The number of lines that were new."""
        self._wait()
        return self._new

    def _wait(self) -> None:
        if self._writing is not None:
            self._new += self._writing.result()
            self._writing = None

    def _save(self, lines: pl.DataFrame) -> int:
        """A cancelled line is kept with nothing in it, in the place of its sale, so that an export from before the
        cancellation adds nothing later; where such a sale is there already, its negative is added instead."""
        gone = lines.filter("cancelled")
        if gone.height:
            zero = [(pl.col(c) * 0).alias(c) for c in AMOUNTS]
            void = pl.lit("return").alias("kind")
            back = gone.with_columns(
                *(-pl.col(c) for c in AMOUNTS), void,
                pl.col("line_key").alias("cancels"),
                keys(gone["line_key"], gone["cancelled"].cast(pl.String)),
            )  # fmt: skip
            self._stage(back)
            lines = pl.concat([lines.filter(~pl.col("cancelled")), gone.with_columns(*zero, void)])
        self._stage(lines)
        new = self._connection.execute(
            self._insert,
            {
                "company": self._scope.company_id, "upload": self._upload_id,
                "first": lines["sold_on"].min(), "last": lines["sold_on"].max(),
            },
        ).rowcount  # fmt: skip
        if new < lines.height:
            self.known.update(
                dict(self._connection.execute(_KNOWN, [self._scope.company_id, self._upload_id]).fetchall())
            )
        self._connection.execute("TRUNCATE staged_sales")
        return new

    def _stage(self, lines: pl.DataFrame) -> None:
        frame = lines.with_columns(*(self._ids(d, lines) for d in DIMENSIONS))
        data = frame.select(*(_column(c, frame, self._scope) for c in STAGED)).write_csv(include_header=False).encode()
        with self._connection.cursor().copy("COPY staged_sales FROM STDIN (FORMAT csv)") as copy:
            copy.write(data)

    def _ids(self, dimension: Dimension, lines: pl.DataFrame) -> pl.Series:
        present = [f for f in dimension.key_fields if f in lines.columns]
        if not present:
            return pl.Series(dimension.id, [None], dtype=pl.Int64).new_from_index(0, lines.height)
        key = lines.select(pl.coalesce(present)).to_series()
        known = self._members[dimension.table]
        folded = {text: dimension.key(text) for text in key.drop_nulls().unique().to_list()}
        self._learn(
            dimension, lines.with_columns(key.alias("_key")), {f for f in folded.values() if f not in known}, folded
        )
        ids = {text: known[f] for text, f in folded.items()}
        table = pl.DataFrame(
            {"_key": list(ids), dimension.id: list(ids.values())}, schema={"_key": pl.String, dimension.id: pl.Int64}
        )
        return pl.DataFrame({"_key": key}).join(table, on="_key", how="left", maintain_order="left")[dimension.id]

    def _learn(self, dimension: Dimension, lines: pl.DataFrame, new: set[str], folded: dict[str, str]) -> None:
        """Upsert the members not seen before and keep their ids."""
        if not new:
            return
        fields = [
            f
            for f in dict.fromkeys((*dimension.name_fields, *(f for _, f in dimension.attributes)))
            if f in lines.columns
        ]
        # The first line that has a name: another may carry the code alone. Of one name's spellings the usual one, so
        # that a few lines in capitals do not decide how it is told.
        first = (
            lines.select("_key", *fields)
            .filter(pl.col("_key").is_not_null())
            .with_columns(pl.len().over("_key").alias("_lines"))
            .sort(*(pl.col(f).is_null() for f in dimension.name_fields if f in fields), maintain_order=True)
            .unique("_key", keep="first", maintain_order=True)
            .sort("_lines", descending=True, maintain_order=True)
        )
        rows: dict[str, dict[str, str | None]] = {}
        for row in first.iter_rows(named=True):
            rows.setdefault(folded[row["_key"]], row)
        chosen = [(k, r) for k, r in rows.items() if k in new]
        names = [next((r[f] for f in dimension.name_fields if r.get(f)), k) for k, r in chosen]
        columns = [c for c, _ in dimension.attributes]
        values = [[r.get(f) for _, r in chosen] for _, f in dimension.attributes]
        sql: LiteralString = f"""INSERT INTO {dimension.table} (company_id, key, name{"".join(", " + c for c in columns)})
            SELECT %s, * FROM unnest({", ".join(["%s::text[]"] * (2 + len(columns)))})
            ON CONFLICT (company_id, key) DO UPDATE SET name = {dimension.table}.name
            {"".join(f", {c} = coalesce({dimension.table}.{c}, excluded.{c})" for c in columns)} RETURNING key, id"""  # noqa: E501, S608
        found = self._connection.execute(sql, [self._scope.company_id, [k for k, _ in chosen], names, *values])
        self._members[dimension.table].update(dict(found.fetchall()))


def touched(scope: Scope, upload_id: UUID, connection: Connection) -> tuple[Period, ...]:
    """The months in which an upload has lines."""
    rows = connection.execute(
        "SELECT DISTINCT date_trunc('month', sold_on)::date FROM fact_sales WHERE company_id = %s AND upload_id = %s ORDER BY 1",  # noqa: E501
        [scope.company_id, upload_id],
    ).fetchall()
    return tuple(Period.of(Grain.month, row[0]) for row in rows)


def stored(scope: Scope, upload_ids: Sequence[UUID], connection: Connection) -> pl.DataFrame:
    """The lines of these uploads with what can tell them apart, in the file's order."""
    rows = connection.execute(
        """SELECT replace(f.line_key::text, '-', ''), f.sold_on, f.kind, f.total, (f.sold_at AT TIME ZONE %s)::time,
                f.order_ref, p.name, c.name, s.name, f.quantity
           FROM fact_sales f
           LEFT JOIN dim_products p ON p.company_id = f.company_id AND p.id = f.product_id
           LEFT JOIN dim_customers c ON c.company_id = f.company_id AND c.id = f.customer_id
           LEFT JOIN dim_stores s ON s.company_id = f.company_id AND s.id = f.store_id
           WHERE f.company_id = %s AND f.upload_id = ANY(%s) ORDER BY f.upload_id, f.source_line""",
        [scope.company.timezone, scope.company_id, list(upload_ids)],
    ).fetchall()
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "line_key": pl.String, "sold_on": pl.Date, "kind": pl.String, "total": MONEY, "clock": pl.Time,
        "order": pl.String, "product": pl.String, "customer": pl.String, "branch": pl.String, "quantity": MONEY,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def remove(scope: Scope, upload_id: UUID, connection: Connection) -> None:
    """Take an upload's lines out, of sales or of a book."""
    books.remove(scope, upload_id, connection)
    connection.execute("DELETE FROM fact_sales WHERE company_id = %s AND upload_id = %s", [scope.company_id, upload_id])


def _column(name: str, lines: pl.DataFrame, scope: Scope) -> pl.Expr:
    source = {"order_ref": "order", "source_line": "line"}.get(name, name)
    if name == "sold_at":
        return (
            pl.col("sold_on").dt.combine(pl.col("clock"))
            .dt.replace_time_zone(scope.company.timezone, ambiguous="earliest", non_existent="null")
            .dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%d %H:%M:%S+00").alias(name)
        )  # fmt: skip
    if name == "sold_hour":
        return pl.col("clock").dt.hour().alias(name)
    return (pl.col(source) if source in lines.columns else pl.lit(None, pl.String)).alias(name)
