"""Cohorts: whom a company is compared with, from its own kind and size outwards in a fixed order. Pure.

Size brackets are the SII's, by yearly sales in UF: micro up to 2.400, pequeña up to 25.000, mediana up to 100.000.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from features.benchmarks.sectors import Sector, section, sector

BRACKETS = (("micro", Decimal(2_400)), ("small", Decimal(25_000)), ("medium", Decimal(100_000)))
COUNTRIES = {"CL": "Chile", "AR": "Argentina", "BR": "Brasil"}
_SIZES = {
    "micro": ("microempresas", "microempresas"),
    "small": ("pequeñas", "pequeños"),
    "medium": ("medianas", "medianos"),
    "large": ("grandes", "grandes"),
}


@dataclass(frozen=True, slots=True, order=True)
class Cohort:
    """`kind` is 'sector' or 'section' with its id in `of`; `size` is '' for all sizes. Generated companies (`demo`)
    are never mixed with real ones."""

    country: str
    kind: str
    of: str
    size: str
    demo: bool = False

    @property
    def key(self) -> str:
        return f"{'demo:' if self.demo else ''}{self.country}:{self.kind}:{self.of}:{self.size or 'all'}"

    @classmethod
    def from_key(cls, key: str) -> "Cohort":
        country, kind, of, size = key.removeprefix("demo:").split(":")
        return cls(country, kind, of, "" if size == "all" else size, key.startswith("demo:"))


def bracket(yearly_sales_uf: Decimal) -> str:
    """micro, small, medium or large."""
    return next((name for name, most in BRACKETS if yearly_sales_uf <= most), "large")


def cohorts(sector_text: str, country: str, size: str, demo: bool = False) -> tuple[Cohort, ...]:
    """A company's cohorts, the most like it first: the order in which a comparison falls back."""
    own = sector(sector_text)
    return (
        Cohort(country, "sector", own.id, size, demo),
        Cohort(country, "sector", own.id, "", demo),
        Cohort(country, "section", own.section, size, demo),
        Cohort(country, "section", own.section, "", demo),
    )


def named(cohort: Cohort, peers: int) -> str:
    """'14 panaderías pequeñas de Chile'."""
    if cohort.demo:
        return f"{named(replace(cohort, demo=False), peers)} generadas para la demostración"
    country = COUNTRIES.get(cohort.country, cohort.country)
    if cohort.kind == "section":
        about = section(Sector("", "", cohort.of)).name
        size = f" {_SIZES[cohort.size][1]}" if cohort.size in _SIZES and cohort.size != "micro" else ""
        small = " (microempresas)" if cohort.size == "micro" else ""
        return f"{peers} negocios{size} de {country} en {about}{small}"
    kind = sector(cohort.of)
    if cohort.size == "micro":
        return f"{peers} {kind.plural} de Chile de tamaño micro".replace("Chile", country)
    size = f" {_SIZES[cohort.size][0 if kind.feminine else 1]}" if cohort.size else ""
    return f"{peers} {kind.plural}{size} de {country}"
