"""What owners type and dictate on a phone: each was once answered with another figure, or asked back without need."""

from datetime import date

import pytest

from assistant.horizon import Span, fit, previous_of
from assistant.plan import Plan, Stop, to_json
from assistant.time import When, parse_period
from core.periods import Period
from features.coverage import COLUMNS
from features.query import Coverage
from tests.assistant.bakery import plan, read

THURSDAY = date(2026, 10, 22)


def after(told: Plan) -> dict[str, object]:
    """What a conversation keeps of it."""
    return {"plan": to_json(told)}


def asked(text: str) -> Plan:
    found = read(text, None, THURSDAY)
    assert isinstance(found, Plan), found
    return found


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("desde el lunes cuánto hemos vendido", "2026-10-19", "2026-10-22"),
        ("desde que empezó el mes cuánto llevo", "2026-10-01", "2026-10-22"),
        ("el jueves de la semana pasada cuánto vendimos", "2026-10-15", "2026-10-15"),
        ("el martes de la semana antepasada cuánto vendí", "2026-10-06", "2026-10-06"),
        ("del miércoles al viernes de la semana pasada cuánto vendí", "2026-10-14", "2026-10-16"),
        ("entre ayer y antes de ayer cuánto hice", "2026-10-20", "2026-10-21"),
        ("ayer y anteayer juntos cuánto", "2026-10-20", "2026-10-21"),
        ("primera semana sept", "2026-09-01", "2026-09-07"),
        ("el diciembre último cuánto vendí", "2025-12-01", "2025-12-31"),
        ("sábado cuánto fue", "2026-10-17", "2026-10-17"),
        ("ventas entre el diez y el veinte de agosto", "2026-08-10", "2026-08-20"),
        ("cuál ha sido mi mejor mes de la historia", "1970-01-01", "2026-10-22"),
    ],
)
def test_days(text: str, first: str, last: str) -> None:
    (when,) = asked(text).whens
    assert when.period == Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("vendí más la semana pasada o la antepasada", ["semana del 12-oct-2026", "semana del 5-oct-2026"]),
        ("esta semana vs la pasada", ["semana del 19-oct-2026 hasta el 22-oct", "semana del 12-oct-2026"]),
        ("voy mejor que el mes pasado a esta altura?", ["octubre 2026 hasta el 22-oct", "septiembre 2026"]),
        ("este semestre comparado con el semestre pasado", ["2.º semestre 2026 hasta el 22-oct", "1.º semestre 2026"]),
        ("febrero fue más flojo que enero?", ["febrero 2026", "enero 2026"]),
        ("agosto contra el mes anterior", ["agosto 2026", "julio 2026"]),
        ("hoy contra el jueves pasado", ["22-oct-2026", "jueves 15-oct-2026"]),
    ],
)
def test_two_spans_of_which_the_second_is_said_short(text: str, labels: list[str]) -> None:
    found = asked(text)
    assert (found.intent, [w.label for w in found.whens]) == ("compare", labels)


def span(text: str, end: date = THURSDAY) -> Span:
    (when,) = parse_period(text, end)
    found = fit(when, Coverage(date(2024, 1, 1), end, frozenset(COLUMNS), 1))
    assert isinstance(found, Span)
    return found


@pytest.mark.parametrize(
    ("text", "today", "first", "last"),
    [
        ("este trimestre", "2026-10-22", "2026-07-01", "2026-07-22"),
        ("este semestre", "2026-10-22", "2026-01-01", "2026-04-22"),
        ("2.º semestre 2026", "2026-10-22", "2026-01-01", "2026-04-22"),
        ("este año", "2026-01-22", "2025-01-01", "2025-01-22"),
        ("este mes", "2026-06-03", "2026-05-01", "2026-05-03"),
        ("esta semana", "2026-06-03", "2026-05-25", "2026-05-27"),
        ("octubre", "2026-10-22", "2026-09-01", "2026-09-22"),
    ],
)
def test_what_is_under_way_is_held_against_as_much_of_the_one_before(
    text: str, today: str, first: str, last: str
) -> None:
    before = previous_of(span(text, date.fromisoformat(today)))
    assert before == Period(date.fromisoformat(first), date.fromisoformat(last))


def test_a_semester_under_way_is_kept_with_its_length() -> None:
    last = plan("ventas de este semestre")
    assert isinstance(last.whens[0], When)
    assert plan("¿y en Talca?", after(last)).whens[0].months == 6


