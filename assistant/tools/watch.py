"""Being told of something: a rule made, the rules there are, a rule ended. Rules themselves live in the features."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import get_args

from assistant.answers.report import Report
from assistant.desk import Desk
from assistant.parts import Understood
from assistant.plan import Plan, Stop
from assistant.tools import persons
from core import auth
from core.errors import AyniError
from core.language import join, plural
from core.periods import day_label
from core.tenancy import Permission, Scope
from features import alerts
from features.alerts import Channel, Kept, Rule
from features.catalog.types import Unit
from features.query import Filter, Query

PAGE, _UPLOADS = "/avisos", "/datos"
MOST_NAMED = 5
_EXAMPLES = ("Avísame si el margen baja de 30 %", "Avísame si no subo ventas en 10 días")
_WAYS = {"email": "por correo", "whatsapp": "por WhatsApp"}


def watch(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Make the rule of the plan (asked twice, it is one), say how the figure stands now and how to take it back."""
    rule = plan.watch
    assert rule is not None  # the planner makes no such plan without one
    if not desk.scope.may(Permission.plan):
        return may_not(desk.scope)
    now, how = datetime.now(UTC), plan.notes
    if rule.kind not in {k.id for k in alerts.kinds(desk.scope, desk.connection)}:
        return Stop(
            "no_data", "stock", "No lo puedo vigilar todavía: me has enviado ventas, pero no inventario. Si subes tu "
            "planilla de stock (producto y cantidad basta), te aviso cuando quede poco.",
            ("Avísame si no subo ventas en 10 días",),
        )  # fmt: skip
    wished = persons.changed(rule, how, desk) if how else rule
    if isinstance(wished, Stop):
        return wished
    try:
        kept = alerts.create(wished, desk.scope, desk.connection, now)
        if how and kept.created_at != now:  # it was there: whom it tells is what is new
            wished = persons.changed(kept.rule, how, desk)
            if isinstance(wished, Stop):
                return wished
            kept = alerts.update(kept.id, wished, desk.scope, desk.connection, now)
            auth.note(desk.scope, "alert_rule_changed", alerts.sentence(wished, desk.scope.company), desk.connection)
    except AyniError as problem:
        return Stop("no_data", "watch", problem.spanish, _EXAMPLES)
    rule = kept.rule
    said = alerts.sentence(rule, desk.scope.company)
    if kept.created_at == now:
        auth.note(desk.scope, "alert_rule_made", said, desk.connection)
    report.understood = Understood(plan.intent, plan.metrics)
    report.note(f"Listo. {'Vigilo' if how else 'Te aviso'} **{said}**.")
    _now(rule, kept, desk, report)
    if how:
        report.note(persons.described(rule, desk))
    report.note(_how(kept))
    report.follow_ups += ["¿Qué avisos tengo?"]
    return None


