"""What an owner asks to be told of: rules over the company's figures, and the alerts that come of them."""

from features.alerts.collect import points
from features.alerts.evaluate import Outcome, evaluate, primed
from features.alerts.kinds import KIND, KINDS, STOCK, Kind, measured
from features.alerts.quiet import after_quiet, morning_of
from features.alerts.rules import MOST_RULES, any_rules, create, end, kept, kinds, meaning, rules, update, watched
from features.alerts.told import (
    Fired,
    acknowledge,
    alert,
    count_open,
    evaluate_all,
    history,
    open_alerts,
    snooze,
)
from features.alerts.types import Alert, Channel, Item, Kept, Point, Quiet, Rule, Side, State, Versus
from features.alerts.usual import lacking, usual_month
from features.alerts.words import clause, question, sentence, when

__all__ = [
    "KIND",
    "KINDS",
    "MOST_RULES",
    "STOCK",
    "Alert",
    "Channel",
    "Fired",
    "Item",
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
    "lacking",
    "meaning",
    "measured",
    "morning_of",
    "open_alerts",
    "points",
    "primed",
    "question",
    "rules",
    "sentence",
    "snooze",
    "update",
    "usual_month",
    "watched",
    "when",
]
