"""Statements of banks and cards: movements of money, not sales. They are known by columns that no sales export has."""

from ingest.connectors.types import Connector

MARKS = (
    {"fecha", "cargos clp", "abonos clp"}, {"cheques y otros cargos", "saldo diario"}, {"cargo abono", "saldo"},
    {"cargos", "abonos"}, {"cargo", "abono"}, {"debito", "credito", "saldo"}, {"debe", "haber"},
    {"post date", "trans date"}, {"transaction date", "post date"}, {"transaction date", "posted date", "debit"},
    {"posting date", "balance"}, {"date", "debit", "credit"}, {"date", "balance", "description"},
    {"release date", "partial balance"}, {"depositos o abonos"},
)  # fmt: skip

STATEMENTS = tuple(
    Connector(
        id="banco",
        name="Cartola de banco o tarjeta",
        marks=frozenset(marks),
        refusal="Esto parece una cartola de banco o tarjeta: muestra movimientos de dinero, no tus ventas.",
        remedy="Sube la exportación de ventas de tu caja, tu tienda en línea o el registro de ventas del SII.",
    )
    for marks in MARKS
)
