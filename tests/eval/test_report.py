"""Scores by group, thresholds, and the comparison with the last report."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from eval import report
from eval.case import Case
from eval.score import Verdict
from retrieval import Quality

CASE = Case("a.1", "a", "value", "demo", date(2026, 10, 31), ("¿?",), ("answered",), {}, (), {}, False)
GOOD = {"full_text": Quality(0.9, 0.8, 60), "vectors": Quality(0.9, 0.8, 60), "fused": Quality(0.96, 0.9, 60)}


def verdict(id: str, group: str, good: bool) -> Verdict:
    return Verdict(
        replace(CASE, id=id, group=group),
        {"status": True, "figures": good},
        [] if good else ["figures: no"],
        not good,
        20,
    )


def test_a_group_counts_once_however_many_paraphrases_it_has() -> None:
    verdicts = [verdict(f"a.{n}", "a", True) for n in range(9)] + [verdict("b.1", "b", False)]
    assert report.scores(verdicts)["figures"] == 0.5


def test_what_is_below_the_thresholds_is_told() -> None:
    fine = report.make([verdict("a.1", "a", True), verdict("a.2", "a", True)], GOOD, [])
    assert fine.below == []
    poor = report.make([verdict("a.1", "a", False), verdict("b.1", "b", True)], GOOD, [])
    assert len(poor.below) == 2  # too few exact, too many wrong


def test_a_fusion_worse_than_one_of_its_parts_is_below() -> None:
    worse = GOOD | {"vectors": Quality(0.97, 0.9, 60)}
    assert len(report.make([verdict("a.1", "a", True)], worse, []).below) == 1


def test_held_out_cases_are_never_shown() -> None:
    ids = [f"a.{n}" for n in range(200)]
    result = report.make([verdict(id, id, False) for id in ids], {}, [])
    hidden = [id for id in ids if replace(CASE, id=id).held_out]
    assert hidden
    shown = {v.case.id for v in result.failures}
    assert shown == set(ids) - set(hidden)
    assert not any(f"{id} " in report.failures(result) for id in hidden)


def test_the_last_report_stands_beside(tmp_path: Path) -> None:
    first = report.make([verdict("a.1", "a", False), verdict("a.2", "a", True)], {}, [(CASE, "no está")])
    report.write(first, tmp_path)
    told = report.write(report.make([verdict("a.1", "a", True), verdict("a.2", "a", True)], {}, []), tmp_path)
    assert "| cifras exactas | 1.000 | 0.500 |" in told
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == told


def test_the_median_and_the_slow_end() -> None:
    assert report.latency([float(n) for n in range(1, 101)]) == {"p50": 50.5, "p95": 95.0}
    assert report.latency([]) == {}
