"""What whoever runs Ayni may see of all companies: states, counts and questions without an answer; never their figures.

Everything comes from the database's own `operator_…` functions, which answer a user who is flagged as operator and
nobody else (`ayni operator grant`). It has nothing to do with a role in a company.
"""

import shutil
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from psycopg.rows import class_row

from core import auth, db
from core.errors import Forbidden, NotFound
from core.settings import settings
from server import jobs
from server.api.health import parts

MOST = 200


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who runs Ayni."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class JobRow:
    company_id: UUID
    company: str
    id: UUID
    kind: str
    state: str
    attempts: int
    error: str
    created_at: datetime
    run_after: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class CompanyRow:
    id: UUID
    slug: str
    name: str
    demo: bool
    created_at: datetime
    people: int
    lines: int
    last_upload: datetime | None
    last_state: str
    leaves_at: datetime | None


@dataclass(frozen=True, slots=True)
class SpendRow:
    company: str
    month: date
    model: str
    asked: int
    tokens_in: int
    tokens_out: int

    @property
    def dollars(self) -> Decimal:
        """By the prices set now; exact, for a screen rounds it."""
        million = Decimal(1_000_000)
        given = settings()
        return (
            self.tokens_in * Decimal(str(given.llm_price_in)) + self.tokens_out * Decimal(str(given.llm_price_out))
        ) / million


@dataclass(frozen=True, slots=True)
class QuestionRow:
    company: str
    created_at: datetime
    channel: str
    question: str
    status: str
    planner: str
    model: str
    took_ms: float


@dataclass(frozen=True, slots=True)
class MailRow:
    state: str
    mails: int
    latest: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Health:
    """`parts` are what /readyz looks at; bytes, and seconds that the oldest job due has waited."""

    parts: dict[str, bool]
    database_bytes: int
    waiting: int
    running: int
    oldest_seconds: float
    disk_free: int
    disk_total: int


def operator(user_id: UUID) -> Operator:
    """Forbidden where the account is not flagged as an operator's."""
    with db.identity(user_id) as connection:
        row = connection.execute(
            "SELECT coalesce(nullif(name, ''), email), operator FROM users WHERE id = %s", [user_id]
        ).fetchone()
    if row is None or not row[1]:
        raise Forbidden("operator", "Esto es solo para quien opera Ayni.")
    return Operator(user_id, row[0])


def grant(email: str, may: bool) -> None:
    """Make an account an operator's, or no longer one. For the machine's own command line."""
    with db.owner() as connection:
        changed = connection.execute(
            "UPDATE users SET operator = %s WHERE email = %s", [may, email.strip().lower()]
        ).rowcount
    if not changed:
        raise NotFound("user", f"No hay una cuenta con el correo {email}.")


def all_jobs(who: Operator, most: int = MOST) -> list[JobRow]:
    with db.identity(who.user_id) as connection, connection.cursor(row_factory=class_row(JobRow)) as cursor:
        return cursor.execute("SELECT * FROM operator_jobs(%s)", [most]).fetchall()


def companies(who: Operator) -> list[CompanyRow]:
    with db.identity(who.user_id) as connection, connection.cursor(row_factory=class_row(CompanyRow)) as cursor:
        return cursor.execute("SELECT * FROM operator_companies()").fetchall()


def spend(who: Operator, since: datetime) -> list[SpendRow]:
    with db.identity(who.user_id) as connection, connection.cursor(row_factory=class_row(SpendRow)) as cursor:
        return cursor.execute("SELECT * FROM operator_spend(%s)", [since]).fetchall()


def unanswered(who: Operator, most: int = MOST) -> list[QuestionRow]:
    with db.identity(who.user_id) as connection, connection.cursor(row_factory=class_row(QuestionRow)) as cursor:
        return cursor.execute("SELECT * FROM operator_unanswered(%s)", [most]).fetchall()


def mails(who: Operator, since: datetime) -> list[MailRow]:
    with db.identity(who.user_id) as connection, connection.cursor(row_factory=class_row(MailRow)) as cursor:
        return cursor.execute("SELECT * FROM operator_mails(%s)", [since]).fetchall()


def health(who: Operator) -> Health:
    with db.identity(who.user_id) as connection:
        row = connection.execute("SELECT * FROM operator_health()").fetchone()
    assert row is not None
    disk = shutil.disk_usage(settings().data_dir)
    return Health(parts(), row[0], row[1], row[2], row[3], disk.free, disk.total)


def retry(who: Operator, company_id: UUID, job_id: UUID) -> None:
    """Let a job that was given up be tried again. NotFound where there is no such one."""
    operator(who.user_id)
    scope = auth.company_scope(company_id)
    with db.tenant(scope) as connection:
        row = connection.execute(
            "UPDATE jobs SET state = 'queued', attempts = 0, leased_by = NULL, lease_until = NULL, sent_at = NULL, "
            "run_after = now(), finished_at = NULL WHERE id = %s AND state = 'failed' RETURNING kind",
            [job_id],
        ).fetchone()
        if row is None:
            raise NotFound("job", "Ese trabajo no está entre los fallidos.")
        auth.note(scope, "job_retry", str(row[0]), connection)
    jobs.send(jobs.Job(company_id, job_id))
