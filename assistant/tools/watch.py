"""Being told of something: a rule made, the rules there are, a rule ended. Rules themselves live in the features."""

from datetime import UTC, datetime

from assistant.answers.report import Report
from assistant.desk import Desk
from assistant.parts import Understood
from assistant.plan import Plan, Stop
from core import auth
from core.errors import AyniError
from core.language import plural
from core.periods import day_label
from core.tenancy import Permission, Scope
from features import alerts
from features.alerts import Kept, Rule
from features.query import Query

_PAGE = "/avisos"
_EXAMPLES = ("Avísame si el margen baja de 30 %", "Avísame si no subo ventas en 10 días")
_WAYS = {"email": "por correo", "whatsapp": "por WhatsApp"}


def watch(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Make the rule of the plan (asked twice, it is one), say how the figure stands now and how to take it back."""
    rule = plan.watch
    assert rule is not None  # the planner makes no such plan without one
    if not desk.scope.may(Permission.plan):
        return _may_not(desk.scope)
    now = datetime.now(UTC)
    if rule.kind not in {k.id for k in alerts.kinds(desk.scope, desk.connection)}:
        return Stop(
            "no_data", "stock", "No lo puedo vigilar todavía: me has enviado ventas, pero no inventario. Si subes tu "
            "planilla de stock (producto y cantidad basta), te aviso cuando quede poco.",
            ("Avísame si no subo ventas en 10 días",),
        )  # fmt: skip
    try:
        kept = alerts.create(rule, desk.scope, desk.connection, now)
    except AyniError as problem:
        return Stop("no_data", "watch", problem.spanish, _EXAMPLES)
    rule = kept.rule
    if kept.created_at == now:
        auth.note(desk.scope, "alert_rule_made", alerts.sentence(rule, desk.scope.company), desk.connection)
    report.understood = Understood(plan.intent, plan.metrics)
    report.note(f"Listo. Te aviso **{alerts.sentence(rule, desk.scope.company)}**.")
    _now(rule, kept, desk, report)
    ways = [_WAYS[c] for c in rule.channels if c in _WAYS]
    quiet = rule.quiet
    hours = f", de {quiet.end}:00 a {quiet.start}:00" if quiet.start != quiet.end else ""
    report.note(f"Te llega {' y '.join([*ways, 'en tus avisos'])}{hours}. [Cambiar o deshacer]({_PAGE}/{kept.id})")
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
    report.note("\n".join(f"- [{alerts.sentence(k.rule, desk.scope.company)}]({_PAGE}/{k.id})" for k in rules))
    waiting = alerts.count_open(desk.scope, desk.connection, datetime.now(UTC))
    if waiting:
        report.note(f"Tienes {plural(waiting, 'aviso por ver', 'avisos por ver')}. [Ver mis avisos]({_PAGE})")
    return None


def unwatch(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """End the one rule that is meant; where it may be several, ask."""
    if not desk.scope.may(Permission.plan):
        return _may_not(desk.scope)
    rules = alerts.rules(desk.scope, desk.connection)
    about = plan.notes[0] if plan.notes else ""
    meant = [k for k in rules if _meant(k.rule, plan, about)]
    if not meant:
        what = "Todavía no vigilo nada." if not rules else "De eso no tengo ningún aviso."
        return Stop("clarify", "unwatch", what, ("¿Qué avisos tengo?",))
    if len(meant) > 1 and about != "all":
        listed = "\n".join(f"- [{alerts.sentence(k.rule, desk.scope.company)}]({_PAGE}/{k.id})" for k in meant)
        return Stop("clarify", "unwatch", f"¿Cuál dejo? Ábrelo para quitarlo:\n{listed}", ("¿Qué avisos tengo?",))
    now = datetime.now(UTC)
    report.understood = Understood(plan.intent, plan.metrics)
    for kept in meant:
        alerts.end(kept.id, desk.scope, desk.connection, now)
        auth.note(desk.scope, "alert_rule_ended", alerts.sentence(kept.rule, desk.scope.company), desk.connection)
        report.note(f"Listo, ya no te aviso {alerts.sentence(kept.rule, desk.scope.company)}.")
        report.follow_ups.append(f"Avísame {alerts.sentence(kept.rule, desk.scope.company)}")
    return None


def _meant(rule: Rule, plan: Plan, about: str) -> bool:
    if about == "all":
        return True
    if plan.filters and rule.filters != plan.filters:
        return False
    if about in ("stale", "pace"):
        return rule.kind == about
    return not plan.metrics or (rule.metric in plan.metrics and rule.kind != "stale")


def _now(rule: Rule, kept: Kept, desk: Desk, report: Report) -> None:
    """How it stands at this moment, as a figure with its source."""
    today = desk.scope.company.day_of(datetime.now(UTC))
    found = alerts.points(rule, today, desk.scope, desk.connection)
    if not found:
        if rule.kind == "pace":
            report.note("Para eso me falta tu meta: anótala en [Metas](/metas).")
        return
    last, after = found[-1], "" if kept.state.armed else " Ya está así, de modo que te aviso cuando vuelva a pasar."
    if rule.kind == "stale":
        report.note(f"Tus últimas ventas son del {day_label(last.period.end)}.{after}")
        return
    if rule.kind == "stock":
        query = Query(("units",), last.period, filters=rule.filters)
        unit = alerts.measured(rule.metric).unit.value
        one = report.figure(query, last.value, label="lo que queda", kind="stock", unit=unit)
        report.note(f"Lo último: {report.told(one)}{f' de {last.member}' if last.member else ''}. {last.note}{after}")
        return
    one = report.figure(Query((rule.metric,), last.period, filters=rule.filters), last.value)
    beside = ""
    if last.base is not None:
        before = report.figure(Query((rule.metric,), last.base, filters=rule.filters), last.compared)
        beside = f", contra {report.told(before)} {alerts.when(last.base)}"
    report.note(f"Lo último: {report.told(one)} {alerts.when(last.period)}{beside}.{after}")


def _may_not(scope: Scope) -> Stop:
    if scope.role.may(Permission.plan):  # theirs to do, but not by the way they came: a mail, a key
        return Stop("refused", "watch", f"Desde aquí no puedo cambiar avisos. Hazlo en [Mis avisos]({_PAGE}).",
                    ("¿Qué avisos tengo?",))  # fmt: skip
    return Stop(
        "refused", "watch", "Tu cuenta puede ver los avisos, pero no cambiarlos. Pídeselo a quien administra la "
        "empresa.", ("¿Qué avisos tengo?",),
    )  # fmt: skip
