"""The businesses that the demo is compared with in the evaluation: a table of values, which the gold reads too."""

import random
from datetime import date
from decimal import Decimal

from core import auth, db
from core.tenancy import Scope
from features.benchmarks import take
from features.refresh import notice

COUNT = 14
MONTHS = tuple(date(2026, month, 1) for month in range(5, 11))
SIZE_UF = 5_000
_MIDDLE = {"average_ticket": 8_200, "gross_margin": 0.55, "repurchase_rate": 0.42, "discount_rate": 0.006}


def values(measure: str, month: date) -> list[Decimal]:
    """Each peer's value: the same on every run."""
    chance = random.Random(f"{measure} {month}")
    return [Decimal(str(round(_MIDDLE[measure] * chance.uniform(0.7, 1.3), 6))) for _ in range(COUNT)]


def compare(scope: Scope) -> None:
    """Make them, take the snapshot, and have the company look at where it stands."""
    auth.set_sharing(scope, True)
    for number in range(COUNT):
        slug = f"par-{number:02}"
        if slug not in {company.slug for company in auth.companies()}:
            auth.create_company(f"Panadería par {number}", slug, "panaderia", "CL", shares=True)
        _contribute(auth.operator_scope(slug), number)
    with db.benchmarks() as connection:
        take(MONTHS, connection)
    with db.tenant(scope) as connection:
        notice(scope, connection)


def _contribute(scope: Scope, number: int) -> None:
    rows = [(month, measure, values(measure, month)[number]) for month in MONTHS for measure in _MIDDLE]
    rows += [(month, "size_uf", Decimal(SIZE_UF)) for month in MONTHS]
    with db.tenant(scope) as connection:
        connection.cursor().executemany(
            "INSERT INTO benchmark_inputs (company_id, month, measure, value) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            [(scope.company_id, *row) for row in rows],
        )
