"""Only what the writer of a reply added is their question."""

import pytest

from server.channels.quoted import new_words, words_of_html

QUESTION = "¿cuánto vendí en octubre?\n¿y en Talca?"


@pytest.mark.parametrize(
    "below",
    [
        "El lun, 2 nov 2026 a las 8:01, Ayni (<reply+abc@in.ayni.test>) escribió:\n\n> Vendiste $1\n> ¿por qué?",
        "El lun, 2 nov 2026 a las 8:01, Ayni\n<reply+abcdefghijklmnopqrstuvwxyz@in.ayni.test>\nescribió:\n> Vendiste",
        "On Mon, Nov 2, 2026 at 8:01 AM Ayni <resumen@ayni.test> wrote:\n> Vendiste $1",
        "-----Mensaje original-----\nDe: Ayni\nEnviado: lunes\nVendiste $1",
        "________________________________\nDe: Ayni <resumen@ayni.test>\nEnviado: lunes, 2 de noviembre\nPara: Rosa",
        "De: Ayni <resumen@ayni.test>\nEnviado el: lunes, 2 de noviembre de 2026 8:01\nPara: Rosa\nAsunto: Tu semana",
        "*De:* Ayni\n*Fecha:* lunes\nVendiste",
        "-- \nRosa\nPanadería La Espiga",
        "Enviado desde mi iPhone",
        "> Vendiste $1\n> ¿por qué?",
        "",
    ],
)
def test_what_is_below_a_reply_is_not_its(below: str) -> None:
    assert new_words(f"{QUESTION}\n\n{below}") == QUESTION
    assert new_words(f"{QUESTION}\n\n{below}".replace("\n", "\r\n")) == QUESTION


def test_who_answers_below_is_heard() -> None:
    text = "El lun, 2 nov 2026, Ayni escribió:\n> Vendiste $1\n> más\n\n¿y en mayo?\n"
    assert new_words(text) == "¿y en mayo?"


def test_ordinary_sentences_are_no_quotation() -> None:
    for said in ("El pan, ¿cómo anduvo en octubre: bien o mal?", "De octubre: ¿cuánto vendí?", "On line, ¿cuánto?"):
        assert new_words(said) == said


def test_a_reply_without_words_is_empty() -> None:
    assert new_words("El lun, 2 nov 2026, Ayni escribió:\n> Vendiste $1") == ""


def test_html_is_read_without_its_quotations() -> None:
    html = (
        "<html><head><style>p{color:red}</style></head><body><div>¿cuánto vendí<br>en <b>octubre</b>?</div>"
        '<div class="gmail_quote"><div class="gmail_attr">El lun, Ayni escribió:</div><blockquote>Vendiste</blockquote>'
        "</div><blockquote><p>más<p>y más</blockquote></body></html>"
    )
    assert words_of_html(html).split() == ["¿cuánto", "vendí", "en", "octubre", "?"]
    assert words_of_html("<p>a</p><blockquote>b<br></blockquote><p>c").split() == ["a", "c"]
