"""A formula over the catalog's metrics: 'ventas / unidades', '(ventas - costo) / 30'. Pure.

Grammar: sums and products of metrics and numbers, with brackets and a leading minus; a metric is called by its id or by
any of its names, whose spaces may be written as low lines. Nothing is ever executed: text becomes a tree of `Step`s,
and the tree is computed with decimals.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext
from difflib import get_close_matches

from core.errors import BadInput
from core.language import fold
from core.money import read_number

MOST_CHARACTERS = 200
MOST_STEPS = 40
DEEPEST = 12
MOST = Decimal(10) ** 14
"""No business counts as far; what lies beyond could be written by nobody who rounds it."""
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d[\d.]*(?:,\d+)?)|(?P<sign>[-+*/()×÷·−])|(?P<name>[^\W\d]\w*(?:\s+[^\W\d]\w*)*))"
)
_SIGNS = {"×": "*", "·": "*", "÷": "/", "−": "-"}
_AS_WRITTEN = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a formula in postfix order: `kind` is 'number', 'metric' (`text` its id) or 'sign' ('+-*/' or '~' for
    a leading minus)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """What was understood: steps in the order in which they are computed, and the metrics they use, each once."""

    steps: tuple[Step, ...]

    @property
    def metrics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s.text for s in self.steps if s.kind == "metric"))


def parse(text: str, by_word: Mapping[str, str]) -> Formula:
    """The formula of `text`; `by_word` gives a metric's id for each folded name. BadInput where it can't be one."""
    if len(text) > MOST_CHARACTERS:
        raise _wrong(f"La fórmula es muy larga: caben {MOST_CHARACTERS} caracteres.")
    tokens = _tokens(text, by_word)
    if len(tokens) > MOST_STEPS:
        raise _wrong("La fórmula es muy larga.", "Divídela en dos métricas.")
    steps: list[Step] = []
    at = _sum(tokens, 0, steps, 0)
    if at < len(tokens):
        raise _wrong(f"No entiendo la fórmula desde «{tokens[at].text}».", "Revisa los paréntesis y los signos.")
    found = Formula(tuple(steps))
    if not found.metrics:
        raise _wrong("La fórmula no usa ninguna métrica.", "Por ejemplo: ventas / transacciones")
    return found


def compute(formula: Formula, values: Mapping[str, Decimal | None]) -> Decimal | None:
    """Its value where every metric has one, else None; None too where it divides by nothing or reaches `MOST`."""
    stack: list[Decimal] = []
    with localcontext() as context:
        context.prec = 40
        for step in formula.steps:
            if step.kind == "number":
                stack.append(Decimal(step.text))
            elif step.kind == "metric":
                value = values.get(step.text)
                if value is None:
                    return None
                stack.append(value)
            elif step.text == "~":
                stack.append(-stack.pop())
            else:
                right, left = stack.pop(), stack.pop()
                try:
                    stack.append(_SIGN[step.text](left, right))
                except (DivisionByZero, InvalidOperation):
                    return None
    found = stack.pop()
    return found if abs(found) < MOST else None


def written(formula: Formula, name: Callable[[str], str]) -> str:
    """The formula as a person reads it, with `name(id)` for each metric: '(ventas − costo) ÷ 30'."""
    stack: list[tuple[str, int]] = []
    for step in formula.steps:
        if step.kind == "number":
            stack.append((step.text.replace(".", ","), 3))
        elif step.kind == "metric":
            stack.append((name(step.text), 3))
        elif step.text == "~":
            inner, strength = stack.pop()
            stack.append((f"−{inner if strength > 2 else f'({inner})'}", 2))
        else:
            (right, rs), (left, ls) = stack.pop(), stack.pop()
            mine = 1 if step.text in "+-" else 2
            left = left if ls >= mine else f"({left})"
            right = right if rs > mine or (rs == mine and step.text in "+*") else f"({right})"
            stack.append((f"{left}{_AS_WRITTEN[step.text]}{right}", mine))
    return stack.pop()[0]


_SIGN: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def _tokens(text: str, by_word: Mapping[str, str]) -> list[Step]:
    found: list[Step] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise _wrong(f"No entiendo «{text[at:].strip()[:20]}».", "Usa métricas, números, + − × ÷ y paréntesis.")
        at = match.end()
        if match["number"]:
            found.append(Step("number", _number(match["number"])))
        elif match["sign"]:
            found.append(Step("sign", _SIGNS.get(match["sign"], match["sign"])))
        else:
            found.append(Step("metric", _named(match["name"], by_word)))
    return found


def _number(text: str) -> str:
    value = read_number(text)
    if value is None:
        raise _wrong(f"No entiendo el número «{text}».", "Escríbelo como 1.500 o 0,19.")
    return str(value)


def _named(text: str, by_word: Mapping[str, str]) -> str:
    word = " ".join(fold(text.replace("_", " ")).split())
    if word in by_word:
        return by_word[word]
    near = get_close_matches(word, by_word, n=1, cutoff=0.7)
    remedy = (
        f"¿Quisiste decir «{near[0]}»?"
        if near
        else "Usa el nombre de una métrica de la lista; si es un número que llevas tú, créalo en «Medidas propias»."
    )
    raise _wrong(f"No conozco la métrica «{text}».", remedy)


def _sum(tokens: list[Step], at: int, steps: list[Step], depth: int) -> int:
    at = _product(tokens, at, steps, depth)
    while at < len(tokens) and tokens[at].kind == "sign" and tokens[at].text in "+-":
        sign = tokens[at]
        at = _product(tokens, at + 1, steps, depth)
        steps.append(sign)
    return at


def _product(tokens: list[Step], at: int, steps: list[Step], depth: int) -> int:
    at = _atom(tokens, at, steps, depth)
    while at < len(tokens) and tokens[at].kind == "sign" and tokens[at].text in "*/":
        sign = tokens[at]
        at = _atom(tokens, at + 1, steps, depth)
        steps.append(sign)
    return at


def _atom(tokens: list[Step], at: int, steps: list[Step], depth: int) -> int:
    if depth > DEEPEST:
        raise _wrong("La fórmula tiene demasiados paréntesis.")
    if at >= len(tokens):
        raise _wrong("A la fórmula le falta algo al final.", "Por ejemplo: ventas / transacciones")
    token = tokens[at]
    if token.kind != "sign":
        steps.append(token)
        return at + 1
    if token.text == "-":
        at = _atom(tokens, at + 1, steps, depth + 1)
        steps.append(Step("sign", "~"))
        return at
    if token.text == "(":
        at = _sum(tokens, at + 1, steps, depth + 1)
        if at >= len(tokens) or tokens[at].text != ")":
            raise _wrong("Falta cerrar un paréntesis.")
        return at + 1
    raise _wrong(f"No esperaba «{token.text}» ahí.", "Revisa los paréntesis y los signos.")


def _wrong(what: str, remedy: str = "") -> BadInput:
    return BadInput("formula", what, remedy)
