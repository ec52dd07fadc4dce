"""Language to plan: what stands in the question, then what is asked of it. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from assistant import grammar as g
from assistant.lexicon import UNKNOWN_DIMENSIONS, dimension_patterns, metric_patterns, metric_phrases
from assistant.marks import Mark
from assistant.marks import take as take_marks
from assistant.names import Choice, Named, Names
from assistant.plan import Stop
from assistant.refusals import unsafe
from assistant.rephrase import rephrased
from assistant.time import Found, When, find
from assistant.words.canonical import Speller, Word, canonical, words
from core.periods import MONTHS, WEEKDAYS, Period, label
from features.query import Filter

_PLAIN_DAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_D = "lunes|martes|miercoles|jueves|viernes|sabados?|domingos?"
_WEEKDAY_FILTER = re.compile(
    rf"(?<![\w@])(?:(?:solo |todos )?(?:en )?(?:(?:los|cada|dias) |(?<=un )|(?<=sin )|(?<=solo )|(?<=menos )|(?<=contar )|(?<=excepto )|(?<=salvo ))(?P<list>(?:{_D})(?:(?: ,)? (?:y |e |, )?(?:los )?(?:{_D}))*)"
    rf"|(?:de )?(?P<a>{_D}) a (?P<b>{_D})"
    rf"|(?P<plain>(?:sabados|domingos)(?: y (?:sabados|domingos))?)|(?P<ends>(?:los |en |en los )?fines de semana|dias? de fin de semana)|(?P<work>(?<!por )(?<!cada )(?:los )?dias? (?:de semana|habiles|laborales)|entre semana)(?! con| mas| mejor))(?!\w)"
)
_HOUR = r"(?P<{n}>\d{{1,2}})(?: ?(?:hrs?|horas|h))?(?: ?(?P<{n}m>am|pm|a m|p m|de la tarde|de la noche|de la manana))?"
_HOUR_FILTER = re.compile(
    rf"(?<![\w@])(?:(?:(?:despues|a partir) de|desde) las {_HOUR.format(n='after')}|antes de las {_HOUR.format(n='before')}"
    rf"|(?:entre|de) las {_HOUR.format(n='from')} (?:y|a|hasta)(?: las)? {_HOUR.format(n='to')}|a las? {_HOUR.format(n='at')}"
    rf"|(?:en|por|de) las? (?P<part>mananas?|tardes?|noches?)|(?:al|a) (?P<noon>mediodia)|de (?P<night>noche))(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the reader knows of a company: its names, its spelling, its country."""

    names: Names
    speller: Speller
    country: str = "CL"
    own: tuple[tuple[re.Pattern[str], str], ...] = ()
    """The company's own metrics by how they are said, longest first."""
    tax_ids: Mapping[str, str] = field(default_factory=dict)
    """The names of customers by their tax ids, bare and in lower case."""


