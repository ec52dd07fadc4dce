"""The answer to a reader's reply: asked through the one door as that reader, mailed back into the same thread, once."""

import asyncio
from dataclasses import replace
from email.message import EmailMessage
from hashlib import sha256

import assistant
from assistant.parts import Answer, Question
from core import auth, db
from core.errors import Forbidden, NotFound
from core.settings import settings
from core.tenancy import Permission, Scope
from server import outbox
from server.alerts import by_mail
from server.answer_html import html_of, plain_of
from server.digest import charts
from server.envelope import Envelope, headed, members
from server.templates import html

PREFIX = "reply-"


def answer(message_id: str, scope: Scope) -> str:
    """Answer one reply, once. How its mail stands then. For the queue: `scope` is the company's, the question is asked
    as its writer, as far as they are still a member."""
    with db.tenant(scope) as connection:
        row = connection.execute(
            "SELECT user_id, thread, subject, question, received_at, proven FROM inbound_mails "
            "WHERE company_id = %s AND message_id = %s",
            [scope.company_id, message_id],
        ).fetchone()
        people = {m.user_id: m for m in members(scope, connection)}
    if row is None or row[0] not in people:
        return "skipped"
    user_id, thread, subject, question, at, proven = row
    try:
        asker = auth.scope_for(user_id, scope.company.slug)
    except (Forbidden, NotFound):
        return "skipped"
    if not proven:  # whoever it was learns nothing, since the answer goes to the reader, and changes nothing
        asker = replace(asker, allowed=frozenset({Permission.look}))

    # Before the mail that says so: what an alert's reader decided holds even where no mail can leave.
    done, asked = by_mail.answered(question, thread, at, asker)

    def write(envelope: Envelope) -> EmailMessage:
        conversation = f"mail-{sha256(thread.encode()).hexdigest()[:24]}"
        given = done or Answer()
        if asked:
            given = asyncio.run(assistant.answer(Question(asked, conversation, "email"), asker))
            given.text = f"{done.text}\n\n{given.text}" if done else given.text
        return written(given, question, subject, message_id, thread, envelope)

    return outbox.send_once(key_of(message_id), people[user_id], write, scope)


def answer_waiting(scope: Scope) -> list[str]:
    """Try again what the mail server did not take. For the queue."""
    waiting = outbox.waiting(PREFIX, scope)
    with db.tenant(scope) as connection:
        rows = connection.execute("SELECT message_id FROM inbound_mails WHERE company_id = %s", [scope.company_id])
        by_key = {key_of(id): id for (id,) in rows}
    return [answer(by_key[key], scope) for key, _ in waiting if key in by_key]


def key_of(message_id: str) -> str:
    """What the answer to a mail is sent once under."""
    return PREFIX + sha256(message_id.encode()).hexdigest()[:32]


def written(
    given: Answer, question: str, subject: str, message_id: str, thread: str, envelope: Envelope
) -> EmailMessage:
    """The answer as a mail in the same thread: text, its sources as links, its charts as pictures."""
    url, told = settings().url, given.text.strip()
    mail = headed(envelope, subject if subject.lower().startswith("re:") else f"Re: {subject or 'Tu pregunta'}")
    mail.replace_header("Auto-Submitted", "auto-replied")
    mail["In-Reply-To"] = message_id
    mail["References"] = " ".join(dict.fromkeys((thread, message_id)))
    pictures = {
        f"grafico{n}.{sha256(message_id.encode()).hexdigest()[:16]}@respuesta": charts.png(c.spec)
        for n, c in enumerate(given.charts[:2], start=1)
        if not charts.names_an_address(c.spec)
    }
    sources = [(c.title, c.excerpt, url + c.href if c.href.startswith("/") else "") for c in given.citations]
    lines = [plain_of(told, url), ""]
    if sources:
        lines += ["De dónde sale:"] + [f"- {title}: {excerpt} {href}".rstrip() for title, excerpt, href in sources]
    if given.follow_ups:
        lines += ["", "También puedes responder:"] + [f"- {one}" for one in given.follow_ups[:3]]
    mail.set_content("\n".join([*lines, "", f"> {question}", ""]), cte="quoted-printable")
    context = {
        "said": html_of(told, url), "question": question, "sources": sources, "follow_ups": given.follow_ups[:3],
        "pictures": [(name, c.title) for name, c in zip(pictures, given.charts, strict=False)], "url": url,
    }  # fmt: skip
    mail.add_alternative(html("respuesta_correo.html", context), subtype="html", cte="quoted-printable")
    body = mail.get_body(("html",))
    assert body is not None
    for name, picture in pictures.items():
        body.add_related(picture, "image", "png", cid=f"<{name}>", disposition="inline", filename="grafico.png")
    return mail
