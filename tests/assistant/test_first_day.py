"""What an owner with a café asks on the first day."""

import pytest

from tests.assistant.bakery import plan, stop


@pytest.mark.parametrize("id", ["12.345.678-5", "12345678-5", "12.345.678 - 5", "RUT 12.345.678-5"])
def test_a_tax_id_names_its_customer(id: str) -> None:
    found = plan(f"ventas a {id} en octubre")
    assert [(f.dimension, f.members, f.exclude) for f in found.filters] == [("customer", ("María González",), False)]
    assert (found.intent, found.metrics, found.whens[0].label) == ("value", ("sales",), "octubre 2026")


def test_a_tax_id_is_left_out_where_asked() -> None:
    (one,) = plan("ventas de octubre sin 12.345.678-5").filters
    assert (one.members, one.exclude) == (("María González",), True)


def test_a_tax_id_that_nobody_has_is_said_so() -> None:
    found = stop("ventas al rut 9.999.999-9")
    assert found.intent == "unknown_name"
    assert "9.999.999-9" in found.text


def test_amounts_and_days_are_no_tax_ids() -> None:
    for text in ("ventas del 01-10-2026", "ventas del 2026-10-05"):
        assert plan(text).filters == (), text


def test_months_as_machines_write_them() -> None:
    found = plan("compara 2025-10 con 2026-10")
    assert [w.label for w in found.whens] == ["octubre 2026", "octubre 2025"]


@pytest.mark.parametrize(
    ("text", "dimension"),
    [("cuántos productos distintos vendí en octubre", "product"), ("cuántas sucursales vendieron en agosto", "branch")],
)
def test_how_many_there_are(text: str, dimension: str) -> None:
    found = plan(text)
    assert (found.intent, found.dimension, found.counted) == ("breakdown", dimension, True)
    assert not plan("ventas por producto en octubre").counted


@pytest.mark.parametrize("text", ["qué sucursal vende menos y por qué", "¿Qué sucursal vende menos, y a qué se debe?"])
def test_which_one_comes_before_why(text: str) -> None:
    found = plan(text)
    (why,) = found.also
    assert (found.intent, found.dimension, found.order, why.intent) == ("ranking", "branch", "asc", "why")


def test_which_one_fell_and_why() -> None:
    found = plan("qué sucursal cayó más en septiembre y por qué")
    assert (found.intent, [p.intent for p in found.also]) == ("contribution", ["why"])
    assert found.whens == found.also[0].whens
    assert plan("¿por qué bajó Talca en mayo?").also == ()


@pytest.mark.parametrize("text", ["qué producto no se está moviendo", "qué productos no se están vendiendo en Talca"])
def test_what_does_not_move_is_not_what_sells_most(text: str) -> None:
    assert plan(text).intent == "unsold"


def test_a_first_name_that_no_file_names_is_no_brand() -> None:
    found = stop("ventas a Marcia")
    assert found.intent == "unknown_name"
    assert "Marcia" in found.text
