"""The text generator the light vectors are trained on: a question, the text that answers it, and one that nearly does.

Deterministic for a seed. The near miss states the same kind of thing about another month, member or metric: without
it, vectors learn that all texts about sales are alike.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.periods import MONTHS, WEEKDAYS
from retrieval.training import vocabulary as v


@dataclass(frozen=True, slots=True)
class Pair:
    """`question` is answered by `text`, and not by `near_miss`."""

    question: str
    text: str
    near_miss: str


def pairs(count: int, seed: int) -> Iterator[Pair]:
    """`count` pairs; the same ones for the same seed."""
    dice = random.Random(seed)
    kinds = list(_KINDS)
    weights = [_KINDS[kind] for kind in kinds]
    for kind in dice.choices(kinds, weights, k=count):
        question, text, near_miss = kind(dice)
        yield Pair(spoil(question, dice), text, near_miss)


# --- the kinds of chunks


def _value(dice: random.Random) -> tuple[str, str, str]:
    """A metric's value in a month, of the whole company or of one member."""
    metric, other = dice.sample(list(v.METRICS), 2)
    month, year = dice.choice(MONTHS), dice.randint(2022, 2027)
    dimension = dice.choice([None, *v.MEMBERS])
    member = _member(dimension, dice) if dimension else ""
    asked = dice.choice([*v.METRICS[metric].asked, v.METRICS[metric].said[0]])
    question = _asked_of(asked, member, dimension, _when(month, year, dice), dice)
    text = _value_text(metric, member, dimension, month, year, dice)
    change = dice.random()
    if change < 0.4:
        wrong = _value_text(metric, member, dimension, dice.choice([m for m in MONTHS if m != month]), year, dice)
    elif change < 0.7 or not dimension:
        wrong = _value_text(other, member, dimension, month, year, dice)
    else:
        wrong = _value_text(metric, _member(dimension, dice), dimension, month, year, dice)
    return question, text, wrong


def _change(dice: random.Random) -> tuple[str, str, str]:
    """What moved, and where to."""
    good = dice.random() < 0.5
    metric = dice.choice(list(v.METRICS))
    dimension = dice.choice(list(v.MEMBERS))
    member = _member(dimension, dice)
    month, year = dice.choice(MONTHS), dice.randint(2022, 2027)
    way = v.UP if good else v.DOWN
    place = f"{v.DIMENSIONS[dimension][0]} {member}"
    subject = dice.choice(
        [member, member, place, f"{v.METRICS[metric].said[0]} de {member}", v.METRICS[metric].said[0]]
    )
    question = f"{dice.choice(way.asked)} {subject} {dice.choice(['', _when(month, year, dice)])}"
    text = _change_text(metric, dimension, member, month, year, good, dice)
    wrong = (
        _change_text(metric, dimension, member, month, year, not good, dice)
        if dice.random() < 0.5
        else _change_text(metric, dimension, _member(dimension, dice), month, year, good, dice)
    )
    return question, text, wrong


def _definition(dice: random.Random) -> tuple[str, str, str]:
    metric, other = dice.sample(list(v.METRICS), 2)
    name = dice.choice([v.METRICS[metric].said[0], *v.METRICS[metric].asked])
    question = dice.choice(
        ("cómo calculas {}", "qué es {}", "qué significa {}", "cuál es la fórmula de {}", "cómo se mide {}",
         "de dónde sale {}", "definición de {}", "explícame {}", "qué quiere decir {}", "cómo sacas {}",
         "a qué le llamas {}", "qué son {}", "cómo mides {}", "qué cuentas como {}", "qué es eso de {}")
    ).format(name)  # fmt: skip
    year = dice.randint(2023, 2027)
    wrong = dice.choice(
        (
            _value_text(metric, "", None, dice.choice(MONTHS), year, dice),
            _value_text(metric, "", None, "", year, dice),
            _defined(other, dice),
        )
    )
    return question, _defined(metric, dice), wrong


def _benchmark(dice: random.Random) -> tuple[str, str, str]:
    metric, other = dice.sample(list(v.METRICS), 2)
    peers = dice.choice(v.PEERS)
    asked = dice.choice(v.BENCHMARKS.asked).format(
        metric=dice.choice([v.METRICS[metric].said[0], dice.choice(v.METRICS[metric].asked)]), peer=peers
    )
    text, wrong = (
        _filled(dice.choice(v.BENCHMARKS.said), dice, metric=v.METRICS[m].said[0], peers=f"{peers} de Chile")
        for m in (metric, other)
    )
    return asked, f"Frente a otros · {v.METRICS[metric].said[0]}. {text}", wrong


