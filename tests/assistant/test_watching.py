"""'Avísame si …' becomes the rule that was meant; what is no such wish stays a question."""

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.arguments import OFFERED
from assistant.plan import Plan
from assistant.watching import INTENTS
from core.periods import Grain
from core.tenancy import Company
from features.alerts import Rule, sentence
from features.query import Filter
from tests.assistant.bakery import plan, read, stop

COMPANY = Company(uuid4(), "p", "P", "panaderia", "CL", "CLP", "America/Santiago", "es-CL")
TALCA = (Filter("branch", ("Talca",)),)
D = Decimal


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("avísame si el margen baja de 30 %", Rule("threshold", "gross_margin", "below", D("0.3"), Grain.week)),
        ("avisame cuando el margen sea menor a 30%", Rule("threshold", "gross_margin", "below", D("0.3"), Grain.week)),
        ("avísame si las ventas de Talca caen más de 20 %",
         Rule("change", "sales", "below", D("0.2"), Grain.month, TALCA)),
        ("¿me puedes avisar si Talca vende menos de 3 millones al mes?",
         Rule("threshold", "sales", "below", D(3_000_000), Grain.month, TALCA)),
        ("avísame si no subo ventas en 10 días", Rule("stale", "sales", "above", D(10), Grain.day)),
        ("avísame si pasan dos semanas sin subir ventas", Rule("stale", "sales", "above", D(14), Grain.day)),
        ("avísame si voy bajo la meta", Rule("pace", "sales", "below", D(0), Grain.month)),
        ("avísame si no llego a la meta", Rule("pace", "sales", "below", D(0), Grain.month)),
        ("quiero que me avises si vendo menos de 200 lucas en un día",
         Rule("threshold", "sales", "below", D(200_000), Grain.day)),
        ("avísame si las devoluciones pasan de 50.000 en la semana",
         Rule("threshold", "returns", "above", D(50_000), Grain.week)),
        ("avísame si el margen cae más de 5 puntos", Rule("change", "gross_margin", "below", D("0.05"), Grain.month)),
        ("avísame si las ventas bajan frente al año pasado",
         Rule("change", "sales", "below", D("0.1"), Grain.month, versus="last_year")),
        ("avísame si pasa algo raro", Rule("anomaly", "sales", "both", D(0), Grain.day)),
        ("avísame por whatsapp si el ticket promedio baja de $5.000",
         Rule("threshold", "average_ticket", "below", D(5000), Grain.week, channels=("app", "whatsapp"))),
        ("avísame por correo y whatsapp si los clientes nuevos bajan de 20 en el mes",
         Rule("threshold", "new_customers", "below", D(20), Grain.month, channels=("app", "whatsapp", "email"))),
    ],
)  # fmt: skip
def test_a_wish_becomes_its_rule(said: str, rule: Rule) -> None:
    found = plan(said)
    assert (found.intent, found.watch) == ("watch", rule)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("me avisas si el margen baja de 30%", "el margen bruto de una semana baja de 30 %"),
        ("quiero saber si las ventas caen más de 20 %", "las ventas de un mes caen más de 20 % frente al mes anterior"),
        ("quiero saber cuando las devoluciones pasen de 100 mil", "las devoluciones de un mes pasan de $100.000"),
        ("dime si las ventas bajan de 3 millones en el mes", "las ventas de un mes bajan de $3.000.000"),
        ("que me avise si el margen baja de 30%", "el margen bruto de una semana baja de 30 %"),
        ("ojo si el margen baja de 30%", "el margen bruto de una semana baja de 30 %"),
        ("avísame si el ticket promedio queda bajo $5.000", "el ticket promedio de una semana baja de $5.000"),
        ("avísame cuando vuelva a subir el ticket promedio de 6000", "el ticket promedio de una semana pasa de $6.000"),
        ("avísame cuando venda más de 1 millón en un día", "las ventas de un día pasan de $1.000.000"),
        ("avísame cuando llegue a 10 millones este mes", "las ventas de un mes pasan de $10.000.000"),
        ("avísame apenas las ventas del mes pasen los 12 millones", "las ventas de un mes pasan de $12.000.000"),
        ("avísame si Talca cae más de 10% respecto del año pasado",
         "las ventas de un mes en Talca caen más de 10 % frente al mismo mes del año pasado"),
        ("avísame si las transacciones caen a la mitad",
         "las transacciones de un mes caen más de 50 % frente al mes anterior"),
        ("necesito que me avises cuando el margen esté bajo el 35%", "el margen bruto de una semana baja de 35 %"),
        ("avísame si los costos superan los 3 palos", "el costo de un mes pasa de $3.000.000"),
        ("avísame cuando queden menos de 10 marraquetas", "el stock de Marraqueta baja de 10"),
        ("avísame si algún producto queda bajo 5 unidades", "el stock de algún producto baja de 5"),
        ("avísame si me quedan menos de 3 días de stock", "los días de stock de algún producto bajan de 3"),
        ("me avisas si vamos más de 10% bajo la meta", "las ventas van bajo el ritmo de la meta del mes (más de 10 %)"),
        ("avísame si el mes viene raro", "las ventas de un mes quedan fuera de lo normal"),
        ("avísame si hay un día muy malo", "las ventas de un día quedan muy bajo lo normal"),
        ("avísame si una semana es muy floja", "las ventas de una semana quedan muy bajo lo normal"),
        ("recuérdame subir las ventas si pasan 7 días", "pasan 7 días sin ventas nuevas"),
        ("avísame si no mando las ventas en una semana", "pasan 7 días sin ventas nuevas"),
        ("mándame un correo si las ventas caen más de 20 %",
         "las ventas de un mes caen más de 20 % frente al mes anterior"),
    ],
)  # fmt: skip
def test_as_people_say_it(said: str, told: str) -> None:
    rule = plan(said).watch
    assert rule is not None
    assert sentence(rule, COMPANY) == f"si {told}"


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("avísame", "¿De qué te aviso?"),
        ("avísame si el margen", "¿Cuándo te aviso del margen bruto"),
        ("avísame si las ventas de Rancagua caen más de 20 %", "Rancagua"),
        ("avísame si el margen baja", "3 puntos"),  # no size is meant by itself
        ("me avisas cuando se esté acabando la marraqueta", "¿Con cuánto stock te aviso?"),
        ("avísame a las 8 de la mañana las ventas", "Resumen"),
        ("avísame si el dólar pasa de 1000", "de la economía todavía no"),
        ("avísame si el kuchen vende menos de 10 unidades a la semana", "¿Cuál?"),
    ],
)
def test_what_is_missing_is_asked_back(said: str, asks: str) -> None:
    assert asks in stop(said).text


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("¿qué avisos tengo?", "watched"),
        ("¿qué alertas tengo?", "watched"),
        ("mis avisos", "watched"),
        ("deja de avisarme del margen", "unwatch"),
        ("ya no me avises de la meta", "unwatch"),
        ("elimina el aviso del margen", "unwatch"),
        ("quita todos los avisos", "unwatch"),
        ("muéstrame mis alertas", "watched"),
        ("lista de avisos", "watched"),
        ("¿qué me estás vigilando?", "watched"),
        ("no me avises más de las ventas de Talca", "unwatch"),
        ("cámbialo a 25 %", "rewatch"),
        ("mejor que sea 25%", "rewatch"),
        ("modifica el aviso del margen: 25 %", "rewatch"),
        ("pon el aviso del margen en 25 %", "rewatch"),
        ("haz que el aviso del margen sea por whatsapp", "rewatch"),
        ("silencia el aviso del margen por una semana", "rewatch"),
    ],
)
def test_the_rules_there_are(said: str, intent: str) -> None:
    assert plan(said).intent == intent


