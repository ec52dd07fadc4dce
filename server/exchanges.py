"""What was asked and how it was answered, for the operator: the planner, the model with its tokens, and its steps."""

from typing import Any

from psycopg.rows import dict_row

from core import db
from core.tenancy import Scope

COLUMNS = (
    "id, created_at, channel, conversation_id, question, answer->>'status' AS status, answer->>'text' AS text, "
    "planner, model, tokens_in, tokens_out, round(took_ms) AS took_ms, trace"
)


def latest(scope: Scope, most: int) -> list[dict[str, Any]]:
    """A company's last exchanges, the newest first. No secret is among what is kept of them."""
    with db.tenant(scope) as connection, connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM exchanges WHERE company_id = %s ORDER BY created_at DESC LIMIT %s",  # noqa: S608
            [scope.company_id, most],
        )
        return cursor.fetchall()


def lines(found: list[dict[str, Any]]) -> list[str]:
    """The same to be read: a line each, and the model's steps under it."""
    if not found:
        return ["Nadie ha preguntado todavía."]
    out = []
    for one in found:
        by = f"{one['model']}, {one['tokens_in']} + {one['tokens_out']} tokens" if one["model"] else "reglas"
        out.append(
            f"{one['created_at']:%Y-%m-%d %H:%M}  {one['status']:<12} {one['took_ms']} ms  {by}  «{one['question']}»"
        )
        out += [f"    {step}" for step in one["trace"]]
    return out
