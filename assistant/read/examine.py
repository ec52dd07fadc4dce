"""Everything that can be told of a question without deciding what is asked. Pure."""

import re
from datetime import date

from assistant.lexicon import dimension_patterns, metric_patterns
from assistant.marks import take as take_marks
from assistant.plan import Stop
from assistant.read.days import take_days
from assistant.read.ids import MARK, TAX_ID, take_ids
from assistant.read.named import take_names
from assistant.read.reading import Lexicon, Reading
from assistant.read.times import ISO_MONTH, take_times
from assistant.read.unknown import take_unknown
from assistant.refusals import unsafe
from assistant.rephrase import rephrased
from assistant.words.canonical import canonical, words
from core.periods import MONTHS


def examine(text: str, lexicon: Lexicon, today: date) -> Reading | Stop:
    """Everything that can be told of `text` without deciding what is asked."""
    plain, ids = TAX_ID.sub(f" {MARK} ", text), [m["id"] for m in TAX_ID.finditer(text)]
    plain = ISO_MONTH.sub(lambda m: f"{MONTHS[int(m['month']) - 1]} {m['year']}", plain)
    typed = words(plain)
    stop = unsafe(canonical(typed))
    if stop:
        return stop
    mended = lexicon.speller.mend(typed)
    stop = unsafe(canonical(mended))
    if stop:
        return stop
    reading = Reading(text, rephrased(canonical(mended)), today)
    take_ids(reading, ids, lexicon.tax_ids)
    _mark_own(reading, lexicon)
    take_days(reading)
    if not _OTHER_AMOUNTS.search(reading.text):
        reading.text, reading.marks = take_marks(reading.text)
    _keep_numbered(reading, lexicon)
    take_times(reading, today, lexicon.country)
    take_names(reading, lexicon)
    reading.plain = reading.text
    own = ((re.compile(rf"@o{i}(?!\d)"), id) for i, (_, id) in enumerate(lexicon.own))
    _take(reading, (*own, *metric_patterns()), "m", reading.metrics)
    _take(reading, dimension_patterns(), "d", reading.dimensions)
    _forget_introductions(reading)
    take_unknown(reading, lexicon, mended)
    return reading


def _keep_numbered(reading: Reading, lexicon: Lexicon) -> None:
    """'Hotel 3 septiembre': the number is the name's, not a day of the month."""
    tokens = reading.text.split()
    for i in range(len(tokens) - 2, 0, -1):
        after = next((t for t in tokens[i + 1 : i + 3] if t != "de"), "")
        if tokens[i].isdigit() and after in MONTHS:
            named = lexicon.names.find(tokens[i - 1 : i + 1], [True, True], {})
            if named and named[0].exact and named[0].end - named[0].start == 2:
                tokens.insert(i + 1, ",")
    reading.text = " ".join(tokens)


_OTHER_AMOUNTS = re.compile(
    r"(?<!\w)(?:avis|alert|notific|aviso|metas?|objetivos?|presupuesto|necesito|pareto|menos de \d+ unidades(?! vend))"
)
"""Where an amount is what to be told of, or to be reached, and bounds nothing."""


def _mark_own(reading: Reading, lexicon: Lexicon) -> None:
    """The company's own metrics first of all: whoever names one 'ventas por hora de atención' asks for it."""
    for i, (pattern, _) in enumerate(lexicon.own):
        reading.text = pattern.sub(f"@o{i}", reading.text)


def _take(reading: Reading, patterns: tuple[tuple[re.Pattern[str], str], ...], mark: str, into: list[str]) -> None:
    """Replace what the patterns find by marks, earlier patterns first; `into` is in reading order."""
    found: list[str] = []
    for pattern, id in patterns:

        def put(_: re.Match[str], id: str = id) -> str:
            found.append(id)
            return f"@{mark}{len(found) - 1}"

        reading.text = pattern.sub(put, reading.text)
    order = [int(i) for i in re.findall(rf"@{mark}(\d+)", reading.text)]
    into.extend(found[i] for i in order)
    counter = iter(range(len(order)))
    reading.text = re.sub(rf"@{mark}\d+", lambda _: f"@{mark}{next(counter)}", reading.text)


def _forget_introductions(reading: Reading) -> None:
    """'la sucursal Talca': the dimension introduces the name and is not asked to be split by."""

    def drop(match: re.Match[str]) -> str:
        named = reading.named[int(match["n"])]
        said = reading.dimensions[int(match["d"])]
        if any(c.dimension == said for c in named.choices):
            gone.add(int(match["d"]))
            return f"@n{match['n']}"
        return match.group()

    gone: set[int] = set()
    reading.text = re.sub(r"@d(?P<d>\d+) (?:de |del |llamad[oa] )?@n(?P<n>\d+)", drop, reading.text)
    if not gone:
        return
    kept = [i for i in range(len(reading.dimensions)) if i not in gone]
    reading.text = re.sub(r"@d(\d+)", lambda m: f"@d{kept.index(int(m[1]))}", reading.text)
    reading.dimensions = [reading.dimensions[i] for i in kept]