def own_names(metrics: Sequence[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """(name, id) of the company's own metrics as patterns over canonical text."""
    said = sorted(((canonical(words(name)), id) for name, id in metrics), key=lambda pair: (-len(pair[0]), pair))
    return tuple((re.compile(rf"(?<![\w@]){re.escape(name)}(?!\w)"), id) for name, id in said if name)


@dataclass(slots=True)
class Reading:
    """What stands in a question. `text` is canonical, with '@t0' for times, '@n0' names, '@m0' metrics,
    '@d0' dimensions and '@w0' days or hours of the week."""

    raw: str
    text: str
    today: date
    plain: str = ""
    """The text with only times and names replaced, for what the company's data cannot hold."""
    whens: list[When] = field(default_factory=list)
    bad_times: list[str] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    excluded: set[int] = field(default_factory=set)
    metrics: list[str] = field(default_factory=list)
    dimensions: list[str] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    marks: tuple[Mark, ...] = ()
    """The amounts that bound what is asked, '@u0' and so on in the text."""
    unknown: list[str] = field(default_factory=list)
    unknown_dimension: str = ""

    def has(self, sign: re.Pattern[str]) -> bool:
        return sign.search(self.text) is not None

    @property
    def bare(self) -> bool:
        """Whether the question names neither a figure nor a kind of answer by itself."""
        return not self.metrics


def examine(text: str, lexicon: Lexicon, today: date) -> Reading | Stop:
    """Everything that can be told of `text` without deciding what is asked."""
    plain, ids = _TAX_ID.sub(f" {_ID} ", text), [m["id"] for m in _TAX_ID.finditer(text)]
    plain = _ISO_MONTH.sub(lambda m: f"{MONTHS[int(m['month']) - 1]} {m['year']}", plain)
    typed = words(plain)
    stop = unsafe(canonical(typed))
    if stop:
        return stop
    mended = lexicon.speller.mend(typed)
    stop = unsafe(canonical(mended))
    if stop:
        return stop
    reading = Reading(text, rephrased(canonical(mended)), today)
    _take_ids(reading, ids, lexicon.tax_ids)
    _mark_own(reading, lexicon)
    _take_week(reading)
    if not _OTHER_AMOUNTS.search(reading.text):
        reading.text, reading.marks = take_marks(reading.text)
    _keep_numbered(reading, lexicon)
    _take_times(reading, today, lexicon.country)
    _take_names(reading, lexicon)
    reading.plain = reading.text
    own = ((re.compile(rf"@o{i}(?!\d)"), id) for i, (_, id) in enumerate(lexicon.own))
    _take(reading, (*own, *metric_patterns()), "m", reading.metrics)
    _take(reading, dimension_patterns(), "d", reading.dimensions)
    _forget_introductions(reading)
    _take_unknown(reading, lexicon, mended)
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


_TAX_ID = re.compile(
    r"(?<![\w.,/-])(?:(?:con |el |del? )?(?:rut|run|cuit)(?: |: ?| n[°º.]? ?)+)?(?P<id>\d{1,3}\.?\d{3}\.?\d{3} ?[-–] ?[\dk])(?![\w/-]|[.,]\d)",
    re.IGNORECASE,
)
_ISO_MONTH = re.compile(r"(?<![\w./-])(?P<year>20\d\d)-(?P<month>0[1-9]|1[0-2])(?![\w-]|[./]\d)")
_ID = "qxidq"
"""Stands for a tax id while the words are read: one word that no typo is mended to."""


def _take_ids(reading: Reading, ids: list[str], known: Mapping[str, str]) -> None:
    """'Ventas a 12.345.678-5': a tax id names a customer, however it is spelled."""
    for id in ids:
        name = known.get(re.sub(r"[^\dk]", "", id.lower()).lstrip("0"))
        if name is None:
            reading.unknown.append(id)
            reading.text = re.sub(rf"(?<!\S){_ID}(?!\S)", " ", reading.text, count=1)
        else:
            before, _, after = reading.text.partition(_ID)
            if _left_out(before.strip(), after.strip(), reading.excluded):
                reading.excluded.add(len(reading.named))
                before = _LEFT_OUT.sub("sin", g.EXCLUDE.sub("sin", before.strip())) + " "
            reading.text = f"{before}@n{len(reading.named)}{after}"
            reading.named.append(Named(0, 0, (Choice("customer", (name,), name),), True))
    reading.text = " ".join(reading.text.split())


def _mark_own(reading: Reading, lexicon: Lexicon) -> None:
    """The company's own metrics first of all: whoever names one 'ventas por hora de atención' asks for it."""
    for i, (pattern, _) in enumerate(lexicon.own):
        reading.text = pattern.sub(f"@o{i}", reading.text)


def _take_week(reading: Reading) -> None:
    def weekdays(match: re.Match[str]) -> str:
        excluded = _left_out(match.string[: match.start()].strip(), match.string[match.end() :], set())
        reading.filters.append(Filter("weekday", tuple(WEEKDAYS[d] for d in _days_of(match)), excluded))
        return f"@w{len(reading.filters) - 1}"

    def hours(match: re.Match[str]) -> str:
        low, high = _hours_of(match)
        if not 0 <= low <= high <= 23:
            return match.group()
        reading.filters.append(hour_filter((low, high)))
        return f"@w{len(reading.filters) - 1}"

    reading.text = _WEEKDAY_FILTER.sub(weekdays, reading.text)
    reading.text = _HOUR_FILTER.sub(hours, reading.text)


def hour_filter(hours: tuple[int, int]) -> Filter:
    """Only sales of these hours, both included."""
    return Filter("hour", tuple(f"{h} h" for h in range(hours[0], hours[1] + 1)))


def _days_of(match: re.Match[str]) -> tuple[int, ...]:
    if match["ends"]:
        return (5, 6)
    if match["work"]:
        return (0, 1, 2, 3, 4)
    if match["a"]:
        first, last = _day(match["a"]), _day(match["b"])
        return tuple(d % 7 for d in range(first, last + 1 if last >= first else last + 8))
    return tuple(dict.fromkeys(_day(d) for d in re.findall(_D, match["list"] or match["plain"])))


def _day(word: str) -> int:
    return _PLAIN_DAYS.index(word if word in _PLAIN_DAYS else word.removesuffix("s"))


def _hours_of(match: re.Match[str]) -> tuple[int, int]:
    def hour(name: str) -> int:
        half = match[f"{name}m"] or ""
        value = int(match[name])
        return value + 12 if value < 12 and half.startswith(("p", "de la t", "de la n")) else value

    if match["after"]:
        return hour("after"), 23
    if match["before"]:
        return 0, hour("before") - 1
    if match["from"]:
        return hour("from"), hour("to") - 1
    if match["at"]:
        return hour("at"), hour("at")
    if match["noon"]:
        return 12, 14
    part = (match["part"] or "noche").removesuffix("s")
    return {"manana": (0, 11), "tarde": (12, 19), "noche": (20, 23)}[part]


def _take_times(reading: Reading, today: date, country: str) -> None:
    reading.text = _DIFFERENCE.sub(r"comparar\1 ", reading.text)
    reading.text = _SAME_LAST_YEAR.sub("@ly", reading.text)
    reading.text = _DAY_OF_WEEK.sub(r"\g<day> de semana \g<which>", reading.text)
    reading.text = _BESIDE_PART.sub(r"\g<a> \g<unit>\g<joint> \g<b> \g<unit>", reading.text)
    reading.text = _PART_BESIDE.sub(r"\g<a> \g<unit> \g<joint> \g<b> \g<unit>", reading.text)
    found: list[Found] = find(reading.text, today, country)
    shorter = any(f.when and f.when.period.days < 360 for f in found)
    if shorter and _AGAINST_LAST_YEAR.search(reading.text):
        reading.text = _AGAINST_LAST_YEAR.sub(r"\1 @ly", reading.text)
        found = find(reading.text, today, country)
    found = _before_the_named(found, reading.text)
    for one in reversed(found):
        mark = f"@t{len(found)}" if one.when is None else "@t"
        reading.text = f"{reading.text[: one.start]}{mark}{reading.text[one.end :]}"
    reading.whens = [f.when for f in found if f.when]
    reading.bad_times = [f.problem for f in found if not f.when]
    counter = iter(range(len(found)))
    reading.text = re.sub(r"@t\d*", lambda _: f"@t{next(counter)}", reading.text)
    _take_back(reading)
    _apart_by_a_week(reading)
    _join_times(reading)


def _before_the_named(found: list[Found], text: str) -> list[Found]:
    """'Agosto contra el mes anterior' is against July, whatever month it is now."""
    for i, (one, other) in enumerate(pairwise(found), 1):
        a, b = one.when, other.when
        if (
            a
            and b
            and a.anchor == "named"
            and a.grain is b.grain
            and _ONE_BEFORE.fullmatch(text[other.start : other.end])
        ):
            period = a.period.previous()
            found[i] = replace(other, when=When(period, label(period), "named", period.grain))
    return found


_ONE_BEFORE = re.compile(r"(?:el |la |al |del )?(?:mes|semana|trimestre|ano) (?:anterior|previ[oa])")
_TAKEN_BACK = re.compile(r"@t0 (?:, )?(?:no|digo|perdon|mejor dicho|o sea)(?: ,)?(?: (?:en|de|del|el|la))* @t1(?!\d)")


def _take_back(reading: Reading) -> None:
    """'El mes antepasado, no, en septiembre': the second word stands."""
    if len(reading.whens) == 2 and not reading.bad_times and _TAKEN_BACK.search(reading.text):
        reading.whens = reading.whens[1:]
        reading.text = _TAKEN_BACK.sub("@t0", reading.text)


def _apart_by_a_week(reading: Reading) -> None:
    """'Ayer contra el martes pasado', said on a Wednesday: the Tuesday before yesterday's."""
    if len(reading.whens) != 2 or reading.whens[0].period != reading.whens[1].period:
        return
    one, other = reading.whens
    if one.label != other.label and other.label.startswith(WEEKDAYS) and reading.has(_DAY_BEFORE):
        day = other.period.start - timedelta(days=7)
        reading.whens[1] = replace(
            other, period=Period(day, day), label=f"{WEEKDAYS[day.weekday()]} {label(Period(day, day))}"
        )


_DAY_BEFORE = re.compile(r"(?<![\w@])(?:vs|con|que|o|respecto|frente)(?: (?:al?|del?|el|la))* @t1(?!\d)")


def _join_times(reading: Reading) -> None:
    """'Desde el tercer trimestre hasta ayer': two stretches that are the ends of one."""
    joint = _BETWEEN if not (reading.has(g.COMPARE) or reading.has(g.GROWTH)) else _FROM_TO
    if len(reading.whens) == 2 and reading.has(g.TOGETHER):
        joint = _BOTH
    if len(reading.whens) != 2 or reading.bad_times or not joint.search(reading.text):
        return
    first, last = (w.period for w in reading.whens)
    if joint is not _FROM_TO and not _FROM_TO.search(reading.text):
        first, last = sorted((first, last))
    if joint is _BOTH and last.start != first.end + timedelta(days=1):
        return
    if first.start <= last.start:
        whole = Period(first.start, last.end)
        reading.whens = [When(whole, label(whole), "named", whole.grain)]
        reading.text = joint.sub("@t0", reading.text)


_DAY_OF_WEEK = re.compile(
    r"(?<![\w@])(?P<day>dias?) (?P<which>(?:(?:que |con |de )?(?:mas|menos|mayor(?:es)?|menor(?:es)?) \w+|peor(?:es)?|mejor(?:es)?))"
    r" (?:de|en) la semana(?! (?:pasad|anterior|que|del|ultim))"
)
"""'El día más flojo de la semana' asks for a weekday, not for a day of this week."""
_FROM_TO = re.compile(r"(?:(?:desde|del?) (?:el |la |los )?)?@t0 (?:hasta|al?)(?: el| la| los)? @t1(?!\d)")
_BETWEEN = re.compile(rf"{_FROM_TO.pattern}|entre (?:el |la |los )?@t0 y (?:el |la |los )?@t1(?!\d)")
_BOTH = re.compile(r"@t0(?: ,)? (?:y|mas|con)(?: el| la| los)? @t1(?!\d)")
_PART = r"(?:primer|primero|segundo|tercer|tercero|cuarto|ultimo|[1-6](?: ?(?:er|do|to|o|ro|a))?)"
_BESIDE_PART = re.compile(
    rf"(?<![\w@])(?P<a>{_PART}) (?P<unit>trimestre|semestre|cuatrimestre|bimestre)(?P<joint>(?: de(?:l)? (?:ano )?20\d\d)? (?:y|e|vs|con|que|al?|frente al?|respecto al?|del?)"
    rf"(?: el| al| del)*) (?P<b>{_PART})(?! (?:trimestre|semestre|cuatrimestre|bimestre|de [a-z]|\d))(?!\w)"
)
_PART_BESIDE = re.compile(
    rf"(?<![\w@])(?P<a>{_PART}) (?P<joint>(?:y|e|vs|al?|o)(?: el)*) (?P<b>{_PART}) (?P<unit>trimestre|semestre|cuatrimestre|bimestre)(?!\w)"
)
"""'El tercer trimestre contra el segundo', '1.er y 2.º semestre': the word that both share is said once."""


_DIFFERENCE = re.compile(r"(?<![\w@])diferencia((?: (?:de|en) (?:las? |los? )?\w+)?) entre(?= )")
"""'Diferencia entre septiembre y agosto' sets two months against each other and is no stretch from one to the other."""
_SAME_LAST_YEAR = re.compile(
    r"(?:el |la |los |las |al |a la |a los |del )?mism[oa]s? (?:mes|periodo|dias?|trimestre|semana|fechas?|epoca|semestre)"
    r" (?:de |del )?(?:el )?(?:ano pasado|ano anterior|hace un ano)"
)
_AGAINST_LAST_YEAR = re.compile(
    r"(?<![\w@])(vs|con|que|frente al?|respecto (?:al?|del?)|versus|al?) (?:el |al |del |lo del |lo de |(?:el|la|los|las) del? )?"
    r"(?:ano pasado|ano anterior|pasado ano|hace un ano|un ano (?:atras|antes))(?!\w)"
)


def _take_names(reading: Reading, lexicon: Lexicon) -> None:
    tokens = reading.text.split()
    held = _phrases(reading.text)
    free = [not t.startswith("@") and t != "," and i not in held for i, t in enumerate(tokens)]
    wanted = {i + 1: d for i, t in enumerate(tokens) for d in [_dimension_of(t)] if d}
    wanted |= {
        i + 2: d for i, t in enumerate(tokens[:-2]) if tokens[i + 1] in ("de", "del") for d in [_dimension_of(t)] if d
    }
    out, at = [], 0
    for named in lexicon.names.find(tokens, free, wanted):
        if not _acceptable(named, tokens, lexicon.speller):
            continue
        out += tokens[at : named.start]
        if _left_out(" ".join(out), " ".join(tokens[named.end :]), reading.excluded):
            reading.excluded.add(len(reading.named))
            out = _LEFT_OUT.sub("sin", g.EXCLUDE.sub("sin", " ".join(out))).split()
        out.append(f"@n{len(reading.named)}")
        reading.named.append(named)
        at = named.end
    reading.text = " ".join([*out, *tokens[at:]])


def _left_out(before: str, after: str, excluded: set[int]) -> bool:
    """Whether the name between the two is to be left out: 'sin Talca', 'sin Talca ni Linares', 'Talca aparte'."""
    beside = _BESIDE.search(before)
    if beside and int(beside[1]) in excluded:
        return True
    less = _LESS.search(before)
    if less and not _LESS_THAN.fullmatch(less[1] or ""):
        return True
    return g.EXCLUDE.search(before) is not None or g.EXCLUDED_AFTER.search(after) is not None


# 'Vendió menos Talca' and 'lo que menos' compare; 'por sucursal menos Talca' leaves out.
_LESS = re.compile(r"(?:^|(\S+) )menos(?: (?:el|la|los|las|lo de|canal|sucursal|local|categoria))*$")
_LESS_THAN = re.compile(r"(?:vend|compr|gast|gan|tuv|factur)\w*|que|o|mas|mucho|poco|bastante|lo|al|con|y|ni")
_LEFT_OUT = re.compile(r"(?<!\S)menos(?: (?:el|la|los|las|lo de|canal|sucursal|local|categoria))*$")
_BESIDE = re.compile(r"@n(\d+) (?:y|e|ni|o|u|,)(?: (?:a|de|el|la|los|las|en))*$")


def _phrases(text: str) -> set[int]:
    """The words of metrics named by several words, which are no names: 'notas de crédito'."""
    held: set[int] = set()
    for match in metric_phrases().finditer(text):
        first = text[: match.start()].count(" ")
        held |= set(range(first, first + match.group().count(" ") + 1))
    return held


def _dimension_of(word: str) -> str | None:
    return next((d for pattern, d in dimension_patterns() if pattern.fullmatch(word)), None)


def _acceptable(named: Named, tokens: list[str], speller: Speller) -> bool:
    """A name made of everyday words counts only where it is the whole name and stands where a name stands."""
    said = tokens[named.start : named.end]
    if not all(speller.grammatical(w) or w.isdigit() for w in said):
        return True
    if not named.exact or all(w.isdigit() for w in said):
        return False
    phrase = " ".join(said)
    if any(p.fullmatch(phrase) for p, _ in metric_patterns()):
        return False
    before = " ".join(tokens[: named.start]) + " "
    if before.endswith("por ") and named.exact and _dimension_of(phrase) is None:
        return True  # 'por instagram' is no 'por producto'
    return not g.EACH.search(before)


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


def _take_unknown(reading: Reading, lexicon: Lexicon, mended: list[Word]) -> None:
    """Words that nobody knows, where a name would stand: better asked about than passed over."""
    for spoken, pattern in UNKNOWN_DIMENSIONS.items():
        if re.search(rf"(?<![\w@])(?:{pattern})(?!\w)", reading.text):
            reading.unknown_dimension = spoken
    raw = {w.text: w.raw for w in mended}
    tokens = reading.text.split()
    for i, token in enumerate(tokens):
        if token.startswith("@") or token in (",", "%", "$") or re.fullmatch(r"[\d.,/-]+", token):
            continue
        if lexicon.speller.grammatical(token) or inflected(token, lexicon.speller):
            continue
        capital = raw.get(token, "")[:1].isupper() and i > 0
        if (len(token) > 1 and (capital or _introduced(tokens, i))) or token == "x":
            reading.unknown.append(raw.get(token, token))


_INTRODUCES = re.compile(
    r"(?:(?:^| )(?:de|del|en|para|con|sin|vs|cuant[oa]s?|excepto|solo)|@n\d+ (?:y|o|e|vs|,)|@m\d+|vend\w+)"
    r"(?: (?:el|la|los|las|mis|mi|un|una|unos|unas|@t\d+))*$"
)


def _introduced(tokens: list[str], at: int) -> bool:
    """Whether a name would stand here: after a preposition, a count, a verb of selling or beside another name."""
    return _INTRODUCES.search(" ".join(tokens[:at])) is not None and not VERB.search(tokens[at])


VERB = re.compile(
    r"(?:aria|eria|iria|arian|erian|irian|aron|ieron|aban|aba|ando|iendo|arse|erse|irse|ar|er|ir|arlo|arla|(?<=\w\w)[aei]mos)$"
)


def inflected(word: str, speller: Speller) -> bool:
    """Verb forms and adverbs nobody lists: 'comportándose', 'finalmente'."""
    return word.endswith(("mente", "ndo", "ndose")) or any(
        word.endswith(tail) and speller.grammatical(word[: -len(tail)]) for tail in ("s", "es", "n", "me", "lo", "la")
    )


def chosen(named: Named, exclude: bool) -> Filter:
    choice: Choice = named.choices[0]
    return Filter(choice.dimension, choice.members, exclude)


def merge_filters(filters: list[Filter]) -> tuple[Filter, ...]:
    """One filter a dimension and direction: two branches named are both wanted."""
    merged: dict[tuple[str, bool], Filter] = {}
    for one in filters:
        key = (one.dimension, one.exclude)
        if key in merged:
            members = tuple(dict.fromkeys((*merged[key].members, *one.members)))
            one = replace(one, members=members)
        merged[key] = one
    return tuple(merged.values())


def patterns() -> tuple[re.Pattern[str], ...]:
    """What days and hours of the week look like; their words are known to the speller."""
    return (_WEEKDAY_FILTER, _HOUR_FILTER)
