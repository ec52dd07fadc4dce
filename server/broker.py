"""The messenger: Celery carries (company, job) to a worker and knows nothing else. No results are kept.

Who sends names a task and needs none of its code (`server.celery` has that). The import takes a while: who seldom sends
imports it then.
"""

from typing import Any

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

from core import folders
from core.settings import settings

TRANSPORT_ALIASES["ayni-files"] = "server.files_queue:Transport"


def broker() -> dict[str, Any]:
    """Celery's broker settings: the operator's (Redis), or a folder under `data_dir`."""
    if settings().broker_url:
        redis = {"unacked_restore_limit": 100, "visibility_timeout": 3600, "unacked_restore_throttle": 1}
        is_redis = settings().broker_url.startswith(("redis", "valkey"))
        return {"broker_url": settings().broker_url, "broker_transport_options": redis if is_redis else {}}
    folder = folders.folder("queue")
    for name in ("messages", "control", "taken"):
        folders.folder("queue", name)
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "processed_folder": str(folder / "taken"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.2,
    }
    return {"broker_url": "ayni-files://localhost", "broker_transport_options": options}


app = Celery("ayni")
app.conf.update(
    **broker(),
    task_ignore_result=True,
    task_default_queue="ayni",
    task_acks_late=False,  # the row is the truth: a message lost with its worker is sent again by the sweeper
    task_soft_time_limit=25 * 60,
    task_time_limit=30 * 60,
    worker_concurrency=2,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_hijack_root_logger=False,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    timezone="UTC",
)


def post(task: str, *words: str) -> None:
    """Put it in the queue, once: raises where the broker is away."""
    app.send_task(task, words, retry=False)
