"""The database: one door for requests (`tenant`, `identity`) and one for the operator (`owner`).

    with db.tenant(scope) as connection:      # one transaction, sees that company's rows only
        connection.execute("SELECT ... WHERE metric = %s", [metric])

Every query is parameterised. The block commits when it ends well and rolls back when it raises; whoever opens
the block is the outermost caller (a route, a task, a command), never a helper, which takes the connection instead.
"""

from core.db.connect import Connection, benchmarks, channel, close, identity, owner, tenant
from core.db.migrate import migrate

__all__ = ["Connection", "benchmarks", "channel", "close", "identity", "migrate", "owner", "tenant"]
