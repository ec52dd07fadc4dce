"""An upload's card and words."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from chat_ui import attachments
from core.tenancy import Scope
from ingest.types import Upload

DONE = Upload(
    id=UUID(int=7),
    filename="octubre.csv",
    size_bytes=10,
    state="ready",
    stage="listo",
    rows_read=2359,
    accepted=2356,
    set_aside=3,
    already_known=0,
    possible_duplicates=2,
    first_day=date(2026, 10, 1),
    last_day=date(2026, 10, 31),
    layout="x",
    reading={"mapping": [{"column": "Monto", "field": "total", "name": "total", "why": "name"}]},
    error_code="",
    message="",
    created_at=datetime(2026, 11, 1, tzinfo=UTC),
    finished_at=None,
)


def test_the_card_says_how_far_it_is_and_how_it_was_read() -> None:
    card = attachments.card(DONE)
    assert (card["read"], card["accepted"], card["setAside"]) == (2359, 2356, 3)
    assert card["mapping"] == [{"header": "Monto", "field": "total"}]
    assert card["period"] == "1-oct-2026 al 31-oct-2026"
    assert card["rejectedHref"] == f"/datos/{DONE.id}/apartadas.csv"


def test_the_end_is_told_with_what_to_do() -> None:
    assert attachments.summary(DONE) == (
        "**Listo.** Ya puedes preguntar por tus ventas del 1-oct-2026 al 31-oct-2026. "
        "3 líneas quedaron apartadas: puedes descargarlas, arreglarlas y volver a subirlas."
    )


def test_what_was_there_already_is_told_apart() -> None:
    longer = replace(DONE, set_aside=0, already_known=2000)
    assert "356 líneas eran nuevas; las demás ya las tenía." in attachments.summary(longer)


def test_the_same_file_changed_nothing_and_its_name_is_no_markdown() -> None:
    said = attachments.known(replace(DONE, filename="[ver](http://example.org)*.csv"))
    assert "no cambié nada" in said
    assert "[ver]" not in said


def test_the_first_look_is_at_the_files_last_full_month(scope: Scope) -> None:
    assert attachments.first_question(DONE, scope).startswith("¿Cómo me fue en octubre")
    assert attachments.first_question(replace(DONE, first_day=None), scope) == ""
