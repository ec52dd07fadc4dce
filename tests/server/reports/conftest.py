"""Shops with nine weeks of sales, a mail server, and reports about them."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from uuid import UUID

import pytest

from core import db
from core.tenancy import Scope
from server.reports import blocks, store
from server.reports.spec import Draft
from server.reports.templates import BY_ID
from tests.server.digest.conftest import post, shop, stock

__all__ = ["post", "shop", "stock"]


class Then(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Then":
        return cls(2026, 11, 20, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    """«Mes pasado» is October 2026, of which the shops have sales, on whichever day the tests run."""
    monkeypatch.setattr(blocks, "datetime", Then)


@pytest.fixture
def keep() -> Callable[..., UUID]:
    """Keeps a report of a person: a template's, unless a draft is given."""

    def make(scope: Scope, draft: Draft | None = None) -> UUID:
        with db.tenant(scope) as connection:
            return store.create(draft or BY_ID["sucursales"].draft, scope, connection)

    return make
