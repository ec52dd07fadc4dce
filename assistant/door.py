"""The one door: a question in, parts out. Opens the one transaction of a question and records the exchange."""

import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import anyio.to_thread
from psycopg.types.json import Jsonb

from assistant import conversation as thread
from assistant import llm
from assistant.answers.report import Report
from assistant.check import backed
from assistant.citations import decode, encode
from assistant.decide import Have
from assistant.desk import Desk, know
from assistant.parts import Answer, FollowUp, Outcome, Part, Question, Text, Understood, fold_parts
from assistant.plan import Plan, Stop, to_json
from assistant.planner import Context, understand
from assistant.tools import BY_NAME
from assistant.tools.common import check
from assistant.tools.talk import provenance
from assistant.voice import localised
from assistant.watching import INTENTS
from core import db
from core.db import Connection
from core.tenancy import Scope
from features.query import Filter

log = logging.getLogger(__name__)
_NO_FIGURE = frozenset({"definition", "help", "greeting", "thanks", "unwatch", "rewatch", "watched", "retell", "seen"})
_LEANT_ON_BY_NONE = frozenset({"help", "greeting", "thanks", "provenance", *INTENTS})


async def ask(question: Question, scope: Scope) -> AsyncIterator[Part]:
    """The answer's parts, text first. Never raises for what was asked; the last part is the `Outcome`.

    The rules answer at once what they are sure of; an open question goes to the model where one is set, and theirs is
    the answer still where the model's can't be shown.
    """
    started = time.perf_counter()
    draft = await anyio.to_thread.run_sync(_draft, question, scope)
    parts = draft.parts
    if draft.open:
        made = await llm.attempt(question, draft.open.toolbox, draft.open.earlier, draft.open.tokens_left)
        parts = [_localised(p, scope.company.locale) for p in made.parts or ()] or parts
        await anyio.to_thread.run_sync(_settle, question, parts, started, scope, made.usage)
    for part in parts:
        yield part


async def answer(question: Question, scope: Scope) -> Answer:
    """The same, folded into one answer."""
    started = time.perf_counter()
    folded = Answer()
    async for part in ask(question, scope):
        folded.add(part)
    folded.took_ms = (time.perf_counter() - started) * 1000
    return folded


@dataclass(frozen=True, slots=True)
class Open:
    """What the model needs to take an open question over."""

    toolbox: llm.Toolbox
    earlier: list[str]
    tokens_left: int


@dataclass(frozen=True, slots=True)
class Draft:
    """The rules' answer; with `open`, the model is asked before it is given, and it is not recorded yet."""

    parts: list[Part]
    open: Open | None = None


def _draft(question: Question, scope: Scope) -> Draft:
    """The rules' answer, synchronously: one connection, one transaction."""
    started = time.perf_counter()
    try:
        with db.tenant(scope) as connection:
            draft = _respond(question, scope, connection)
            if not draft.open:
                _record(question, draft.parts, started, scope, connection)
            return draft
    except Exception:
        log.exception("a question could not be answered")
        text = "No pude responder por un problema mío; tus datos están a salvo. Prueba de nuevo en un momento."
        return Draft([Understood("error"), Text(text), Outcome("no_data")])


def _settle(question: Question, parts: list[Part], started: float, scope: Scope, usage: llm.Usage) -> None:
    try:
        with db.tenant(scope) as connection:
            _record(question, parts, started, scope, connection, usage)
    except Exception:
        log.exception("an exchange could not be recorded")


def _respond(question: Question, scope: Scope, connection: Connection) -> Draft:
    knowledge = know(scope, connection)
    today = question.as_of or _today(scope)
    state = thread.load(question.conversation, scope, connection) if question.conversation else {}
    context = Context(knowledge.lexicon, Have(knowledge.coverage.columns, knowledge.spent), today, state)
    desk = Desk(scope, connection, knowledge, today, question.channel)
    report = Report(scope.company.currency)
    plan = understand(question.text, context)
    stop = _carry_out(plan, desk, report, state) if isinstance(plan, Plan) else plan
    if question.conversation:
        kept = _next_state(state, plan, stop, report)
        thread.keep(question.conversation, question.channel, kept, scope, connection)
    parts = _stopped(stop, plan) if stop else report.parts(_verified(report, knowledge.coverage.period is not None))
    told = [_localised(p, scope.company.locale) for p in parts]
    if not (stop and llm.wanted(stop.intent) and knowledge.coverage.period):
        return Draft(told)
    toolbox = llm.Toolbox(scope, knowledge, today)
    earlier = thread.earlier(question.conversation, scope, connection) if question.conversation else []
    return Draft(told, Open(toolbox, earlier, llm.left_this_month(scope, connection)))


