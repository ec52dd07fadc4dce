"""Which summary is due, and when: a day's on the morning after, a week's on its Monday after, a month's on the first
Monday after. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from core.errors import BadInput
from core.language import fold
from core.periods import WEEKDAYS, Grain, Period, label

Template = Literal["daily", "weekly", "monthly", "closing"]
Frequency = Literal["daily", "weekly", "monthly", "closing", "off"]
TEMPLATES: dict[Template, str] = {
    "daily": "diario",
    "weekly": "semanal",
    "monthly": "mensual",
    "closing": "cierre de mes",
}
FREQUENCIES: dict[Frequency, str] = {
    "daily": "Cada día, a las 8",
    "weekly": "Cada lunes, a las 8",
    "monthly": "Una vez al mes, el primer lunes",
    "closing": "Una vez al mes, con el cierre completo",
    "off": "No me lo envíes",
}
AT = time(8)
LATEST_DAYS = 3
"""A summary that could not leave until then is old news: the next one comes soon enough."""
_GRAINS: dict[Template, Grain] = {
    "daily": Grain.day,
    "weekly": Grain.week,
    "monthly": Grain.month,
    "closing": Grain.month,
}
_CLOSING = "-cierre"
_FORMS: tuple[tuple[Template, re.Pattern[str]], ...] = (
    ("daily", re.compile(r"(\d{4})-(\d{2})-(\d{2})")),
    ("weekly", re.compile(r"(\d{4})-W(\d{2})")),
    ("monthly", re.compile(r"(\d{4})-(\d{2})")),
    ("closing", re.compile(rf"(\d{{4}})-(\d{{2}}){_CLOSING}")),
)


@dataclass(frozen=True, slots=True)
class Edition:
    """One summary: the day '2026-10-31', the ISO week '2026-W44', the month '2026-10', its closing '2026-10-cierre'."""

    period: Period
    template: Template

    @classmethod
    def of(cls, template: Template, day: date) -> "Edition":
        """The one of this template that holds `day`."""
        return cls(Period.of(_GRAINS[template], day), template)

    @property
    def daily(self) -> bool:
        return self.template == "daily"

    @property
    def weekly(self) -> bool:
        return self.template == "weekly"

    @property
    def monthly(self) -> bool:
        """Of a month, whether it is its closing or not."""
        return self.template in ("monthly", "closing")

    @property
    def id(self) -> str:
        first = self.period.start
        match self.template:
            case "daily":
                return first.isoformat()
            case "weekly":
                return f"{first:%G-W%V}"
            case "monthly":
                return f"{first:%Y-%m}"
            case "closing":
                return f"{first:%Y-%m}{_CLOSING}"

    @property
    def name(self) -> str:
        """'sábado 31-oct-2026', 'semana del 26-oct-2026', 'octubre 2026'."""
        named = label(self.period)
        return f"{WEEKDAYS[self.period.start.weekday()]} {named}" if self.daily else named


def parse(text: str) -> Edition:
    """'2026-10-31', '2026-W44', '2026-10' or '2026-10-cierre'. BadInput where it is none of them."""
    for template, form in _FORMS:
        if found := form.fullmatch(text.strip()):
            try:
                year, number, *rest = (int(n) for n in found.groups())
                weekly = template == "weekly"
                day = date.fromisocalendar(year, number, 1) if weekly else date(year, number, *(rest or (1,)))
                return Edition.of(template, day)
            except ValueError:
                break
    raise BadInput(
        "edition",
        f"No entiendo el período «{text}».",
        "Usa un día (2026-10-31), una semana (2026-W44) o un mes (2026-10, o 2026-10-cierre).",
    )


def template(text: str) -> Template:
    """'cierre de mes', 'cierre', 'Semanal' or 'closing'. BadInput where it is no template."""
    said = fold(text)
    for id, name in TEMPLATES.items():
        if said and (said == id or fold(name).startswith(said)):
            return id
    raise BadInput("template", f"No conozco el formato «{text}».", f"Los hay: {', '.join(TEMPLATES.values())}.")


def latest(template: Template, today: date) -> Edition:
    """The last day (week, month) that ended before `today`."""
    return Edition(Period.of(_GRAINS[template], today).previous(), template)


def chosen(edition: str, template_name: str, today: date) -> Edition:
    """What a command names: an edition, a template's latest, or an edition's period in another template ('2026-10' as
    'cierre'). BadInput where the two do not fit."""
    if not template_name:
        return parse(edition) if edition else latest("weekly", today)
    asked = template(template_name)
    if not edition:
        return latest(asked, today)
    named = parse(edition)
    if named.period.grain is not _GRAINS[asked]:
        raise BadInput("template", f"«{edition}» no es un período {TEMPLATES[asked]}.", "Quita uno de los dos.")
    return Edition(named.period, asked)


def wanted(frequency: Frequency, today: date) -> Edition | None:
    """The latest edition of what a reader chose; None for who wants none."""
    return None if frequency == "off" else latest(frequency, today)


def leaves_on(edition: Edition) -> date:
    """The day on which it is due: a day's the morning after, any other on the first Monday after it."""
    after = edition.period.end + timedelta(days=1)
    return after if edition.daily else after + timedelta(days=-after.weekday() % 7)


def due(frequency: Frequency, now: datetime, tz: ZoneInfo) -> Edition | None:
    """What should be on its way at `now` (aware): from 08:00 in the company's time zone `tz`, on that day for a day's,
    else from Monday on for three days."""
    local = now.astimezone(tz)
    monday = local.date() - timedelta(days=local.weekday())
    if frequency == "off" or (frequency in ("monthly", "closing") and monday.day > 7):
        return None
    first = local.date() if frequency == "daily" else monday
    leaves = datetime.combine(first, AT, tz)
    days = 1 if frequency == "daily" else LATEST_DAYS
    return wanted(frequency, first) if leaves <= local < leaves + timedelta(days=days) else None
