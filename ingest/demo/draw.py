"""Chance in arrays: choices by weight, evenly filled groups, standing orders."""

import numpy as np
from numpy.typing import NDArray

from ingest.demo.history import Floats, Ints


def pick(weights: Floats, row: Ints, place: Floats) -> Ints:
    """For each element the column at its `place` (0 to 1) along the weights of its row."""
    steps = np.cumsum(weights / weights.sum(1, keepdims=True), axis=1)
    steps[:, -1] = 1.0
    flat = (steps + np.arange(len(steps))[:, None]).ravel()
    return np.asarray(np.searchsorted(flat, row + place, side="right") - row * weights.shape[1])


def even(group: Ints, chance: np.random.Generator) -> Floats:
    """Numbers from 0 to 1 that fill each group evenly, in an order of chance: a month's mix is then what it should
    be, and not one cake more or less, which in a small branch would hide what was planted."""
    order = np.lexsort((chance.random(len(group)), group))
    ranked = group[order]
    _, first, size = np.unique(ranked, return_index=True, return_counts=True)
    rank = np.arange(len(group)) - np.repeat(first, size)
    place = np.empty(len(group))
    place[order] = (rank + chance.random(len(group))) / np.repeat(size, size)
    return np.minimum(place, 1 - 1e-9)


def spread(chances: Floats, chance: np.random.Generator) -> NDArray[np.bool_]:
    """Events of these daily chances, evenly spaced rather than in clumps: a standing order, not a lottery."""
    steps = np.cumsum(chances) + chance.random() + chance.normal(0, 0.12, len(chances))
    return np.asarray(np.floor(np.maximum.accumulate(steps)) > np.floor(np.maximum.accumulate(np.r_[0, steps[:-1]])))
