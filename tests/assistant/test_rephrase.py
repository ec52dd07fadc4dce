"""Other ways of saying the same."""

import pytest

from assistant.rephrase import rephrased


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a partir de agosto", "desde agosto"),
        ("a contar del 15 de septiembre", "desde el 15 de septiembre"),
        ("despues a partir de las 8", "despues a partir de las 8"),
        ("el diecisiete de septiembre", "el 17 de septiembre"),
        ("en el dos mil veinticinco", "en el 2025"),
        ("los tres ultimos meses", "los ultimos tres meses"),
        ("ventas de la 1 ra quincena", "ventas de la primera quincena"),
        ("que sucursal bajo mas entre agosto y octubre", "que sucursal bajo mas octubre vs agosto"),
        ("cuanto vendi entre agosto y octubre", "cuanto vendi entre agosto y octubre"),
        ("quien no me ha comprado hace tres meses", "quien no me ha comprado en los ultimos tres meses"),
        ("top diez productos", "top diez productos"),
    ],
)
def test_rephrased(text: str, said: str) -> None:
    assert rephrased(text) == said
