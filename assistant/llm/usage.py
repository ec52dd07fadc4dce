"""What a question may use and what it used: rounds, tokens, money, and the trace that the operator reads."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from psycopg.types.json import Jsonb

from core.db import Connection
from core.settings import settings
from core.tenancy import Scope

ROUNDS = 5
"""Calls to the model for one draft: up to four rounds of tools and the answer."""
QUESTION_TOKENS = 24_000
_LONGEST = 1_500


@dataclass(slots=True)
class Usage:
    """Of one question. Nothing secret goes in: neither keys nor headers nor an endpoint's own error texts."""

    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    trace: list[dict[str, Any]] = field(default_factory=list)
    _started: float = field(default_factory=perf_counter)

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out

    def note(self, event: str, **what: Any) -> None:
        shown = {k: v[:_LONGEST] if isinstance(v, str) else v for k, v in what.items()}
        self.trace.append({"event": event, "at_ms": round((perf_counter() - self._started) * 1000), **shown})

    def cost_usd(self) -> float:
        price_in, price_out = settings().llm_price_in, settings().llm_price_out
        return (self.tokens_in * price_in + self.tokens_out * price_out) / 1_000_000


def spend(usage: Usage, channel: str, what: str, scope: Scope, connection: Connection) -> None:
    """Record what was used outside a question, so that it counts in the month and the operator sees it."""
    connection.execute(
        "INSERT INTO exchanges (company_id, user_id, channel, question, answer, planner, took_ms, model, tokens_in,"
        " tokens_out, trace) VALUES (%s, %s, %s, %s, %s, 'llm', %s, %s, %s, %s, %s)",
        [
            scope.company_id, scope.user_id, channel, what, Jsonb({"status": "answered", "text": ""}), 0, usage.model,
            usage.tokens_in, usage.tokens_out, Jsonb(usage.trace),
        ],
    )  # fmt: skip


def left_this_month(scope: Scope, connection: Connection) -> int:
    """The tokens that `scope`'s company may still use in this calendar month."""
    now = datetime.now(UTC).astimezone(scope.company.tz)
    row = connection.execute(
        "SELECT coalesce(sum(tokens_in + tokens_out), 0) FROM exchanges WHERE company_id = %s AND created_at >= %s",
        [scope.company_id, now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)],
    ).fetchone()
    return settings().llm_monthly_tokens - (int(row[0]) if row else 0)