def _topic(topics: dict[str, v.Topic], title: str) -> Callable[[random.Random], tuple[str, str, str]]:
    def make(dice: random.Random) -> tuple[str, str, str]:
        right, wrong = dice.sample(list(topics), 2)
        when = f"{dice.choice(MONTHS)} {dice.randint(2022, 2027)}"
        name = _member(dice.choice(list(v.MEMBERS)), dice)
        weekday = dice.choice(WEEKDAYS)
        question = dice.choice(topics[right].asked).format(when=when.split()[0], weekday=weekday)
        if dice.random() < 0.2:
            question = f"{question} en {when.split()[0]}"
        texts = [
            _filled(dice.choice(topics[t].said), dice, when=when, name=name, weekday=weekday) for t in (right, wrong)
        ]
        return question, f"{dice.choice([title, ''])} {texts[0]}".strip(), f"{title} {texts[1]}"

    return make


def _ranking(dice: random.Random) -> tuple[str, str, str]:
    """Which members had most."""
    dimension, other = dice.sample(list(v.RANKINGS), 2)
    one, many = v.RANKINGS[dimension]
    month, year = dice.choice(MONTHS), dice.randint(2022, 2027)
    asked = dice.choice(
        (*v.RANKED[dimension], *v.RANKED[dimension], f"qué {one} vendió más", f"mejores {many}", f"top 5 {many}",
         f"ranking de {many}", f"cuáles son mis {many} con más ventas", f"ventas por {one}", f"peores {many}")
    )  # fmt: skip
    wrong = dice.choice(
        (
            _ranking_text(other, month, year, dice),
            _ranking_text(dimension, dice.choice([m for m in MONTHS if m != month]), year, dice),
            _value_text("sales", "", None, month, year, dice),
        )
    )
    return f"{asked} {dice.choice(['', _when(month, year, dice)])}", _ranking_text(dimension, month, year, dice), wrong


def _ranking_text(dimension: str, month: str, year: int, dice: random.Random) -> str:
    one, many = v.RANKINGS[dimension]
    members = {
        "weekday": list(WEEKDAYS),
        "hour": [f"{hour} h" for hour in range(8, 21)],
    }.get(dimension) or [_member(dimension, dice) for _ in range(6)]
    listed = dice.sample(members, min(len(members), dice.randint(2, 8)))
    told = "; ".join(f"{n}) {member}: {_amount(dice)}" for n, member in enumerate(listed, 1))
    return f"ventas por {one}, {month} {year}. {many} con más ventas en {month} {year}: {told}."


# --- texts as the features write them


def _value_text(metric: str, member: str, dimension: str | None, month: str, year: int, dice: random.Random) -> str:
    """As the features write it: the value, and what it was a span and a year before."""
    name = dice.choice(v.METRICS[metric].said)
    place = f" de {dice.choice(('la', 'el', ''))} {dice.choice(v.DIMENSIONS[dimension])} {member}" if dimension else ""
    when = f"{month} {year}" if month else str(year)
    before = f"{MONTHS[MONTHS.index(month) - 1]} {year}" if month else str(year - 1)
    long_ago = f"{month} {year - 1}".strip()
    more, less = dice.choice((("más", "menos"), ("menos", "más"), ("más", "más")))
    text = f"{name}{place} en {when}: {_amount(dice)}."
    if dice.random() < 0.8:
        text += f" Es {_percent(dice)} {more} que en {before} ({_amount(dice)})."
    if dice.random() < 0.7:
        text += f" Es {_percent(dice)} {less} que en {long_ago} ({_amount(dice)})."
    return f"{name}{place}, {when}. {text}"


def _change_text(
    metric: str, dimension: str, member: str, month: str, year: int, good: bool, dice: random.Random
) -> str:
    name, verb = v.METRICS[metric].said[0], dice.choice((v.UP if good else v.DOWN).said)
    tail = dice.choice(("", "", *v.REASONS)).format(_percent(dice))
    whole = f"{name} de {dice.choice(v.DIMENSIONS[dimension])} {member}"
    before = MONTHS[MONTHS.index(month) - 1]
    return dice.choice(
        (
            f"{whole}: {'+' if good else '−'}{dice.randint(15, 80)} % en {month} {year}. {whole} {verb} "
            f"{_percent(dice)} "
            f"en {month} {year}: de {_amount(dice)} en {before} {year} a {_amount(dice)}.",
            f"{member} vendió {_amount(dice)} en {month}: {_amount(dice)} {'más' if good else 'menos'} de lo que le "
            f"tocaba. {tail}",
            f"{member}: {name} {verb} {_percent(dice)} en {month} {year}, de {_amount(dice)} a {_amount(dice)}. {tail}",
            f"{member} {verb} {_percent(dice)} en {month} {year}: {_amount(dice)} en {name}. {tail}",
            f"{member} {verb} {_percent(dice)} en {month} {year}: {tail}",
            f"{dice.choice(v.DIMENSIONS[dimension])} {member} {verb} {_percent(dice)} desde {month} {year}. {tail}",
        )
    )