@pytest.mark.parametrize(
    "said",
    ["alertas", "¿qué alertas hay hoy?", "¿bajó el margen de 30 %?", "¿cuánto cayeron las ventas de Talca?",
     "¿cómo voy con la meta?", "borra todos mis datos", "¿las ventas bajaron más de 20 %?",
     "quiero saber si el margen bajó de 30 %", "quiero saber si voy a llegar a la meta", "súbelo", "cámbialo a barras",
     "quiero saber si las ventas cayeron más de 20% en septiembre", "dime si Talca vendió más que Curicó",
     "quiero saber cuánto vendí ayer", "dime si vendí más de 5 millones en octubre"],
)  # fmt: skip
def test_a_question_stays_a_question(said: str) -> None:
    found = read(said)
    assert (found.intent if isinstance(found, Plan) else "") not in INTENTS


def test_no_earlier_question_bends_a_wish_and_none_leans_on_it() -> None:
    before = {"plan": {
        "intent": "value", "metrics": ["sales"], "whens": [], "dimension": None, "grain": None,
        "filters": [{"dimension": "branch", "members": ["Talca"], "exclude": False}], "sides": [], "compare": None,
        "order": "desc", "limit": None, "per": None, "share": None, "view": None,
    }}  # fmt: skip
    found = plan("avísame si el margen baja de 30 %", before)
    assert found.watch is not None
    assert found.watch.filters == ()


def test_the_model_makes_no_rules() -> None:
    assert not {tool.name for tool in OFFERED} & set(INTENTS)


