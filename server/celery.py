"""What the queue does, and when: each task in a line or two over the code that does it.

`celery -A server.celery worker` and `celery -A server.celery beat` are the worker and the schedule.
"""

import logging
import warnings
from datetime import UTC, datetime
from uuid import UUID

from celery.schedules import crontab
from celery.signals import worker_init, worker_process_init

from core import db
from server import comparing, economy, jobs, leaving, outbox, replies, vectors
from server.alerts import delivering
from server.broker import app, post
from server.channels import email
from server.channels.whatsapp import deliver, inbox, notices
from server.channels.whatsapp.account import account as whatsapp_account
from server.digest import sending
from server.reports import sending as reports

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 5
# The embedded Postgres runs as root too, in a container or on a machine of one's own: no page of warnings for it.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

app.conf.beat_schedule = {
    "sweep": {"task": "sweep", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    # By UTC: night and early morning in South America, the economy's figures after the offices published them.
    "nightly": {"task": "nightly", "schedule": crontab(hour="5", minute="0")},
    "compare": {"task": "compare", "schedule": crontab(hour="7", minute="0")},
    # Mondays at 08:00 somewhere: often enough that no one waits long, and each mail's row sees that it leaves once.
    "digests": {"task": "digests", "schedule": crontab(minute="*/5"), "options": {"expires": 300}},
    "reports": {"task": "reports", "schedule": crontab(minute="*/5"), "options": {"expires": 300}},
    "alerts": {"task": "alerts", "schedule": crontab(minute="*/5"), "options": {"expires": 300}},
    "whatsapp": {"task": "whatsapp_sweep", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    "whatsapp_forget": {"task": "whatsapp_forget", "schedule": crontab(hour="6", minute="0")},
    "vectors": {"task": "vectors", "schedule": 300, "options": {"expires": 300}},
    "economy": {"task": "economy", "schedule": crontab(hour="13", minute="30")},
}


@app.task(name="job")  # type: ignore[untyped-decorator]
def run_job(company_id: str, job_id: str) -> None:
    """Run one job, unless somebody has it or it is done."""
    jobs.run(UUID(company_id), UUID(job_id))


@app.task(name="sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Send again what is due and nobody works on."""
    jobs.sweep()


@app.task(name="nightly")  # type: ignore[untyped-decorator]
def nightly() -> None:
    """Companies whose last day came are erased; then one job for each of the others, for all the workers there are."""
    leaving.erase_due(datetime.now(UTC))
    jobs.spread("nightly", comparing.asked_about())


@app.task(name="compare")  # type: ignore[untyped-decorator]
def compare() -> None:
    """The month's comparison, once it is due; a day on which it failed is made up for on the next."""
    months = comparing.due(datetime.now(UTC).date())
    if months:
        comparing.snapshot(months)


@app.task(name="vectors")  # type: ignore[untyped-decorator]
def renew_vectors() -> None:
    """What a new AYNI_EMBEDDINGS asks for, company by company."""
    vectors.renew()


@app.task(name="economy")  # type: ignore[untyped-decorator]
def update_economy() -> None:
    """The day's macro figures; a series that failed is logged, and asked for again tomorrow."""
    economy.update(datetime.now(UTC).date())


@app.task(name="digests")  # type: ignore[untyped-decorator]
def digests() -> None:
    """One job for each company where a summary should be on its way."""
    due = sending.companies_due(datetime.now(UTC))
    if due and not email.able():
        logger.warning("Summaries are due for %d companies, and AYNI_SMTP_URL is not set", len(due))
    elif due:
        jobs.spread("digest", due)
    jobs.spread("reply", outbox.companies_waiting(replies.PREFIX))


@app.task(name="reports")  # type: ignore[untyped-decorator]
def send_reports() -> None:
    """One job for each company where a report should be on its way."""
    due = reports.companies_due(datetime.now(UTC))
    if due and not email.able():
        logger.warning("Reports are due for %d companies, and AYNI_SMTP_URL is not set", len(due))
    elif due:
        jobs.spread("report", due)


@app.task(name="alerts")  # type: ignore[untyped-decorator]
def alert_messages() -> None:
    """One job for each company where a quiet night, a snooze or an escalation has come to its end."""
    jobs.spread("alert_messages", delivering.companies_due(datetime.now(UTC)))


@app.task(name="whatsapp")  # type: ignore[untyped-decorator]
def work_whatsapp(sender: str) -> None:
    """Answer what waits for one phone, unless somebody does."""
    deliver.work(sender)


@app.task(name="whatsapp_sweep")  # type: ignore[untyped-decorator]
def sweep_whatsapp() -> None:
    """Phones nobody works for, and companies whose own messages wait for another try."""
    if whatsapp_account() is None:
        return
    for sender in inbox.due():
        post("whatsapp", sender)
    jobs.spread("whatsapp", notices.companies_due())


@app.task(name="whatsapp_forget")  # type: ignore[untyped-decorator]
def forget_whatsapp() -> None:
    """Messages long settled."""
    inbox.forget_old()


@worker_init.connect  # type: ignore[untyped-decorator]
def _before_fork(**_: object) -> None:
    whatsapp_account()  # half set, it refuses to start
    # The parent joins the database, so that its children needn't each, but forks without an open connection.
    with db.identity():
        pass
    db.close()


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _after_fork(**_: object) -> None:
    db.close()
