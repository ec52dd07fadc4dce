"""What the model asks becomes the rules' own plans; what it may not ask does not."""

from datetime import date

import pytest
from pydantic import ValidationError

from assistant.llm.arguments import OFFERED, Consult
from assistant.tools import BY_NAME
from core.errors import BadInput
from core.periods import Grain
from features.query import Filter

MEMBERS = {"branch": ("Talca", "Curicó"), "product": ("Kuchen de nuez",)}


def test_every_offered_tool_is_one_of_the_planners() -> None:
    assert {tool.name for tool in OFFERED} < set(BY_NAME)


def test_members_are_taken_as_the_data_writes_them() -> None:
    asked = Consult.model_validate(
        {"tool": "ranking", "dimension": "product", "filters": [{"dimension": "branch", "members": ["curico"]}]}
    )
    plan = asked.plan(MEMBERS)
    assert plan.filters == (Filter("branch", ("Curicó",)),)
    assert (plan.intent, plan.dimension, plan.metrics) == ("ranking", "product", ("sales",))


def test_sides_are_one_filter_each() -> None:
    both = [{"dimension": "branch", "members": ["Talca", "Curicó"]}]
    plan = Consult.model_validate({"tool": "compare_members", "filters": both}).plan(MEMBERS)
    assert plan.sides == (Filter("branch", ("Talca",)), Filter("branch", ("Curicó",)))
    assert plan.filters == ()


def test_weekdays_need_no_data() -> None:
    saturdays = [{"dimension": "weekday", "members": ["sabado"]}]
    assert Consult.model_validate({"tool": "value", "filters": saturdays}).plan({}).filters[0].members == ("sábado",)


def test_two_periods_are_two_whens() -> None:
    october, september = {"start": "2026-10-01", "end": "2026-10-31"}, {"start": "2026-09-01", "end": "2026-09-30"}
    plan = Consult.model_validate({"tool": "compare", "period": october, "other_period": september}).plan({})
    assert [when.period.start for when in plan.whens] == [date(2026, 10, 1), date(2026, 9, 1)]
    assert plan.whens[0].grain is Grain.month


@pytest.mark.parametrize(
    "wrong",
    [
        {"tool": "drop_table"},
        {"tool": "value", "metrics": ["profit"]},
        {"tool": "value", "sql": "select 1"},
        {"tool": "value", "company_id": "x"},
        {"tool": "value", "limit": 100_000},
        {"tool": "ranking", "dimension": "company"},
    ],
)
def test_what_no_tool_takes_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Consult.model_validate(wrong)


def test_unknown_members_and_backward_periods_are_refused() -> None:
    with pytest.raises(BadInput, match="No existe"):
        Consult.model_validate({"tool": "value", "filters": [{"dimension": "branch", "members": ["Ajena"]}]}).plan(
            MEMBERS
        )
    with pytest.raises(BadInput):
        Consult.model_validate({"tool": "value", "period": {"start": "2026-10-02", "end": "2026-10-01"}}).plan({})
