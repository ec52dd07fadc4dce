"""Gold figures on a file small enough to check by hand."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import gold, raw
from eval.measured import value
from eval.spans import Span, parse_span, previous

LAYOUT = raw.Layout(
    {
        "day": "fecha", "order": "boleta", "product": "producto", "branch": "local", "customer": "cliente",
        "quantity": "cantidad", "total": "total", "discount": "descuento", "unit_cost": "costo",
    },
    separator=";",
    decimal=",",
    thousands=".",
    day_format="%d/%m/%Y",
)  # fmt: skip
TEXT = """fecha;boleta;producto;local;cliente;cantidad;total;descuento;costo
05/01/2026;1;Pan;Centro;Ana;2;$2.000;$0;400
05/01/2026;1;Té;Centro;Ana;1;$1.500;$100;300
06/01/2026;2;Pan;Norte;;1,5;$1.500;$0;400
07/01/2026;N1;Pan;Centro;Ana;-1;-$1.000;$0;400
03/02/2026;3;Pan;Centro;Ana;1;$1.000;$0;500
04/02/2026;4;Té;Norte;Bea;2;$3.000;$0;300
"""
AS_OF = date(2026, 2, 28)


@pytest.fixture
def frame(tmp_path: Path) -> pd.DataFrame:
    path = tmp_path / "ventas.csv"
    path.write_text(TEXT, encoding="utf-8")
    return raw.read([path], LAYOUT)


@pytest.mark.parametrize(
    ("metric", "period", "due"),
    [
        ("sales", "2026-01", "4000"),
        ("transactions", "2026-01", "2"),
        ("units", "2026-01", "3.5"),
        ("average_ticket", "2026-01", "2000"),
        ("cost", "2026-01", "1300"),
        ("gross_profit", "2026-01", "2700"),
        ("gross_margin", "2026-01", "0.675"),
        ("discount", "2026-01", "100"),
        ("returns", "2026-01", "1000"),
        ("return_rate", "2026-01", "0.2"),
        ("active_customers", "2026-02", "2"),
        ("new_customers", "2026-02", "1"),
        ("returning_customers", "2026-02", "1"),
        ("retention_rate", "2026-02", "1"),
        ("churn_rate", "2026-02", "0"),
        ("repurchase_rate", "2026-02", "0"),
        ("purchase_frequency", "2026-02", "1"),
        ("sales_per_customer", "2026-01", "2500"),
        ("customer_lifetime_value", "2026-02", "3250"),
    ],
)
def test_a_metric_of_a_month(frame: pd.DataFrame, metric: str, period: str, due: str) -> None:
    assert value(metric, frame, parse_span(period, frame)) == Decimal(due)


def test_a_ratio_over_nothing_is_undefined(frame: pd.DataFrame) -> None:
    assert value("average_ticket", frame, Span(date(2025, 1, 1), date(2025, 1, 31))) is None


def test_filters_and_exclusions(frame: pd.DataFrame) -> None:
    spec = {"metric": "sales", "period": "2026-01", "filter": {"branch": "Centro"}, "exclude": {"product": "Té"}}
    assert gold.block(spec, frame).rows[0].value == 1000


def test_a_ranking_comes_in_order_with_those_that_tie(frame: pd.DataFrame) -> None:
    block = gold.block({"metric": "sales", "period": "all", "by": "product", "top": 1}, frame)
    assert [(row.member, row.value) for row in block.rows] == [("Té", 4500)]
    assert block.kind == "ranked"


def test_the_best_month(frame: pd.DataFrame) -> None:
    block = gold.block({"metric": "sales", "grain": "month", "pick": "max", "period": "2026"}, frame)
    assert block.rows[0].span == Span(date(2026, 1, 5), date(2026, 1, 31))


def test_a_list_names_readings_of_which_any_is_right(frame: pd.DataFrame) -> None:
    found = gold.readings({"metric": ["sales", "units"], "period": ["2026-01", "all"]}, frame, AS_OF)
    assert len(found) == 4


def test_what_comes_after_the_asking_day_is_not_known(frame: pd.DataFrame) -> None:
    (reading,) = gold.readings({"metric": "sales", "period": "2026"}, frame, date(2026, 2, 3))
    assert reading[0].rows[0].value == 5000


def test_averages_over_days_with_sales_and_over_all_days(frame: pd.DataFrame) -> None:
    spec = {"metric": "sales", "period": "2026-01", "per": "day", "over": ["calendar", "open"]}
    found = [reading[0].rows[0].value for reading in gold.readings(spec, frame, AS_OF)]
    assert found == [Decimal(4000) / 27, Decimal(4000) / 3]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("2025-H2", "2025-07-01", "2025-12-31"),
        ("2026-W44", "2026-10-26", "2026-11-01"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2026-10-03..2026-10-18", "2026-10-03", "2026-10-18"),
        ("2026-11..2026-12", "2026-11-01", "2026-12-31"),
    ],
)
def test_spans_as_written(frame: pd.DataFrame, text: str, start: str, end: str) -> None:
    assert parse_span(text, frame) == Span(date.fromisoformat(start), date.fromisoformat(end))


@given(st.integers(1, 12), st.sampled_from([1, 2, 3, 6]))
def test_the_span_before_is_as_long(month: int, count: int) -> None:
    first, last = f"2026-{month:02}", f"2026-{min(12, month + count - 1):02}"
    span = parse_span(f"{first}..{last}", pd.DataFrame())
    before = previous(span)
    assert (before.end - span.start).days == -1
    assert before.start.day == 1


@given(st.integers(-(10**9), 10**9))
def test_amounts_read_to_the_cent(cents: int) -> None:
    text = f"{cents / 100:,.2f}".translate(str.maketrans(",.", ".,"))
    assert raw.scaled(f"${text}", LAYOUT) == cents * raw.SCALE // 100
