"""The generated businesses: the same every time, of the promised size and shape, with their stories in them."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.periods import add_months
from ingest import demo
from ingest.demo.stories import Story

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def lines() -> pl.DataFrame:
    return demo.generate(demo.LA_ESPIGA, TODAY)


def monthly(lines: pl.DataFrame, value: pl.Expr, **only: str) -> dict[date, float]:
    """`value` by the first day of its month, of the lines that match."""
    kept = lines.filter(**only) if only else lines
    return dict(kept.group_by(pl.col("at").dt.truncate("1mo").dt.date()).agg(value).iter_rows())


def test_the_same_day_gives_the_same_lines(lines: pl.DataFrame) -> None:
    assert lines.equals(demo.generate(demo.LA_ESPIGA, TODAY.replace(day=1)))


def test_it_spans_26_full_months_and_about_60_000_lines(lines: pl.DataFrame) -> None:
    assert lines["at"].min().date() == date(2024, 9, 1)  # type: ignore[union-attr]
    assert lines["at"].max().date() == date(2026, 10, 31)  # type: ignore[union-attr]
    assert 57_000 < len(lines) < 63_000
    assert lines["branch"].n_unique() == 3
    assert {"Kuchen de nuez", "Kuchen de frambuesa"} <= set(lines["product"])


def test_amounts_add_up(lines: pl.DataFrame) -> None:
    owed = (pl.col("quantity") * pl.col("unit_price") - pl.col("discount") - pl.col("total")).abs().max()
    assert lines.select(owed).item() < 1
    back = pl.col("kind") == "Nota de crédito"
    assert lines.filter((pl.col("total") < 0) != back).is_empty()
    assert lines.select((pl.col("unit_cost") > 0).all()).item()


def test_a_document_is_one_purchase(lines: pl.DataFrame) -> None:
    per_document = lines.group_by("document").agg(pl.col("at", "branch", "channel", "kind", "seller").n_unique())
    assert per_document.select(pl.all().exclude("document").max()).row(0) == (1, 1, 1, 1, 1)
    assert lines.select("document", "product").is_duplicated().sum() == 0


def test_september_belongs_to_empanadas_and_december_to_pan_de_pascua(lines: pl.DataFrame) -> None:
    pino = monthly(lines, pl.col("total").sum(), product="Empanada de pino")
    assert pino[date(2025, 9, 1)] > 2 * pino[date(2025, 8, 1)]
    pascua = monthly(lines, pl.col("total").sum(), product="Pan de pascua")
    assert max(pascua, key=lambda month: pascua[month]).month == 12
    totals = monthly(lines, pl.col("total").sum())
    assert totals[date(2025, 12, 1)] > totals[date(2025, 10, 1)]


def test_shops_are_shut_on_the_holidays_that_oblige(lines: pl.DataFrame) -> None:
    shut = {date(2025, 9, 18), date(2025, 9, 19), date(2025, 12, 25), date(2026, 1, 1), date(2026, 5, 1)}
    assert not shut & set(lines["at"].dt.date())


def test_the_branch_that_fell(lines: pl.DataFrame) -> None:
    talca = monthly(lines.filter(pl.col("total") > 0), pl.col("total").sum(), branch="Talca")
    curico = monthly(lines.filter(pl.col("total") > 0), pl.col("total").sum(), branch="Curicó")
    assert -0.28 < talca[date(2026, 5, 1)] / talca[date(2026, 4, 1)] - 1 < -0.18
    assert curico[date(2026, 5, 1)] / curico[date(2026, 4, 1)] > 0.95
    tickets = monthly(
        lines.filter(pl.col("kind") == "Boleta"), pl.col("total").sum() / pl.col("document").n_unique(), branch="Talca"
    )
    assert abs(tickets[date(2026, 5, 1)] / tickets[date(2026, 4, 1)] - 1) < 0.1


def test_the_product_that_took_off(lines: pl.DataFrame) -> None:
    nut = monthly(lines, pl.col("total").sum(), product="Kuchen de nuez")
    assert nut[date(2026, 6, 1)] > 1.6 * nut[date(2026, 5, 1)]


def test_the_margin_that_eroded(lines: pl.DataFrame) -> None:
    share = (pl.col("unit_cost") * pl.col("quantity")).sum() / pl.col("total").sum()
    cost = monthly(lines, share, product="Torta tres leches")
    assert cost[date(2026, 3, 1)] > cost[date(2026, 2, 1)] + 0.1


def test_the_customer_who_stopped(lines: pl.DataFrame) -> None:
    last = lines.filter(pl.col("customer") == "Cafetería 12", pl.col("total") > 0)["at"].max()
    assert date(2026, 7, 20) < last.date() < date(2026, 8, 1)  # type: ignore[union-attr]


def test_the_discounts_that_sold_no_more(lines: pl.DataFrame) -> None:
    rate = monthly(lines, pl.col("discount").sum() / pl.col("total").sum(), category="Sándwiches")
    units = monthly(lines, pl.col("quantity").sum(), category="Sándwiches")
    assert rate[date(2026, 7, 1)] > 0.08 > rate[date(2026, 8, 1)]
    assert units[date(2026, 7, 1)] < 1.15 * units[date(2026, 6, 1)]


def test_stories_fall_in_calendar_months() -> None:
    fell, *_ = demo.planted(demo.LA_ESPIGA.stories, TODAY)
    assert (fell.story.member, fell.period.start, fell.period.end) == ("Talca", date(2026, 5, 1), date(2026, 10, 31))
    assert fell.first_month.end == date(2026, 5, 31)
    assert not fell.story.rises


def test_returns_can_be_planted() -> None:
    story = Story("bad-bread", "returns", "product", "Hallulla", month=-1, factor=0.2)
    lines = demo.generate(replace(demo.LA_ESPIGA, stories=(story,), months=3, lines=6_000), TODAY)
    back = monthly(lines.filter(pl.col("total") < 0), pl.len(), product="Hallulla")
    assert back[date(2026, 9, 1)] > 20


def test_peers_are_alike_but_not_the_same() -> None:
    peers = demo.peers(24)
    assert len({p.name for p in peers}) == len({p.seed for p in peers}) == 24
    assert peers == demo.peers(24)
    sizes = {len(demo.generate(p, TODAY)) for p in peers[:4]}
    assert len(sizes) == 4


@settings(max_examples=10, deadline=None)
@given(today=st.dates(date(2020, 1, 1), date(2035, 12, 31)), months=st.integers(1, 30), seed=st.integers(0, 2**32))
def test_any_day_gives_whole_months(today: date, months: int, seed: int) -> None:
    profile = replace(demo.LA_ESPIGA, seed=seed, months=months, lines=200 * months, stories=())
    days = demo.generate(profile, today)["at"].dt.date()
    last = add_months(today.replace(day=1), 0)
    assert add_months(last, -months) <= days.min()  # type: ignore[operator]
    assert days.max() < last  # type: ignore[operator]
