"""Real small businesses: every Olist seller with fifty orders or more as a company, its category as its sector.

Ranks and published quantiles are computed again by plain pandas, from the lines themselves, and must agree. All 429
sellers take some minutes: `OLIST_SELLERS=429 pytest tests/features/benchmarks/test_olist.py`; by default those of the
biggest categories.
"""

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pandas as pd
import pytest

from core import db
from core.tenancy import Company, Role, Scope
from features import macro
from features.benchmarks import contribute, take

ORDERS = 50
SELLERS = 90
MONTHS = pd.period_range("2018-04", "2018-05", freq="M")
FEWEST = 10
SHARES = (0.10, 0.25, 0.50, 0.75, 0.90)


@pytest.fixture(scope="module")
def sellers(shared: Path, database: None) -> Iterator[pd.DataFrame]:
    """The sellers' lines, brought in with a company each: straight to the facts, since reading is tested elsewhere."""
    lines = pd.read_csv(shared / "olist" / "sales_lines.csv.gz", parse_dates=["date"])
    orders = lines.groupby("seller_id")["order_id"].nunique()
    lines = lines[lines["seller_id"].isin(orders[orders >= ORDERS].index)].copy()
    known = lines[lines["category"].notna()]
    lines["sector"] = lines["seller_id"].map(known.groupby("seller_id")["category"].agg(lambda c: c.mode().iloc[0]))
    lines["sector"] = lines["sector"].fillna("outros")
    lines = _biggest(lines, int(os.environ.get("OLIST_SELLERS", SELLERS)))
    ids = {seller: uuid4() for seller in sorted(lines["seller_id"].unique())}
    lines["company"] = lines["seller_id"].map(ids)
    lines["month"] = lines["date"].dt.to_period("M")
    _companies(lines)
    for company, mine in lines.groupby("company"):
        _load(_scope(company), mine)
    with db.benchmarks() as connection:
        take([m.start_time.date() for m in MONTHS], connection)
    yield lines
    with db.owner() as connection:
        connection.execute("UPDATE companies SET shares_benchmarks = false WHERE id = ANY(%s)", [list(ids.values())])


def _biggest(lines: pd.DataFrame, count: int) -> pd.DataFrame:
    """The first `count` sellers in the order of their categories' size."""
    sectors = lines.drop_duplicates("seller_id").set_index("seller_id")["sector"].sort_index()
    ordered = sectors.map(sectors.value_counts()).sort_values(ascending=False, kind="stable")
    return lines[lines["seller_id"].isin(ordered.index[:count])].copy()


def _companies(lines: pd.DataFrame) -> None:
    sectors = lines.drop_duplicates("company")[["company", "sector"]]
    with db.owner() as connection:
        macro.load_built_in(connection)
        connection.cursor().executemany(
            "INSERT INTO companies (id, slug, name, sector, country, currency, timezone, shares_benchmarks) "
            "VALUES (%s, %s, %s, %s, 'BR', 'BRL', 'America/Sao_Paulo', true)",
            [[c, f"o-{c.hex[:16]}", "Loja", s] for c, s in sectors.itertuples(index=False)],
        )


def _scope(company: UUID) -> Scope:
    return Scope(
        Company(company, "o", "Loja", "", "BR", "BRL", "America/Sao_Paulo", "es-CL"), Role.owner
    )  # fmt: skip


def _load(scope: Scope, mine: pd.DataFrame) -> None:
    columns = "company_id, line_key, sold_on, kind, order_ref, quantity, total, currency, upload_id, source_line"
    upload = uuid4()
    with db.tenant(scope) as connection:
        connection.execute("CREATE TEMP TABLE taken (LIKE fact_sales INCLUDING DEFAULTS) ON COMMIT DROP")
        with connection.cursor().copy(f"COPY taken ({columns}) FROM STDIN") as copy:
            rows = mine[["date", "order_id", "price"]].itertuples(index=False)
            for number, (day, order, price) in enumerate(rows, 1):
                copy.write_row(
                    (scope.company_id, uuid4(), day.date(), "sale", order, 1, price, "BRL", upload, number)
                )  # fmt: skip
        connection.execute(f"INSERT INTO fact_sales ({columns}) SELECT {columns} FROM taken")  # noqa: S608
        contribute(scope, connection, [m.start_time.date() for m in MONTHS])


