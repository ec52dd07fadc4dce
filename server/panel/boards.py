"""The panel's boards: whose they are, and which figures they begin with. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import NotFound
from core.tenancy import Role


class Board(StrEnum):
    """One tab of the panel, named as in its address."""

    owner = "dueno"
    operations = "operaciones"
    marketing = "marketing"
    finance = "finanzas"


@dataclass(frozen=True, slots=True)
class About:
    """A board's name, its line, and the metrics of its cards."""

    name: str
    line: str
    metrics: tuple[str, ...]
    books: tuple[str, ...] = ()
    """Those of its cards that only a company with expenses has."""


BOARDS = {
    Board.owner: About(
        "Dueño",
        "Cómo está el negocio, contra ti mismo y contra otros como el tuyo.",
        ("sales", "gross_margin", "transactions", "average_ticket", "gross_profit", "active_customers"),
    ),
    Board.operations: About(
        "Operaciones",
        "Qué se vendió, dónde y a qué hora.",
        ("transactions", "units", "average_ticket", "units_per_transaction", "average_price", "return_rate"),
    ),
    Board.marketing: About(
        "Marketing",
        "Quién compra, quién vuelve y por dónde llega.",
        ("active_customers", "new_customers", "returning_customers", "repurchase_rate", "retention_rate",
         "customer_lifetime_value"),
    ),
    Board.finance: About(
        "Finanzas",
        "Qué entró, qué costó y qué quedó.",
        ("sales", "cost", "gross_profit", "gross_margin", "discount", "discount_rate", "returns", "return_rate"),
        ("expenses", "operating_result"),
    ),
}  # fmt: skip

OF_ROLE = {Role.operations: Board.operations, Role.marketing: Board.marketing, Role.finance: Board.finance}


def named(board: str) -> Board:
    """The board of an address. NotFound where there is none."""
    try:
        return Board(board)
    except ValueError:
        raise NotFound("board", "Ese panel no existe.", "Mira los que hay en Panel.") from None


def own(role: Role) -> Board:
    """The board that somebody of this role sees first."""
    return OF_ROLE.get(role, Board.owner)
