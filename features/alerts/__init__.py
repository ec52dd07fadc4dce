"""What an owner asks to be told of: rules over the company's figures, and the alerts that come of them."""

from features.alerts.collect import points
from features.alerts.evaluate import Outcome, evaluate, primed
from features.alerts.kinds import KIND, KINDS, STOCK, Kind, measured
from features.alerts.planning import FIRST, SECOND
from features.alerts.quiet import after_quiet, morning_of
from features.alerts.responding import MOST_DAYS, Wish, alerts_of, days_ahead, may_answer, respond
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
    "FIRST",
    "KIND",
    "KINDS",
    "MOST_DAYS",
    "MOST_RULES",
    "SECOND",
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
    "Wish",
    "acknowledge",
    "after_quiet",
    "alert",
    "alerts_of",
    "any_rules",
    "clause",
    "count_open",
    "create",
    "days_ahead",
    "end",
    "evaluate",
    "evaluate_all",
    "history",
    "kept",
    "kinds",
    "lacking",
    "may_answer",
    "meaning",
    "measured",
    "morning_of",
    "open_alerts",
    "points",
    "primed",
    "question",
    "respond",
    "rules",
    "sentence",
    "snooze",
    "update",
    "usual_month",
    "watched",
    "when",
]
