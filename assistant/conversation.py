"""The thread of a conversation: what is kept between questions, and the choices offered in it."""

import re
from typing import Any

from psycopg.types.json import Jsonb

from assistant.names import Choice
from core.db import Connection
from core.language import fold
from core.tenancy import Scope

State = dict[str, Any]


def load(conversation: str, scope: Scope, connection: Connection) -> State:
    """What this conversation kept; empty for a new one."""
    row = connection.execute(
        "SELECT state FROM conversations WHERE company_id = %s AND id = %s",
        [scope.company_id, _mine(conversation, scope)],
    ).fetchone()
    return dict(row[0]) if row else {}


def keep(conversation: str, channel: str, state: State, scope: Scope, connection: Connection) -> None:
    """Remember `state` for the next question."""
    connection.execute(
        "INSERT INTO conversations (company_id, id, user_id, channel, state) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (company_id, id) DO UPDATE SET state = excluded.state, updated_at = now()",
        [scope.company_id, _mine(conversation, scope), scope.user_id, channel, Jsonb(state)],
    )


def earlier(conversation: str, scope: Scope, connection: Connection, most: int = 3) -> list[str]:
    """The last questions of this conversation, oldest first."""
    rows = connection.execute(
        "SELECT question FROM exchanges WHERE company_id = %s AND user_id IS NOT DISTINCT FROM %s"
        " AND conversation_id = %s ORDER BY created_at DESC LIMIT %s",
        [scope.company_id, scope.user_id, conversation, most],
    ).fetchall()
    return [row[0] for row in reversed(rows)]


def _mine(conversation: str, scope: Scope) -> str:
    """Its id among all of the company's: the asker chose the name, so another member may have chosen the same."""
    return f"{scope.user_id or 'operator'}/{conversation}"


def pick(text: str, choices: list[Choice]) -> Choice | None:
    """The choice that `text` answers: its number, its name, an ordinal, or all together."""
    said = re.sub(r"[^\w ]", " ", fold(text)).strip()
    words = said.split()
    numbers = [int(w) for w in words if w.isdigit()]
    if len(numbers) == 1 and len(words) <= 3:
        return choices[numbers[0] - 1] if 1 <= numbers[0] <= len(choices) else None
    for i, names in enumerate(
        (("primero", "primera", "uno"), ("segundo", "segunda", "dos"), ("tercero", "tercera", "tres"))
    ):
        if i < len(choices) and any(w in names for w in words) and len(words) <= 3 and "los dos" not in said:
            return choices[i]
    if re.search(r"\b(?:todos|todas|ambos|ambas|juntos|juntas|los dos|las dos|los tres)\b", said):
        return choices[-1] if len(choices[-1].members) > 1 else None
    exact = [c for c in choices if fold(c.label) == said]
    if exact:
        return exact[0]
    partial = [
        c for c in choices if said and set(words) - {"el", "la", "de", "los", "las"} <= set(fold(c.label).split())
    ]
    return partial[0] if len(partial) == 1 and words else None


def choices_json(choices: tuple[Choice, ...]) -> list[dict[str, Any]]:
    return [{"dimension": c.dimension, "members": list(c.members), "label": c.label} for c in choices]


def choices_of(kept: list[dict[str, Any]]) -> list[Choice]:
    return [Choice(c["dimension"], tuple(c["members"]), c["label"]) for c in kept]
