"""Your parse: where a company stands among at least ten like it, without anyone seeing anyone."""

from features.benchmarks.contribute import contribute
from features.benchmarks.measures import MEASURES, Measure, measure
from features.benchmarks.rank import Rank
from features.benchmarks.sectors import SECTIONS, SECTORS, Sector, sector
from features.benchmarks.snapshot import take
from features.benchmarks.standing import Parse, history, parses, sector_growth, takes_part

__all__ = [
    "MEASURES",
    "SECTIONS",
    "SECTORS",
    "Measure",
    "Parse",
    "Rank",
    "Sector",
    "contribute",
    "history",
    "measure",
    "parses",
    "sector",
    "sector_growth",
    "take",
    "takes_part",
]
