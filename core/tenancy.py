"""Who is asking and for which company. Only the login or the operator's command line makes a `Scope`."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo


class Permission(StrEnum):
    """One thing somebody may do in a company."""

    look = "look"  # ask, panels, explore, one's own summary
    upload = "upload"  # send files, correct their columns, take them back
    download = "download"  # whole data sets, sale by sale
    plan = "plan"  # targets, own metrics and alerts of the company
    report = "report"  # build, share and schedule reports
    manage = "manage"  # the company's data, its people, their keys
    privacy = "privacy"  # rights of the persons in the data; the company's export and its end
    audit = "audit"  # who did what
    operate = "operate"  # jobs, companies and health of the whole service


class Role(StrEnum):
    """What a member is; `operator` is who runs Ayni, on the machine itself."""

    owner = "owner"
    analyst = "analyst"
    operations = "operations"
    marketing = "marketing"
    finance = "finance"
    viewer = "viewer"
    operator = "operator"

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self]


_CAN = Permission
PERMISSIONS = {
    Role.owner: frozenset(_CAN) - {_CAN.operate},
    Role.analyst: frozenset({_CAN.look, _CAN.upload, _CAN.download, _CAN.plan, _CAN.report}),
    Role.operations: frozenset({_CAN.look, _CAN.upload, _CAN.report}),
    Role.marketing: frozenset({_CAN.look, _CAN.report}),
    Role.finance: frozenset({_CAN.look, _CAN.upload, _CAN.download, _CAN.plan, _CAN.report, _CAN.audit}),
    Role.viewer: frozenset({_CAN.look}),
    Role.operator: frozenset(_CAN),
}
"""Roles and what each may do, in one table: routes, pages and menus read nothing else."""


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

    def day_of(self, instant: datetime) -> date:
        """The business day that an instant falls on, by the company's clock."""
        return instant.astimezone(self.tz).date()


@dataclass(frozen=True, slots=True)
class Scope:
    """The proof that `user_id` (None for the operator) may act for `company` as `role`; with an API key, as far as
    `allowed` goes."""

    company: Company
    role: Role
    user_id: UUID | None = None
    allowed: frozenset[Permission] | None = None

    @property
    def company_id(self) -> UUID:
        return self.company.id

    def may(self, permission: Permission) -> bool:
        return self.role.may(permission) and (self.allowed is None or permission in self.allowed)
