"""A question to the model and back: budget, drafts, the check against the evidence, and the answer's parts."""

import asyncio
import importlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from assistant.answers.wording import exact
from assistant.grounding import Evidence, Names, check
from assistant.grounding.numbers import numbers
from assistant.llm.breaker import breaker
from assistant.llm.prompt import asked, correction, system
from assistant.llm.toolbox import Toolbox
from assistant.llm.usage import Usage
from assistant.parts import Citation, Figure, FollowUp, Outcome, Part, Question, Text, Understood
from core.settings import settings
from features import METRIC_BY_WORD
from retrieval import Chunk

log = logging.getLogger(__name__)

_METRIC_WORDS = {word: metric.id for word, metric in METRIC_BY_WORD.items()}
_KIND: dict[str, Any] = {"quality": "upload"}


class Drafting(Protocol):
    """What writes a draft: the agent, whose module is only imported where a model is set."""

    async def draft(self, text: str) -> str: ...


@dataclass(slots=True)
class Attempt:
    """`parts` are None where the rules' answer has to stand; `usage` is recorded either way."""

    usage: Usage
    parts: list[Part] | None = field(default=None)


_OPEN = frozenset({"unknown", "unclear", "advice", "peers", "macro"})
"""Where the rules stop because they do not understand or do not advise; other refusals are theirs to make."""


def wanted(intent: str) -> bool:
    """Whether the model should take over where the rules stopped with `intent`."""
    return configured() and intent in _OPEN


def configured() -> bool:
    """Whether the operator has set a model."""
    return bool(settings().llm_base_url and settings().llm_model)


async def attempt(question: Question, toolbox: Toolbox, earlier: Sequence[str], tokens_left: int) -> Attempt:
    """Answer by the model, checked. Never raises: what goes wrong is in the trace and leaves `parts` None."""
    usage = Usage(settings().llm_model)
    made = Attempt(usage)
    gate = breaker(settings().llm_base_url)
    if tokens_left <= 0:
        usage.note("fallback", why="the month's tokens are used up")
    elif not gate.allows(time.monotonic()):
        usage.note("fallback", why="the endpoint has not been answering")
    else:
        try:
            # In a thread: the first import takes over a second, and others are being answered meanwhile.
            module = await asyncio.to_thread(importlib.import_module, "assistant.llm.agent")
            agent = module.Agent(system(toolbox), toolbox, usage)
            async with asyncio.timeout(settings().llm_timeout_seconds):
                made.parts = await _answer(question, agent, toolbox, earlier, usage)
            gate.record(True, time.monotonic())
        except Exception as error:
            gate.record(_endpoint_works(error), time.monotonic())
            usage.note("fallback", why=_said(error))
            log.warning("the model gave no answer: %s", _said(error))
    usage.note("cost", usd=usage.cost_usd(), tokens_in=usage.tokens_in, tokens_out=usage.tokens_out)
    return made


async def _answer(
    question: Question, agent: Drafting, toolbox: Toolbox, earlier: Sequence[str], usage: Usage
) -> list[Part] | None:
    message = asked(question.text, earlier)
    for last in (False, True):
        text = await agent.draft(message)
        if not toolbox.texts:
            usage.note("fallback", why="nothing was looked up")
            return None
        evidence = _evidence(question, toolbox)
        problems = check(text, evidence)
        usage.note("check", problems=[{"what": p.what, "text": p.text} for p in problems])
        if not problems:
            return _parts(text, toolbox)
        if not last:
            message = correction(problems)
    usage.note("fallback", why="not borne out by the evidence")
    return None


def _evidence(question: Question, toolbox: Toolbox) -> Evidence:
    known = [name for names in toolbox.members.values() for name in names]
    brought = Names(known, (), _METRIC_WORDS)
    shown = {name for text in toolbox.texts for name in brought.found(text)}
    shown |= {member for figure in toolbox.report.figures for member in figure.slice.values()}
    period = toolbox.knowledge.coverage.period
    calendar = [toolbox.today, *((period.start, period.end) if period else ())]
    names = Names(known, shown, _METRIC_WORDS, question.text)
    return Evidence(names, toolbox.report.figures, toolbox.texts, calendar)


def _parts(text: str, toolbox: Toolbox) -> list[Part]:
    """The checked text with the figures it states, where they come from, and what was found."""
    report = toolbox.report
    figures = [f for f in report.figures if _stated(f, text)]
    cited = {f.citation for f in figures}
    citations = [c for c in report.citations if c.id in cited or c.kind == "definition"]
    chunks = [c for c in toolbox.chunks.values() if _leaned_on(c, text)] or list(toolbox.chunks.values())[:3]
    parts: list[Part] = [_understood(figures, toolbox), Text(text), *figures, *report.charts[-1:], *citations]
    parts += [_citation(chunk, n) for n, chunk in enumerate(chunks, start=1)]
    parts += [FollowUp(f) for f in dict.fromkeys(report.follow_ups)][:3]
    return [*parts, Outcome("answered", "llm", verified=True)]


def _understood(figures: Sequence[Figure], toolbox: Toolbox) -> Understood:
    if toolbox.report.understood:
        return toolbox.report.understood
    return Understood("open", tuple(dict.fromkeys(f.metric for f in figures)))


def _stated(figure: Figure, text: str) -> bool:
    if figure.value is None:
        return False
    kind, value = ("percent", figure.value * 100) if figure.unit == "ratio" else ("plain", figure.value)
    if exact(figure.value, figure.unit) in text:
        return True
    return any(n.states(value, "money" if n.kind == "money" and kind == "plain" else kind) for n in numbers(text))  # type: ignore[arg-type]


def _leaned_on(chunk: Chunk, text: str) -> bool:
    held = list(numbers(chunk.text))
    return any(said.states(n.size, n.kind) for said in numbers(text) for n in held if n.kind != "plain")


def _citation(chunk: Chunk, n: int) -> Citation:
    return Citation(f"k{n}", _KIND.get(chunk.kind, chunk.kind), chunk.title, chunk.text, chunk.href)


def _endpoint_works(error: Exception) -> bool:
    """Whether only this answer was of no use, so that the endpoint may be asked again."""
    return type(error).__name__ in ("Unusable", "ModelCallLimitExceededError")


def _said(error: Exception) -> str:
    """The kind of failure, without the endpoint's own words: those may hold a key."""
    status = getattr(error, "status_code", None)
    detail = str(error) if type(error).__name__ == "Unusable" else ""
    return " ".join(str(part) for part in (type(error).__name__, status or "", detail) if part)
