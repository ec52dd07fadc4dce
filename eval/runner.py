"""Asks every case through the one door, and measures what comes back."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import assistant
from assistant.parts import Answer, Question
from core import db
from core.tenancy import Scope
from eval import checks, gold, stage
from eval.case import Case
from eval.companies import SOURCES
from eval.measured import Frame
from eval.score import Horizon, Readings, Verdict, judge

RUNS = 3


@dataclass(slots=True)
class Asked:
    """A company's cases, each with its verdict."""

    verdicts: list[Verdict] = field(default_factory=list)
    skipped: list[tuple[Case, str]] = field(default_factory=list)


async def run(
    cases: Sequence[Case], scopes: dict[str, Scope], home: Path, runs: int, tell: Callable[[str], None]
) -> Asked:
    """Every case, company by company; the cases of a company that can't be had here are skipped with the reason."""
    asked = Asked()
    for source in SOURCES:
        mine = [case for case in cases if case.company == source.slug]
        if not mine:
            continue
        if source.slug not in scopes:
            asked.skipped += [(case, source.missing) for case in mine]
            continue
        tell(f"{source.name}: {len(mine)} preguntas")
        frame = stage.frame(source, home)
        known: dict[str, Readings] = {}
        for case in mine:
            readings = known.setdefault(_key(case), []) or _readings(case, frame)
            known[_key(case)] = readings
            asked.verdicts.append(await _judged(case, readings, frame, scopes[source.slug], runs))
    return asked


def _key(case: Case) -> str:
    return json.dumps([case.gold, case.as_of], default=str)


def _readings(case: Case, frame: Frame) -> Readings:
    return gold.readings(case.gold, frame, case.as_of) if case.gold is not None else []


async def _judged(case: Case, readings: Readings, frame: Frame, scope: Scope, runs: int) -> Verdict:
    answers = [await _ask(case, scope) for _ in range(runs)]
    answer = answers[0]
    known = gold.until(frame, case.as_of)
    horizon = Horizon(frame["day"].min().date(), known["day"].max().date())
    verdict = judge(case, readings, answer, horizon)
    if runs > 1:
        verdict.judge("repeatable", all(_told(one) == _told(answer) for one in answers), "the runs differ")
    with db.tenant(scope) as connection:
        checks.citations(answer, verdict, scope, connection)
    checks.charts(answer, verdict)
    checks.figures(answer, verdict, known)
    checks.text(answer, verdict)
    return verdict


async def _ask(case: Case, scope: Scope) -> Answer:
    """The case's last answer, in a conversation of its own where it has several turns."""
    conversation = f"eval-{uuid4()}" if len(case.turns) > 1 else None
    for turn in case.turns:
        answer = await assistant.answer(Question(turn, conversation, "eval", case.as_of), scope)
    return answer


def _told(answer: Answer) -> str:
    """The answer without what may differ from one asking to the next: how long it took."""
    return json.dumps({**answer.json(), "took_ms": 0}, sort_keys=True, ensure_ascii=False)
