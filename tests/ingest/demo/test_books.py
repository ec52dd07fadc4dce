"""The demo's other books are read as what they are, and fit its sales."""

from datetime import date
from io import BytesIO
from pathlib import Path

import polars as pl

from core import db
from core.tenancy import Scope
from ingest import demo, process, receive


def test_they_are_recognised_and_whole(scope: Scope, tmp_path: Path):
    lines = demo.generate(demo.LA_ESPIGA, date(2026, 11, 20))
    for name, write, table in (
        ("gastos.csv", demo.write_expenses, "fact_expenses"),
        ("inventario.csv", demo.write_stock, "fact_stock"),
    ):
        write(demo.LA_ESPIGA, lines, tmp_path / name)
        rows = (tmp_path / name).read_text("utf-8").strip().split("\n")[1:]
        with db.tenant(scope) as connection:
            sent = receive(scope, name, BytesIO((tmp_path / name).read_bytes()), connection)
            done = process(scope, sent.id, connection)
            kept = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        assert (done.upload.state, done.upload.set_aside) == ("ready", 0), done.upload.message
        assert kept == (len(rows),)
    with db.tenant(scope) as connection:
        spent = connection.execute("SELECT sum(total) FROM fact_expenses WHERE spent_on >= '2026-10-01' "
                                   "AND spent_on < '2026-11-01'").fetchone()  # fmt: skip
    october = lines.filter((pl.col("at").dt.year() == 2026) & (pl.col("at").dt.month() == 10))["total"].sum()
    assert spent is not None
    assert 0.25 < float(spent[0]) / october < 0.45
