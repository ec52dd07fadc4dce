import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.embeddings.light import TABLE, light
from retrieval.embeddings.words import ROWS, rows, words


def alike(one: str, other: str) -> float:
    a, b = light().embed([one, other])
    return float(a @ b)


def test_the_table_is_small() -> None:
    assert TABLE.stat().st_size < 10_000_000


@given(st.lists(st.text(max_size=80), max_size=5))
def test_vectors_have_unit_length_or_are_nothing(texts: list[str]) -> None:
    vectors = light().embed(texts)
    assert vectors.shape == (len(texts), light().dimension)
    for text, length in zip(texts, np.linalg.norm(vectors, axis=1), strict=True):
        assert np.isclose(length, 1, atol=1e-3) if words(text) else length == 0


@given(st.text(max_size=60))
def test_case_accents_and_punctuation_do_not_matter(text: str) -> None:
    assert words(text) == words(f"¿{text}?!")
    assert words("ÁÉÍÓÚÑ facturación") == ["aeioun", "facturacion"]


@given(st.from_regex(r"[a-z]{1,20}|\d{1,4}", fullmatch=True))
def test_rows_are_in_the_table_and_stay(word: str) -> None:
    assert rows(word) == rows(word)
    assert all(0 <= row < ROWS for row in rows(word))


def test_amounts_are_left_out_and_years_stay() -> None:
    assert words("octubre 2026: $8.412.350 (+7,8 %), UF 36789,36") == ["octubre", "2026", "uf"]


def test_ways_to_say_the_same_are_nearer_than_another_thing() -> None:
    assert alike("cuánta plata entró", "ventas netas") > alike("cuánta plata entró", "devoluciones")
    assert alike("el gasto por compra", "ticket promedio") > alike("el gasto por compra", "margen bruto")
    assert alike("por qué se vino abajo", "cayó") > alike("por qué se vino abajo", "subió")


def test_a_typo_or_an_unknown_name_is_still_near_itself() -> None:
    assert alike("empanadsa de pino", "empanada de pino") > 0.7
    assert alike("Zorrofleta", "zorrofletas") > alike("Zorrofleta", "marraqueta")
