"""A rule as somebody types it, and the lists it is chosen from. What is typed becomes a rule here, checked."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, get_args
from uuid import UUID

from pydantic import BaseModel, Field

import features
from core.db import Connection
from core.errors import BadInput
from core.money import number, read_number
from core.periods import Grain
from core.tenancy import Scope
from features import alerts
from features.alerts import KIND, STOCK, Channel, Quiet, Rule, Side, Versus, measured
from features.catalog.types import Unit
from features.query import Filter
from server.envelope import members

ONLY = ("branch", "channel", "category", "seller", "product")
MOST_LISTED = 100
AHEAD = ((1, "hasta mañana"), (7, "una semana"), (30, "un mes"))
GRAINS = {Grain.day: "Cada día", Grain.week: "Cada semana", Grain.month: "Cada mes"}
SIDES = {
    "level": {"below": "baja de", "above": "pasa de"},
    "percent": {"below": "cae más de", "above": "sube más de", "both": "cambia más de"},
    "none": {"below": "queda muy bajo lo normal", "above": "queda muy sobre lo normal", "both": "se sale de lo normal"},
    "days": {"above": "pasan"},
}
VERSUS = {"previous": "el período anterior", "last_year": "el mismo período del año pasado"}
CHANNELS = {"email": "Correo", "whatsapp": "WhatsApp"}
PAUSES = (("", "No"), ("7", "Una semana"), ("30", "Un mes"), ("90", "Tres meses"))
STARTS = {"threshold": "30 %", "change": "20 %", "pace": "5 %", "stale": "10", "stock": "5"}
WORDS = (
    "Escribe 30 % para un porcentaje, o un monto como 200.000.",
    "Escribe un porcentaje, por ejemplo 20 %.",
    "Escribe cuántos días.",
)


Short = Annotated[str, Field(max_length=200)]


class Typed(BaseModel):
    """The form's fields as they were sent, so that a mistake loses none of them."""

    kind: Short = "threshold"
    metric: Short = ""
    side: Short = ""
    amount: Short = ""
    grain: Short = ""
    only: Short = ""
    versus: Short = "previous"
    channels: list[Short] = Field(default=[], max_length=10)
    recipient: Short = ""
    second: Short = ""
    escalate_hours: Short = "24"
    quiet_from: Short = "21"
    quiet_until: Short = "8"
    cooldown_hours: Short = "24"
    pause: Short = ""


def read(typed: Typed, scope: Scope, connection: Connection) -> Rule:
    """The rule that was typed. BadInput for what can't be read; whether it may be is the store's to say."""
    kind = KIND.get(typed.kind)
    if kind is None:
        raise BadInput("kind", "No conozco esa clase de aviso.", "Elige una de la lista.")
    metric = typed.metric if kind.has_metric else "sales"
    return Rule(
        kind=kind.id,
        metric=metric,
        side=_among(typed.side or kind.sides[0], get_args(Side), "side"),
        amount=_amount(typed.amount, kind.measure, metric, scope, connection),
        grain=Grain(_among(typed.grain or kind.grains[-1], [g.value for g in Grain], "grain")),
        filters=_only(typed.only, scope, connection) if kind.has_metric else (),
        versus=_among(typed.versus, get_args(Versus), "versus"),
        channels=(
            "app",
            *(_among(c, get_args(Channel), "channel") for c in dict.fromkeys(typed.channels) if c != "app"),
        ),
        recipient=_person(typed.recipient),
        second=_person(typed.second),
        escalate_hours=_whole(typed.escalate_hours, 1, 720),
        quiet=Quiet(_whole(typed.quiet_from, 0, 23), _whole(typed.quiet_until, 0, 23)),
        cooldown_hours=_whole(typed.cooldown_hours, 0, 720),
        paused_until=_pause(typed.pause, scope),
    )


