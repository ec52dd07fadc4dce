"""The layouts that are known by their headers; the first that fits is taken, else the general rules."""

from collections.abc import Sequence

from ingest.columns import normal
from ingest.connectors.types import Connector

CONNECTORS: tuple[Connector, ...] = ()


def connector_for(headers: Sequence[str]) -> Connector | None:
    """The known layout with these headers, if any."""
    present = {normal(header) for header in headers}
    return next((c for c in CONNECTORS if c.marks <= present), None)
