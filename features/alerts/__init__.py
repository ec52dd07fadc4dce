"""What an owner asks to be told of: rules over the company's figures, and the alerts that come of them."""

from features.alerts.collect import points
from features.alerts.evaluate import Outcome, evaluate, primed
from features.alerts.kinds import KIND, KINDS, STOCK, Kind
from features.alerts.quiet import after_quiet, morning_of
from features.alerts.store import (
    MOST_RULES,
    Fired,
    acknowledge,
    alert,
    any_rules,
    count_open,
    create,
    end,
    evaluate_all,
    history,
    kept,
    kinds,
    open_alerts,
    rules,
    snooze,
    update,
    watched,
)
from features.alerts.types import Alert, Channel, Kept, Point, Quiet, Rule, Side, State, Versus
from features.alerts.words import clause, question, sentence

__all__ = [
    "KIND",
    "KINDS",
    "MOST_RULES",
    "STOCK",
    "Alert",
    "Channel",
    "Fired",
    "Kept",
    "Kind",
    "Outcome",
    "Point",
    "Quiet",
    "Rule",
    "Side",
    "State",
    "Versus",
    "acknowledge",
    "after_quiet",
    "alert",
    "any_rules",
    "clause",
    "count_open",
    "create",
    "end",
    "evaluate",
    "evaluate_all",
    "history",
    "kept",
    "kinds",
    "morning_of",
    "open_alerts",
    "points",
    "primed",
    "question",
    "rules",
    "sentence",
    "snooze",
    "update",
    "watched",
]
