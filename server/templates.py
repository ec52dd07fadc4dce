"""Our pages' HTML: Jinja templates with figures, days and counts written as people here write them."""

from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from core import language, money, periods

HERE = Path(__file__).parent
STATIC = HERE / "static"


def render(name: str, context: dict[str, Any] | None = None, status: int = 200) -> HTMLResponse:
    """The page `name` with `context`."""
    return HTMLResponse(html(name, context or {}), status)


def html(name: str, context: dict[str, Any]) -> str:
    return _environment().get_template(name).render(context)


@cache
def asset(name: str) -> str:
    """A static file's address, which changes with its content, so that browsers may keep it for a year."""
    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "html"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals["asset"] = asset
    environment.filters["money"] = money.money
    environment.filters["number"] = money.number
    environment.filters["quantity"] = _quantity
    environment.filters["day"] = periods.day_label
    environment.filters["span"] = periods.label
    environment.filters["plural"] = lambda count, one, many: language.plural(count, one, many)
    return environment


def _quantity(value: Decimal | None) -> str:
    """'2', '0,75', '—'."""
    if value is None:
        return "—"
    whole = value == value.to_integral_value()
    return money.number(value) if whole else money.number(value, 3).rstrip("0")
