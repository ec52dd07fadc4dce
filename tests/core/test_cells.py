"""No text runs in a spreadsheet, and Python and Postgres say alike which would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.sql import SQL, Identifier

from core import db
from core.cells import SIGNS, harmless, harmless_sql, runs

LIVE = (
    "=1+1", "+56 9 1234", "@SUM(1)", "-2+3", "-a", "\t=1", "\rhola", "\nhola", "  =1+1", "\xa0=1", "\u3000+1",
    "\ufeff=1", "\u200b=1", "＝1+1", "＋1", "－1", "＠x", " \t＝1", "-1\n", "-",
)  # fmt: skip
STILL = ("", "-1.200,5", "-5", "hola", "1=1", "a@b.cl", "'=1", " 5", "5-3", "−3", "#N/A", "Pan\namasado", "“=”")
TRICKY = st.text(alphabet=st.one_of(st.sampled_from(f"{SIGNS}' \t\r\n\xa0\u200b\u3000\ufeff09.,"), st.characters()))


@pytest.mark.parametrize("text", LIVE)
def test_what_might_run_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", STILL)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@given(TRICKY)
def test_no_cell_begins_with_a_sign(text: str) -> None:
    cell = harmless(text)
    assert cell.endswith(text)
    assert not runs(cell)
    if cell.strip()[:1] and cell.strip()[0] in SIGNS:
        assert cell[1:].replace(".", "").replace(",", "").isdecimal() or not cell[1:].strip("0123456789.,")


@given(st.lists(TRICKY, min_size=1, max_size=40))
def test_postgres_says_the_same(database: None, texts: list[str]) -> None:
    texts = [t.replace("\0", "").encode("utf-8", "ignore").decode() for t in texts] + [*LIVE, *STILL]
    with db.owner() as connection:
        rows = connection.execute(
            SQL("SELECT {cell} FROM unnest(%s::text[]) WITH ORDINALITY t (text, place) ORDER BY place").format(
                cell=harmless_sql(Identifier("text"))
            ),
            [texts],
        ).fetchall()
    assert [row[0] for row in rows] == [harmless(t) for t in texts]
