"""Insights kept, and told as chunks with the key of what they state."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from psycopg.types.json import Jsonb

from core.db import Connection
from core.periods import Period, label
from core.tenancy import Scope
from features.insights.choose import insights
from features.insights.collect import collect, full_months
from features.insights.types import Insight
from retrieval.chunk import Chunk


def refresh(scope: Scope, connection: Connection, months: Sequence[Period] | None = None) -> list[Chunk]:
    """Find the insights of `months` (None: the last three full ones), keep them, and give their chunks."""
    wanted = full_months(scope, connection)[-3:] if months is None else list(months)
    chunks = []
    for month in wanted:
        found = insights(collect(month, scope, connection))
        keep(found, month, scope, connection)
        chunks += [chunk(i) for i in found]
    return chunks


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
            }
            for e in insight.evidence
        ],
    }


def chunk(insight: Insight) -> Chunk:
    first = date(insight.period.start.year, insight.period.start.month, 1)
    return Chunk(
        kind="insight",
        key=insight.key,
        title=insight.title,
        text=f"{label(insight.period)}. {insight.title}. {insight.why} {insight.todo}",
        href=f"/panel?mes={first:%Y-%m}",
        period_start=insight.period.start,
        period_end=insight.period.end,
    )
