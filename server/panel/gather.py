"""One board in one month, gathered: few questions to the features, each with several metrics at once."""

from collections.abc import Sequence
from decimal import Decimal

import features
from core.db import Connection
from core.periods import Grain, Period, day_label, label
from core.tenancy import Scope
from features import benchmarks
from features.catalog.books import EXPENSE
from features.catalog.own import PREFIX
from features.query import Coverage, Query, Result
from server.panel import finance, marketing, operations, owner
from server.panel.boards import BOARDS, Board
from server.panel.cards import Beside, by_metric, card
from server.panel.desk import Desk
from server.panel.types import Board as Shown
from server.panel.types import Card

BLOCKS = {
    Board.owner: owner.blocks,
    Board.operations: operations.blocks,
    Board.marketing: marketing.blocks,
    Board.finance: finance.blocks,
}

MOST_OWN = 6


def gather(board: Board, month: Period, known: Coverage, scope: Scope, connection: Connection) -> Shown:
    """All that `board` shows of `month`, which the data reaches."""
    desk = Desk(month, known, scope, connection)
    about = BOARDS[board]
    metrics = (*about.metrics, *(about.books if EXPENSE in known.columns else ()))
    found = desk.course(metrics)
    beside = _beside(desk, metrics)
    places = by_metric(benchmarks.parses(scope, connection, month.start))
    cards = tuple(
        card(
            features.metric(id), month, desk.values(found, id), desk.targets.get(id), places.get(id), scope.company,
            beside.get(id),
        )
        for id in metrics
        if id not in found.missing
    )  # fmt: skip
    return Shown(
        board.value,
        f"{month.start:%Y-%m}",
        label(month),
        cards + (_own(desk) if board is Board.owner else ()),
        needs(found),
        tuple(BLOCKS[board](desk)),
        owner.surroundings(desk) if board is Board.owner else {},
        day_label(desk.days.period.end) if desk.under_way else "",
    )


def _beside(desk: Desk, metrics: Sequence[str]) -> dict[str, Beside]:
    """For a month under way, each metric over the same days of the month and of the year before."""
    if not desk.under_way:
        return {}
    told: list[tuple[dict[str, Decimal | None], str]] = []
    for days in desk.same_days:
        rows = desk.run(Query(tuple(metrics), days)).rows if days else ()
        name = f"los mismos días de {label(Period.of(Grain.month, days.start))}" if days else ""
        told.append(({r.metric: r.value for r in rows}, name))
    (before, this), (past, that) = told
    return {m: Beside((before.get(m), this), (past.get(m), that)) for m in metrics}


def _own(desk: Desk) -> tuple[Card, ...]:
    """The company's own metrics, where it has made any."""
    mine = [m for m in features.metrics(desk.scope, desk.connection) if m.id.startswith(PREFIX)][:MOST_OWN]
    if not mine:
        return ()
    found = desk.course([m.id for m in mine])
    beside = _beside(desk, [m.id for m in mine])
    company = desk.scope.company
    return tuple(
        card(m, desk.month, desk.values(found, m.id), desk.targets.get(m.id), None, company, beside.get(m.id))
        for m in mine
        if m.id not in found.missing
    )


def needs(found: Result) -> tuple[str, ...]:
    """What to send for the cards that are missing, said once for each lack."""
    said: dict[tuple[str, ...], str] = {}
    for id, columns in found.missing.items():
        said.setdefault(columns, features.need(features.metric(id), columns))
    return tuple(said.values())