def typed_of(rule: Rule) -> Typed:
    """The form that would make this rule."""
    kind = KIND[rule.kind]
    percent = f"{number(rule.amount * 100, 1).removesuffix(',0')} %"
    shown = {"percent": percent, "days": number(rule.amount), "none": ""}
    single = [f for f in rule.filters if len(f.members) == 1 and not f.exclude]
    only = f"{single[0].dimension}:{single[0].members[0]}" if single else ""
    return Typed(
        kind=rule.kind,
        metric=rule.metric,
        side=rule.side,
        amount=shown[kind.measure] if kind.measure in shown else _level(rule),
        grain=rule.grain.value,
        only=only,
        versus=rule.versus,
        channels=[c for c in rule.channels if c != "app"],
        recipient=str(rule.recipient or ""),
        second=str(rule.second or ""),
        escalate_hours=str(rule.escalate_hours),
        quiet_from=str(rule.quiet.start),
        quiet_until=str(rule.quiet.end),
        cooldown_hours=str(rule.cooldown_hours),
        pause=rule.paused_until.isoformat() if rule.paused_until else "",
    )


def choices(typed: Typed, scope: Scope, connection: Connection) -> dict[str, Any]:
    """What the form offers for its kind."""
    kind = KIND[typed.kind]
    stock = kind.id == "stock"
    metrics = [m for m in alerts.watched(scope, connection) if (m.id in STOCK) == stock]
    narrow = ("product",) if stock else ONLY
    listed = [(features.dimension(d).name, d, _members(d, scope, connection)) for d in narrow]
    return {
        "metrics": metrics,
        "sides": [(s, SIDES[kind.measure][s]) for s in kind.sides],
        "grains": [(g.value, GRAINS[g]) for g in kind.grains],
        "only": [(name, [(f"{d}:{m}", m) for m in found]) for name, d, found in listed if found],
        "versus": list(VERSUS.items()),
        "channels": list(CHANNELS.items()),
        "people": [(str(m.user_id), m.name or m.email) for m in members(scope, connection)],
        "pauses": _pauses(typed),
        "start": STARTS.get(kind.id, ""),
        "how": {"level": WORDS[0], "percent": WORDS[1], "days": WORDS[2]}.get(kind.measure, ""),
    }


def _pauses(typed: Typed) -> list[tuple[str, str]]:
    kept = [(typed.pause, f"Hasta el {typed.pause}")] if "-" in typed.pause else []
    return [PAUSES[0], *kept, *PAUSES[1:]]


def _members(dimension: str, scope: Scope, connection: Connection) -> list[str]:
    unknown = features.dimension(dimension).unknown
    return [m for m in features.members(dimension, scope, connection) if m != unknown][:MOST_LISTED]


def _level(rule: Rule) -> str:
    if measured(rule.metric).unit is Unit.ratio:
        return f"{number(rule.amount * 100, 2).rstrip('0').removesuffix(',')} %"
    return number(rule.amount, 0 if rule.amount == rule.amount.to_integral_value() else 2)


def _amount(text: str, measure: str, metric: str, scope: Scope, connection: Connection) -> Decimal:
    if measure == "none":
        return Decimal(0)
    value = read_number(text)
    if value is None:
        raise BadInput("amount", f"No entiendo «{text}» como cifra.", "Escríbela como 30 %, 200.000 o 10.")
    unit = next((m.unit for m in alerts.watched(scope, connection) if m.id == metric), None)
    parts = measure == "percent" or (measure == "level" and unit is Unit.ratio)
    return value / 100 if parts and "%" not in text and abs(value) >= 1 else value


def _only(text: str, scope: Scope, connection: Connection) -> tuple[Filter, ...]:
    if not text:
        return ()
    dimension, _, member = text.partition(":")
    if dimension not in ONLY or member not in features.members(dimension, scope, connection):
        raise BadInput("only", f"No encuentro «{member}» en tus datos.", "Elige de la lista.")
    return (Filter(dimension, (member,)),)


def _among(value: str, allowed: Any, what: str) -> Any:
    if value not in allowed:
        raise BadInput(what, "Hay una opción que no conozco.", "Elige de la lista.")
    return value


def _person(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise BadInput("recipient", "Esa persona no es de tu empresa.", "Elige a alguien de la lista.") from None


def _whole(text: str, least: int, most: int) -> int:
    if not text.strip().isdecimal() or not least <= int(text) <= most:
        raise BadInput("hours", f"Las horas van de {least} a {most}.", "Revisa ese número.")
    return int(text)


def _pause(text: str, scope: Scope) -> date | None:
    if not text:
        return None
    if text in {id for id, _ in PAUSES}:
        return scope.company.day_of(datetime.now(UTC)) + timedelta(days=int(text))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("pause", "No entiendo hasta cuándo callar.", "Elige de la lista.") from None
