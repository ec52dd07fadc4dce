"""Words that may restrict a figure are asked about, never passed over."""

import pytest

from tests.assistant.bakery import plan, stop


@pytest.mark.parametrize(
    "text",
    [
        "ventas de 2026 sin diciembre",
        "ventas sobre 50000 pesos en octubre",
        "ventas entre 100 y 200 lucas",
        "clientes mayores de 60",
        "primer producto vendido en octubre",
        "ventas de productos con margen bajo 30 %",
        "ventas a mujeres en octubre",
        "ventas con descuento en octubre",
        "empanadas en Curicó y pan en Talca, octubre",
        "mediana de las ventas diarias",
        "ventas por metro cuadrado",
        "ventas de productos congelados",
        "ventas netas de octubre sin descuentos",
        "ventas de los clientes nuevos en octubre",
        "¿cuántos días vendí en octubre?",
        "ventas de los dos primeros trimestres",
        "¿vendo más a principios de mes?",
    ],
)
def test_asked_back(text: str) -> None:
    found = stop(text)
    assert (found.status, found.intent) == ("clarify", "unclear")
    assert found.text.startswith("No entendí «")


@pytest.mark.parametrize(
    "text",
    [
        "wena! kiero saber cuánto vendí en octubre po",
        "¿a cuánto ascendieron las ventas de octubre?",
        "top 3 productos de octubre",
        "los tres mejores clientes",
        "¿qué productos hacen el 80 % de las ventas?",
        "¿cuánto me falta para 12 millones en octubre?",
        "¿cuántos clientes nuevos tuve en octubre?",
        "¿qué método de pago es más usado?",
    ],
)
def test_fillers_are_no_doubt(text: str) -> None:
    plan(text)


def test_in_total_beside_a_month_is_that_month() -> None:
    assert plan("¿cuánto vendí en total en octubre?").whens[0].label == "octubre 2026"
