"""To whom and when the company's alerts go, changed by who may; and an alert answered: seen, or put off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from assistant.answers.report import Report
from assistant.citations import encode
from assistant.desk import Desk
from assistant.parts import Understood
from assistant.plan import Plan, Stop
from assistant.tools import persons
from assistant.tools.watch import PAGE, latest, listed, may_not, named
from core import auth
from core.errors import AyniError
from core.language import plural
from core.tenancy import Permission
from features import alerts
from features.alerts import Alert, Kept, Quiet, Rule, Wish

RECENT = timedelta(days=3)
"""'Visto' alone answers what was told within so long."""
_LIST = ("¿Qué avisos tengo?",)


def retell(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Change to whom the rule that is meant goes, or when no rule writes; told back with its way back."""
    if not desk.scope.may(Permission.plan):
        return may_not(desk.scope)
    about, *how = plan.notes
    rules = alerts.rules(desk.scope, desk.connection)
    if not rules:
        return Stop("clarify", "retell", "Todavía no vigilo nada.", ("Avísame si el margen baja de 30 %",))
    report.understood = Understood(plan.intent, ())
    if how[0] == "quiet":
        return _hush(rules, Quiet(int(how[1]), int(how[2])), desk, report)
    now = datetime.now(UTC)
    meant = latest(rules, desk, now) if about == "it" else named(rules, plan, about)
    if how[0] == "nobody" and len(meant) > 1:
        with_them = [k for k in meant if not isinstance(persons.changed(k.rule, how, desk), Stop)]
        meant = with_them or meant[:1]
    elif len(meant) != 1 or about == "which":
        what = "¿De cuál aviso?" if meant else "De eso no tengo ningún aviso. ¿De cuál?"
        return Stop("clarify", "retell", f"{what} Ábrelo y elige ahí a quién:\n{listed(meant or rules, desk)}", _LIST)
    for kept in meant:
        rule = persons.changed(kept.rule, how, desk)
        if isinstance(rule, Stop):
            return rule
        done = _changed(kept, rule, desk, now)
        if isinstance(done, Stop):
            return done
        report.note(f"Listo. {persons.described(rule, desk)} Es el aviso {_linked(kept, desk)}.")
    report.follow_ups += _LIST
    return None


def _hush(rules: list[Kept], quiet: Quiet, desk: Desk, report: Report) -> Stop | None:
    now = datetime.now(UTC)
    for kept in rules:
        done = _changed(kept, replace(kept.rule, quiet=quiet), desk, now)
        if isinstance(done, Stop):
            return done
    whole = "tu aviso" if len(rules) == 1 else f"tus {len(rules)} avisos, a quien le lleguen"
    if quiet.start == quiet.end:
        report.note(f"Listo. Te escribo a cualquier hora, apenas pase. Vale para {whole}:")
    else:
        report.note(f"Listo. Entre las **{quiet.start}:00** y las **{quiet.end}:00** no escribo; lo que pase en esas "
                    f"horas sale a las {quiet.end}:00. Vale para {whole}:")  # fmt: skip
    report.note(listed(rules, desk))
    report.note("Cada uno se cambia en su página.")
    report.follow_ups += _LIST
    return None


def _changed(kept: Kept, rule: Rule, desk: Desk, now: datetime) -> Stop | None:
    if rule == kept.rule:
        return None
    try:
        alerts.update(kept.id, rule, desk.scope, desk.connection, now)
    except AyniError as problem:
        return Stop("no_data", "retell", problem.spanish, _LIST)
    auth.note(desk.scope, "alert_rule_changed", alerts.sentence(rule, desk.scope.company), desk.connection)
    return None


def seen(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Acknowledge the alert that is meant, or put it off; of several, ask which."""
    about, days = plan.notes
    now = datetime.now(UTC)
    rules = {k.id: k for k in alerts.rules(desk.scope, desk.connection)}
    found = [
        a for a in alerts.open_alerts(desk.scope, desk.connection, now)
        if alerts.may_answer(a, rules.get(a.rule_id), desk.scope, desk.connection)
    ]  # fmt: skip
    if not found:
        return Stop("clarify", "seen", "No tienes avisos por ver.", _LIST)
    if about == "it":
        meant = [a for a in found if now - a.fired_at < RECENT]
        # A phone or a mail answers the message before it, which was no alert: who says 'recibido' means that one.
        sure = len(meant) == 1 and desk.channel not in ("whatsapp", "email")
    else:
        ids = {k.id for k in named([rules[a.rule_id] for a in found if a.rule_id in rules], plan, about)}
        meant = found if about == "all" else [a for a in found if a.rule_id in ids]
        sure = about == "all" or (about != "which" and len(ids) == 1)
    if not sure:
        return _which(meant or found, rules, days, desk)
    report.understood = Understood(plan.intent, ())
    for one in meant:
        try:
            wish = alerts.days_ahead(int(days), desk.scope, now) if days else Wish()
            said = alerts.respond(one.id, wish, desk.scope, desk.connection, now)
        except AyniError as problem:
            return Stop("refused", "seen", problem.spanish, _LIST)
        report.note(f"{said}\n\n«{one.title}» [De dónde sale]({PAGE if one.items else encode(one.query)})")
    report.follow_ups += _LIST
    return None


def _which(found: list[Alert], rules: dict[UUID, Kept], days: str, desk: Desk) -> Stop:
    do = f"Pospón {plural(int(days), 'día', 'días')}" if days else "Visto"
    said = [alerts.sentence(rules[a.rule_id].rule, desk.scope.company) for a in found if a.rule_id in rules]
    choices = [f"{do} el aviso {one}" for one in dict.fromkeys(said)]
    titles = "\n".join(f"- {a.title}" for a in found)
    both = (f"{do} todos los avisos",) if len(choices) > 1 else ()
    return Stop("clarify", "seen", f"¿Cuál de tus avisos? [Verlos]({PAGE})\n{titles}", (*choices[:3], *both))


def _linked(kept: Kept, desk: Desk) -> str:
    return f"[{alerts.sentence(kept.rule, desk.scope.company)}]({PAGE}/{kept.id})"
