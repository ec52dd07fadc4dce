"""What stands around the figures: the target, the peers, the economy, and the gaps in the data. Pure."""

from datetime import date, timedelta

from core.periods import Grain, day_label
from features.catalog.types import Good
from features.insights.rules.wording import Telling, month_name, of_month
from features.insights.types import Evidence, Insight, Signals, Standing


def target(signals: Signals) -> list[Insight]:
    """How the month ended against its target."""
    goal = signals.targets.get("sales")
    if not goal or goal <= 0 or signals.sales <= 0:
        return []
    reached = signals.sales / goal
    missing = goal - signals.sales
    good = reached >= 1
    say = Telling(signals)
    return [
        Insight(
            rule="target", period=signals.month, metric="sales",
            title=f"Llegaste al {say.percent(reached, 0)} de tu meta de {month_name(signals.first)}",
            why=f"{'Te pasaste por' if good else 'Te faltaron'} {say.cash(missing)} de {say.cash(goal)}.",
            todo="Súbela si quieres que te siga exigiendo." if good
            else f"Repartido en el mes siguiente son {say.cash(missing / 30)} más por día.",
            good=good, materiality=signals.share(missing), surprise=0.4, actionability=0.6,
            evidence=(of_month(signals, "sales", "ventas", signals.sales), *say.said),
            follow_up="¿Cómo voy con la meta?",
        )
    ]  # fmt: skip


def standing_moves(signals: Signals) -> list[Insight]:
    """A percentile among peers that moved further than its own uncertainty."""
    out = []
    for one in signals.standings:
        if one.before is None or abs(one.now - one.before) < max(10, round(75 / one.peers**0.5)):
            continue
        up = one.now > one.before
        out.append(
            Insight(
                rule="benchmark_move", period=signals.month, metric="sales",
                title=f"{_moved(one, up)} del percentil {one.before} al {one.now} en {one.measure}",
                why=f"Comparado con {one.who}{'; en esto, menos es mejor' if one.good is Good.down else ''}.",
                todo="Mira qué cambió en estos meses: es algo tuyo, no del rubro.",
                good=None if one.good is Good.neither else up,
                materiality=abs(one.now - one.before) / 2000, surprise=0.6, actionability=0.6,
                evidence=(), follow_up="¿Cómo estoy frente a otros?", slice={"measure": one.measure},
            )
        )  # fmt: skip
    return out


def _moved(one: Standing, up: bool) -> str:
    """Not 'subiste': of a rate that should be low, that says the contrary."""
    if one.good is Good.neither:
        return "Pasaste"
    return "Avanzaste" if up else "Retrocediste"


def macro_exposure(signals: Signals) -> list[Insight]:
    """The strongest wind of the month, where it blows at all."""
    blowing = [w for w in signals.winds if w.for_business is not None and abs(w.score) >= 1.5]
    if not blowing:
        return []
    wind = max(blowing, key=lambda w: abs(w.score))
    return [
        Insight(
            rule="macro", period=signals.month, metric="sales", title=wind.text,
            why="Es la economía, no tu negocio: les toca a todos.",
            todo="Antes de subir o bajar precios, mira si se nota en tus ventas.",
            good=wind.for_business, materiality=0.01, surprise=min(abs(wind.score) / 4, 1), actionability=0.3,
            evidence=(), follow_up="¿Cómo me afecta la economía?",
        )
    ]  # fmt: skip


def data_gaps(signals: Signals) -> list[Insight]:
    """Days without a single sale inside a month in which every such weekday sells, and many rows set aside."""
    days = [p.start for p in signals.month.spans(Grain.day)]
    empty = [d for d in days if d not in signals.days and d not in signals.holidays and _usually_sells(d, signals)]
    if not empty:
        return []
    several = len(empty) > 1
    return [
        Insight(
            rule="data_gap", period=signals.month, metric="sales",
            title=f"No tengo ventas de {len(empty)} {'días' if several else 'día'} en que siempre vendes: "
            + ", ".join(day_label(d) for d in empty[:3]) + ("…" if len(empty) > 3 else ""),
            why="Si el local abrió, falta subir esos días y las cifras del mes están cortas.",
            todo="Si faltan, sube de nuevo la exportación del mes: lo que ya está no se duplica.",
            good=False, materiality=len(empty) / len(days), surprise=0.8, actionability=1.0,
            evidence=(Evidence("sales", "ventas", signals.month, signals.sales),),
            follow_up="¿Hasta cuándo tengo datos?",
        )
    ]  # fmt: skip


def _usually_sells(day: date, signals: Signals) -> bool:
    before = [day - timedelta(weeks=i) for i in range(1, 9)]
    return sum(d in signals.days for d in before) >= 7
