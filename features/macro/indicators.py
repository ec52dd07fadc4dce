"""The macro series Ayni knows: one declaration each, with what a move of it touches in a small business."""

from dataclasses import dataclass
from enum import Enum


class Measure(Enum):
    """What a series' values are: a price level, a change in percent over the period before, or a rate in percent."""

    level = "level"
    change = "change"
    rate = "rate"


class Wind(Enum):
    """What a rise does to whom it touches."""

    for_ = "for"
    against = "against"


@dataclass(frozen=True, slots=True)
class Touch:
    """A part of a business that the indicator reaches: `rise` is what its rise is to it, `words` completes
    'viento a favor/en contra para …'."""

    what: str
    rise: Wind
    words: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """`id` is unique within `country`. `monthly` series have one value a month, dated on its first day."""

    id: str
    country: str
    name: str
    unit: str
    measure: Measure
    source: str
    monthly: bool = True
    synonyms: tuple[str, ...] = ()
    touches: tuple[Touch, ...] = ()
    plausible: tuple[float, float] = (-100.0, 1e9)
    """A value outside is a mistake at the source (a UF that reads 608 is a dollar) and is refused."""


_IMPORTS = Touch("imports", Wind.against, "lo importado y lo que sube con el dólar")
_EXPORTS = Touch("exports", Wind.for_, "lo que vendes en dólares o a turistas")
_CREDIT = Touch("credit", Wind.against, "tus créditos y las compras en cuotas de tus clientes")
_DEMAND = Touch("demand", Wind.for_, "el consumo en general")
_JOBS = Touch("demand", Wind.against, "el consumo: con menos empleo se cuida más el bolsillo")
_COSTS = Touch("costs", Wind.against, "tus costos: sueldos, arriendo e insumos suben con los precios")

INDICATORS = (
    Indicator(
        "cpi", "CL", "IPC", "%", Measure.change, "INE / Banco Central de Chile",
        synonyms=("inflación", "ipc", "costo de la vida"), touches=(_COSTS,), plausible=(-5, 10),
    ),
    Indicator(
        "uf", "CL", "UF", "$", Measure.level, "Banco Central de Chile", monthly=False,
        synonyms=("uf", "unidad de fomento"), plausible=(10_000, 200_000),
    ),
    Indicator(
        "usd", "CL", "dólar observado", "$", Measure.level, "Banco Central de Chile", monthly=False,
        synonyms=("dólar", "dolar", "tipo de cambio"), touches=(_IMPORTS, _EXPORTS), plausible=(300, 3_000),
    ),
    Indicator(
        "policy_rate", "CL", "tasa de política monetaria", "%", Measure.rate, "Banco Central de Chile", monthly=False,
        synonyms=("tpm", "tasa de interés", "tasa del banco central"), touches=(_CREDIT,), plausible=(0, 50),
    ),
    Indicator(
        "activity", "CL", "IMACEC", "%", Measure.rate, "Banco Central de Chile",
        synonyms=("imacec", "actividad económica", "la economía"), touches=(_DEMAND,), plausible=(-40, 40),
    ),
    Indicator(
        "unemployment", "CL", "desempleo", "%", Measure.rate, "INE",
        synonyms=("desempleo", "cesantía", "desocupación"), touches=(_JOBS,), plausible=(0, 60),
    ),
    Indicator(
        "cpi", "AR", "IPC", "%", Measure.change, "INDEC",
        synonyms=("inflación", "ipc"), touches=(_COSTS,), plausible=(-5, 100),
    ),
    Indicator(
        "usd", "AR", "dólar blue", "$", Measure.level, "ArgentinaDatos",
        synonyms=("dólar", "dolar", "blue"), touches=(_IMPORTS, _EXPORTS), plausible=(1, 100_000),
    ),
    Indicator(
        "cpi", "BR", "IPCA", "%", Measure.change, "IBGE",
        synonyms=("inflación", "ipca"), touches=(_COSTS,), plausible=(-5, 90),
    ),
    Indicator(
        "usd", "BR", "dólar", "R$", Measure.level, "Reserva Federal (H.10)",
        synonyms=("dólar", "dolar"), touches=(_IMPORTS, _EXPORTS), plausible=(0.5, 50),
    ),
    Indicator(
        "policy_rate", "BR", "tasa Selic", "%", Measure.rate, "Banco Central do Brasil",
        synonyms=("selic", "tasa de interés"), touches=(_CREDIT,), plausible=(0, 100),
    ),
)  # fmt: skip

_BY_KEY = {(i.country, i.id): i for i in INDICATORS}
if len(_BY_KEY) != len(INDICATORS):
    raise ValueError("two indicators of one country share an id")


def indicator(country: str, id: str) -> Indicator | None:
    """The country's indicator, or None where Ayni has no such series for it."""
    return _BY_KEY.get((country, id))


def of_country(country: str) -> tuple[Indicator, ...]:
    return tuple(i for i in INDICATORS if i.country == country)
