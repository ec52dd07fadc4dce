"""Questions that ask several things: each is a plan, the later ones beside the first. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant import grammar as g
from assistant.plan import Plan
from assistant.read import Reading

_ONE_METRIC = frozenset({"average", "ranking", "breakdown", "best_period", "trend", "beyond", "records"})
_BY_BOTH = re.compile(
    r"@d(\d+) (?:,|y|e|,? ?y)(?: (?:a|en|por|de|que|el|la|los|las|mi|mis|cual(?:es)?|cada|segun|tambien))* @d(\d+)"
)
_BOTH_ENDS = re.compile(
    r"(?<![\w@])(?:mas|mejor(?:es)?|mayor(?:es)?)(?!\w).* (?:y|e)(?: (?:el|la|los|las|lo|que|cual|cuales|\d+|mas|@m\d+|@d\d+))* (?:menos|peor(?:es)?|menor(?:es)?)(?!\w)"
    r"|(?<![\w@])(?:menos|peor(?:es)?|menor(?:es)?)(?!\w).* (?:y|e)(?: (?:el|la|los|las|lo|que|cual|cuales|\d+|@m\d+|@d\d+))* (?:mas|mejor(?:es)?|mayor(?:es)?)(?!\w)"
)
_LESS_FIRST = re.compile(
    r"(?<![\w@])(?:menos|peor(?:es)?|menor(?:es)?)(?!\w).* (?:mas|mejor(?:es)?|mayor(?:es)?)(?!\w)"
)
_CLAUSE = re.compile(r"(?:\?|,|;|\.)? +(?:y|e|además|ademas|también|tambien) +¿?|\? *¿|[;.] +¿?", re.IGNORECASE)
_WHY_TOO = re.compile(r"(.{6,}?)[?,;.]? +(?:y|e) +¿?(?:por ?qu[eé]|a qu[eé] se debe)\W*", re.IGNORECASE)
_TELLS = frozenset({"value", "ranking", "best_period", "breakdown", "share", "trend", "average"})
_SPLITS = _TELLS | {"compare", "compare_members", "summary"}


def beside(plan: Plan, reading: Reading) -> Plan:
    """'Por canal y por sucursal', 'ventas y margen por local', 'el que más y el que menos': one plan each."""
    if plan.intent in ("ranking", "breakdown"):
        both = _BY_BOTH.search(reading.text)
        if both:
            one, other = (reading.dimensions[int(at)] for at in both.groups())
            if one != other and plan.dimension in (one, other):
                plan = replace(plan, dimension=one)
                return replace(plan, also=(replace(plan, dimension=other),))
    if plan.intent in ("ranking", "best_period") and _BOTH_ENDS.search(reading.text):
        more, less = replace(plan, order="desc"), replace(plan, order="asc")
        first, second = (less, more) if _LESS_FIRST.search(reading.text) else (more, less)
        return replace(first, also=(second,))
    if plan.intent in _ONE_METRIC and len(plan.metrics) > 1:
        rest = tuple(replace(plan, metrics=(id,)) for id in plan.metrics[1:3])
        return replace(plan, metrics=plan.metrics[:1], also=rest)
    return plan


def halves(text: str) -> Iterator[tuple[str, str]]:
    """Where a question may be two: what stands before and after each 'y', '. ' or '?'."""
    for joint in _CLAUSE.finditer(text):
        before, after = text[: joint.start()].strip(), text[joint.end() :].strip()
        if len(before) > 3 and len(after) > 3:
            yield before, after


Half = tuple[Reading, Plan]


def apart(text: str, whole: Plan, read: Callable[[str], Half | None]) -> Plan | None:
    """The two plans of a text that asks two things of different periods, members or kinds; None where it asks one.

    `read` gives a text's reading with its plan, None where it makes no question by itself.
    """
    if whole.also:
        return None
    why = _WHY_TOO.fullmatch(text)
    if why and whole.intent in ("why", "contribution"):
        left = read(why[1])
        return _and_why(left[1]) if left else None
    if whole.intent not in _SPLITS:
        return None
    for before, after in halves(text):
        left = read(before)
        right = read(after) if left else None
        made = _pair(left, right) if left and right else None
        if made:
            return made
    return None


def _and_why(first: Plan) -> Plan | None:
    """'¿Qué sucursal vende menos y por qué?': which one it is, then what made it move."""
    if first.intent not in ("ranking", "contribution") or first.also:
        return None
    return replace(first, also=(Plan("why", first.metrics, first.whens, filters=first.filters, compare=first.compare),))


def _pair(left: Half, right: Half) -> Plan | None:
    (one, first), (two, second) = left, right
    if one.has(g.COMPARE) or two.has(g.COMPARE) or not {first.intent, second.intent} <= _TELLS:
        return None
    if not (two.metrics or two.dimensions or two.named):
        return None  # '¿cuánto ayer y cuánto hoy?' compares
    if not two.metrics and (second.intent == "value" or one.metrics):
        second = replace(second, metrics=first.metrics)
    first, second = _share(first, second)
    same = (first.metrics == second.metrics) + (first.whens == second.whens) + (first.filters == second.filters)
    if first.intent == second.intent == "value":
        # one figure of two periods is a comparison, of two members a pair, two figures of one period a list
        return None if same >= 2 else replace(first, also=(second,))
    if (first.intent, first.dimension, first.order) == (second.intent, second.dimension, second.order):
        return None
    return replace(first, also=(second, *second.also))


def _share(first: Plan, second: Plan) -> tuple[Plan, Plan]:
    """What one half says of the period and the place holds for the other where that says nothing."""
    if first.whens and not second.whens:
        second = replace(second, whens=first.whens[:1])
    elif second.whens and not first.whens:
        first = replace(first, whens=second.whens[:1])
    if first.filters and not second.filters and second.intent != "value":
        second = replace(second, filters=first.filters)
    return first, second
