"""Shared by the tests of the feature store."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

import features
from core import db
from core.db import Connection
from core.tenancy import Scope
from tests.features.sample import draw, load


@pytest.fixture
def loaded(new_scope: Callable[..., Scope]) -> Iterator[tuple[Scope, Connection]]:
    """A company with 400 lines of November to February, refreshed."""
    scope = new_scope()
    with db.tenant(scope) as connection:
        load(draw(11, 400, date(2025, 11, 20), 100), scope, connection)
        features.refresh(scope, connection)
        yield scope, connection
