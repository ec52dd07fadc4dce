"""Where live values come from: for each official API, its addresses and how its answer reads. Pure: no network here.

Central Bank of Chile (SieteRestWS, with credentials), mindicador.cl, datos.gob.ar (INDEC) and Brazil's SGS.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

Values = list[tuple[date, Decimal]]
MOST_JUMP = Decimal("0.5")
"""A level that moves by more than half from one value to the next is a mistake at the source, not news."""


@dataclass(frozen=True, slots=True)
class Source:
    """`series` maps (country, indicator) to the API's own id; `address` makes the URL of an id since a day."""

    name: str
    base: str
    series: Mapping[tuple[str, str], str]
    address: Callable[[str, str, date, Mapping[str, str]], str]
    parse: Callable[[Any], Values]
    needs: tuple[str, ...] = ()
    """Settings without which it can't be asked."""


def _mindicador(base: str, id: str, since: date, _: Mapping[str, str]) -> str:
    return f"{base}/api/{id}/{since.year}"


def _read_mindicador(answer: Any) -> Values:
    return sorted((date.fromisoformat(one["fecha"][:10]), _decimal(one["valor"])) for one in answer["serie"])


def _central_bank(base: str, id: str, since: date, keys: Mapping[str, str]) -> str:
    query = {
        "user": keys["bcch_user"],
        "pass": keys["bcch_password"],
        "function": "GetSeries",
        "timeseries": id,
        "firstdate": since.isoformat(),
    }
    return f"{base}/SieteRestWS/SieteRestWS.ashx?{urlencode(query)}"


def _read_central_bank(answer: Any) -> Values:
    if answer.get("Codigo") != 0:
        raise ValueError(str(answer.get("Descripcion", "the source answered with an error")))
    rows = answer["Series"]["Obs"]
    told = [r for r in rows if r["statusCode"] == "OK"]  # days without a value come as NeuN
    return sorted((datetime.strptime(r["indexDateString"], "%d-%m-%Y").date(), _decimal(r["value"])) for r in told)  # noqa: DTZ007


def _argentina(base: str, id: str, since: date, _: Mapping[str, str]) -> str:
    query = {"ids": id, "start_date": since.isoformat(), "format": "json", "limit": "1000"}
    return f"{base}/series/api/series/?{urlencode(query)}"


def _read_argentina(answer: Any) -> Values:
    # The index comes as its change, a fraction.
    return sorted(
        (date.fromisoformat(day), _decimal(value) * 100) for day, value in answer["data"] if value is not None
    )


def _brazil(base: str, id: str, since: date, _: Mapping[str, str]) -> str:
    query = {"formato": "json", "dataInicial": since.strftime("%d/%m/%Y")}
    return f"{base}/dados/serie/bcdata.sgs.{id}/dados?{urlencode(query)}"


def _read_brazil(answer: Any) -> Values:
    return sorted((datetime.strptime(r["data"], "%d/%m/%Y").date(), _decimal(r["valor"])) for r in answer)  # noqa: DTZ007


SOURCES = (
    Source(
        "Banco Central de Chile", "https://si3.bcentral.cl",
        {("CL", "uf"): "F073.UFF.PRE.Z.D", ("CL", "usd"): "F073.TCO.PRE.Z.D",
         ("CL", "policy_rate"): "F022.TPM.TIN.D001.NO.Z.D"},
        _central_bank, _read_central_bank, needs=("bcch_user", "bcch_password"),
    ),
    Source(
        "mindicador.cl", "https://mindicador.cl",
        {("CL", "cpi"): "ipc", ("CL", "uf"): "uf", ("CL", "usd"): "dolar", ("CL", "policy_rate"): "tpm",
         ("CL", "activity"): "imacec", ("CL", "unemployment"): "tasa_desempleo"},
        _mindicador, _read_mindicador,
    ),
    Source(
        "datos.gob.ar (INDEC)", "https://apis.datos.gob.ar",
        {("AR", "cpi"): "148.3_INIVELNAL_DICI_M_26:percent_change"}, _argentina, _read_argentina,
    ),
    Source(
        "Banco Central do Brasil (SGS)", "https://api.bcb.gov.br",
        {("BR", "cpi"): "433", ("BR", "usd"): "3698", ("BR", "policy_rate"): "432"}, _brazil, _read_brazil,
    ),
)  # fmt: skip


def suspicious(values: Values, plausible: tuple[float, float], last: Decimal | None, level: bool) -> str | None:
    """Why these values can't be right, in English for the operator; None where nothing speaks against them.

    `last` is the last value already known; levels must not jump from it.
    """
    low, high = plausible
    for day, value in values:
        if not low <= float(value) <= high:
            return f"{value} on {day} is outside {low:g}..{high:g}"
        if level and last and abs(value / last - 1) > MOST_JUMP:
            return f"{value} on {day} is too far from {last}"
        last = value
    return None


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a number: {value!r}")
    return number
