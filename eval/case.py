"""The cases: what is asked, of which company, on which day, and what a right answer holds.

A file under `cases/` gives defaults and groups. The questions of a group are paraphrases: they share one expectation,
and a group counts once however many ways of asking it has. A question written as a list is a conversation, whose last
turn is judged.

    defaults: {company: demo, as_of: 2026-10-31, category: value}
    groups:
      - id: sales-month
        gold: {metric: sales, period: 2026-10}       # see eval/gold.py; absent where no figure is due
        status: answered                             # or a list: any of them is right
        says: [stock|inventario]                     # each must be in the text, or one of its alternatives
        reads: {dimension: branch}                   # what `understood` must hold
        ask:
          - ¿cuánto vendí en octubre?
          - [¿cuánto vendí en septiembre?, ¿y en octubre?]
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).parent / "cases"
LEAST = 400
LEAST_LISTED = 150
REFUSALS = frozenset({"no_data", "out_of_scope", "refused", "clarify"})
STATUSES = REFUSALS | {"answered"}
_KEYS = {"id", "gold", "status", "says", "reads", "ask", "company", "as_of", "category", "listed"}


@dataclass(frozen=True, slots=True)
class Case:
    """One question, or conversation, with its expectation. `gold` is None where no figure is due."""

    id: str
    group: str
    category: str
    company: str
    as_of: date
    turns: tuple[str, ...]
    status: tuple[str, ...]
    gold: dict[str, Any] | list[dict[str, Any]] | None
    says: tuple[str, ...]
    reads: dict[str, Any]
    listed: bool
    """Whether the question comes from the collected list of real ones."""

    @property
    def question(self) -> str:
        return self.turns[-1]

    @property
    def answerable(self) -> bool:
        """Whether a figure is due."""
        return self.gold is not None

    @property
    def refusal(self) -> bool:
        """Whether only a refusal (or a question back) is right."""
        return set(self.status) <= REFUSALS

    @property
    def held_out(self) -> bool:
        """A tenth of the cases, by hash of the id: reported apart, never shown, so that nobody tunes on them."""
        return int(sha256(self.id.encode()).hexdigest(), 16) % 10 == 0


def load(folder: Path = CASES) -> tuple[Case, ...]:
    """All cases, checked: ValueError says what is wrong with them."""
    cases = [case for path in sorted(folder.glob("*.yaml")) for case in _read(path)]
    check(cases)
    return tuple(cases)


def check(cases: Iterable[Case]) -> None:
    """Enough cases, each with an id of its own, each expecting a known status."""
    cases = list(cases)
    twice = [id for id, count in Counter(c.id for c in cases).items() if count > 1]
    apart = {(c.group, c.company, c.category, str(c.gold), c.status) for c in cases}
    twice += [group for group, count in Counter(key[0] for key in apart).items() if count > 1]
    if twice:
        raise ValueError(f"these ids are used twice: {', '.join(twice)}")
    if len(cases) < LEAST:
        raise ValueError(f"there are {len(cases)} cases; at least {LEAST} are wanted")
    listed = len({c.question for c in cases if c.listed})
    if listed < LEAST_LISTED:
        raise ValueError(f"{listed} questions come from the collected list; at least {LEAST_LISTED} are wanted")


def _read(path: Path) -> Iterator[Case]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for group in content["groups"]:
        given = {**content.get("defaults", {}), **group}
        if unknown := set(given) - _KEYS:
            raise ValueError(f"{path.name}, {group.get('id')}: unknown keys {sorted(unknown)}")
        yield from _group(given)


def _group(given: dict[str, Any]) -> Iterator[Case]:
    status = tuple(_list(given.get("status", "answered")))
    if not set(status) <= STATUSES:
        raise ValueError(f"{given['id']}: unknown status among {status}")
    for ask in given["ask"]:
        turns = tuple(str(turn) for turn in _list(ask))
        yield Case(
            id=f"{given['id']}.{sha256(chr(10).join(turns).encode()).hexdigest()[:6]}",
            group=str(given["id"]),
            category=str(given["category"]),
            company=str(given["company"]),
            as_of=given["as_of"],
            turns=turns,
            status=status,
            gold=given.get("gold"),
            says=tuple(str(words) for words in _list(given.get("says", []))),
            reads=given.get("reads", {}),
            listed=bool(given.get("listed", False)),
        )


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
