"""A branch, product, family or channel that left its track, whatever the season and the rest of the business did."""

from core.periods import add_months
from features.insights.chance import Move, surprise, unusual_months
from features.insights.rules.wording import NEUTRAL_GROUPS, Telling, month_name, of_month, sentence, the
from features.insights.types import Insight, Member, Signals

DIMENSIONS = ("branch", "category", "product", "channel")


def unusual_members(signals: Signals) -> list[Insight]:
    """Every member's sales against what its season, its level and the common movement explain, however likely:
    all that is tried has to be counted where chance is judged."""
    out = []
    for dimension in DIMENSIONS:
        members = [m for m in signals.members if m.dimension == dimension and not m.name.startswith(NEUTRAL_GROUPS)]
        moves = unusual_months(
            [m.series.get("sales", {}) for m in members],
            [m.series.get("transactions", {}) for m in members],
            signals.first,
        )
        for member, move in zip(members, moves, strict=True):
            if move is not None:
                out.append(_told(member, move, signals))
    return out


def _told(member: Member, move: Move, signals: Signals) -> Insight:
    up = move.difference > 0
    say = Telling(signals, **{member.dimension: member.name})
    who = the(member.dimension, member.name)
    title = (
        f"{sentence(who)} vendió {say.cash(move.actual)} en {month_name(signals.first)}: "
        f"{say.cash(move.difference)} {'más' if up else 'menos'} de lo que le tocaba ({say.rate(move.ratio)})"
    )
    return Insight(
        rule="unusual_member",
        period=signals.month,
        metric="sales",
        title=title,
        why=_why(member, move, say, signals),
        todo=_todo(up, move, say),
        good=up,
        materiality=signals.share(move.difference),
        surprise=surprise(move.p),
        actionability=1.0 if member.dimension in ("branch", "product") else 0.85,
        evidence=(
            of_month(signals, "sales", f"ventas de {member.name}", move.actual, **{member.dimension: member.name}),
            *say.said,
        ),
        follow_up=f"¿Cómo han evolucionado las ventas de {member.name}?",
        slice={member.dimension: member.name},
        p_value=move.p,
    )


def _why(member: Member, move: Move, say: Telling, signals: Signals) -> str:
    """Fewer tickets or smaller ones, as far as the lines show it; causes are not claimed."""
    before = add_months(signals.first, -1)
    orders, orders_before = member.of("transactions", signals.first), member.of("transactions", before)
    sales_before = member.of("sales", before)
    if not orders or not orders_before or not sales_before:
        return "Lo comparo con sus tres meses anteriores y con lo que hizo el resto del negocio."
    by_orders = float(orders / orders_before) - 1
    by_ticket = float(move.actual / orders / (sales_before / orders_before)) - 1
    main = "la cantidad de ventas" if abs(by_orders) >= abs(by_ticket) else "el monto de cada venta"
    change = by_orders if abs(by_orders) >= abs(by_ticket) else by_ticket
    return (
        f"Contra {month_name(before)} casi todo está en {main} ({'+' if change > 0 else '−'}{say.rate(change)}); "
        "el resto del negocio y la temporada ya están descontados."
    )


def _todo(up: bool, move: Move, say: Telling) -> str:
    half = say.cash(move.difference / 2)
    if up:
        return f"Si logras sostener la mitad de esa alza, son {half} más al mes: asegura stock y dale vitrina."
    return f"Si recuperas la mitad, son {half} al mes: mira qué cambió ahí (horario, stock, equipo, competencia)."
