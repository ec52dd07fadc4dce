"""The language model as a second planner: the rules' own tools, its wording checked, the rules' answer where it fails.

if llm.wanted(stop.intent): made = await llm.attempt(question, llm.Toolbox(scope, knowledge, today), …)
"""

from assistant.llm.planner import Attempt, attempt, configured, wanted
from assistant.llm.reword import Reworded, reword
from assistant.llm.toolbox import Toolbox
from assistant.llm.usage import Usage, left_this_month, spend

__all__ = [
    "Attempt",
    "Reworded",
    "Toolbox",
    "Usage",
    "attempt",
    "configured",
    "left_this_month",
    "reword",
    "spend",
    "wanted",
]
