"""The Celery application: tasks of every app, and the static timetable of beat."""

import os
from typing import Any

from celery import Celery
from celery.exceptions import TimeLimitExceeded, WorkerLostError
from celery.schedules import crontab
from celery.signals import (
    beat_init,
    before_task_publish,
    setup_logging,
    task_failure,
    task_postrun,
    task_prerun,
    task_success,
    worker_ready,
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")

app = Celery("mainstay")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# What surrounds the task that runs; a worker process runs one at a time.
_running: list[Any] = []

app.conf.beat_schedule = {
    "worker-heartbeat": {"task": "core.heartbeat", "schedule": 10.0, "options": {"expires": 10}},
    "outbox-sweep": {"task": "core.outbox.sweep", "schedule": 15.0, "options": {"expires": 15}},
    "scan-sweep": {"task": "core.scan_waiting_files", "schedule": 60.0, "options": {"expires": 60}},
    "promise-clock": {"task": "grants.check_promises", "schedule": 60.0, "options": {"expires": 60}},
    "review-reminders": {"task": "reviews.remind_reviewers", "schedule": 600.0, "options": {"expires": 600}},
    "audit-seal": {"task": "core.audit.seal", "schedule": 60.0, "options": {"expires": 60}},
    "retention": {
        "task": "insights.apply_retention",
        "schedule": crontab(hour=0, minute=40),
        "options": {"expires": 23 * 3600},
    },
    "digests": {"task": "accounts.send_digests", "schedule": 300.0, "options": {"expires": 300}},
}


@setup_logging.connect
def keep_django_logging(**_kwargs: Any) -> None:
    """Celery must not replace the structured logs."""


@worker_ready.connect
def show_sign_of_life(**_kwargs: Any) -> None:
    """At once, so that a start is ready before beat has asked for the first time."""
    app.send_task("core.heartbeat", expires=10)


@beat_init.connect
def note_that_beat_asks(**_kwargs: Any) -> None:
    """In the process of beat alone: each time it asks for a sign of life it leaves one of its own."""
    before_task_publish.connect(leave_sign_of_beat, sender="core.heartbeat", weak=False)


def leave_sign_of_beat(**_kwargs: Any) -> None:
    """Read by /readyz. A cache that is away is forgiven, as everywhere."""
    from django.core.cache import cache  # noqa: PLC0415 - Django is set up only later
    from django.utils import timezone  # noqa: PLC0415

    from core.tasks import BEAT_KEY  # noqa: PLC0415

    cache.set(BEAT_KEY, timezone.now().timestamp(), timeout=300)


@task_failure.connect
def keep_what_failed(sender: Any, exception: BaseException, **_kwargs: Any) -> None:
    """For the list of a person; the error's name alone, as its text may hold words of somebody."""
    from core import failed_tasks  # noqa: PLC0415 - Django is set up only later

    died = isinstance(exception, (WorkerLostError, TimeLimitExceeded))
    note = failed_tasks.note_failure_of_worker if died else failed_tasks.note_failure
    note(name=sender.name, error=type(exception).__name__)


@task_success.connect
def forget_what_failed(sender: Any, **_kwargs: Any) -> None:
    """It ran well again."""
    from core import failed_tasks  # noqa: PLC0415

    failed_tasks.note_success(name=sender.name)


@task_prerun.connect
def changes_come_from_a_task(task: Any, task_id: str, **_kwargs: Any) -> None:
    """The audit tells which task made a change; nobody acted."""
    from core.audit import origin  # noqa: PLC0415 - Django is set up only later

    _running.append(origin(page=f"task:{task.name}", request=task_id))
    _running[-1].__enter__()


@task_postrun.connect
def changes_come_from_no_task(**_kwargs: Any) -> None:
    """As before."""
    if _running:
        _running.pop().__exit__(None, None, None)
