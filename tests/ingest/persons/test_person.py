"""How a person is known in a text, and that nobody else is taken for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from ingest.persons import Known, masked, pattern, person, without

JUANA = person(["Juana Pérez Soto"], ["12.345.678-5"], ["juana@correo.cl"], "CL")


@pytest.mark.parametrize(
    "text",
    [
        "Boleta de JUANA PEREZ SOTO", "juana  pérez soto, gracias", "RUT 12.345.678-5", "rut:12345678-5.",
        "escribe a Juana@Correo.cl", "012.345.678-5", "/fuentes?customer=Juana+P%C3%A9rez+Soto&start=2026-10-01",
        "/fuentes?customer=Don%20Juana%20P%c3%89rez%20Soto", "pedido_juana_perez_soto.csv", "a=juana%40correo.cl",
    ],
)  # fmt: skip
def test_a_person_is_found_however_written(text: str):
    found = Known(JUANA, "(x)").find(text)
    assert found
    assert not Known(JUANA, "(x)").find(without(text, found))


@pytest.mark.parametrize(
    "text",
    ["Juana Pérez", "Juana Pérez Sotomayor", "112.345.678-5", "12.345.678-55", "ajuana@correo.cl", "$12.345.678"],
)
def test_others_are_not(text: str):
    assert not Known(JUANA, "(x)").find(text)


def test_a_name_of_one_word_is_only_a_whole_cell():
    rosa = person(["Rosa"], [], [], "CL")
    assert pattern(rosa) == ""
    assert Known(rosa, "(x)").find("ROSA")[0].whole
    assert not Known(rosa, "(x)").find("Torta Rosa")


def test_what_cannot_be_searched_for_is_said():
    for names, ids, mails in (([], [], []), (["X"], [], []), ([], ["12.3"], []), ([], [], ["correo"])):
        with pytest.raises(BadInput):
            person(names, ids, mails, "CL")


def test_a_name_with_signs_is_found_in_links_and_pages():
    shop = person(["Ñandú & Cía O'Brien"], [], [], "CL")
    for text in (
        "nandu & cia o'brien",
        "customer=%C3%91and%C3%BA+%26+C%C3%ADa+O%27Brien",
        "Ñandú &amp; Cía O&#x27;Brien",
    ):
        assert Known(shop, "(x)").find(text), text


def test_an_open_request_says_who_without_saying_all():
    assert masked(JUANA) == "12***-5"
    assert masked(person(["Juana Pérez Soto"], [], [], "CL")) == "Juana P. S."


@given(st.text(max_size=60))
def test_no_text_breaks_the_search(text: str):
    Known(JUANA, "(x)").find(text)
