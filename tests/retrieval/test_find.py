"""Search by words, by meaning, by both; kinds and periods."""

from datetime import date

import pytest

from core import db
from core.periods import Period
from core.tenancy import Scope
from retrieval import Chunk, index, search

OCTOBER = date(2026, 10, 1), date(2026, 10, 31)
SEPTEMBER = date(2026, 9, 1), date(2026, 9, 30)
CHUNKS = [
    Chunk("metric", "oct", "Ventas · octubre 2026", "Las ventas de octubre 2026 fueron $8.412.350.", "", *OCTOBER),
    Chunk("metric", "sep", "Ventas · septiembre 2026", "Las ventas de septiembre 2026: $7.802.000.", "", *SEPTEMBER),
    Chunk("definition", "average_ticket", "Ticket promedio", "Ventas divididas por transacciones."),
    Chunk(
        "definition", "gross_margin", "Margen bruto", "Ganancia bruta sobre ventas: de cada 100 pesos, lo que queda."
    ),
    Chunk("insight", "lost", "Clientes que se alejan", "12 clientes habituales no compran hace más de 60 días."),
    Chunk("insight", "dead", "Productos sin movimiento", "El kuchen de ruibarbo y otros 7 llevan 90 días sin venta."),
    Chunk("quality", "rejected", "Filas apartadas", "3 líneas de octubre.xlsx quedaron apartadas por fecha ilegible."),
    Chunk("benchmark", "ticket", "Frente a otros", "Tu ticket promedio: percentil 62 entre 14 panaderías pequeñas."),
    Chunk("macro", "usd", "Dólar", "El dólar subió 6,2 % en tres meses: viento en contra para lo importado."),
]


@pytest.fixture
def indexed(scope: Scope) -> Scope:
    with db.tenant(scope) as connection:
        index(CHUNKS, scope, connection)
    return scope


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("¿cuánta plata entró en octubre?", "oct"),
        ("cuanto gasta cada cliente por compra, qué significa", "average_ticket"),
        ("quiénes dejaron de comprarme", "lost"),
        ("qué saco de la carta", "dead"),
        ("¿se perdió algún dato al cargar?", "rejected"),
        ("cómo estoy frente a la competencia", "ticket"),
        ("tipo de cambio", "usd"),
        ("KUCHEN de ruibarvo", "dead"),
    ],
)
def test_paraphrases_find_their_chunk(indexed: Scope, asked: str, key: str) -> None:
    with db.tenant(indexed) as connection:
        assert key in [hit.chunk.key for hit in search(asked, indexed, connection, limit=3)]


def test_accents_and_case_do_not_matter_to_words(indexed: Scope) -> None:
    with db.tenant(indexed) as connection:
        plain = search("dolar", indexed, connection, ways={"words"})
        loud = search("¡DÓLAR!", indexed, connection, ways={"words"})
    assert [hit.chunk.key for hit in plain] == [hit.chunk.key for hit in loud] == ["usd"]


def test_a_rare_word_outweighs_a_common_one(indexed: Scope) -> None:
    with db.tenant(indexed) as connection:
        assert search("ventas septiembre", indexed, connection, ways={"words"})[0].chunk.key == "sep"


def test_kinds_and_limit(indexed: Scope) -> None:
    with db.tenant(indexed) as connection:
        assert {h.chunk.kind for h in search("ticket promedio", indexed, connection, kinds=("benchmark",))} == {
            "benchmark"
        }
        assert len(search("ventas", indexed, connection, limit=2)) == 2


def test_a_period_keeps_what_touches_it_and_what_has_none(indexed: Scope) -> None:
    october = Period(date(2026, 10, 31), date(2026, 11, 30))
    with db.tenant(indexed) as connection:
        keys = {hit.chunk.key for hit in search("ventas", indexed, connection, limit=20, period=october)}
    assert "oct" in keys
    assert "average_ticket" in keys
    assert "sep" not in keys


def test_scores_fall(indexed: Scope) -> None:
    with db.tenant(indexed) as connection:
        scores = [hit.score for hit in search("ventas de octubre", indexed, connection, limit=20)]
    assert scores == sorted(scores, reverse=True)
