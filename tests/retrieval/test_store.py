"""Chunks in and out of the index, behind the company's wall."""

from collections.abc import Callable
from datetime import date

from core import db
from core.tenancy import Scope
from retrieval import Chunk, index, remove, search
from retrieval.embeddings import light


def chunk(key: str, text: str, kind: str = "insight", title: str = "Hallazgo") -> Chunk:
    return Chunk(kind, key, title, text, f"/panel/{key}", date(2026, 10, 1), date(2026, 10, 31))


TALCA = chunk("talca", "La sucursal Talca bajó 23 % en mayo 2026.")
PANES = chunk("panes", "El margen de la marraqueta se achicó: subió la harina.")


def models(scope: Scope) -> list[tuple[str, str]]:
    with db.tenant(scope) as connection:
        return connection.execute("SELECT key, embedding_model FROM chunks ORDER BY key").fetchall()  # type: ignore[return-value]


def test_what_is_indexed_is_found_as_it_was(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        assert index([TALCA, PANES], scope, connection) == 2
        assert search("por qué bajó talca", scope, connection)[0].chunk == TALCA
        assert search("rentabilidad de la marraqueta", scope, connection)[0].chunk == PANES


def test_the_same_key_replaces_and_the_last_of_a_batch_stands(scope: Scope) -> None:
    better = chunk("talca", "Talca se recuperó en junio 2026.")
    with db.tenant(scope) as connection:
        index([TALCA], scope, connection)
        index([TALCA, better], scope, connection)
        assert [hit.chunk for hit in search("talca", scope, connection)] == [better]


def test_an_unchanged_text_keeps_its_vector_even_when_its_place_moves(scope: Scope) -> None:
    moved = Chunk(TALCA.kind, TALCA.key, TALCA.title, TALCA.text, "/panel/otra", None, None)
    with db.tenant(scope) as connection:
        index([TALCA, PANES], scope, connection)
        connection.execute("UPDATE chunks SET embedding_model = 'marked'")
        assert index([TALCA, PANES], scope, connection) == 0
        assert index([moved], scope, connection) == 1
        assert search("talca", scope, connection)[0].chunk == moved
    assert models(scope) == [("panes", "marked"), ("talca", "marked")]
    with db.tenant(scope) as connection:
        index([chunk("panes", "Otro texto.")], scope, connection)
    assert models(scope) == [("panes", light().name), ("talca", "marked")]


def test_nothing_to_index_is_no_error(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        assert index([], scope, connection) == 0
        assert search("ventas", scope, connection) == []


def test_removes_by_kind_keys_and_prefix(scope: Scope) -> None:
    many = [chunk(f"2026-{month:02}:{part}", "texto") for month in (1, 2) for part in ("a", "b")]
    with db.tenant(scope) as connection:
        index([*many, chunk("d", "texto", kind="definition")], scope, connection)
        assert remove("insight", scope, connection, keys=["2026-01:a"]) == 1
        assert remove("insight", scope, connection, prefix="2026-01") == 1
        assert remove("insight", scope, connection, keys=[]) == 0
        assert remove("insight", scope, connection) == 2
        assert [hit.chunk.kind for hit in search("texto", scope, connection)] == ["definition"]


def test_another_company_sees_and_removes_nothing(new_scope: Callable[..., Scope]) -> None:
    mine, other = new_scope(), new_scope()
    with db.tenant(mine) as connection:
        index([TALCA], mine, connection)
    with db.tenant(other) as connection:
        assert search("talca", other, connection) == []
        assert search("talca", mine, connection) == []  # even with the wrong scope in hand: the database decides
        assert remove("insight", other, connection) == 0


def test_text_is_data_whatever_it_says(scope: Scope) -> None:
    odd = chunk("odd", '\'; DROP TABLE chunks; -- % {where} \\ "comillas" & | ! :*', title="ñ 100% <b>")
    with db.tenant(scope) as connection:
        index([odd], scope, connection)
        for asked in (odd.text, "", "   ", "%s", "'", "& | !", "🙂", "a:*b\\"):
            search(asked, scope, connection)
        assert search("drop table chunks", scope, connection)[0].chunk == odd


def test_of_thousands_of_chunks_only_what_changed_is_written_again(scope: Scope) -> None:
    def written() -> dict[str, str]:
        with db.tenant(scope) as connection:
            return dict(connection.execute("SELECT key, xmin::text FROM chunks").fetchall())

    many = [
        chunk(f"k{n}", f"Ventas de producto {n % 700} en el mes {n % 26}: ${n}.000, +7,8 %.", "metric")
        for n in range(4_000)
    ]
    with db.tenant(scope) as connection:
        index(many, scope, connection)
    first = written()
    assert len(first) == 4_000
    with db.tenant(scope) as connection:
        index([chunk("k7", "Otra cosa.", "metric"), *(c for c in many if c.key != "k7")], scope, connection)
    again = written()
    assert [key for key in first if first[key] != again[key]] == ["k7"]
