from server.answer_html import html_of, plain_of

URL = "https://ayni.test"


def test_bold_lists_tables_and_our_own_links() -> None:
    text = "Vendiste **$1.234** (+7 %).\n\n- Pan\n- **Kuchen**\n\n"
    text += "| Mes | Ventas |\n|---|---:|\n| mayo | $1 |\n\n[Ver](/fuentes?a=1&b=2)"
    html = html_of(text, URL)
    assert "<strong>$1.234</strong>" in html
    assert html.count("<li>") == 2
    assert html.count("<th") == 2
    assert html.count("<td") == 2
    assert f'<a href="{URL}/fuentes?a=1&amp;b=2">Ver</a>' in html
    assert plain_of("Son **$1**. [Ver](/fuentes?a=1)", URL) == f"Son $1. Ver: {URL}/fuentes?a=1"


def test_what_a_file_said_is_text() -> None:
    for wrong in (
        "<b onclick=x>",
        "[ver](https://otro.test)",
        "[ver](//otro.test)",
        '[ver](/x"onmouseover=alert)',
        "![](http://x)",
    ):
        html = html_of(wrong, URL)
        assert "<b " not in html
        assert "otro.test" not in html or "<a" not in html
        assert '/x"onmouseover' not in html
        assert "<img" not in html
