"""A member with a session, as the gate leaves it for what is inside."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import pytest

from chat_ui import gate, site
from core import auth
from core.tenancy import Company, Role, Scope

site.prepare()  # Chainlit reads its folder when it is first imported


@dataclass(frozen=True)
class Member:
    """Somebody who is signed in."""

    email: str
    token: str
    scope: Scope

    @contextmanager
    def signed_in(self) -> Iterator[Scope]:
        kept = gate._token.set(self.token)
        try:
            yield self.scope
        finally:
            gate._token.reset(kept)


PASSWORD = "una clave larga"


@pytest.fixture
def new_member(database: None) -> Callable[..., Member]:
    """Makes a member of a company (a new one, unless given)."""

    def make(company: Company | None = None) -> Member:
        name = uuid4().hex[:12]
        company = company or auth.create_company(f"Negocio {name}")
        user = auth.create_user(f"{name}@example.cl", PASSWORD, "Dueña")
        auth.add_member(company, user.email, Role.owner)
        return Member(user.email, auth.session_token(user, company.slug), auth.scope_for(user.id, company.slug))

    return make


@pytest.fixture
def member(new_member: Callable[..., Member]) -> Member:
    return new_member()
