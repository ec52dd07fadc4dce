"""Nothing is shown that the evidence does not say: numbers, dates, names and directions of a text, checked.

problems = check(text, Evidence(Names(known, shown, metrics), figures, texts))
"""

from assistant.grounding.check import Problem, check
from assistant.grounding.evidence import Evidence
from assistant.grounding.names import Names

__all__ = ["Evidence", "Names", "Problem", "check"]
