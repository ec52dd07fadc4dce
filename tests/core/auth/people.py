"""People with accounts, for the tests of accounts."""

from uuid import uuid4

from core import auth, db
from core.tenancy import Company, Role, Scope

PASSWORD = "una clave larga"


def account(role: Role | None = Role.owner, company: Company | None = None) -> tuple[auth.User, Company]:
    """Somebody new, in a company of their own unless one is given."""
    name = uuid4().hex[:10]
    company = company or auth.create_company(f"Café {name}", country="CL", sector="cafeteria")
    user = auth.create_user(f"{name}@example.test", PASSWORD, "Rosa")
    if role:
        auth.add_member(company, user.email, role)
    return user, company


def signed_in(role: Role = Role.owner, company: Company | None = None) -> Scope:
    user, company = account(role, company)
    return auth.scope_for(user.id, company.slug)


def somewhere() -> str:
    """A network address nobody tried from."""
    return f"ip-{uuid4()}"


def noted(scope: Scope) -> list[tuple[str, str]]:
    with db.tenant(scope) as connection:
        return connection.execute("SELECT action, subject FROM audit_log ORDER BY id").fetchall()
