"""Pure: an answer within a phone's message, questions within a button, Markdown with WhatsApp's marks."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from assistant.parts import Answer, Chart, Citation, Figure
from server.channels.whatsapp import render
from server.channels.whatsapp.parse import Other, Words, content, decode, read
from server.channels.whatsapp.picture import draw, drawable
from server.channels.whatsapp.reply import Reply, cut, from_json
from server.channels.whatsapp.titles import titled

LINK = "https://ayni.example/whatsapp/fuentes/0123456789abcdef0123456789abcdef"
TABLE = "Tus ventas: **$1**.\n\n| Período | Ventas |\n|---|---:|\n| enero 2026 | $9.738.828 |\n\nHasta el 31-oct."


def answer(text: str, **more: object) -> Answer:
    found = Answer(text=text)
    found.citations = [Citation("c1", "metric", "Ventas", "Suma de las ventas.", "/fuentes?x=1")]
    for name, value in more.items():
        setattr(found, name, value)
    return found


def test_bold_tables_and_links_become_whatsapps():
    assert render.plain(TABLE) == "Tus ventas: *$1*.\n\nenero 2026: $9.738.828\n\nHasta el 31-oct."
    assert render.plain("## Así\n[Ver](/fuentes?a=1) y ![x](https://malo.test/x.png)") == "Así\nVer y x"


def test_a_name_out_of_a_file_becomes_no_link():
    told = render.plain("Compró *gana.premios.com* https://malo.test/x en octubre: $1.234.567,50")
    assert "malo.test" not in told
    assert "://" not in told
    assert "$1.234.567,50" in told


def test_a_long_answer_is_cut_at_a_line_and_says_how_to_see_the_rest():
    lines = "\n".join(f"{n}. Producto número {n}: ${n}00.000" for n in range(1, 40))
    made = render.answer(answer(f"**$9** en octubre.\n\n{lines}"), LINK)
    assert len(made.text) <= render.WANTED
    assert render.MORE in made.text
    assert made.text.endswith(LINK)
    assert made.text.startswith("*$9* en octubre.")
    assert all(line in f"{lines}" for line in made.text.splitlines() if line[:1].isdigit())


def test_a_short_answer_is_whole():
    assert render.answer(answer("**$9** en octubre."), LINK).text == f"*$9* en octubre.\n\nFuente: Ventas\n{LINK}"


@given(st.text(min_size=1, max_size=3000).filter(str.strip), st.lists(st.text(min_size=1, max_size=300), max_size=5))
def test_whatever_is_answered_fits(text: str, questions: list[str]):
    made = render.answer(answer(text, follow_ups=questions), LINK, "Café", "*Listo.*")
    assert 0 < len(made.text) <= 1024
    assert len(made.buttons) <= 3
    assert all(0 < len(b.title) <= 20 and len(b.id) <= 256 for b in made.buttons)
    assert len({b.title for b in made.buttons}) == len(made.buttons)
    assert from_json(made.json()) == made


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("¿Por qué cambió?", "¿Por qué cambió?"),
        ("¿Qué productos se vendieron más en octubre 2026?", "Lo más vendido"),
        ("¿Cómo han evolucionado mis ventas por mes?", "Mes a mes"),
        ("¿Cuál fue el mejor mes?", "El mejor mes"),
        ("¿Qué clientes no han vuelto?", "Quién no ha vuelto"),
        ("¿Y Empanada de pino grande?", "Y Empanada de pino…"),
        ("¿Cuánto fue margen bruto el mes pasado?", "Margen bruto"),
        ("¿Cómo me fue el mes pasado?", "¿Cómo me fue?"),
        ("¿Cómo me fue en octubre 2026?", "¿Y en octubre 2026?"),
        ("¿Cómo me fue en septiembre 2026?", "Septiembre 2026"),
        ("¿Cómo me fue el 9-may-2026?", "¿Y el 9-may-2026?"),
        ("¿Cuál es mi tasa de recompra?", "Tasa de recompra"),
        ("¿Quiénes son mis mejores clientes?", "Mejores clientes"),
        ("¿Y comparado con el año pasado?", "¿Y el año pasado?"),
        ("¿Cuánto me han devuelto en Torta por mes?", "Devoluciones"),
        ("¿Cómo han evolucionado mis gastos por mes?", "Gastos por mes"),
        ("Una pregunta que nadie ha previsto", "Una pregunta que…"),
    ],
)
def test_a_buttons_title(question: str, title: str):
    assert titled(question) == title


@pytest.mark.parametrize(
    ("said", "turned"),
    [
        (
            "**Curicó** es la sucursal con más ventas en octubre 2026: **$5.013.678**.\n\n1. Curicó: $5.013.678",
            "**$5.013.678**: Curicó, la sucursal con más ventas en octubre 2026.\n\n1. Curicó: $5.013.678",
        ),
        (
            "**Hallulla** es el que más subió: $242.578 más en octubre 2026 que en septiembre 2026 (+30,4 %).",
            "**$242.578** más en octubre 2026 que en septiembre 2026 (+30,4 %): Hallulla, el que más subió.",
        ),
        (
            "El mejor mes en 2025 fue **diciembre 2025**: **$13.048.593** de ventas netas.",
            "**$13.048.593** de ventas netas: diciembre 2025, el mejor mes en 2025.",
        ),
        (
            "Donde más gastaste en mayo fue en **Sueldos**: $2.284.090, 61 % de los $3.745.280 en total.",
            "**$2.284.090**, 61 % de los $3.745.280 en total: Sueldos, donde más gastaste en mayo.",
        ),
        ("**sábado** es tu día: 12,5 % de la semana.", "**12,5 %** de la semana: sábado, tu día."),
        ("Vendiste **$1** en octubre.", "Vendiste **$1** en octubre."),
        ("**A** es B: sin cifra.", "**A** es B: sin cifra."),
        ("**A** es B: $1. Y nada más.", "**A** es B: $1. Y nada más."),
    ],
)
def test_the_figure_comes_first(said: str, turned: str):
    assert render.figure_first(said) == turned
    assert render.figure_first(turned) == turned


def test_detail_holds_every_figure_and_source():
    figure = Figure("f1", "sales", "ventas", Decimal(155000), "CLP", date(2026, 10, 1), date(2026, 10, 31),
                    {"branch": "Talca"}, "c1")  # fmt: skip
    told = render.detail(answer(TABLE, figures=[figure]).json(), LINK).text
    assert "· ventas, Talca, octubre 2026: $155.000" in told
    assert "· Ventas: Suma de las ventas." in told
    assert "enero 2026: $9.738.828" in told


def test_the_chart_is_the_chats_own_drawn_small_and_on_white():
    rows = [{"nombre": f"P{n}", "valor": n} for n in range(30)]
    spec = {"width": "container", "height": 780, "data": {"values": rows}, "mark": "bar",
            "encoding": {"y": {"field": "nombre"}, "x": {"field": "valor", "type": "quantitative"}}}  # fmt: skip
    made = render.answer(answer("x", charts=[Chart("Ventas", spec)]))
    assert made.chart == spec
    assert drawable(spec) == {**spec, "width": 420, "background": "white", "padding": 12}
    assert drawable({"width": 300})["width"] == 300
    drawn = draw(made)
    assert drawn
    assert len(drawn) < 40_000
    with Image.open(BytesIO(drawn)) as picture:
        assert picture.convert("RGBA").getpixel((0, 0)) == (255, 255, 255, 255)


def test_a_chart_full_of_marks_stays_under_forty_kilobytes():
    rows = [{"x": i, "y": i * 7919 % 1009, "s": f"Producto {i % 8}"} for i in range(1500)]
    spec = {"width": 420, "height": 400, "data": {"values": rows}, "mark": "point",
            "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"},
                         "color": {"field": "s"}}}  # fmt: skip
    drawn = draw(Reply("x", chart=spec))
    assert drawn
    assert len(drawn) < 40_000


def test_text_that_fits_is_left_alone_and_other_is_cut_at_a_word():
    assert cut("pan amasado", 11) == "pan amasado"
    assert cut("pan amasado", 10) == "pan…" or cut("pan amasado", 10) == "pan amasa…"
    with pytest.raises(AssertionError):
        Reply("x" * 1025, chart={"mark": "bar"})


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["entry", "changes", "value", "field", "messages", "contacts", "statuses", "id",
                                       "from", "type", "text", "metadata", "timestamp"]), inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
def test_no_payload_raises(payload: object):
    from datetime import UTC, datetime

    read(payload, "1", datetime.now(UTC))
    value = {"metadata": {"phone_number_id": "1"}, "messages": [payload], "statuses": [payload], "contacts": payload}
    wrapped = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}
    read(wrapped, "1", datetime.now(UTC))
    if isinstance(payload, dict):
        content(payload)


def test_what_a_message_says():
    assert content({"type": "text", "text": {"body": " hola "}}) == Words("hola")
    assert content({"type": "button", "button": {"text": "Ver"}}) == Words("Ver")
    assert content({"type": "interactive", "interactive": {"type": "nfm_reply"}}) == Other("interactive")
    assert content({}) == Other("unknown")
    assert decode(b'{"a": NaN}') == {"a": None}
    assert decode(b"[" * 100_000) is None
