"""The link in an alert's mail: proves, for one alert and one person, who answers it without logging in. Opening it
changes nothing (mail scanners open every link they find); the page behind it asks."""

from datetime import timedelta
from uuid import UUID

from core import auth
from core.auth import tickets
from core.errors import AyniError, NotFound
from core.settings import settings
from core.tenancy import Scope

PATH = "/avisos/correo/"
LASTS = timedelta(days=35)
"""A little longer than an alert stays open."""


def link(alert_id: UUID, user_id: UUID, company_id: UUID) -> str:
    """The page's address; `?hacer=` says which of its answers comes first."""
    ticket = tickets.sign(
        "alert", int(LASTS.total_seconds()), a=str(alert_id), u=str(user_id), c=str(company_id)
    )  # fmt: skip
    return f"{settings().url}{PATH}{ticket}"


def opened(ticket: str) -> tuple[UUID, Scope]:
    """Which alert, and whose scope: as the member they still are. NotFound where it is not ours, is over, or they left
    the company."""
    try:
        said = tickets.read("alert", ticket)
        alert_id, user_id, company_id = UUID(said["a"]), UUID(said["u"]), UUID(said["c"])
    except (AyniError, KeyError, TypeError, ValueError, AttributeError):
        raise NotFound("link", "Ese enlace ya no sirve.", "Entra y márcala en Avisos.") from None
    mine = next((m for m in auth.memberships(user_id) if m.company.id == company_id), None)
    if mine is None:
        raise NotFound("link", "Esa cuenta ya no pertenece a la empresa.")
    return alert_id, Scope(mine.company, mine.role, user_id)
