"""What is told of a month, whether it was looked at before or not."""

from core.db import Connection
from core.tenancy import Scope
from features import insights


def test_a_month_that_none_were_kept_of_is_looked_at_when_asked(loaded: tuple[Scope, Connection]) -> None:
    scope, connection = loaded
    month = insights.full_months(scope, connection)[-1]
    kept = insights.kept(scope, connection, month)
    assert kept
    connection.execute("DELETE FROM insights WHERE company_id = %s", [scope.company_id])
    assert insights.told(scope, connection, month) == kept