def _carry_out(plan: Plan, desk: Desk, report: Report, state: thread.State) -> Stop | None:
    stop = check(plan, desk) if plan.intent not in _NO_FIGURE else None
    if stop:
        return stop
    if plan.intent == "provenance":
        cited = state.get("cited")
        return provenance(plan, desk, report, decode(cited) if cited else None)
    stop = BY_NAME[plan.intent].run(plan, desk, report)
    if not stop:
        _besides(plan, desk, report)
    return stop


def _besides(plan: Plan, desk: Desk, report: Report) -> None:
    """What the question asks besides, told after what it asks first; what can't be answered of it says why."""
    for other in plan.also:
        if other.intent == "why" and plan.dimension and report.figures:
            leads = report.figures[0].slice.get(plan.dimension)
            kept = tuple(f for f in other.filters if f.dimension != plan.dimension)
            other = replace(other, filters=(*kept, Filter(plan.dimension, (leads,))) if leads else other.filters)
        said, report.lines = report.lines, []
        understood = report.understood
        stop = check(other, desk) or BY_NAME[other.intent].run(other, desk, report)
        if stop:
            report.say(stop.text)
            report.facts.append(stop.text)
        elif report.understood and understood:
            report.facts.append(report.understood.period["label"] if report.understood.period else "")
        report.lines, report.understood = [*said, *report.lines], understood


def _next_state(state: thread.State, plan: Plan | Stop, stop: Stop | None, report: Report) -> thread.State:
    """What the next question may lean on: the last plan that was carried out, its first figure,
    the member that explains most of a change, an open choice."""
    kept = {k: v for k, v in state.items() if k in ("plan", "told", "cited", "leading")}
    if stop and stop.pending:
        kept["pending"] = stop.pending
    told = not stop or stop.status == "no_data"  # "¿y la semana pasada?" leans on "¿cuánto vendí hoy?" all the same
    if told and isinstance(plan, Plan) and plan.intent not in _LEANT_ON_BY_NONE:
        kept["plan"] = to_json(plan)
        kept["told"] = report.understood.period if report.understood else None
        leads = plan.intent in ("contribution", "ranking") and report.figures
        kept["leading"] = report.figures[0].slice if leads else {}
        if report.cited:
            kept["cited"] = encode(report.cited)
    return kept


def _stopped(stop: Stop, plan: Plan | Stop) -> list[Part]:
    intent = plan.intent if isinstance(plan, Plan) else stop.intent
    metrics = plan.metrics if isinstance(plan, Plan) else ()
    parts: list[Part] = [Understood(intent, metrics), Text(stop.text)]
    parts += [FollowUp(f) for f in stop.follow_ups]
    return [*parts, Outcome(stop.status)]


def _verified(report: Report, has_data: bool) -> bool:
    facts = list(report.facts)
    if report.understood:
        for period in (report.understood.period, report.understood.compare):
            facts += [period["label"], period["start"], period["end"]] if period else []
        facts += [m for f in report.understood.filters for m in f["members"]]
    text = "\n".join(report.lines)
    verified = backed(text, report.figures, [*facts, *(c.excerpt for c in report.citations), "100 12"])
    if not verified:
        log.warning("an answer says a number that its figures do not hold: %s", text)
    return verified


def _localised(part: Part, locale: str) -> Part:
    if isinstance(part, Text | FollowUp):
        return replace(part, text=localised(part.text, locale))
    return part


def _record(
    question: Question,
    parts: list[Part],
    started: float,
    scope: Scope,
    connection: Connection,
    usage: llm.Usage | None = None,
) -> None:
    usage = usage or llm.Usage("")
    folded = fold_parts(parts)
    folded.took_ms = (time.perf_counter() - started) * 1000
    connection.execute(
        "INSERT INTO exchanges (company_id, conversation_id, user_id, channel, question, answer, planner, took_ms,"
        " model, tokens_in, tokens_out, trace) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            scope.company_id, question.conversation, scope.user_id, question.channel, question.text.replace("\0", ""),
            Jsonb(folded.json()), folded.planner, folded.took_ms, usage.model, usage.tokens_in, usage.tokens_out,
            Jsonb(usage.trace),
        ],
    )  # fmt: skip


def _today(scope: Scope) -> date:
    return scope.company.day_of(datetime.now(UTC))
