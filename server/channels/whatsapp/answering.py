"""What a message gets: a link, a choice, an answer, a kind no, or silence. Sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.errors import AyniError
from core.language import fold
from core.tenancy import Scope
from server.channels.whatsapp import asking, files, inbox, links, notices, parse, pressed, render, words
from server.channels.whatsapp.inbox import Waiting
from server.channels.whatsapp.links import Link
from server.channels.whatsapp.parse import Content, Document, Moved, Other, Silent, Words
from server.channels.whatsapp.reply import MOST_OPTIONS, MOST_TITLE, Button, Option, Reply, cut

LATE = timedelta(hours=6)
"""Older than this, a question is not answered: its figures would come as a surprise. What it changes (a file, a
button that does something, 'baja') still holds."""
WINDOW = timedelta(hours=24)
HINT_HOURS = 12.0
COMPANY = "negocio:"
LEAVE = {"baja", "darme de baja", "dar de baja", "stop", "desconectar", "desvincular"}
CHANGE = {"cambiar negocio", "cambiar de negocio", "cambiar empresa", "cambiar de empresa", "otro negocio"}
DETAIL = {"detalle", "detalles", "mas detalle", "ver detalle", "mas"}
PROGRESS = {"avance", "como va el archivo", "como va mi archivo", "como va la planilla", "como va mi planilla"}
PERHAPS_PROGRESS = {"como va", "como vas", "ya esta", "ya esta listo", "esta listo", "falta mucho", "cuanto falta"}
"""Questions about the file while one is being read, about the business otherwise."""
SEE = {"ver", "ver mas", "ver resumen", "verlo"}
NOTICES = {"avisos si": True, "avisos no": False}
STARTERS = ("¿Cómo me fue el mes pasado?", "¿Cuáles son mis productos más vendidos?")


@dataclass(frozen=True, slots=True)
class Composed:
    """A reply, and whose answer it is, where it is known."""

    reply: Reply | None
    scope: Scope | None = None

    @property
    def company_id(self) -> UUID | None:
        return self.scope.company_id if self.scope else None

    @property
    def user_id(self) -> UUID | None:
        return self.scope.user_id if self.scope else None


NOTHING = Composed(None)


def compose(message: Waiting, now: datetime) -> Composed:
    """What the phone gets for a message. NotSent where a document could not be brought and may be later."""
    said = parse.content(message.raw)
    sender, late = message.sender, now - message.sent_at > LATE
    mine = [(link, scope) for link in links.of_phone(sender) if (scope := links.scope_of(link))]
    if isinstance(said, Silent):
        return NOTHING
    if isinstance(said, Moved):  # the number may be a stranger's by now
        links.leave(sender, now)
        return NOTHING
    code = links.code_in(said.text) if isinstance(said, Words) else ""
    if code and not late:
        scope = links.claim(sender, code)
        if scope is not None:
            return Composed(Reply(words.say(words.LINKED, scope, company=name(scope)), render.buttons(STARTERS)), scope)
        if mine:
            text = words.say(words.BAD_CODE, mine[0][1], minutes=links.CODE_MINUTES)
            return Composed(Reply(text), mine[0][1])
    if not mine:
        return Composed(Reply(words.neutral())) if not late and inbox.hint_due(sender, HINT_HOURS) else NOTHING
    return _of_member(message, said, mine, now, late)


def _of_member(
    message: Waiting, said: Content, mine: Sequence[tuple[Link, Scope]], now: datetime, late: bool
) -> Composed:
    sender = message.sender
    order = fold(said.text).strip(" .!¡¿?") if isinstance(said, Words) else ""
    if order in LEAVE:
        gone = links.leave(sender, message.sent_at)
        return Composed(Reply(words.say(words.LEFT, mine[0][1])), mine[0][1]) if gone and not late else NOTHING
    if late and not isinstance(said, Document) and not (isinstance(said, Words) and pressed.of(said.chosen)):
        return _told_late(message, mine[0][1], now)
    current, asked = links.chosen(sender)
    scope = next((s for _, s in mine if s.company_id == current), mine[0][1] if len(mine) == 1 else None)
    if len(mine) > 1 and order not in CHANGE:
        scope = _quoted(message, mine) or scope
    if order in CHANGE:
        if len(mine) == 1:
            return Composed(Reply(words.say(words.ONLY_ONE, mine[0][1], company=name(mine[0][1]))), mine[0][1])
        links.choose(sender, None)
        return Composed(which(mine))
    wanted = _named(said, order, mine, open_choice=scope is None) if isinstance(said, Words) else None
    if wanted is not None:
        links.choose(sender, wanted.company_id)
        kept = inbox.raw_of(asked) if asked else None
        if kept is None:
            return Composed(
                Reply(words.say(words.CHOSEN, wanted, company=name(wanted)), render.buttons(STARTERS)), wanted
            )
        scope, said = wanted, parse.content(kept)
        order = fold(said.text).strip(" .!¡¿?") if isinstance(said, Words) else ""
    if scope is None or (isinstance(said, Words) and said.chosen.startswith(COMPANY)):
        links.choose(sender, None, message.wamid if scope is None else "")
        return Composed(which(mine))
    return Composed(_for(scope, message, said, order, len(mine) > 1, now), scope)


def _for(scope: Scope, message: Waiting, said: Content, order: str, several: bool, now: datetime) -> Reply | None:
    """The company is known: what it answers."""
    match said:
        case Document():
            try:
                return files.take(said, message.sender, scope)
            except AyniError as problem:
                return Reply(words.failed(render.safe(said.filename), problem.spanish, scope))
        case Other(kind):  # an album is many messages: one no is enough
            return (
                None if inbox.just_before(message) else Reply(words.say(words.OTHER.get(kind, words.ANYTHING), scope))
            )
        case Words() if said.text or said.chosen:
            return _answered(scope, message, said, order, several, now)
    return None


def _answered(scope: Scope, message: Waiting, said: Words, order: str, several: bool, now: datetime) -> Reply:
    company, sender = name(scope) if several else "", message.sender
    if order in NOTICES:
        links.opt(scope, sender, NOTICES[order], "phone")
        return Reply(words.say(words.NOTICES_ON if NOTICES[order] else words.NOTICES_OFF, scope))
    if order in PROGRESS or (order in PERHAPS_PROGRESS and files.underway(sender, scope)):
        return files.progress(sender, scope)
    if press := pressed.of(said.chosen):
        return press(said.chosen, scope, now)
    if done := pressed.said(said.text, parse.answers_to(message.raw), scope, now):
        return done
    thread = asking.conversation(sender)
    if order in DETAIL:
        last = asking.latest(thread, scope)
        return (
            render.detail(last[1], asking.source_link(last[0]), company)
            if last
            else Reply(words.say(words.NOTHING_TO_DETAIL, scope))
        )
    told = notices.told_shortly(scope) if order in SEE else None
    if told is not None:
        return told
    text = said.chosen.removeprefix(render.QUESTION) if said.chosen.startswith(render.QUESTION) else said.text
    return asking.ask(text[: words.LONG], thread, scope, company)


def which(mine: Sequence[tuple[Link, Scope]]) -> Reply:
    """'¿De cuál negocio?' with a button each, or a list where they are many."""
    found = [s for _, s in mine][:MOST_OPTIONS]
    if len(found) <= 3:
        made = tuple(Button(cut(s.company.name, MOST_TITLE), COMPANY + s.company.slug) for s in found)
        return Reply(words.WHICH, made if len({b.title for b in made}) == len(made) else tuple(
            Button(f"{i}. {cut(b.title, MOST_TITLE - 3)}", b.id) for i, b in enumerate(made, 1)))  # fmt: skip
    return Reply(
        words.WHICH,
        options=tuple(
            Option(cut(s.company.name, 24), COMPANY + s.company.slug, cut(s.company.name, 72)) for s in found
        ),
    )


def _named(said: Words, order: str, mine: Sequence[tuple[Link, Scope]], open_choice: bool) -> Scope | None:
    """The company that a message names: by its button, or by its name where that was asked."""
    if said.chosen.startswith(COMPANY):
        return next((s for _, s in mine if s.company.slug == said.chosen.removeprefix(COMPANY)), None)
    return next((s for _, s in mine if open_choice and order == fold(s.company.name).strip()), None)


def _quoted(message: Waiting, mine: Sequence[tuple[Link, Scope]]) -> Scope | None:
    """The company of the message that this one answers: what is asked under one business's figures is about it."""
    wamid = parse.answers_to(message.raw)
    if not wamid:
        return None
    company_id = inbox.answered_for(wamid, message.sender)
    return next((s for _, s in mine if s.company_id == company_id or notices.was_sent(wamid, s)), None)


def _told_late(message: Waiting, scope: Scope, now: datetime) -> Composed:
    """Within the day it is told once that messages came late; after it WhatsApp would take nothing."""
    if now - message.sent_at > WINDOW - timedelta(hours=1) or not inbox.hint_due(message.sender, HINT_HOURS):
        return NOTHING
    at = message.sent_at.astimezone(scope.company.tz)
    return Composed(Reply(words.say(words.LATE, scope, time=f"{at:%H:%M}")), scope)


def name(scope: Scope) -> str:
    return render.safe(scope.company.name)
