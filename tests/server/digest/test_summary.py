"""What a summary says: each figure is the feature store's, everywhere the same, and of one company alone."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import BytesIO

from PIL import Image
from pypdf import PdfReader

import features
from assistant.citations import decode
from core import auth, db
from core.tenancy import Scope
from server.digest import choices
from server.digest.editions import Edition, parse
from server.digest.gather import compose
from server.digest.letter import Rendered, render
from server.digest.types import Digest
from tests.server.conftest import Person
from tests.server.digest.conftest import TODAY

URL = "https://ayni.test"
LEAVE = f"{URL}/resumen/baja/x"


def composed(scope: Scope, edition: str = "2026-W44", today: date = TODAY) -> Digest:
    with db.tenant(scope) as connection:
        return compose(parse(edition), today, scope, connection)


def written(scope: Scope, edition: str = "2026-W44") -> Rendered:
    return render(composed(scope, edition), URL, LEAVE)


class _Text(HTMLParser):
    """What a reader sees of the HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.said = ""

    def handle_data(self, data: str) -> None:
        self.said += f" {data}"


def seen(html: str) -> str:
    parser = _Text()
    parser.feed(html.partition("<body")[2])
    return parser.said.replace("\N{NO-BREAK SPACE}", " ")


def text_of(pdf: bytes) -> str:
    """What a reader of the paper sees, in one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def pictures_in(pdf: bytes) -> int:
    return sum(len(page.images) for page in PdfReader(BytesIO(pdf)).pages)


def test_every_figure_is_the_one_behind_its_link(shop: Callable[..., Person]) -> None:
    scope = shop().scope
    for edition in ("2026-10-31", "2026-W44", "2026-10", "2026-10-cierre"):
        digest = composed(scope, edition)
        assert digest.kind == "full", edition
        assert len(digest.cited) > 6
        with db.tenant(scope) as connection:
            for fact in digest.cited:
                assert not fact.page  # nobody is compared here: each is of the company's own lines
                query = decode(fact.href)
                assert features.run(query, scope, connection).value() == fact.value, fact.label
                assert features.shown(features.metric(query.metrics[0]), fact.value, scope.company) == fact.shown


def test_html_text_and_cards_say_the_same_figures(shop: Callable[..., Person]) -> None:
    scope = shop().scope
    digest, rendered = composed(scope), written(scope)
    html, text = seen(rendered.html), " ".join(rendered.text.split())
    for kpi in digest.kpis:
        assert kpi.fact.shown in html
        assert kpi.fact.shown in text
        for versus in kpi.versus:
            assert versus.shown in html
            assert versus.shown in text
    for story in digest.stories:
        for said in (story.title, story.why, story.todo):
            assert said in html
            assert said in text
        for fact in story.facts:
            assert f"{URL}{fact.href}" in rendered.text
            assert f"{URL}{fact.href}".replace("&", "&amp;") in rendered.html


def test_a_closing_lays_the_month_out(shop: Callable[..., Person]) -> None:
    scope = shop().scope
    with db.tenant(scope) as connection:
        connection.execute(
            "INSERT INTO targets (company_id, metric, grain, period_start, value) "
            "VALUES (%s, 'sales', 'month', '2026-10-01', 1000000)",
            [scope.company_id],
        )
    digest, rendered = composed(scope, "2026-10-cierre"), written(scope, "2026-10-cierre")
    assert [s.title for s in digest.sheets] == ["El mes en cifras", "Las metas", "Ventas por sucursal"]
    metrics, targets, branches = digest.sheets
    assert metrics.head == ("", "Octubre 2026", "vs. sep 2026")  # the data starts on the last day of August
    assert metrics.rows[0][1][0].shown == digest.kpis[0].fact.shown
    assert targets.rows[0][1][1].shown == "$1.000.000"
    assert {name for name, _ in branches.rows} == {"Talca", "Curicó"}
    html, text = seen(rendered.html), " ".join(rendered.text.split())
    for sheet in digest.sheets:
        for name, cells in sheet.rows:
            assert name in html
            assert name in text
            assert all(c.shown in html and c.shown in text for c in cells)


def test_a_day_is_told_among_its_weekdays(shop: Callable[..., Person]) -> None:
    digest = composed(shop().scope, "2026-10-31", date(2026, 11, 1))
    assert digest.subject.startswith("Tu sábado: ")
    assert "el sábado 31-oct-2026" in digest.lead
    assert digest.kpis[0].versus[0].than == "que el sábado anterior"
    assert len(digest.kpis[0].course) == 9
    assert not digest.winds
    assert composed(shop().scope, "2026-11-02", date(2026, 11, 3)).kind == "empty"


def test_in_argentina_it_says_vos(shop: Callable[..., Person]) -> None:
    scope = shop().scope
    digest = composed(scope)
    there = replace(digest, company=replace(digest.company, locale="es-AR"))
    rendered = render(there, URL, LEAVE, True)
    assert "Tocá una cifra" in rendered.html
    assert "Respondé este correo" in rendered.text
    assert rendered.pdf is not None
    assert "tocala" in text_of(rendered.pdf)
    assert all(f.href.replace("&", "&amp;") in rendered.html for s in there.stories for f in s.facts)


def test_what_a_reader_left_out_is_out(shop: Callable[..., Person]) -> None:
    digest = composed(shop().scope)
    short = choices.kept(digest, frozenset({"insights", "kpis"}))
    html = seen(render(short, URL, LEAVE).html)
    assert digest.stories[0].title not in html
    assert "Transacciones" not in html
    assert digest.lead in html
    assert choices.kept(digest, frozenset()) is digest


def test_the_companys_logo_stands_on_mail_and_paper(shop: Callable[..., Person]) -> None:
    scope = shop().scope
    plain = written(scope)
    drawn = BytesIO()
    Image.effect_noise((300, 120), 80).save(drawn, "PNG")
    with db.tenant(scope) as connection:
        auth.set_logo(drawn.getvalue(), scope, connection)
    rendered = written(scope)
    assert [name.partition(".")[0] for name in rendered.pictures].count("logo") == 1
    assert plain.pdf is not None
    assert rendered.pdf is not None
    assert pictures_in(rendered.pdf) == pictures_in(plain.pdf) + 1
    assert not [name for name in plain.pictures if name.startswith("logo")]


def test_the_branch_that_fell_is_the_story(shop: Callable[..., Person]) -> None:
    digest = composed(shop().scope)
    story = next(s for s in digest.stories if "Talca" in s.title)
    assert "menos que la semana anterior" in story.title
    assert "menos transacciones" in story.why
    assert len(digest.stories) <= 3
    assert story.chart is not None


def test_the_html_fits_a_mail_client(shop: Callable[..., Person]) -> None:
    scope = shop().scope
    rendered = written(scope)
    for edition in ("2026-10-31", "2026-W44", "2026-10", "2026-10-cierre"):
        assert len(written(scope, edition).html.encode()) < 100_000
    assert "prefers-color-scheme: dark" in rendered.html
    assert "max-width: 480px" in rendered.html
    assert "<script" not in rendered.html
    assert set(re.findall(r'src="cid:([^"]+)"', rendered.html)) == set(rendered.pictures)
    assert not re.findall(r'src="(?!cid:)', rendered.html)
    for picture in rendered.pictures.values():
        assert picture.startswith(b"\x89PNG")
        assert len(picture) < 40_000
    assert rendered.pdf is not None
    assert rendered.pdf.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", rendered.pdf)) <= 3


def test_two_tenants_rendered_at_once_never_mix(shop: Callable[..., Person]) -> None:
    one, other = shop("Kuchen", 1990).scope, shop("Empanada", 2711).scope
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(written, [one, other] * 4))
    alone = {one.company.slug: written(one), other.company.slug: written(other)}
    for scope, rendered in zip([one, other] * 4, made, strict=True):
        stranger = other if scope is one else one
        everything = f"{rendered.subject} {rendered.html} {rendered.text}"
        assert stranger.company.name not in everything
        assert stranger.company.slug not in everything
        assert ("Empanada" if scope is one else "Kuchen") not in everything
        assert rendered.pdf is not None
        printed = text_of(rendered.pdf)
        assert scope.company.name in printed
        assert stranger.company.name not in printed
        assert ("Empanada" if scope is one else "Kuchen") not in printed
        assert rendered.html == alone[scope.company.slug].html
        assert rendered.pictures == alone[scope.company.slug].pictures
    assert not set(alone[one.company.slug].pictures) & set(alone[other.company.slug].pictures)


def test_names_are_text_wherever_they_stand(shop: Callable[..., Person]) -> None:
    """An owner's product may be called anything: it is neither HTML nor typst's markup."""
    rendered = written(shop('<b onclick=x>*#panic("no")* $a$').scope)
    assert "<b onclick" not in rendered.html
    assert rendered.pdf is not None


def test_a_week_like_the_others_is_one_line(shop: Callable[..., Person]) -> None:
    digest = composed(shop().scope, "2026-W43")
    assert digest.kind == "quiet"
    assert digest.lead.endswith("Nada fuera de lo normal.")
    rendered = render(digest, URL, LEAVE)
    assert not rendered.pictures
    assert rendered.pdf is None
    assert digest.facts[0].shown in rendered.text


def test_old_data_is_told_as_such(shop: Callable[..., Person]) -> None:
    scope = shop(last=date(2026, 10, 21)).scope
    digest = composed(scope)
    assert (digest.kind, digest.subject) == ("stale", "Hace 12 días que no subes ventas")
    assert digest.key == "stale-2026-10-21"
    assert not digest.cited


def test_a_week_with_days_missing_is_compared_with_the_same_days(shop: Callable[..., Person]) -> None:
    digest = composed(shop(last=date(2026, 10, 29)).scope)
    assert "29-oct-2026" in digest.note
    sales = digest.kpis[0]
    assert (sales.fact.query.period.days, sales.versus[0].fact.query.period.days) == (4, 4)


def test_a_company_without_sales_has_no_summary(scope: Scope) -> None:
    assert composed(scope).kind == "empty"
    assert isinstance(composed(scope).edition, Edition)
