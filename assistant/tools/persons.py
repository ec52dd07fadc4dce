"""Whom a rule tells besides or instead: a member of the asker's own company, found by how they were named."""

from collections.abc import Sequence
from dataclasses import replace

from assistant import telling
from assistant.desk import Desk
from assistant.plan import Stop
from core import auth
from core.auth import Member
from core.language import join, plural
from core.tenancy import Role
from features.alerts import Rule

MOST_NAMED = 6


def changed(rule: Rule, how: Sequence[str], desk: Desk) -> Rule | Stop:
    """The rule with somebody told besides, instead, or no longer: `how` is the role, the name as it was said (folded)
    and the hours until they are told, '' where none were. Stop where it is not clear who, or there is nothing to do."""
    role, who, hours = how
    people = auth.members(desk.scope, desk.connection)
    found = [m for m in people if telling.named(who, m.name, m.email)]
    if len(found) != 1:
        return _whom(found, people)
    person = found[0]
    named = called(person)
    if role == "nobody":
        if person.user_id not in (rule.recipient, rule.second):
            why = " Le llega por ser dueño de la empresa." if _owner_told(rule, person) else ""
            return Stop("clarify", "retell", f"A {named} no le estaba avisando de eso.{why}", ("¿Qué avisos tengo?",))
        return replace(
            rule,
            recipient=None if rule.recipient == person.user_id else rule.recipient,
            second=None if rule.second == person.user_id else rule.second,
        )
    if role == "recipient":
        second = None if rule.second == person.user_id else rule.second
        return replace(rule, recipient=person.user_id, second=second)
    if rule.recipient == person.user_id or _owner_told(rule, person):
        return Stop("clarify", "retell", f"Ese aviso ya le llega a {named}.", ("¿Qué avisos tengo?",))
    wait = min(max(int(hours), 1), 720) if hours else rule.escalate_hours
    return replace(rule, second=person.user_id, escalate_hours=wait)


def described(rule: Rule, desk: Desk) -> str:
    """To whom the rule goes, and to whom after."""
    names = {m.user_id: called(m) for m in auth.members(desk.scope, desk.connection)}
    first = f"a **{names[rule.recipient]}**" if rule.recipient in names else "a quien es dueño de la empresa"
    if rule.second not in names:
        return f"Le llega {first}."
    hours = plural(rule.escalate_hours, "hora", "horas")
    return f"Le llega {first}; si en {hours} nadie lo marca como visto, también a **{names[rule.second]}**."


def called(person: Member) -> str:
    return person.name or person.email


def _owner_told(rule: Rule, person: Member) -> bool:
    return rule.recipient is None and person.role is Role.owner


def _whom(found: Sequence[Member], people: Sequence[Member]) -> Stop:
    names = [called(m) for m in (found or people)]
    shown = names[:MOST_NAMED] + ([f"{len(names) - MOST_NAMED} más"] if len(names) > MOST_NAMED else [])
    if found:
        text = f"¿A quién le aviso: {join(shown, 'o')}? Dime su nombre completo o su correo."
    else:
        text = (
            f"Solo puedo avisar a quienes están en tu empresa: {join(shown)}. Si es alguien más, primero invítalo en "
            "[Personas](/personas)."
        )
    return Stop("clarify", "retell", text, ("¿Qué avisos tengo?",))