@pytest.mark.parametrize(
    ("said", "notes", "metrics"),
    [
        ("avísale también a Marta", ("it", "second", "marta", ""), ()),
        ("avísale también a María González si no respondo en 6 horas", ("it", "second", "maria gonzalez", "6"), ()),
        ("agrega a Marta al aviso del margen", ("", "second", "marta", ""), ("gross_margin",)),
        ("avísale a Marta en vez de a mí", ("it", "recipient", "marta", ""), ()),
        ("ya no le avises a Pedro del margen", ("", "nobody", "pedro", ""), ("gross_margin",)),
        ("quita a Marta de los avisos", ("all", "nobody", "marta", ""), ()),
        ("no me avises de noche", ("all", "quiet", "21", "8"), ()),
        ("no me molestes entre las 10 pm y las 7 am", ("all", "quiet", "22", "7"), ()),
        ("no me escribas entre 9 y 11 de la noche", ("all", "quiet", "21", "23"), ()),
        ("avísame a cualquier hora", ("all", "quiet", "0", "0"), ()),
    ],
)
def test_to_whom_and_when(said: str, notes: tuple[str, ...], metrics: tuple[str, ...]) -> None:
    found = plan(said)
    assert (found.intent, found.notes, found.metrics, found.filters) == ("retell", notes, metrics, ())


@pytest.mark.parametrize("said", ["no me avises entre 10 y 8", "no me avises entre las 22:30 y las 8"])
def test_hours_that_are_not_clear_are_asked_back(said: str) -> None:
    found = stop(said)
    assert plan(found.follow_ups[0]).notes == ("all", "quiet", "22", "8")


def test_a_rule_for_somebody_else() -> None:
    found = plan("avísale a Marta si el margen baja de 30 %")  # no misspelt 'marca'
    assert (found.intent, found.notes) == ("watch", ("recipient", "marta", ""))
    assert found.watch == Rule("threshold", "gross_margin", "below", D("0.3"), Grain.week)
    # A person of the team is no customer, and a customer of their name is still one.
    assert plan("avísale a María González si el margen baja de 30 %").filters == ()
    named = plan("avísale a Juan si las ventas de Juan Pérez bajan de 100.000 al mes")
    assert named.filters == (Filter("customer", ("Juan Pérez",)),)


@pytest.mark.parametrize(
    ("said", "notes"),
    [
        ("visto", ("it", "")),
        ("ya la vi, gracias", ("it", "")),
        ("vistos todos", ("all", "")),
        ("visto el aviso del margen", ("", "")),
        ("pospón el aviso del margen 3 días", ("", "3")),
        ("pospón todas hasta el lunes", ("all", "2")),
        ("visto el aviso si el margen bruto de una semana baja de 30 %", ("", "")),
    ],
)
def test_an_alert_is_answered(said: str, notes: tuple[str, str]) -> None:
    found = plan(said)
    assert (found.intent, found.notes) == ("seen", notes)


levels = st.one_of(
    st.builds(
        lambda m, side, n, g: Rule("threshold", m, side, D(n) / 100, g),
        st.just("gross_margin"), st.sampled_from(["below", "above"]), st.integers(1, 99),
        st.sampled_from(list(Grain)[:3]),
    ),
    st.builds(
        lambda m, side, n, g, f: Rule("threshold", m, side, D(n), g, f),
        st.sampled_from(["sales", "returns", "average_ticket", "transactions"]), st.sampled_from(["below", "above"]),
        st.integers(100, 10**8), st.sampled_from(list(Grain)[:3]), st.sampled_from([(), TALCA]),
    ),
    st.builds(
        lambda m, side, n, g, v, f: Rule("change", m, side, D(n) / 100, g, f, v),
        st.sampled_from(["sales", "returns", "transactions", "gross_margin"]),
        st.sampled_from(["below", "above", "both"]), st.integers(1, 100), st.sampled_from(list(Grain)[:3]),
        st.sampled_from(["previous", "last_year"]), st.sampled_from([(), TALCA]),
    ),
    st.builds(lambda n: Rule("stale", "sales", "above", D(n), Grain.day), st.integers(1, 90)),
    st.builds(
        lambda side, g, f: Rule("anomaly", "sales", side, D(0), g, f),
        st.sampled_from(["below", "above", "both"]), st.sampled_from(list(Grain)[:3]),
        st.sampled_from([(), TALCA]),
    ),
)  # fmt: skip


@given(levels)
def test_a_rule_as_it_is_told_back_is_understood_as_itself(rule: Rule) -> None:
    """What the chat says it will watch, typed back, makes the same rule."""
    assert plan(f"avísame {sentence(rule, COMPANY)}").watch == rule
