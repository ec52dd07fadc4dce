"""Questions that lean on the one before: what they take from it, and that one which says nothing new is asked back."""

import pytest

from assistant.plan import Stop, to_json
from tests.assistant.bakery import plan, read

State = dict[str, object]


def after(text: str, **more: object) -> State:
    """What a conversation keeps of `text`."""
    return {"plan": to_json(plan(text)), **more}


OCTOBER = "¿cuánto vendí en octubre de 2025?"


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("¿y el mes anterior?", "septiembre 2025"),
        ("y el anterior", "septiembre 2025"),
        ("y el mes siguiente?", "noviembre 2025"),
        ("¿y en mayo?", "mayo 2026"),
    ],
)
def test_the_month_beside_is_beside_the_one_told(said: str, label: str) -> None:
    found = plan(said, after(OCTOBER))
    assert (found.intent, found.whens[0].label) == ("value", label)


def test_a_span_that_was_told_again_is_the_one_before_it() -> None:
    last = plan("¿cuánto vendí el mes pasado?")
    again = plan("¿y el mes pasado?", {"plan": to_json(last)})
    assert again.whens[0].period.end < last.whens[0].period.start


def test_which_moved_between_two_months_is_of_what_was_split() -> None:
    found = plan("¿cuál bajó más entre mayo y junio?", after("ventas por sucursal este año"))
    assert (found.intent, found.dimension, found.order) == ("contribution", "branch", "asc")
    assert [w.label for w in found.whens] == ["junio 2026", "mayo 2026"]


def test_what_follows_leans_on_the_span_that_the_answer_told() -> None:
    state = after("¿cuánto vendí la semana pasada?", told={"start": "2026-08-31", "end": "2026-09-06", "label": ""})
    assert plan("¿y la anterior?", state).whens[0].label == "semana del 24-ago-2026"
    assert plan("¿y en Talca?", state).whens[0].label == "semana del 31-ago-2026"


@pytest.mark.parametrize(
    ("said", "intent", "into"),
    [
        ("¿y en dólares?", "convert", "usd"),
        ("en uf", "convert", "uf"),
        ("¿y comparado con otros?", "standing", None),
        ("¿y mi rubro?", "standing", None),
        ("¿y descontando la inflación?", "inflation", None),
    ],
)
def test_what_stands_around_is_told_of_the_same_period(said: str, intent: str, into: str | None) -> None:
    found = plan(said, after(OCTOBER))
    assert (found.intent, found.into) == (intent, into)
    if intent != "standing":
        assert found.whens[0].label == "octubre 2025"


@pytest.mark.parametrize(
    "said",
    ["y los azules?", "¿y en arriendo?", "y el segundo", "¿y cuánto es eso del mes?", "¿y los siguientes?", "y bueno"],
)
def test_what_says_nothing_new_is_asked_back_and_never_answered_with_the_same(said: str) -> None:
    found = read(said, after(OCTOBER))
    assert isinstance(found, Stop)
    assert found.status in ("clarify", "no_data", "out_of_scope")


@pytest.mark.parametrize(
    ("said", "order", "limit"),
    [("¿y cuál creció más?", "desc", None), ("cuál bajó más", "asc", None), ("los 3 que más bajaron", "asc", 3)],
)
def test_who_moved_most_is_asked_of_the_same_split(said: str, order: str, limit: int | None) -> None:
    found = plan(said, after("ventas de octubre por sucursal"))
    assert (found.intent, found.dimension, found.order) == ("contribution", "branch", order)
    if limit:
        assert found.limit == limit


def test_who_fell_most_is_no_ranking_of_the_smallest() -> None:
    found = plan("los 3 productos que más bajaron en octubre")
    assert (found.intent, found.dimension, found.order, found.limit) == ("contribution", "product", "asc", 3)


def test_the_worst_of_a_breakdown_is_its_ranking_turned() -> None:
    found = plan("¿y los peores?", after("ventas de octubre por producto"))
    assert (found.intent, found.dimension, found.order) == ("ranking", "product", "asc")


def test_the_second_is_told_with_the_first() -> None:
    assert plan("¿y el segundo?", after("¿cuál fue el mejor día de octubre?")).limit == 2


FIRST = {"leading": {"customer": "Hotel 3"}}


def test_what_the_best_customer_bought_is_about_that_one() -> None:
    state = after("¿quién es mi mejor cliente?", **FIRST)
    found = plan("¿cuánto me compró en octubre?", state)
    assert (found.intent, found.whens[0].label) == ("value", "octubre 2026")
    assert [(f.dimension, f.members) for f in found.filters] == [("customer", ("Hotel 3",))]
    bought = plan("¿qué compra?", state)
    assert (bought.intent, bought.dimension, bought.filters) == ("breakdown", "product", found.filters)
    assert plan("¿y qué compra?", {"plan": to_json(found)}).dimension == "product"


def test_that_one_is_the_first_of_the_ranking() -> None:
    found = plan("¿cuánto margen me deja ese?", after("¿qué producto vendí más?", leading={"product": "Marraqueta"}))
    assert found.metrics == ("gross_margin",)
    assert [(f.dimension, f.members) for f in found.filters] == [("product", ("Marraqueta",))]


def test_the_other_kind_of_customers() -> None:
    found = plan("¿y recurrentes?", after("¿cuántos clientes nuevos tuve en octubre?"))
    assert found.metrics == ("returning_customers",)


def test_where_one_stands_worst_is_asked_in_that_order() -> None:
    found = plan("¿en qué estoy peor?")
    assert (found.intent, found.order) == ("standing", "asc")
    assert plan("¿en qué estoy mejor?").order == "desc"


def test_by_month_after_one_month_is_of_the_months() -> None:
    assert plan("muéstrame por mes", after(OCTOBER)).whens == ()
    assert plan("¿y por día?", after(OCTOBER)).whens[0].label == "octubre 2025"


def test_a_part_of_the_whole_is_of_what_was_told() -> None:
    found = plan("¿y qué porcentaje es del total?", after("ventas de pan en octubre"))
    assert (found.intent, [f.members for f in found.filters]) == ("share", [("Pan",)])


def test_who_left_is_asked_of_the_same_customers() -> None:
    assert plan("¿cuáles dejaron de comprar?", after("mis 5 mejores clientes")).intent == "lost_customers"


def test_two_questions_in_one_are_two_in_a_conversation_too() -> None:
    found = plan("ventas en Talca en septiembre y en Curicó en agosto", after(OCTOBER))
    assert [(p.whens[0].label, p.filters[0].members) for p in (found, *found.also)] == [
        ("septiembre 2026", ("Talca",)), ("agosto 2026", ("Curicó",)),
    ]  # fmt: skip
