"""The business as a whole: against last month and last year on equal days, trends and their breaks, records, and what
a change is made of (prices, volume, mix). Pure."""

import math
import statistics
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from core.periods import Grain, Period, add_months
from features.insights.chance import surprise, t_test
from features.insights.rules.wording import Telling, earlier, month_name, of_month
from features.insights.types import Insight, Signals


def normal_days(days: Iterable[date], signals: Signals) -> float:
    """What those days usually sell together, by weekday and holiday, in the unit of an average day that sells (1.0). A
    weekday or a holiday on which it is closed sells nothing; a holiday counts as its weekday where none is known."""
    year_ago = add_months(signals.first, -12)
    known = [day for day in signals.days if year_ago <= day < signals.first]
    kinds: dict[int, list[float]] = {}
    for day in Period(min(known), signals.first - timedelta(days=1)).spans(Grain.day) if known else ():
        kinds.setdefault(_kind(day.start, signals), []).append(float(signals.days.get(day.start, 0)))
    means = {kind: statistics.fmean(values) for kind, values in kinds.items()}
    selling = [mean for mean in means.values() if mean > 0]
    usual = statistics.fmean(selling) if selling else 1.0
    return sum(means.get(_kind(day, signals), means.get(day.weekday(), usual)) for day in days) / usual


def changes(signals: Signals) -> list[Insight]:
    """The month against the one before and against the same month last year, on equal days."""
    out = []
    for back, words, follow in ((1, "el mes anterior", "¿Por qué cambió?"), (12, "el mismo mes del año pasado", "")):
        before = signals.value("sales", back)
        if before <= 0 or signals.sales <= 0:
            continue
        then = Period.of(Grain.month, add_months(signals.first, -back))
        nominal = float(signals.sales / before) - 1
        equal = _equal_days(signals, then)
        adjusted = (1 + nominal) / equal - 1
        if abs(nominal) < 0.02:
            continue
        up = nominal > 0
        say = Telling(signals)
        calendar = ""
        if abs(adjusted - nominal) >= 0.01:
            calendar = f" A igual cantidad de días equivalentes, {'+' if adjusted > 0 else '−'}{say.rate(adjusted)}."
        out.append(
            Insight(
                rule="change_year" if back == 12 else "change_previous", period=signals.month, metric="sales",
                title=f"Vendiste {say.cash(signals.sales)} en {month_name(signals.first)}, {say.rate(nominal)} "
                f"{'más' if up else 'menos'} que {words}",
                why=f"Son {say.cash(signals.sales - before)} de diferencia.{calendar}",
                todo=_largest_part(signals, back, up, say),
                good=up, materiality=abs(adjusted), surprise=_how_odd(adjusted, back, signals), actionability=0.5,
                evidence=(of_month(signals, "sales", "ventas", signals.sales),
                          earlier(then.start, "sales", "ventas", before), *say.said),
                follow_up=follow or "¿Cuánto de eso es inflación?",
            )
        )  # fmt: skip
    return out


def trend(signals: Signals) -> list[Insight]:
    """Several months in a row in one direction against their own year before, or such a run that just ended."""
    growth = []
    for back in range(8):
        month = add_months(signals.first, -back)
        now, before = signals.value("sales", back), signals.value("sales", back + 12)
        if now <= 0 or before <= 0:
            break
        growth.append((month, float(now / before) - 1))
    if len(growth) < 5:
        return []
    values = [g for _, g in growth]
    run = _run(values)
    broken = _run(values[1:]) if run <= 1 else 0
    length, over = (run, False) if run >= 3 else (broken, True)
    if length < 3:
        return []
    size = abs(values[0] - values[length]) if not over else abs(values[0] - values[1])
    rising = values[0] > values[1]
    say = Telling(signals)
    title = (
        f"Tus ventas llevan {length} meses {'acelerando' if rising else 'perdiendo fuerza'} frente al año pasado"
        if not over
        else f"Se cortó la racha: tras {length} meses {'perdiendo fuerza' if rising else 'acelerando'}, "
        f"{month_name(signals.first)} {'repuntó' if rising else 'aflojó'}"
    )
    return [
        Insight(
            rule="trend_break" if over else "trend", period=signals.month, metric="sales", title=title,
            why=f"El crecimiento en doce meses pasó de {_signed(values[length if not over else 1], say)} "
            f"a {_signed(values[0], say)}.",
            todo=f"Cada punto de crecimiento son {say.cash(signals.sales / 100)} al mes.",
            good=rising, materiality=size, surprise=1 - 0.5 ** (length - 1), actionability=0.4,
            evidence=(of_month(signals, "sales", "ventas", signals.sales), *say.said),
            follow_up="¿Cómo van mis ventas mes a mes frente al año pasado?",
        )
    ]  # fmt: skip


def record(signals: Signals) -> list[Insight]:
    """The best or the worst month of at least a year."""
    past = [v for m, v in signals.metrics.get("sales", {}).items() if m < signals.first and v > 0]
    if len(past) < 12 or signals.sales <= 0:
        return []
    best = signals.sales > max(past)
    if not best and signals.sales >= min(past):
        return []
    mark = max(past) if best else min(past)
    say = Telling(signals)
    return [
        Insight(
            rule="record", period=signals.month, metric="sales",
            title=f"{month_name(signals.first).capitalize()} fue tu {'mejor' if best else 'peor'} mes "
            f"de {len(past) + 1}: {say.money(signals.sales)}",
            why=f"La marca anterior era {say.money(mark)}.",
            todo=_largest_part(signals, 1, best, say), good=best,
            materiality=float(abs(signals.sales - mark) / mark) + 0.02, surprise=0.7, actionability=0.4,
            evidence=(of_month(signals, "sales", "ventas", signals.sales), *say.said),
            follow_up="¿Cuáles han sido mis mejores meses?",
        )
    ]  # fmt: skip


