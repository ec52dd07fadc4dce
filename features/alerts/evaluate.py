"""Whether a rule speaks up: once when its line is crossed, and again only after a clear return. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from features.alerts.kinds import KIND
from features.alerts.types import Point, Rule, State


@dataclass(frozen=True, slots=True)
class Outcome:
    """The rule's state after its readings, the reading it fired on, and whether it stands armed again. `group` is all
    that it fired on at once, the lowest first, where a rule looks at each member."""

    state: State
    fired: Point | None = None
    recovered: bool = False
    group: tuple[Point, ...] = ()


def evaluate(rule: Rule, points: Sequence[Point], state: State, now: datetime) -> Outcome:
    """Go through the readings that are new (and the latest, which may have been corrected), oldest first.

    At most one is told at a time. What crosses again before `cooldown_hours` are over is told after them, if it still
    holds. While a rule is paused nothing is read, so that nothing is lost by it.
    """
    if rule.paused_until and now.date() < rule.paused_until:
        return Outcome(state)
    if KIND[rule.kind].each:
        return _each(rule, points, state, now)
    fired: Point | None = None
    recovered = False
    for point in _unseen(points, state):
        if point.anew and (state.seen_until is None or state.seen_until < point.period.start):
            state = replace(state, armed=True)
        judged = KIND[rule.kind].judge(rule, point)
        if judged.crossed and state.armed and fired is None and _rested(rule, state, now):
            state, fired, recovered = replace(state, armed=False, fired_at=now), point, False
        elif judged.clear and not state.armed:
            state, recovered = replace(state, armed=True), True
        state = replace(state, seen_until=max(point.period.end, state.seen_until or point.period.end))
    return Outcome(state, fired, recovered)


def primed(rule: Rule, points: Sequence[Point]) -> State:
    """The state of a new rule: what is crossed already is told where the rule is made, not by an alert."""
    if KIND[rule.kind].each:
        low = frozenset(p.member for p in points if KIND[rule.kind].judge(rule, p).crossed)
        return State(armed=not low, low=low)
    if not points:
        return State()
    last = points[-1]
    return State(armed=not KIND[rule.kind].judge(rule, last).crossed, seen_until=last.period.end)


def _each(rule: Rule, points: Sequence[Point], state: State, now: datetime) -> Outcome:
    """Every member by itself, what newly crossed told together. A member that can't be read stays as it was."""
    judged = [(point, KIND[rule.kind].judge(rule, point)) for point in points]
    low = state.low - {point.member for point, found in judged if found.clear}
    crossed = sorted((p for p, f in judged if f.crossed and p.member not in low), key=lambda p: (p.value, p.member))
    group = tuple(crossed) if _rested(rule, state, now) else ()
    low |= {point.member for point in group}
    told = replace(state, armed=not low, low=low, fired_at=now if group else state.fired_at)
    return Outcome(told, group[0] if group else None, bool(state.low - low), group)


def _unseen(points: Sequence[Point], state: State) -> Iterable[Point]:
    ordered = sorted(points, key=lambda p: p.period.end)
    if state.seen_until is None:
        return ordered[-1:]
    return [p for p in ordered if p.period.end > state.seen_until] or ordered[-1:]


def _rested(rule: Rule, state: State, now: datetime) -> bool:
    return state.fired_at is None or now >= state.fired_at + timedelta(hours=rule.cooldown_hours)
