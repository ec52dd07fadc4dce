"""The question sets: enough of them, well formed, and none of them tuned on."""

from dataclasses import replace
from pathlib import Path

import pytest

from eval import case, questions


def test_the_cases_shipped_are_sound() -> None:
    cases = case.load()
    assert len(cases) >= case.LEAST
    assert {c.company for c in cases} == {"demo", "kiosco", "olist-a", "olist-b", "olist-c"}


def test_about_a_tenth_is_held_out() -> None:
    cases = case.load()
    assert 0.05 < sum(c.held_out for c in cases) / len(cases) < 0.15


def test_the_listed_questions_are_the_real_ones(shared: Path) -> None:
    lines = (shared / "questions" / "preguntas.tsv").read_text(encoding="utf-8").splitlines()[1:]
    real = {line.split("\t")[0] for line in lines}
    listed = {c.question for c in case.load() if c.listed}
    assert listed <= real
    assert len(listed) >= case.LEAST_LISTED


def test_an_id_used_twice_is_told() -> None:
    cases = case.load()
    with pytest.raises(ValueError, match="used twice"):
        case.check([*cases, cases[0]])


def test_too_few_cases_are_told() -> None:
    with pytest.raises(ValueError, match="at least 400"):
        case.check(case.load()[:10])


def test_an_unknown_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("groups:\n  - {id: a, asks: [hola]}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="unknown keys"):
        case.load(tmp_path)


def test_the_text_decides_the_id_and_the_id_what_is_held_out() -> None:
    one = case.load()[0]
    assert replace(one, status=("refused",)).held_out == one.held_out


def test_enough_paraphrases_for_the_search() -> None:
    assert len(questions.load()) >= questions.LEAST