def price_volume_mix(before: "dict[str, tuple[Decimal, Decimal]]", now: "dict[str, tuple[Decimal, Decimal]]"
) -> tuple[Decimal, Decimal, Decimal]:  # fmt: skip
    """A change of sales in prices, volume and mix, from (units, sales) by product; the three add up to it exactly.

    Volume: all units growing alike at the old mean price. Price: the products sold in both, at their new units. Mix
    is the rest: cheaper or dearer products, new and gone ones. (The standard three-way variance analysis.)
    """
    units_before, units_now = (sum((u for u, _ in x.values()), Decimal(0)) for x in (before, now))
    sales_before, sales_now = (sum((s for _, s in x.values()), Decimal(0)) for x in (before, now))
    volume = (units_now - units_before) * sales_before / units_before if units_before else sales_now
    price = Decimal(0)
    for name, (units, sales) in now.items():
        units_then, sales_then = before.get(name, (Decimal(0), Decimal(0)))
        if units_then > 0 and units > 0:
            price += sales - units * sales_then / units_then
    return price, volume, sales_now - sales_before - volume - price


def made_of(signals: Signals) -> list[Insight]:
    """What last month's change is made of, where it is worth telling."""
    before, now = _by_product(signals, 1), _by_product(signals, 0)
    if len(before) < 3 or len(now) < 3:
        return []
    price, volume, mix = price_volume_mix(before, now)
    change = price + volume + mix
    if signals.share(change) < 0.03:
        return []
    say = Telling(signals)
    parts = sorted((("precio", price), ("volumen", volume), ("mezcla", mix)), key=lambda p: -abs(p[1]))
    told = ", ".join(f"{name} {'+' if part >= 0 else '−'}{say.cash(part)}" for name, part in parts)
    return [
        Insight(
            rule="price_volume_mix", period=signals.month, metric="sales",
            title=f"El cambio de {say.cash(change)} frente a {month_name(add_months(signals.first, -1))} es sobre "
            f"todo {_PARTS[parts[0][0]]}",
            why=f"Se reparte así: {told}.",
            todo={"precio": "Mira en qué productos se movió el precio.", "volumen": "Mira en qué días se vendió menos "
                  "o más.", "mezcla": "Mira qué productos ganaron o perdieron espacio."}[parts[0][0]],
            good=change > 0, materiality=signals.share(change) / 2, surprise=0.5, actionability=0.6,
            evidence=(of_month(signals, "sales", "ventas", signals.sales), *say.said),
            follow_up="¿Qué productos explican el cambio?",
        )
    ]  # fmt: skip


_PARTS = {"precio": "precio", "volumen": "cantidad vendida", "mezcla": "qué productos se llevaron"}


def _by_product(signals: Signals, back: int) -> dict[str, tuple[Decimal, Decimal]]:
    month = add_months(signals.first, -back)
    products = [m for m in signals.members if m.dimension == "product"]
    return {m.name: (m.of("units", month), m.of("sales", month)) for m in products if m.of("sales", month)}


def _equal_days(signals: Signals, then: Period) -> float:
    spans = [[d for p in period.spans(Grain.day) for d in (p.start,)] for period in (signals.month, then)]
    now, before = (normal_days(days, signals) for days in spans)
    return now / before if now and before else 1.0


def _how_odd(change: float, back: int, signals: Signals) -> float:
    past = []
    for i in range(1, 13):
        now, before = signals.value("sales", i), signals.value("sales", i + back)
        if now > 0 and before > 0:
            past.append(float(now / before) - 1)
    return surprise(t_test(change, past)) if len(past) >= 6 else 0.3


def _largest_part(signals: Signals, back: int, up: bool, say: Telling) -> str:
    """The branch (or family) that moved most, in money, the way that the whole did; and the one that moved more against
    it, where there is one."""
    then = add_months(signals.first, -back)
    for dimension in ("branch", "category"):
        moves = [(m.of("sales", signals.first) - m.of("sales", then), m.name)
                 for m in signals.members if m.dimension == dimension]  # fmt: skip
        along = [move for move in moves if move[0] and (move[0] > 0) is up]
        if len(moves) < 2 or not along:
            continue
        change, name = max(along, key=lambda move: abs(move[0]))
        sign, other = ("+", "−") if up else ("−", "+")
        told = f"Lo que más {'sumó' if up else 'restó'} fue {name}: {sign}{say.cash(change)}"
        against, contrary = max(moves, key=lambda move: abs(move[0]))
        if contrary != name:
            told += f"; en contra, {contrary}: {other}{say.cash(against)}"
        return f"{told}."
    return f"Un 1 % más de ventas son {say.cash(signals.sales / 100)} al mes."


def _run(values: list[float]) -> int:
    """How many steps back from the first value the movement keeps its direction."""
    length = 0
    while length + 1 < len(values) and math.copysign(1, values[length] - values[length + 1]) == math.copysign(
        1, values[0] - values[1]
    ):
        length += 1
    return length


def _signed(ratio: float, say: Telling) -> str:
    return f"{'+' if ratio >= 0 else '−'}{say.rate(ratio)}"


def _kind(day: date, signals: Signals) -> int:
    return 7 if day in signals.holidays else day.weekday()
