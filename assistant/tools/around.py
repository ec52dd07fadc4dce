"""What stands around the figures: prices and the economy, other businesses, and what deserves attention."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from assistant.answers.report import Report
from assistant.answers.wording import RATIO, exact, short
from assistant.desk import Desk
from assistant.horizon import Span, latest_full
from assistant.parts import Figure
from assistant.plan import Plan, Stop
from assistant.tools import beside
from assistant.tools.common import span, understood, value
from assistant.tools.values import _in
from core.language import plural
from core.money import percent
from core.periods import Grain, Period, add_months, label
from features import DIMENSION_BY_ID, METRIC_BY_ID, benchmarks, insights, macro
from features.query import Filter, Query

_LOOK = ("¿Cuánto vendí en UF?", "¿Cómo me afecta la economía?")


@dataclass(frozen=True, slots=True)
class _Prices:
    """The country's price index with the series it was made of."""

    series: macro.Series
    index: macro.PriceIndex


def inflation(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """A change in sales, told apart: what prices explain, what the sector did, what is the business's own."""
    prices = _prices(desk)
    if prices is None:
        return _no_series(desk)
    found = _deflatable(plan, desk, prices)
    if isinstance(found, Stop):
        return found
    now, before = found
    report.understood = understood(plan, now, Span(before, label(before)))
    current, earlier = (value(desk, "sales", p, plan.filters) for p in (now.period, before))
    rise = macro.inflation(prices.index, before, now.period)
    if current is None or not earlier or earlier <= 0 or rise is None:
        return _no_base(before, desk)
    sector = _sector(now.period, plan, desk)
    told = macro.decompose(earlier, current, rise, sector)
    if told is None:
        return _no_base(before, desk)
    _say_inflation(told, rise, now, before, plan, desk, report)
    report.say(_known_until(prices.series, now))
    report.note(now.note)
    report.follow_ups += _LOOK
    return None


def _say_inflation(
    told: macro.Decomposition, rise: Decimal, now: Span, before: Period, plan: Plan, desk: Desk, report: Report
) -> None:
    query = Query(("sales",), now.period, filters=plan.filters)
    report.figure(query, told.real, label="crecimiento real", kind="real_change", unit=RATIO)
    nominal = report.figure(query, told.change / told.before, label="cambio", kind="change", unit=RATIO)
    prices = _cited(report, query, rise, "inflación del período", "inflation", RATIO, _citation(desk, report, "cpi"))
    won = "Sí, le ganaste" if told.real > 0 else "No, no le ganaste" if told.real < 0 else "Empataste"
    report.say(
        f"{won} a la inflación: **{percent(told.real, signed=True)} real** {_in(now)} frente a {label(before)}. En "
        f"pesos fue {percent(nominal.value or Decimal(0), signed=True)} y los precios subieron {report.told(prices)}."
    )
    amount = report.figure(query, told.change, label="diferencia", kind="difference")
    by_prices = report.figure(query, told.inflation, label="lo que explican los precios", kind="inflation_part")
    own = report.figure(query, told.own, label="lo propio", kind="own_part")
    parts = [f"{short(by_prices.value, by_prices.unit)} de inflación"]
    if told.sector is not None:
        part = report.figure(query, told.sector, label="lo que hizo el rubro", kind="sector_part")
        parts.append(f"{_plus(part)} del rubro")
    parts.append(f"{_plus(own)} {'tuyo' if told.sector is not None else 'tuyo o de tu rubro'}")
    report.say(f"De {_plus(amount)} de diferencia: {', '.join(parts)}.")


def convert(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Sales in UF or dollars, each day at its own rate."""
    id = plan.into or "uf"
    series = macro.load(desk.scope.company.country, id, desk.connection)
    if series is None or not series.days:
        return _no_series(desk)
    found = span(plan, desk, "month")
    if isinstance(found, Stop):
        return found
    known = Period(desk.have.start, max(desk.have.start, _rate_ends(series)))
    if not plan.whens:
        month = latest_full(Grain.month, known)
        found = Span(month, label(month)) if month else found
    days = desk.run(Query(("sales",), found.period, Grain.day, filters=plan.filters)).rows
    amount = macro.convert({r.period.start: r.value for r in days if r.value}, series)
    name = "UF" if id == "uf" else "dólares"
    if amount is None:
        return Stop(
            "no_data", "macro",
            f"No te puedo dar {found.label} en {name}: tengo ese valor {macro.told_date(series)}. En pesos "
            "sí te lo digo.",
            (f"¿Cuánto vendí en {found.label}?",),
        )  # fmt: skip
    report.understood = understood(plan, found)
    query = Query(("sales",), found.period, filters=plan.filters)
    unit = "CLF" if id == "uf" else "USD"
    _cited(report, query, amount, f"ventas en {name}", id, unit, _citation(desk, report, id))
    pesos = report.figure(query, value(desk, "sales", found.period, plan.filters))
    report.say(f"Vendiste **{exact(amount, unit)}** {_in(found)}, que en pesos son {report.told(pesos)}.")
    report.say(f"Cada día está convertido al valor de ese día ({series.indicator.source}).")
    report.note(found.note)
    report.follow_ups += ["¿Le gané a la inflación?", f"¿Cómo me fue en {found.label}?"]
    return None


def winds(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """The economy's winds for and against, strongest first, and what of them shows in the sales."""
    found = span(plan, desk, "month")
    if isinstance(found, Stop):
        return found
    wanted = found.period.end.replace(day=1)
    country = desk.scope.company.country
    all_gusts: list[macro.Gust] = []
    for one in macro.of_country(country):
        if plan.into and one.id != plan.into:
            continue
        series = macro.load(country, one.id, desk.connection)
        moved = macro.move(series, wanted) if series else None
        all_gusts += macro.gusts(moved, wanted) if moved else ()
    if not all_gusts:
        return _no_series(desk)
    report.understood = understood(plan, found)
    blowing = macro.strongest(all_gusts, 4)
    if not blowing:
        report.say("La economía está en calma para tu negocio: ningún indicador se movió más de lo que suele.")
        blowing = all_gusts[:2]
    else:
        against = sum(g.wind == "against" for g in blowing)
        report.say(
            f"**{plural(len(blowing), 'viento', 'vientos')}**: {against} en contra y {len(blowing) - against} a favor."
        )
        report.facts.append(f"{len(blowing)} {against} {len(blowing) - against}")
    query = Query(("sales",), found.period)
    for gust in blowing:
        move = gust.move
        cited = _citation(desk, report, move.indicator.id)
        unit = RATIO if move.indicator.measure is macro.Measure.level else "number"
        _cited(
            report, query, move.change, f"{move.indicator.name}: cambio en tres meses", move.indicator.id, unit, cited
        )
        _cited(report, query, move.value, move.indicator.name, f"{move.indicator.id}_level", "number", cited)
        report.facts.append(gust.text)
        report.say(f"- {gust.text}")
    report.say(_felt(blowing, desk, report))
    report.follow_ups += ["¿Le gané a la inflación?", "¿Qué debería vigilar?"]
    return None


def standing(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """The percentile among peers, with its band; silent where the cohort may not be told."""
    if not benchmarks.takes_part(desk.scope, desk.connection):
        return Stop(
            "no_data", "peers",
            "No te puedo comparar todavía: la comparación es entre negocios que aceptan participar, y el tuyo no "
            "participa. Puedes activarla en **Mi empresa**; nadie ve tus datos, solo promedios de diez negocios o más.",
            ("¿Cómo me fue el mes pasado?",),
        )  # fmt: skip
    found = benchmarks.parses(desk.scope, desk.connection)
    if not found:
        return Stop(
            "no_data", "peers",
            "Todavía no hay diez negocios como el tuyo para compararte sin exponer a nadie. Apenas los haya, te lo "
            "digo.",
            ("¿Cómo me fue el mes pasado?",),
        )  # fmt: skip
    wanted = [p for p in found if p.measure.metric in plan.metrics and plan.metrics != ("sales",)] or list(found)
    if plan.limit:  # where one stands best, or worst
        wanted.sort(key=lambda p: p.rank.percentile, reverse=plan.order == "desc")
    month = Period.of(Grain.month, wanted[0].month)
    report.understood = understood(plan, Span(month, label(month)))
    report.facts += [p.who for p in wanted]
    first, *others = wanted[: plan.limit or 4]
    report.say(_parse(first, desk, report, True))
    for other in others:
        report.say(f"- {_parse(other, desk, report, False)}")
    report.say(f"Es de {label(month)}; la comparación se publica una vez al mes.")
    report.follow_ups += ["¿Qué debería vigilar?", f"¿Cómo me fue en {label(month)}?"]
    return None


def attention(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """What an owner should know without asking: the month's insights, best first."""
    found = span(plan, desk, "month")
    if isinstance(found, Stop):
        latest = latest_full(Grain.month, desk.have)
        if latest is None:
            return found
        found = Span(latest, label(latest), f"{found.text.split(': ')[0].split(', así')[0]}.")
    month = latest_full(Grain.month, Period(desk.have.start, min(desk.have.end, found.period.end)))
    told = insights.told(desk.scope, desk.connection, month, 3) if month else []
    if not told or month is None:
        report.understood = understood(plan, found)
        report.say(f"Nada fuera de lo normal {_in(found)}: las ventas siguen su curso.")
        query = Query(("sales",), found.period)
        report.say(f"Vendiste **{report.told(report.figure(query, value(desk, 'sales', found.period)))}**.")
        report.follow_ups += ["¿Cómo me fue el mes pasado?"]
        return None
    report.understood = understood(plan, Span(month, label(month)))
    report.say(f"Lo que más importa de {label(month)}:")
    for number, one in enumerate(told, start=1):
        _say_insight(number, one, report)
    _draw(told, month, desk, report)
    report.note(found.note)
    report.follow_ups += [one["follow_up"] for one in told]
    return None


def _say_insight(number: int, one: dict[str, Any], report: Report) -> None:
    for fact in one["evidence"]:
        period = Period(date.fromisoformat(fact["start"]), date.fromisoformat(fact["end"]))
        filters = tuple(Filter(d, (m,)) for d, m in fact["slice"].items() if d in DIMENSION_BY_ID)
        query = Query((fact["metric"],), period, filters=filters)
        unit = report.currency if fact.get("unit") == "money" else fact.get("unit", "")
        kind = "insight" if unit else ""
        report.figure(query, Decimal(fact["value"]), label=fact["label"], slice=fact["slice"], unit=unit, kind=kind)
    report.facts += [str(one["title"]), str(one["why"]), str(one["todo"])]
    report.say(f"{number}. **{one['title']}.** {one['why']} {one['todo']}")


def _draw(told: Sequence[dict[str, Any]], month: Period, desk: Desk, report: Report) -> None:
    """The months of the figure that the first insight about one of the company's own is about."""
    one = next((i for i in told if i["evidence"] and i["metric"] in METRIC_BY_ID), None)
    if one is not None:
        filters = tuple(Filter(d, (m,)) for d, m in one["slice"].items() if d in DIMENSION_BY_ID)
        beside.series(one["metric"], Span(month, label(month)), filters, desk, report)


def _parse(one: benchmarks.Parse, desk: Desk, report: Report, lead: bool) -> str:
    rank = one.rank
    month = Period.of(Grain.month, one.month)
    unit = desk.currency if one.measure.unit.value == "money" else one.measure.unit.value
    query = Query((one.measure.metric or "sales",), month)
    cited = report.cite_other(
        "benchmark", f"Comparación: {one.measure.name}",
        f"{one.measure.name.capitalize()} de {label(month)} entre {one.who}. Mediana {exact(one.quantiles[2], unit)}; "
        f"la mitad del medio va de {exact(one.quantiles[1], unit)} a {exact(one.quantiles[3], unit)}.", "/panel",
    )  # fmt: skip
    _cited(report, query, Decimal(rank.percentile), f"percentil en {one.measure.name}", "percentile", "number", cited)
    _cited(report, query, one.value, one.measure.name, "benchmark", unit, cited)
    report.facts.append(f"{rank.low} {rank.high} {rank.peers} {rank.percentile} {round(rank.percentile / 10)} 10")
    name = one.measure.name
    if not lead:
        return f"{name.capitalize()} ({exact(one.value, unit)}): percentil **{rank.percentile}** ({rank.colour})."
    better = f"mejor que {round(rank.percentile / 10)} de cada 10" if 5 <= rank.percentile < 96 else "en la punta"
    return (
        f"En tu {name} ({exact(one.value, unit)}) estás en el **percentil {rank.percentile}** ({rank.colour}) entre "
        f"{one.who}: {better}. Con {rank.peers} negocios puede ser entre {rank.low} y {rank.high}."
    )


def _felt(blowing: Sequence[macro.Gust], desk: Desk, report: Report) -> str:
    """Whether the strongest wind shows in the company's own sales; silent without two years, honest about noise."""
    strongest = blowing[0].move.indicator
    series = macro.load(strongest.country, strongest.id, desk.connection)
    months = [s for s in desk.have.spans(Grain.month) if s == Period.of(Grain.month, s.start)]
    rows = desk.run(Query(("sales",), desk.have, Grain.month)).rows
    sales = {r.period.start: float(r.value) for r in rows if r.value and r.value > 0}
    known = [m.start for m in months if m.start in sales and series and series.at(m.start) is not None]
    known = [m for m in known if series and series.last_day and m <= series.last_day]
    if series is None or len(known) < 24:
        return ""
    values = [float(series.at(add_months(m, 1)) or series.at(m) or 0) for m in known]
    level = strongest.measure is macro.Measure.level
    report.facts.append(str(len(known)))
    found = macro.sensitivity([sales[m] for m in known], values, level)
    if found is None or not found.distinct:
        return (
            f"En tus ventas no se nota un efecto distinguible del ruido ({plural(len(known), 'mes', 'meses')} mirados)."
        )
    side = "suben" if found.slope > 0 else "bajan"
    return (
        f"En {len(known)} meses tus ventas {side} cuando {strongest.name} sube; es una coincidencia que se repite, los "
        "datos no dicen que sea la causa."
    )


def _prices(desk: Desk) -> _Prices | None:
    series = macro.load(desk.scope.company.country, "cpi", desk.connection)
    if series is None or not series.days:
        return None
    return _Prices(series, macro.price_index(series))


def _deflatable(plan: Plan, desk: Desk, prices: _Prices) -> tuple[Span, Period] | Stop:
    """The asked span with the one to compare it with, or the latest that has an index, saying so."""
    last = Period.of(Grain.month, prices.index.last_month)
    found = span(plan, desk, "month")
    if isinstance(found, Stop):
        return found
    if len(plan.whens) > 1:
        other = span(plan, desk, "month", 1)
        if isinstance(other, Stop):
            return other
        if max(found.period.end, other.period.end) <= last.end:
            later, earlier = sorted((found, other), key=lambda s: s.period, reverse=True)
            return later, earlier.period
    if found.period.end > last.end or found.everything:
        known = Period(desk.have.start, min(desk.have.end, last.end)) if desk.have.start <= last.end else None
        month = latest_full(Grain.month, known) if known else None
        if month is None:
            return Stop(
                "no_data", "macro", f"No puedo descontar la inflación: la tengo {macro.told_date(prices.series)} y tus "
                f"datos parten después. En pesos sí te comparo.", ("¿Cuánto crecieron mis ventas?",),
            )  # fmt: skip
        note = (
            f"La inflación publicada que tengo llega {macro.told_date(prices.series)}: te respondo por {label(month)}."
        )
        found = Span(month, label(month), note)
    return found, found.period.year_before()


def _sector(period: Period, plan: Plan, desk: Desk) -> Decimal | None:
    """The cohort's median real growth, where it is published for that very month and nothing is filtered."""
    if plan.filters or period.grain is not Grain.month:
        return None
    return benchmarks.sector_growth(period.start, desk.scope, desk.connection)


def _known_until(series: macro.Series, now: Span) -> str:
    return "" if now.note else f"Inflación: {series.indicator.source}, publicada {macro.told_date(series)}."


def _rate_ends(series: macro.Series) -> date:
    assert series.last_day is not None
    return series.last_day


def _citation(desk: Desk, report: Report, id: str) -> str:
    series = macro.load(desk.scope.company.country, id, desk.connection)
    assert series is not None
    one = series.indicator
    return report.cite_other("macro", one.name, f"{one.name}, {one.source}, {macro.told_date(series)}.", "/panel")


def _cited(report: Report, query: Query, amount: Decimal, label: str, kind: str, unit: str, citation: str) -> Figure:
    """A figure that rests on something else than the company's own lines."""
    return report.figure(query, amount, label=label, kind=kind, unit=unit, citation=citation)


def _plus(figure: Figure) -> str:
    sign = "+" if figure.value and figure.value > 0 else ""
    return f"{sign}{short(figure.value, figure.unit)}"


def _no_series(desk: Desk) -> Stop:
    return Stop(
        "no_data", "macro",
        "Todavía no tengo los indicadores económicos de tu país para cruzarlos con tus ventas.",
        ("¿Cuánto crecieron mis ventas este año?",),
    )  # fmt: skip


def _no_base(before: Period, desk: Desk) -> Stop:
    return Stop(
        "no_data", "no_data",
        f"No tengo ventas de {label(before)} con que comparar, así que no puedo descontar la inflación.",
        ("¿Cómo han evolucionado mis ventas por mes?",),
    )  # fmt: skip