def watched(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """The rules in force, and how many alerts wait to be seen."""
    report.understood = Understood(plan.intent, ())
    rules = alerts.rules(desk.scope, desk.connection)
    if not rules:
        report.say("Todavía no vigilo nada. Pídemelo así: «avísame si el margen baja de treinta por ciento».")
        report.follow_ups += _EXAMPLES
        return None
    count = len(rules)
    report.note(f"Vigilo **{plural(count, 'cosa', 'cosas')}**. Te aviso:")
    report.note(listed(rules, desk))
    waiting = alerts.count_open(desk.scope, desk.connection, datetime.now(UTC))
    if waiting:
        report.note(f"Tienes {plural(waiting, 'aviso por ver', 'avisos por ver')}. [Ver mis avisos]({PAGE})")
    return None


def unwatch(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """End the one rule that is meant; where it may be several, ask."""
    if not desk.scope.may(Permission.plan):
        return may_not(desk.scope)
    rules = alerts.rules(desk.scope, desk.connection)
    about = plan.notes[0] if plan.notes else ""
    meant = named(rules, plan, about)
    if not meant:
        what = "Todavía no vigilo nada." if not rules else "De eso no tengo ningún aviso."
        return Stop("clarify", "unwatch", what, ("¿Qué avisos tengo?",))
    if about == "which" or (len(meant) > 1 and about != "all"):
        said = [alerts.sentence(k.rule, desk.scope.company) for k in meant]
        return Stop("clarify", "unwatch", f"¿Cuál dejo?\n{listed(meant, desk)}",
                    tuple(f"Deja de avisarme {one}" for one in said[:4]))  # fmt: skip
    now = datetime.now(UTC)
    report.understood = Understood(plan.intent, plan.metrics)
    for kept in meant:
        alerts.end(kept.id, desk.scope, desk.connection, now)
        auth.note(desk.scope, "alert_rule_ended", alerts.sentence(kept.rule, desk.scope.company), desk.connection)
        report.note(f"Listo, ya no te aviso {alerts.sentence(kept.rule, desk.scope.company)}.")
        report.follow_ups.append(f"Avísame {alerts.sentence(kept.rule, desk.scope.company)}")
    return None


def rewatch(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Give the one rule that is meant another limit, or another way; where it may be several, ask."""
    if not desk.scope.may(Permission.plan):
        return may_not(desk.scope)
    about, value, unit, *ways = plan.notes
    now, rules = datetime.now(UTC), alerts.rules(desk.scope, desk.connection)
    meant = latest(rules, desk, now) if about == "it" else named(rules, plan, about)
    if not meant:
        what = "Todavía no vigilo nada." if not rules else "De eso no tengo ningún aviso."
        return Stop("clarify", "rewatch", what, ("¿Qué avisos tengo?",))
    if len(meant) > 1 or about == "which":
        return Stop("clarify", "rewatch", f"¿Cuál cambio? Ábrelo, o dime de qué es:\n{listed(meant, desk)}",
                    ("¿Qué avisos tengo?",))  # fmt: skip
    kept = meant[0]
    before, rule = alerts.sentence(kept.rule, desk.scope.company), kept.rule
    page = f"[Ábrelo aquí]({PAGE}/{kept.id})"
    if unit == "pausa":
        rule = replace(rule, paused_until=desk.scope.company.day_of(now) + timedelta(days=int(Decimal(value))))
    elif value:
        amount = _amount(rule, Decimal(value), unit)
        if amount is None:
            return Stop("clarify", "rewatch", f"Te aviso {before}: ese límite no le sirve. {page} para cambiarlo.",
                        ("¿Qué avisos tengo?",))  # fmt: skip
        rule = replace(rule, amount=amount)
    if ways:
        rule = replace(rule, channels=tuple(c for c in get_args(Channel) if c in ways))
    if not value and not ways:
        return Stop("clarify", "rewatch", f"¿A cuánto lo cambio? Hoy te aviso {before}. {page} para cambiar lo demás.",
                    ("¿Qué avisos tengo?",))  # fmt: skip
    try:
        kept = alerts.update(kept.id, rule, desk.scope, desk.connection, now)
    except AyniError as problem:
        return Stop("no_data", "rewatch", problem.spanish, ("¿Qué avisos tengo?",))
    after = alerts.sentence(kept.rule, desk.scope.company)
    auth.note(desk.scope, "alert_rule_changed", after, desk.connection)
    report.understood = Understood(plan.intent, plan.metrics)
    if unit == "pausa" and rule.paused_until:
        report.note(f"Listo. Guardo silencio hasta el {day_label(rule.paused_until)}: no te aviso {after}.")
        report.note(f"[Cambiar o deshacer]({PAGE}/{kept.id})")
        return None
    report.note(f"Listo. Ahora te aviso **{after}**{'' if after == before else f' (antes: {before})'}.")
    _now(kept.rule, kept, desk, report)
    report.note(_how(kept))
    report.follow_ups += ["¿Qué avisos tengo?"]
    return None


def latest(rules: list[Kept], desk: Desk, now: datetime) -> list[Kept]:
    """The only rule, or the one that the asker made within the hour; all of them where that is not clear."""
    mine = [k for k in rules if k.created_by == desk.scope.user_id and now - k.created_at < timedelta(hours=1)]
    return rules if len(rules) < 2 or not mine else [max(mine, key=lambda k: k.created_at)]


def _amount(rule: Rule, value: Decimal, unit: str) -> Decimal | None:
    """The new limit in the rule's own measure; None where it is of another one."""
    measure, percent = alerts.KIND[rule.kind].measure, unit.startswith(("%", "por", "punto"))
    in_days = measure == "days" or rule.metric == "stock_days"
    if measure == "none" or (unit == "días" and not in_days) or (percent and in_days):
        return None
    if measure == "percent":
        return value / 100
    if measure == "level" and alerts.measured(rule.metric).unit is Unit.ratio:
        return value / 100 if percent or abs(value) > 1 else value
    return None if percent else value


def listed(rules: list[Kept], desk: Desk) -> str:
    return "\n".join(f"- [{alerts.sentence(k.rule, desk.scope.company)}]({PAGE}/{k.id})" for k in rules)


def named(rules: list[Kept], plan: Plan, about: str) -> list[Kept]:
    """The rules that are spoken of: the very one where it was said whole."""
    said = plan.watch
    exact = [k for k in rules if said is not None and alerts.meaning(k.rule) == alerts.meaning(said)]
    return exact or [k for k in rules if _meant(k.rule, plan, about)]


def _meant(rule: Rule, plan: Plan, about: str) -> bool:
    if about in ("all", "which"):
        return True
    if plan.filters and rule.filters != plan.filters:
        return False
    if about in ("stale", "pace", "stock", "anomaly"):
        return rule.kind == about
    return not plan.metrics or (rule.metric in plan.metrics and rule.kind != "stale")


def _now(rule: Rule, kept: Kept, desk: Desk, report: Report) -> None:
    """How it stands at this moment, as a figure with its source."""
    today = desk.scope.company.day_of(datetime.now(UTC))
    found = alerts.points(rule, today, desk.scope, desk.connection)
    if desk.coverage.period and (short := alerts.lacking(rule, desk.coverage.period)):
        report.note(short)
        return
    if not found:
        if rule.kind == "pace":
            report.note("Para eso me falta tu meta: anótala en [Metas](/metas).")
        return
    last, after = found[-1], "" if kept.state.armed else " Ya está así, de modo que te aviso cuando vuelva a pasar."
    if rule.kind == "stale":
        report.note(f"Tus últimas ventas son del {day_label(last.period.end)}.{after}")
        return
    if rule.kind == "stock":
        _left(rule, found, report)
        return
    one = report.figure(Query((rule.metric,), last.period, filters=rule.filters), last.value)
    beside = ""
    if last.base is not None:
        before = report.figure(Query((rule.metric,), last.base, filters=rule.filters), last.compared)
        beside = f", contra {report.told(before)} {alerts.when(last.base)}"
    report.note(f"Lo último: {report.told(one)} {alerts.when(last.period)}{beside}.{after}")


def _left(rule: Rule, found: Sequence[alerts.Point], report: Report) -> None:
    """What is left of the product that has least, and which of them are under the limit already."""
    least = found[0]
    query = Query(("units",), least.period, filters=(Filter("product", (least.member,)),))
    unit = alerts.measured(rule.metric).unit.value
    cited = report.cite_other("upload", "Tu conteo", least.note, f"{_UPLOADS}/{least.upload_id}")
    one = report.figure(query, least.value, label="lo que queda", kind="stock", unit=unit, citation=cited)
    report.note(f"Lo que menos queda: {report.told(one)} de {least.member}. {least.note}")
    low = [p.member for p in found if p.value < rule.amount]
    if low:
        rest = [f"{len(low) - MOST_NAMED} más"] if len(low) > MOST_NAMED else []
        report.note(f"Ya están así: {join([*low[:MOST_NAMED], *rest])}. De esos te aviso si vuelven a caer.")


def _how(kept: Kept) -> str:
    """By which ways and when it comes, and where it is changed."""
    quiet, ways = kept.rule.quiet, [_WAYS[c] for c in kept.rule.channels if c in _WAYS]
    hours = f", de {quiet.end}:00 a {quiet.start}:00" if quiet.start != quiet.end else ""
    return f"Te llega {' y '.join([*ways, 'en tus avisos'])}{hours}. [Cambiar o deshacer]({PAGE}/{kept.id})"


def may_not(scope: Scope) -> Stop:
    if scope.role.may(Permission.plan):  # theirs to do, but not by the way they came: a mail, a key
        return Stop("refused", "watch", f"Desde aquí no puedo cambiar avisos. Hazlo en [Mis avisos]({PAGE}).",
                    ("¿Qué avisos tengo?",))  # fmt: skip
    return Stop(
        "refused", "watch", "Tu cuenta puede ver los avisos, pero no cambiarlos. Pídeselo a quien administra la "
        "empresa.", ("¿Qué avisos tengo?",),
    )  # fmt: skip
