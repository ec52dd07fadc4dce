"""What makes a sale line the same line in another export: its content, and how many equal ones stand before it.

The file and the line number take no part, so a longer export adds only what is new; two equal lines of one file are
two sales. The hash is a fixed algorithm over a fixed text: it must not change between versions, or every upload would
count twice.
"""

from collections.abc import Collection
from hashlib import blake2b

import polars as pl

from ingest.numbers import MONEY

OPTIONAL = ("clock", "order", "product", "customer", "branch", "quantity")
"""Parts of a line's identity beyond day, total and kind, where the file has them."""


def content(parts: Collection[str]) -> pl.Expr:
    """The text that two exports of the same line share. Works on sale lines with folded names."""
    pieces = [pl.col("sold_on").cast(pl.String), pl.col("kind"), _number("total")]
    for part in OPTIONAL:
        if part in parts:
            piece = _number(part) if part == "quantity" else pl.col(part).cast(pl.String)
            pieces.append(pl.lit(f"{part}=") + piece.fill_null(""))
    return pl.concat_str(pieces, separator="\x1f")


def keys(contents: pl.Series, occurrences: pl.Series) -> pl.Series:
    """128-bit keys as hexadecimal text."""
    texts = (
        pl.DataFrame({"c": contents, "o": occurrences}).select(pl.concat_str("c", "o", separator="\x1e")).to_series()
    )
    return pl.Series("line_key", [blake2b(t.encode(), digest_size=16).hexdigest() for t in texts.to_list()])


class Occurrences:
    """Numbers equal lines of one file from 0, batch after batch."""

    def __init__(self) -> None:
        self._seen = pl.DataFrame(schema={"h": pl.UInt64, "before": pl.UInt32})

    def number(self, contents: pl.Series) -> pl.Series:
        frame = pl.DataFrame({"h": contents.hash(seed=7)})
        frame = frame.join(self._seen, on="h", how="left", maintain_order="left").select(
            "h", (pl.col("before").fill_null(0) + pl.int_range(pl.len(), dtype=pl.UInt32).over("h")).alias("n")
        )
        counted = frame.group_by("h").agg((pl.col("n").max() + 1).cast(pl.UInt32).alias("before"))
        self._seen = pl.concat([self._seen.join(counted, on="h", how="anti"), counted])
        return frame["n"]


class Kin:
    """Lines that are stored already, found again by the `parts` of their identity that another export also carries."""

    def __init__(self, parts: Collection[str], stored: pl.DataFrame) -> None:
        self._parts, self._numbers = frozenset(parts), Occurrences()
        contents = stored.select(content(self._parts)).to_series()
        self._known = pl.DataFrame({"c": contents, "n": Occurrences().number(contents), "line_key": stored["line_key"]})

    def keys_of(self, lines: pl.DataFrame) -> pl.Series:
        """The stored key of each line, null where it is new."""
        contents = lines.select(content(self._parts)).to_series()
        wanted = pl.DataFrame({"c": contents, "n": self._numbers.number(contents)})
        return wanted.join(self._known, on=["c", "n"], how="left", maintain_order="left")["line_key"]


def _number(name: str) -> pl.Expr:
    return pl.col(name).cast(MONEY).cast(pl.String)
