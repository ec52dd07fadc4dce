"""What the refresh keeps of customers' loyalty: cohorts and RFM scores, which take too long when they are asked for."""

from core.db import Connection
from core.periods import Grain, Period, add_months
from core.tenancy import Scope
from features import cohorts, rfm
from features.coverage import coverage

RFM_MONTHS = 3
"""The scores at the end of so many of the latest months are kept; older ones are computed when asked for."""


def keep(scope: Scope, connection: Connection) -> None:
    """Both anew, where customers are known. Of the last month, begun or over."""
    known = coverage(scope, connection)
    if known.period is None or "customer_id" not in known.columns:
        return
    last = Period.of(Grain.month, known.period.end)
    cohorts.keep(last, scope, connection)
    ends = [Period.of(Grain.month, add_months(last.start, -back)).end for back in range(RFM_MONTHS)]
    rfm.keep(ends, scope, connection)


def forget(scope: Scope, connection: Connection) -> None:
    """Somebody objected to being profiled, or no longer does: until the next refresh both are computed when asked, and
    boards kept from before are gathered anew."""
    for table in ("cohort_counts", "rfm_counts"):
        connection.execute(f"DELETE FROM {table} WHERE company_id = %s", [scope.company_id])  # noqa: S608
    connection.execute("UPDATE feature_state SET lines = lines WHERE company_id = %s", [scope.company_id])
