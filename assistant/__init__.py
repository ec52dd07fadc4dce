"""Question to answer. The public surface: one door, and the address of a figure's source."""

from assistant.citations import decode, decode_pairs, encode
from assistant.door import answer, ask
from assistant.parts import Answer, Part, Question

__all__ = ["Answer", "Part", "Question", "answer", "ask", "decode", "decode_pairs", "encode"]
