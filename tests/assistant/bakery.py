"""A bakery's names for tests of understanding, without a database."""

from datetime import date

from assistant.decide import Have
from assistant.grammar_words import grammar
from assistant.names import Names
from assistant.plan import Plan, Stop
from assistant.planner import Context, understand
from assistant.read import Lexicon
from features.coverage import COLUMNS

TODAY = date(2026, 10, 31)
MEMBERS = {
    "branch": ("Talca", "Curicó", "Linares"),
    "category": ("Pan", "Tortas y kuchen", "Empanadas", "Bebidas"),
    "product": ("Marraqueta", "Hallulla", "Kuchen de nuez", "Kuchen de frambuesa", "Empanada de pino", "Café"),
    "channel": ("Local", "Delivery", "Mayorista"),
    "payment_method": ("Efectivo", "Débito", "Crédito"),
    "customer": ("María González", "Juan Pérez", "Hotel 3"),
    "seller": ("Carla", "Pedro"),
}
_NAMES = Names(MEMBERS)
LEXICON = Lexicon(_NAMES, grammar().with_names(_NAMES.words), tax_ids={"123456785": "María González"})


def read(text: str, state: dict[str, object] | None = None, today: date = TODAY) -> Plan | Stop:
    """What the planner makes of `text`."""
    return understand(text, Context(LEXICON, Have(frozenset((*COLUMNS, "category"))), today, state or {}))


def plan(text: str, state: dict[str, object] | None = None) -> Plan:
    found = read(text, state)
    assert isinstance(found, Plan), found
    return found


def stop(text: str, state: dict[str, object] | None = None) -> Stop:
    found = read(text, state)
    assert isinstance(found, Stop), found
    return found