def _tickets(lines: pd.DataFrame, month: pd.Period) -> pd.Series:
    """Average ticket by company in a month it was open for to the end."""
    last = lines.groupby("company")["date"].max()
    first = lines.groupby("company")["date"].min()
    whole = last.index[(last >= month.end_time.normalize()) & (first < month.end_time)]
    here = lines[(lines["month"] == month) & lines["company"].isin(whole)]
    groups = here.groupby("company")
    return groups["price"].sum() / groups["order_id"].nunique()


def _significant(value: float) -> float:
    return float(f"{value:.3g}")


def _told(month: pd.Period) -> pd.DataFrame:
    """What the snapshot wrote of the companies' tickets, with the published figures of their cohorts."""
    with db.benchmarks() as connection:
        rows = connection.execute(
            "SELECT r.company_id, r.cohort, r.percentile, r.peers, b.owners, m.owners, "
            "b.p10, b.p25, b.p50, b.p75, b.p90 "
            "FROM benchmark_ranks r JOIN benchmarks b USING (cohort, measure, month) "
            "JOIN benchmark_members m USING (cohort, measure, month) "
            "WHERE r.measure = 'average_ticket' AND r.month = %s AND r.cohort LIKE 'BR:%%'",
            [month.start_time.date()],
        ).fetchall()
    names = ["company", "cohort", "percentile", "peers", "owners", "members", *(f"p{round(100 * s)}" for s in SHARES)]
    return pd.DataFrame(rows, columns=names)


def test_every_seller_of_fifty_orders_is_a_company(sellers: pd.DataFrame):
    assert sellers["company"].nunique() == int(os.environ.get("OLIST_SELLERS", SELLERS))


@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_published_quantiles_are_those_of_pandas(sellers: pd.DataFrame, month: pd.Period):
    tickets, told = _tickets(sellers, month), _told(month)
    cohorts = told.drop_duplicates("cohort")
    assert len(cohorts) >= 2
    for row in cohorts.itertuples():
        values = tickets[[UUID(m) for m in row.members]]
        assert row.owners == len(values) >= FEWEST
        for share in SHARES:
            published = float(getattr(row, f"p{round(100 * share)}"))
            assert published == pytest.approx(_significant(values.quantile(share)), rel=1.1e-3), (row.cohort, share)


@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_percentiles_are_those_of_pandas(sellers: pd.DataFrame, month: pd.Period):
    tickets, told = _tickets(sellers, month), _told(month)
    assert len(told) >= 40
    for row in told.itertuples():
        others = tickets[[UUID(m) for m in row.members if UUID(m) != row.company]].sort_values().to_numpy()
        assert row.peers == len(others)
        # Leave-one-out, linear between the midpoints of two neighbours' steps.
        own = float(tickets[row.company])
        steps = (np.arange(len(others)) + 0.5) / len(others)
        if np.isclose(others, own, rtol=1e-12).any():
            share = float(steps[np.isclose(others, own, rtol=1e-12)].mean())
        else:
            share = float(np.interp(own, others, steps, left=0.0, right=1.0))
        assert abs(row.percentile - 100 * share) <= 0.5 + 1e-6, row.cohort


def test_a_category_is_compared_with_its_own_first(sellers: pd.DataFrame):
    told = _told(MONTHS[-1])
    sectors = sellers.drop_duplicates("company").set_index("company")["sector"]
    narrow = told[told["cohort"].str.startswith("BR:sector:")]
    assert len(narrow) >= 20
    assert all(sectors[row.company] in row.cohort for row in narrow.itertuples())
    assert Decimal(str(narrow["owners"].min())) >= FEWEST
