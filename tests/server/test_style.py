"""The pages' colours can be read by everybody: WCAG AA in both themes."""

import re

import pytest

from server.templates import STATIC

CSS = (STATIC / "ayni.css").read_text()
BLOCKS = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
LIGHT, DARK = (dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", block)) for block in BLOCKS)
TEXTS = [
    ("ink", "paper"), ("ink", "card"), ("ink", "soft"), ("quiet", "paper"), ("quiet", "card"), ("quiet", "soft"),
    ("brand", "paper"), ("brand", "card"), ("brand", "brand-soft"), ("on-brand", "brand"), ("good", "card"),
    ("good", "brand-soft"), ("bad", "card"), ("bad", "bad-soft"), ("warn", "warn-soft"), ("warn", "card"),
    ("ink", "bad-soft"),
    ("ink", "warn-soft"), ("ink", "brand-soft"), ("quiet", "brand-soft"),
    *((f"place-{c}", "card") for c in ("gris", "verde", "azul", "morado", "naranjo", "rosado", "dorado")),
]  # fmt: skip


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_and_fields_have_an_edge(theme: dict[str, str]):
    found = {pair: round(contrast(theme[pair[0]], theme[pair[1]]), 2) for pair in TEXTS}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}
    assert contrast(theme["line-strong"], theme["card"]) >= 3


def test_contrast_is_computed_as_wcag_says():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_the_pages_ask_nothing_of_other_hosts():
    for path in (STATIC.parent / "html").glob("*.html"):
        assert not re.search(r"(src|href)=[\"'](https?:)?//", path.read_text()), path.name
    assert "url(" not in CSS


@pytest.mark.parametrize("frame", ["pagina.html", "operador.html"])
def test_what_asks_before_acting_is_there_before_the_page(frame: str):
    """A script that comes later would let an early press through without its question."""
    assert """<script src="{{ asset('page.js') }}"></script>""" in (STATIC.parent / "html" / frame).read_text()


CHARTS = (STATIC / "charts.css").read_text()
SERIES = [dict(re.findall(r"--(serie-[0-9]):\s*(#[0-9a-f]{6})", block)) for block in CHARTS.split("@media")[:2]]


@pytest.mark.parametrize(("series", "theme"), [(SERIES[0], LIGHT), (SERIES[1], DARK)], ids=["light", "dark"])
def test_a_charts_series_stand_out_from_its_card(series: dict[str, str], theme: dict[str, str]):
    assert len(series) == 8
    for name, colour in series.items():
        assert contrast(colour, theme["card"]) >= 3, name
