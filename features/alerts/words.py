"""A rule and an alert as an owner reads them. Pure; every number in them is the rule's or the reading's own."""

from dataclasses import dataclass
from decimal import Decimal

from core.language import join, plural
from core.money import percent
from core.periods import WEEKDAYS, Grain, Period, day_label, label
from core.tenancy import Company
from features.alerts.kinds import measured, movement
from features.alerts.types import Point, Rule, Side
from features.catalog.types import Good, Metric, Unit
from features.format import shown
from features.query import Filter

_EACH = {Grain.day: "de un día", Grain.week: "de una semana", Grain.month: "de un mes"}
_AGAINST = {
    ("previous", Grain.day): "frente al mismo día de la semana anterior",
    ("previous", Grain.week): "frente a la semana anterior",
    ("previous", Grain.month): "frente al mes anterior",
    ("last_year", Grain.day): "frente al mismo día del año pasado",
    ("last_year", Grain.week): "frente a la misma semana del año pasado",
    ("last_year", Grain.month): "frente al mismo mes del año pasado",
}
MOST_NAMED = 3
_PLACES = frozenset({"branch", "channel", "city", "country"})


@dataclass(frozen=True, slots=True)
class Said:
    """An alert's headline with its figure, and the line under it ('' where the headline says it all)."""

    title: str
    body: str = ""


def sentence(rule: Rule, company: Company) -> str:
    """'si el margen bruto de una semana baja de 30 %': what follows 'Te aviso'."""
    if rule.kind == "stale":
        return f"si pasan {_days(rule.amount)} sin ventas nuevas"
    metric = measured(rule.metric)
    who, many = subject(metric, rule), metric.plural
    each = f"{_article(metric)} {metric.name} {_EACH[rule.grain]}{clause(rule.filters)}"
    match rule.kind:
        case "stock":
            of = "" if rule.filters else " de algún producto"
            return f"si {who}{of} {_verb(rule.side, many)} {shown(metric, rule.amount, company)}"
        case "threshold":
            return f"si {each} {_verb(rule.side, many)} {shown(metric, rule.amount, company)}"
        case "change":
            how = {"below": "caen" if many else "cae", "above": "suben" if many else "sube",
                   "both": "cambian" if many else "cambia"}[rule.side]  # fmt: skip
            size, against = _size(rule.amount, metric), _AGAINST[rule.versus, rule.grain]
            return f"si {each} {how} más de {size} {against}"
        case "anomaly":
            where = {"below": "muy bajo lo normal", "above": "muy sobre lo normal", "both": "fuera de lo normal"}
            return f"si {each} {'quedan' if many else 'queda'} {where[rule.side]}"
        case _:
            under = "sobre" if metric.good is Good.down else "bajo"
            slack = f" (más de {percent(rule.amount)})" if rule.amount else ""
            return f"si {who} {'van' if many else 'va'} {under} el ritmo de la meta del mes{slack}"


def said(rule: Rule, point: Point, company: Company, group: tuple[Point, ...] = ()) -> Said:
    """What an alert says of the reading it fired on, or of all that it fired on at once."""
    if rule.kind == "stale":
        return Said(
            f"Hace {_days(point.value)} que no llegan ventas nuevas",
            f"Las últimas que tengo son del {day_label(point.period.end)}. Si subes las que faltan, tus cifras vuelven "
            "a estar al día.",
        )
    metric = measured(rule.metric)
    who = subject(metric, rule)
    lead = who[0].upper() + who[1:]
    value = shown(metric, point.value, company)
    moment = when(point.period)
    compared = shown(metric, point.compared, company) if point.compared is not None else ""
    many = metric.plural
    match rule.kind:
        case "stock":
            limit = shown(metric, rule.amount, company)
            if len(group) > 1:
                return Said(_several(group, metric, limit, company))
            lead = f"{_article(metric).capitalize()} {metric.name} de {point.member}"
            return Said(f"{lead} {'bajaron' if many else 'bajó'} de {limit}: {value}")
        case "threshold":
            low, high = ("bajaron de", "pasaron de") if many else ("bajó de", "pasó de")
            limit = shown(metric, rule.amount, company)
            return Said(f"{lead} {low if rule.side == 'below' else high} {limit}: {value} {moment}")
        case "change":
            moved = movement(rule, point) or Decimal(0)
            how = ("subieron" if many else "subió") if moved > 0 else ("cayeron" if many else "cayó")
            base = f", contra {compared} {when(point.base)}" if point.base else ""
            return Said(f"{lead} {how} {_size(abs(moved), metric)}: {value} {moment}{base}")
        case "anomaly":
            more = "más" if point.compared is not None and point.value > point.compared else "menos"
            usual = f"{_usually(rule.grain, point.period)} {compared}."
            stood = "quedaron" if many else "quedó"
            return Said(
                f"{lead} {stood} en {value} {moment}, bastante {more} de lo normal", f"{usual} {point.note}".rstrip()
            )
        case _:
            whole = shown(metric, point.whole, company)
            over = metric.good is Good.down
            if point.compared == point.whole:
                over_it, under_it = ("se pasaron de", "no llegaron a") if many else ("se pasó de", "no llegó a")
                missed = over_it if over else under_it
                return Said(f"{lead} {missed} la meta: {value} {moment}", f"La meta era {whole}.")
            return Said(
                f"{lead} {'van' if many else 'va'} {'sobre' if over else 'bajo'} el ritmo de la meta: {value} {moment}",
                f"Para llegar a {whole} en el mes, a esa altura {'tocaba no pasar de' if over else 'tocaba llevar'} "
                f"{compared}. {point.note}".rstrip(),
            )  # fmt: skip


