"""What a report is made of, checked where it comes in. Which metrics and dimensions there are is the catalog's to say
when it is opened: a report that names one that has gone still opens."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.periods import Period
from features.query import Filter
from server.reports import spans
from server.views.view import Chart, Compare, View

MOST_BLOCKS = 20
MOST_METRICS = 4
MOST_FILTERS = 6
MOST_MEMBERS = 200
LONGEST_TITLE = 120
LONGEST_TEXT = 5_000
LONGEST_MEMBER = 300
MOST_ROWS = 1_000
UNTITLED = "Informe sin título"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{0,60}$")]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,12}$")]
Member = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_MEMBER)]
Title = Annotated[str, StringConstraints(max_length=LONGEST_TITLE)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Only(_Part):
    """A filter: only these members of a dimension, or all but them; without members it filters nothing yet."""

    dimension: Name
    members: Annotated[tuple[Member, ...], Field(max_length=MOST_MEMBERS)] = ()
    exclude: bool = False


class Block(_Part):
    """One figure, table, chart or text. `within` parts each of the rows further. `span` None is the report's own;
    `text` is only a text block's."""

    id: Id
    chart: Chart = Chart.bar
    title: Title = ""
    metrics: Annotated[tuple[Name, ...], Field(max_length=MOST_METRICS)] = ()
    rows: Name = ""
    within: Name = ""
    columns: Name = ""
    filters: Annotated[tuple[Only, ...], Field(max_length=MOST_FILTERS)] = ()
    span: spans.Kind | None = None
    compare: Compare = Compare.none
    order: Literal["", "asc", "desc"] = ""
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] | None = None
    text: Annotated[str, StringConstraints(max_length=LONGEST_TEXT)] = ""


class Spec(_Part):
    """`start` and `end` are a 'range' span's days; they stay while another span is tried."""

    span: spans.Kind = spans.Kind.last_month
    start: date | None = None
    end: date | None = None
    blocks: Annotated[tuple[Block, ...], Field(max_length=MOST_BLOCKS)] = ()

    def period(self, today: date, block: Block | None = None) -> Period:
        """The days of the report, or of a block that has its own. BadInput where a range lacks a day."""
        own = block.span if block else None
        return spans.resolve(own or self.span, today, self.start, self.end)

    def view(self, block: Block, today: date) -> View:
        """What a block shows on `today`."""
        return View(
            metrics=block.metrics,
            period=self.period(today, block),
            rows=block.rows,
            columns=block.columns,
            filters=tuple(Filter(f.dimension, f.members, f.exclude) for f in block.filters if f.members),
            compare=block.compare,
            chart=block.chart,
            order=block.order,
            limit=block.limit,
        )


class Draft(_Part):
    """A report as somebody writes it."""

    title: Title = UNTITLED
    spec: Spec = Spec()