def _defined(metric: str, dice: random.Random) -> str:
    topic = v.METRICS[metric]
    name, means = topic.said[0], dice.choice(topic.means)
    need = dice.choice(("el costo", "el cliente", "la cantidad"))
    also = ", ".join(dice.sample(topic.asked, min(len(topic.asked), dice.randint(0, 6))))
    return dice.choice(
        (
            f"Cómo se calcula {name}. {name}: {means}. También se le dice: {also}.",
            f"Cómo se calcula {name}. {name}: Es {means}. Para calcularlo necesito {need}.",
            f"{name}: {means}.",
        )
    )


def _filled(template: str, dice: random.Random, **known: str) -> str:
    hour = dice.randint(8, 20)
    return template.format_map(
        {
            "pct": _percent(dice),
            "money": _amount(dice),
            "count": str(dice.randint(3, 95)),
            "days": str(dice.choice((10, 12, 14, 20, 24, 30, 45, 60, 90))),
            "points": f"{dice.randint(1, 9)},{dice.randint(0, 9)}",
            "hour": str(hour),
            "hour2": str(hour + 1),
            "file": dice.choice(("ventas.xlsx", "octubre.csv", "export.csv", "cierre.xlsx")),
            **known,
        }
    )


# --- questions as owners write them


def _asked_of(asked: str, member: str, dimension: str | None, when: str, dice: random.Random) -> str:
    if not dimension:
        return dice.choice((f"{asked} {when}", f"{when} {asked}", f"{asked} {when} en total"))
    place = dice.choice(
        (f"en {member}", f"de {member}", f"con {member}", f"{v.DIMENSIONS[dimension][0]} {member}", member)
    )
    return dice.choice((f"{asked} {place} {when}", f"{asked} {when} {place}", f"{place} {asked} {when}"))


def _when(month: str, year: int, dice: random.Random) -> str:
    return dice.choice(
        (
            f"en {month}",
            f"en {month} {year}",
            f"{month} del {year}",
            f"el mes de {month}",
            f"{month[:3]} {year}",
            f"en {month[:3]}",
        )
    )


def _member(dimension: str, dice: random.Random) -> str:
    """A known name, or an invented one: names no list holds are what real companies have."""
    if dice.random() < 0.5:
        return dice.choice(v.MEMBERS[dimension])
    word = "".join(dice.choices(v.SYLLABLES, k=dice.randint(2, 4)))
    return dice.choice((word, word.capitalize(), f"{dice.choice(v.MEMBERS['product']).split()[0]} {word}"))


def _amount(dice: random.Random) -> str:
    size = dice.random()
    if size < 0.4:
        return f"${dice.randint(1, 99)}.{dice.randint(0, 999):03d}.{dice.randint(0, 999):03d}"
    return dice.choice(
        (
            f"${dice.randint(1, 99)},{dice.randint(0, 9)} millones",
            f"${dice.randint(10, 999)} mil",
            f"{dice.randint(10, 9999)}",
        )
    )


def _percent(dice: random.Random) -> str:
    return f"{dice.choice(('', '+', '−'))}{dice.randint(1, 60)},{dice.randint(0, 9)} %"


def spoil(question: str, dice: random.Random) -> str:
    """As typed on a phone: chatter, voseo, abbreviations, a slip of the finger."""
    words = (dice.choice(v.CHATTER) + question).split()
    if dice.random() < 0.15:
        words = [v.VOSEO.get(word, word) for word in words]
    if dice.random() < 0.2:
        words = [v.SHORT.get(word, word) if dice.random() < 0.5 else word for word in words]
    if dice.random() < 0.35:
        at = dice.randrange(len(words))
        words[at] = _slip(words[at], dice)
    text = " ".join(words)
    return f"¿{text}?" if dice.random() < 0.4 else text


def _slip(word: str, dice: random.Random) -> str:
    if len(word) < 5 or not word.isalpha():
        return word
    at = dice.randrange(1, len(word) - 1)
    match dice.randrange(3):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            return word[:at] + word[at] + word[at:]


_KINDS: dict[Callable[[random.Random], tuple[str, str, str]], float] = {
    _value: 0.34,
    _change: 0.22,
    _ranking: 0.10,
    _definition: 0.12,
    _benchmark: 0.10,
    _topic(v.INSIGHTS, "Hallazgo."): 0.18,
    _topic(v.QUALITY, "Calidad de los datos."): 0.06,
    _topic(v.MACRO, "Economía."): 0.08,
}
