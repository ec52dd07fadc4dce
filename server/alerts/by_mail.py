"""A reply to an alert's mail that says what to do about it: 'visto', 'posponer 3 días'."""

from datetime import datetime

from assistant.answered import wish_of
from assistant.parts import Answer
from core import db
from core.errors import AyniError
from core.tenancy import Permission, Scope
from features.alerts import alerts_of, respond

UNPROVEN = "No pude comprobar que este correo venga de ti. Usa los botones del aviso, o márcala en Avisos."


def answered(text: str, thread: str, at: datetime, scope: Scope) -> tuple[Answer | None, str]:
    """What became of a reply written at `at` in the thread of the mail with that Message-ID, None where it asks for
    nothing of the kind; and the question that its writer asked besides, '' for none. The same again changes nothing."""
    first, _, rest = text.strip().partition("\n")
    wish = wish_of(first, scope.company.day_of(at))
    if wish is None:
        return None, text
    with db.tenant(scope) as connection:
        keys = connection.execute(
            "SELECT key FROM mails WHERE company_id = %s AND user_id = %s AND message_id = %s",
            [scope.company_id, scope.user_id, thread],
        ).fetchall()
    meant = alerts_of(key for (key,) in keys)
    if not meant:
        return None, text
    if scope.allowed is not None and Permission.plan not in scope.allowed:
        return Answer(status="refused", text=UNPROVEN), ""
    try:
        with db.tenant(scope) as connection:
            said = respond(meant[0], wish, scope, connection, at)
    except AyniError as problem:
        said = problem.spanish
    # Below the first line stands a signature as often as a question.
    return Answer(text=said), rest.strip() if "?" in rest else ""
