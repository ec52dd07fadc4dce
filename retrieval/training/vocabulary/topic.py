"""What a chunk may speak of, and how owners ask for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """`said` are a chunk's ways to name it; `asked` whole or partial questions that mean it."""

    said: tuple[str, ...]
    asked: tuple[str, ...]
    means: tuple[str, ...] = ()
    """For metrics: what a definition says of it."""