@pytest.mark.parametrize(
    ("text", "intent", "metrics", "dimension", "order"),
    [
        ("qué categoría me deja más plata", "ranking", ("gross_profit",), "category", "desc"),
        ("con cuál producto gano más porcentaje", "ranking", ("gross_margin",), "product", "desc"),
        ("qué rubro vendió más en septiembre", "ranking", ("sales",), "category", "desc"),
        ("cuánto me queda de cada 100 pesos que vendí en septiembre", "value", ("gross_margin",), None, "desc"),
        ("de cada 100 pesos cuántos son con débito", "share", ("sales",), None, "desc"),
        ("cuánto por ciento de la venta de sept fue efectivo", "share", ("sales",), None, "desc"),
        ("cuánto estoy vendiendo por día este mes", "average", ("sales",), None, "desc"),
        ("en septiembre cuánto hacía por día más o menos", "average", ("sales",), None, "desc"),
        ("cuánto vendí en septiembre y cuántas boletas fueron", "value", ("sales", "transactions"), None, "desc"),
        ("a cuánto vendí el café en septiembre", "value", ("average_price",), None, "desc"),
        ("cuánto dejé de ganar en descuentos en septiembre", "value", ("discount",), None, "desc"),
        ("items por ticket septiembre", "value", ("units_per_transaction",), None, "desc"),
        ("top 5 en unidades septiembre", "ranking", ("units",), "product", "desc"),
        ("dónde se regaló más plata en descuentos en agosto", "ranking", ("discount",), "branch", "desc"),
        ("quién es el que más me compró en agosto", "ranking", ("sales",), "customer", "desc"),
        ("hallullas vendidas en julio", "value", ("units",), None, "desc"),
        ("por dónde vendí más en julio, qué canal", "ranking", ("sales",), "channel", "desc"),
        ("quién hizo más tickets en julio", "ranking", ("transactions",), "seller", "desc"),
        ("los 5 que más me compraron en julio", "ranking", ("sales",), "customer", "desc"),
        ("qué caja vende más", "ranking", ("sales",), "seller", "desc"),
    ],
)
def test_what_is_asked(text: str, intent: str, metrics: tuple[str, ...], dimension: str | None, order: str) -> None:
    found = asked(text)
    assert (found.intent, found.metrics, found.dimension, found.order) == (intent, metrics, dimension, order)


def test_hours_from_one_on() -> None:
    (hours,) = asked("ventas de septiembre desde las 18 horas").filters
    assert (hours.dimension, hours.members[0], hours.members[-1]) == ("hour", "18 h", "23 h")


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("cuánto hizo Talca y cuánto hizo Curicó en septiembre", [("Talca",), ("Curicó",)]),
        ("en septiembre Talca y Curicó por separado", [("Talca",), ("Curicó",)]),
        ("en septiembre vendí más por Delivery que por Mayorista?", [("Delivery",), ("Mayorista",)]),
        ("ticket de los sábados vs los domingos en octubre", [("sábado",), ("domingo",)]),
        ("Delivery o Mayorista, dónde vendí más en septiembre", [("Delivery",), ("Mayorista",)]),
        ("los sábados vendo más que los viernes?", [("sábado",), ("viernes",)]),
    ],
)
def test_members_side_by_side(text: str, sides: list[tuple[str, ...]]) -> None:
    found = asked(text)
    assert (found.intent, [side.members for side in found.sides]) == ("compare_members", sides)


def test_members_together_are_one_figure() -> None:
    found = asked("débito y crédito juntos en septiembre")
    assert (found.intent, found.filters[0].members) == ("value", ("Débito", "Crédito"))


@pytest.mark.parametrize(
    "text",
    [
        "todo lo que no fue en efectivo en septiembre",
        "cuánto vendí en septiembre si saco efectivo",
        "cuánto vendí en septiembre sin contar efectivo",
    ],
)
def test_left_out(text: str) -> None:
    (one,) = asked(text).filters
    assert (one.members, one.exclude) == (("Efectivo",), True)


@pytest.mark.parametrize(
    "text",
    [
        "cuántas pizzas salieron en septiembre",
        "cuántos gatos vendí en septiembre",
        "quién fue el crack de septiembre vendiendo",
        "hace una semana cuánto vendí, el miércoles",
        "en qué se me va la plata",
    ],
)
def test_no_figure_is_told(text: str) -> None:
    assert isinstance(read(text, None, THURSDAY), Stop)


@pytest.mark.parametrize(
    ("first", "then", "intent", "filters"),
    [
        ("ventas delivery sept", "cuántas boletas son", "value", {"channel": ("Delivery",)}),
        ("cuánto vendió Talca en septiembre", "cuántas boletas vendí en total", "value", {}),
        ("cuánto vendió Carla en septiembre", "qué 3 productos vendió más", "ranking", {"seller": ("Carla",)}),
        ("cuánto vendió Carla en septiembre", "cuáles son mis productos más vendidos", "ranking", {}),
        ("cuánto vendió Carla en septiembre", "los más vendidos de ahí", "ranking", {"seller": ("Carla",)}),
        ("qué vendió Carla en septiembre", "y lo que menos vendió", "ranking", {"seller": ("Carla",)}),
    ],
)
def test_goes_on_about_the_same_part(first: str, then: str, intent: str, filters: dict[str, tuple[str, ...]]) -> None:
    found = plan(then, after(plan(first)))
    assert (found.intent, {f.dimension: f.members for f in found.filters}) == (intent, filters)


def test_the_rest_is_all_but_what_was_told() -> None:
    (one,) = plan("¿y el resto?", after(plan("cuánto vendió Talca en septiembre"))).filters
    assert (one.members, one.exclude) == (("Talca",), True)


def test_what_is_said_to_hold_it_against_is_held_against_what_was_told() -> None:
    found = plan("contra mayo del año pasado", after(plan("ventas de mayo")))
    assert (found.intent, [w.label for w in found.whens]) == ("compare", ["mayo 2026", "mayo 2025"])


def test_the_best_is_of_the_figure_told() -> None:
    found = plan("qué categoría tiene el mejor", after(plan("margen de agosto")))
    assert (found.intent, found.metrics, found.dimension) == ("ranking", ("gross_margin",), "category")


def test_of_the_leading_one_the_best() -> None:
    state = after(plan("qué categoría vendió más en septiembre")) | {"leading": {"category": "Pan"}}
    found = plan("y de esa los 3 mejores productos", state)
    assert (found.intent, found.limit, found.filters[0].members) == ("ranking", 3, ("Pan",))
