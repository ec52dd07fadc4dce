"""Shops with nine weeks of sales, a mail server, and reports about them."""

from collections.abc import Callable
from uuid import UUID

import pytest

from core import db
from core.tenancy import Scope
from server.reports import store
from server.reports.spec import Draft
from server.reports.templates import BY_ID
from tests.server.digest.conftest import post, shop, stock

__all__ = ["post", "shop", "stock"]


@pytest.fixture
def keep() -> Callable[..., UUID]:
    """Keeps a report of a person: a template's, unless a draft is given."""

    def make(scope: Scope, draft: Draft | None = None) -> UUID:
        with db.tenant(scope) as connection:
            return store.create(draft or BY_ID["sucursales"].draft, scope, connection)

    return make
