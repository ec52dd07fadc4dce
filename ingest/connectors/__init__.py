"""The layouts that are known by their headers; the first that fits is taken, else the general rules."""

from collections.abc import Sequence

from ingest.columns import normal
from ingest.connectors import arca, banks, mercado_libre, mercado_pago, sii, tiendanube
from ingest.connectors.types import Connector

CONNECTORS: tuple[Connector, ...] = (
    sii.RCV_SALES,
    sii.RCV_PURCHASES,
    arca.ISSUED,
    arca.RECEIVED,
    tiendanube.ORDERS,
    mercado_pago.SETTLEMENT,
    mercado_libre.SALES,
    *banks.STATEMENTS,
)


def connector_for(headers: Sequence[str]) -> Connector | None:
    """The known layout with these headers, if any."""
    present = {normal(header) for header in headers}
    return next((c for c in CONNECTORS if c.marks <= present), None)
