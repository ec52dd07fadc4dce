"""The language model as a second planner: the rules' own tools, its wording checked, the rules' answer where it fails.

if llm.configured(): made = await llm.attempt(question, llm.Toolbox(scope, knowledge, today), earlier, tokens_left)
"""

from assistant.llm.planner import Attempt, attempt, configured
from assistant.llm.toolbox import Toolbox
from assistant.llm.usage import Usage, left_this_month

__all__ = ["Attempt", "Toolbox", "Usage", "attempt", "configured", "left_this_month"]
