"""Insights kept, and told as chunks with the key of what they state."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from psycopg.types.json import Jsonb

from core.db import Connection
from core.periods import Period, label
from core.tenancy import Scope
from features.insights.choose import MOST, insights
from features.insights.collect import collect
from features.insights.types import Insight
from retrieval.chunk import Chunk


def refresh(scope: Scope, connection: Connection, months: Sequence[Period]) -> None:
    """Find the insights of `months`, full ones, and keep them in place of those kept before."""
    for month in months:
        keep(insights(collect(month, scope, connection)), month, scope, connection)


def keep(found: Sequence[Insight], month: Period, scope: Scope, connection: Connection) -> None:
    """Replace what is kept of a month."""
    connection.execute(
        "DELETE FROM insights WHERE company_id = %s AND period_start BETWEEN %s AND %s",
        [scope.company_id, month.start, month.end],
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO insights (company_id, key, rule, period_start, period_end, score, body)
               VALUES (%s, %s, %s, %s, %s, %s, %s)""",
            [
                [scope.company_id, i.key, i.rule, i.period.start, i.period.end, i.score, Jsonb(body(i))]
                for i in found
            ],
        )  # fmt: skip


def kept(scope: Scope, connection: Connection, period: Period, most: int = 5) -> list[dict[str, Any]]:
    """The insights of a period, best first, as `body` wrote them."""
    rows = connection.execute(
        """SELECT key, body FROM insights WHERE company_id = %s AND period_start >= %s AND period_end <= %s
           ORDER BY score DESC, key LIMIT %s""",
        [scope.company_id, period.start, period.end, most],
    )
    return [{"key": key, **told} for key, told in rows]


def told(scope: Scope, connection: Connection, month: Period, most: int = 5) -> list[dict[str, Any]]:
    """The insights of a full month, best first: those kept, or, of a month that none were kept of, found now."""
    found = kept(scope, connection, month, most)
    if found:
        return found
    return [{"key": i.key, **body(i)} for i in insights(collect(month, scope, connection))[:most]]


def body(insight: Insight) -> dict[str, Any]:
    """An insight as JSON: figures as strings, so that no digit is lost."""
    return {
        "rule": insight.rule,
        "metric": insight.metric,
        "start": insight.period.start.isoformat(),
        "end": insight.period.end.isoformat(),
        "title": insight.title,
        "why": insight.why,
        "todo": insight.todo,
        "good": insight.good,
        "slice": dict(insight.slice),
        "follow_up": insight.follow_up,
        "evidence": [
            {
                "metric": e.metric,
                "label": e.label,
                "start": e.period.start.isoformat(),
                "end": e.period.end.isoformat(),
                "value": str(e.value),
                "slice": dict(e.slice),
                "unit": e.unit.value if e.unit else "",
            }
            for e in insight.evidence
        ],
    }


def chunks(scope: Scope, connection: Connection, months: Sequence[Period]) -> list[Chunk]:
    """The kept insights of `months` as text, each with the key of what it states."""
    return [_chunk(told) for month in months for told in kept(scope, connection, month, MOST)]


def _chunk(told: dict[str, Any]) -> Chunk:
    period = Period(date.fromisoformat(told["start"]), date.fromisoformat(told["end"]))
    return Chunk(
        kind="insight",
        key=told["key"],
        title=told["title"],
        text=f"{label(period)}. {told['title']}. {told['why']} {told['todo']}",
        href=f"/panel?mes={period.start:%Y-%m}",
        period_start=period.start,
        period_end=period.end,
    )
