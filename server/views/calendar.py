"""Time crossed with time: March of each year, the 3rd of each month. Pure.

Only where each bigger span is made of whole smaller ones that return in the next: then a row of the table compares like
with like. A day lies in one year alone: by day and year nearly every cell would be empty.
"""

from dataclasses import dataclass, replace

from core.periods import MONTHS, Grain, Period
from server.views.view import View
from server.views.words import GRAINS, is_grain

PLACES = {
    (Grain.month, Grain.year): MONTHS,
    (Grain.quarter, Grain.year): ("1.er trimestre", "2.º trimestre", "3.er trimestre", "4.º trimestre"),
    (Grain.day, Grain.month): tuple(str(n) for n in range(1, 32)),
}
"""What the smaller spans are called in a bigger one, in order."""
INSTEAD = {
    (Grain.day, Grain.week): ("weekday", Grain.week.value),
    (Grain.day, Grain.quarter): (Grain.day.value, Grain.month.value),
    (Grain.day, Grain.year): (Grain.month.value, Grain.year.value),
    (Grain.week, Grain.year): (Grain.month.value, Grain.year.value),
    (Grain.month, Grain.quarter): (Grain.month.value, Grain.year.value),
}
"""What was likely meant by a crossing that says nothing: rows and columns."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """`fine` spans by their place in `coarse` ones; `down` where the places are the rows."""

    fine: Grain
    coarse: Grain
    down: bool

    @property
    def places(self) -> tuple[str, ...]:
        return PLACES[self.fine, self.coarse]

    def place(self, span: Period) -> str:
        """What a fine span, maybe cut, is called."""
        day = span.start
        match self.fine:
            case Grain.month:
                return self.places[day.month - 1]
            case Grain.quarter:
                return self.places[(day.month - 1) // 3]
            case _:
                return self.places[day.day - 1]

    def whole(self, span: Period) -> Period:
        """The coarse span that a fine or a cut one lies in, as it is called: '2026', though the data ends within it."""
        return Period.of(self.coarse, span.start)

    def span(self, place: str, whole: Period) -> Period | None:
        """The fine span of that place; None where there is none, as the 31st of a month of 30 days."""
        return next((s for s in whole.spans(self.fine) if self.place(s) == place), None)


def crossing(view: View) -> Crossing | None:
    """How the view crosses time with time; None where it does not, or cannot."""
    if not (is_grain(view.rows) and is_grain(view.columns)):
        return None
    rows, columns = Grain(view.rows), Grain(view.columns)
    if (rows, columns) in PLACES:
        return Crossing(rows, columns, True)
    return Crossing(columns, rows, False) if (columns, rows) in PLACES else None


def clash(view: View) -> str:
    """Why rows and columns of time don't go together, '' where they do."""
    if view.rows == view.columns or crossing(view) or not (is_grain(view.rows) and is_grain(view.columns)):
        return ""
    fine, coarse = _ordered(view)
    if fine is Grain.week:
        return "Las semanas no calzan justo con los meses ni con los años: una misma semana caería en dos."
    only = "una sola" if coarse is Grain.week else "un solo"
    return f"Cada {GRAINS[fine]} cae en {only} {GRAINS[coarse]}: la tabla quedaría casi toda vacía."


def instead(view: View) -> list[View]:
    """Views that could have been meant by one that clashes, the likeliest first."""
    fine, coarse = _ordered(view)
    other = INSTEAD.get((fine, coarse))
    found = [replace(view, rows=other[0], columns=other[1])] if other else []
    return [*found, replace(view, rows=fine.value, columns="")]


def _ordered(view: View) -> tuple[Grain, Grain]:
    fine, coarse = sorted((Grain(view.rows), Grain(view.columns)), key=list(Grain).index)
    return fine, coarse
