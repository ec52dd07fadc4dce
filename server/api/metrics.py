"""/api/v1/metrics: the catalog, and a metric's values over time and by dimension."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

import features
from core import db
from features.query import Result
from server.identity import SignedIn
from server.slices import Slice, query_of

router = APIRouter(prefix="/api/v1/metrics", tags=["métricas"])


@router.get("", summary="Qué se puede medir, y qué falta para lo que no")
def catalog(scope: SignedIn) -> dict[str, Any]:
    with db.tenant(scope) as connection:
        coverage = features.coverage(scope, connection)
        known = features.metrics(scope, connection)
    return {
        "metrics": [
            {
                "id": m.id,
                "name": m.name,
                "unit": m.unit.value,
                "good": m.good.value,
                "definition": m.definition,
                "missing": [need for need in m.needs if need not in coverage.columns],
            }
            for m in known
        ],
        "dimensions": [
            {"id": d.id, "name": d.name, "available": coverage.columns.issuperset(d.needs)} for d in features.DIMENSIONS
        ],
        "data": {"start": coverage.first, "end": coverage.last, "lines": coverage.lines},
    }


@router.get("/{metric_id}", summary="Los valores de una métrica")
def values(metric_id: str, wanted: Annotated[Slice, Depends(query_of)], scope: SignedIn) -> dict[str, Any]:
    """Each further parameter named as a dimension keeps only that member (`branch=Talca`); it may repeat, and
    `not.branch=Talca` leaves it out."""
    with db.tenant(scope) as connection:
        features.metric_of(metric_id, scope, connection)
        coverage = features.coverage(scope, connection)
        query = wanted.query(metric_id, coverage)
        return shown(features.run(query, scope, connection)) if query else {"values": [], "missing": {}}


def shown(result: Result) -> dict[str, Any]:
    """A result as JSON: numbers unrounded, `end` the last day included."""
    unit = features.metric(result.query.metrics[0]).unit.value
    return {
        "metric": result.query.metrics[0],
        "unit": unit,
        "missing": result.missing,
        "values": [
            {
                "start": row.period.start,
                "end": row.period.end,
                "member": row.member,
                "value": None if row.value is None else float(row.value),
                "lines": row.lines,
            }
            for row in result.rows
        ],
    }
