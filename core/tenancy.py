"""Who is asking and for which company. Only the login or the operator's command line makes a `Scope`."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo


class Role(StrEnum):
    """What a member may do; `operator` is who runs Ayni, on the machine itself."""

    owner = "owner"
    analyst = "analyst"
    viewer = "viewer"
    operator = "operator"

    @property
    def may_upload(self) -> bool:
        return self is not Role.viewer

    @property
    def may_manage(self) -> bool:
        return self in (Role.owner, Role.operator)


@dataclass(frozen=True, slots=True)
class Company:
    """A tenant's profile: what formatting, business days and cohorts need."""

    id: UUID
    slug: str
    name: str
    sector: str
    country: str
    currency: str
    timezone: str
    locale: str

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Scope:
    """The proof that `user_id` (None for the operator) may act for `company` as `role`."""

    company: Company
    role: Role
    user_id: UUID | None = None

    @property
    def company_id(self) -> UUID:
        return self.company.id
