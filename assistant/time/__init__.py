"""When: from Spanish to periods."""

from assistant.time.find import find, parse_period
from assistant.time.rules import patterns
from assistant.time.when import Found, When, to_date

__all__ = ["Found", "When", "find", "parse_period", "patterns", "to_date"]
