"""With whom a report is shared besides everybody: chosen members and roles, to look at it or to edit it too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from core.auth.members import ROLES
from core.db import Connection
from core.errors import BadInput, NotFound
from core.tenancy import Permission, Role, Scope

Level = Literal["look", "edit"]
LEVELS: dict[Level, str] = {"look": "Puede verlo", "edit": "Puede editarlo"}


@dataclass(frozen=True, slots=True)
class Share:
    """One member, or everybody of a role. Whoever's role builds no reports looks only, whatever `may_edit` says."""

    user_id: UUID | None
    role: Role | None
    may_edit: bool

    @property
    def who(self) -> str:
        return str(self.user_id or self.role)

    def holds_for(self, scope: Scope) -> bool:
        if self.user_id is not None:
            return self.user_id == scope.user_id
        return scope.user_id is not None and self.role is scope.role


def read(sent: Iterable[str]) -> tuple[Share, ...]:
    """What a form says: 'edit:analyst', 'look:9f3c…' of a member, '' for nobody. The last word about each counts.
    BadInput for anything else. Pure."""
    found: dict[str, Share] = {}
    for said in sent:
        if not said:
            continue
        level, _, who = said.partition(":")
        if level not in LEVELS:
            raise BadInput("acceso", "No entendí con quién compartirlo.", "Elige de la lista.")
        if who in {r.value for r in ROLES}:
            found[who] = Share(None, Role(who), level == "edit")
        else:
            found[who] = Share(_id(who), None, level == "edit")
    return tuple(found.values())


def keep(report_id: UUID, shares: Sequence[Share], scope: Scope, connection: Connection) -> None:
    """Exactly these from now on. NotFound for somebody who is no member."""
    members = {row[0] for row in connection.execute(
        "SELECT user_id FROM memberships WHERE company_id = %s", [scope.company_id]
    )}  # fmt: skip
    if any(s.user_id is not None and s.user_id not in members for s in shares):
        raise NotFound("member", "Esa persona no es parte de la empresa.", "Invítala primero en Personas.")
    connection.execute(
        "DELETE FROM report_shares WHERE company_id = %s AND report_id = %s", [scope.company_id, report_id]
    )
    for share in shares:
        connection.execute(
            "INSERT INTO report_shares (company_id, report_id, user_id, role, may_edit) VALUES (%s, %s, %s, %s, %s)",
            [scope.company_id, report_id, share.user_id, share.role, share.may_edit],
        )


def of_company(scope: Scope, connection: Connection) -> dict[UUID, tuple[Share, ...]]:
    """The shares of each report that has some."""
    rows = connection.execute(
        "SELECT report_id, user_id, role, may_edit FROM report_shares WHERE company_id = %s ORDER BY report_id, who",
        [scope.company_id],
    )
    found: dict[UUID, tuple[Share, ...]] = {}
    for report_id, user_id, role, may_edit in rows:
        found[report_id] = (*found.get(report_id, ()), Share(user_id, Role(role) if role else None, may_edit))
    return found


def may_build(role: Role) -> bool:
    """Whether the role can be given a report to edit."""
    return role.may(Permission.report)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput("acceso", "No entendí con quién compartirlo.", "Elige de la lista.") from None