def _several(group: tuple[Point, ...], metric: Metric, limit: str, company: Company) -> str:
    """'3 productos bajaron de 5 en stock: Hallulla (0), Kuchen (2) y Pan (4)'; of many, the lowest by name."""
    named = [f"{p.member} ({shown(metric, p.value, company)})" for p in group[:MOST_NAMED]]
    rest = len(group) - len(named)
    more = [f"{rest} más"] if rest else []
    what = "en stock" if metric.unit is Unit.quantity else "días de stock"
    return f"{plural(len(group), 'producto bajó', 'productos bajaron')} de {limit} {what}: {join([*named, *more])}"


def _usually(grain: Grain, period: Period) -> str:
    match grain:
        case Grain.day:
            return f"Un {WEEKDAYS[period.start.weekday()]} suele andar cerca de"
        case Grain.week:
            return "Una semana suele andar cerca de"
        case _:
            return "Por lo que fue ese mes hace un año y cómo has crecido, lo normal era cerca de"


def question(rule: Rule, period: Period) -> str:
    """What to ask the chat about an alert."""
    if rule.kind == "stale":
        return "¿Cómo van mis ventas este mes?"
    if rule.kind == "stock":
        return f"¿Cuánto stock me queda{clause(rule.filters)}?"
    metric = measured(rule.metric)
    if metric.id == "sales" and rule.kind in ("change", "anomaly"):
        return f"¿Por qué cambiaron las ventas{clause(rule.filters)} {when(period)}?"
    return f"¿Cómo {'han' if metric.plural else 'ha'} evolucionado {subject(metric, rule)} por mes?"


def subject(metric: Metric, rule: Rule) -> str:
    """'las ventas en Talca'."""
    return f"{_article(metric)} {metric.name}{clause(rule.filters)}"


def clause(filters: tuple[Filter, ...]) -> str:
    """' en Talca', ' de Kuchen de nuez sin Delivery'; '' for none."""
    told = []
    for one in filters:
        names = join(one.members)
        told.append(f" {'sin' if one.exclude else 'en' if one.dimension in _PLACES else 'de'} {names}")
    return "".join(told)


def _article(metric: Metric) -> str:
    return {(False, False): "el", (True, False): "la", (False, True): "los", (True, True): "las"}[
        metric.feminine, metric.plural
    ]


def _verb(side: Side, many: bool) -> str:
    if side == "below":
        return "bajan de" if many else "baja de"
    return "pasan de" if many else "pasa de"


def _size(amount: Decimal, metric: Metric) -> str:
    """A change: percent, or points where the metric is a percentage itself."""
    if metric.unit is Unit.ratio:
        points = percent(amount).removesuffix(" %")
        return f"{points} {'punto' if points == '1' else 'puntos'}"
    return percent(amount)


def _days(amount: Decimal) -> str:
    return plural(int(amount), "día", "días")


def when(period: Period) -> str:
    """'en octubre 2026', 'en la semana del 2-nov-2026', 'el viernes 6-nov-2026', 'del 1 al …'."""
    match period.grain:
        case Grain.day:
            return f"el {WEEKDAYS[period.start.weekday()]} {day_label(period.start)}"
        case Grain.week:
            return f"en la {label(period)}"
        case None:
            return f"hasta el {day_label(period.end)}"
        case _:
            return f"en {label(period)}"
