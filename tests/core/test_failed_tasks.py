"""Tasks of the clock that failed: listed without content, started again by hand, gone when they have run well."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from celery import shared_task
from celery.schedules import crontab
from django.test import Client
from django.utils import timezone
from kombu import Connection

from accounts.models import User
from config.celery import app
from core import failed_tasks
from core.models import FailedTask

pytestmark = pytest.mark.django_db
PAGE = "/staff/outbox/"
_answers: list[Exception | None] = []


@shared_task(name="test.fails_at_first")
def fails_at_first() -> None:
    if (answer := _answers.pop(0)) is not None:
        raise answer


@pytest.fixture
def failed() -> FailedTask:
    return FailedTask.objects.create(name="core.audit.seal", error="OperationalError", failed_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_a_failure_is_kept_by_its_name_and_goes_when_the_task_has_run_well() -> None:
    _answers[:] = [ValueError("Salma Haddad"), KeyError("Salma Haddad"), None]
    fails_at_first.apply()
    fails_at_first.apply()
    row = FailedTask.objects.get()
    assert (row.name, row.error, row.times) == ("test.fails_at_first", "KeyError", 2)
    fails_at_first.apply()
    assert not FailedTask.objects.exists()


DAY = 24 * 3600


def test_every_task_is_acknowledged_late_and_bounded() -> None:
    app.loader.import_default_modules()
    apps = {"core", "grants", "reviews", "accounts", "insights", "organizations"}
    ours = {name for name in app.tasks if name.partition(".")[0] in apps}
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= ours
    for name in ours:
        task = app.tasks[name]
        assert (name, task.acks_late, task.reject_on_worker_lost, task.ignore_result) == (name, True, True, True)
        assert (task.time_limit or app.conf.task_time_limit) <= 300
    # Whatever beat asks for is asked again: what waits unanswered for longer is worth nothing.
    for entry in app.conf.beat_schedule.values():
        nightly = isinstance(entry["schedule"], crontab)
        assert entry["options"]["expires"] <= (DAY if nightly else entry["schedule"])


def test_the_page_lists_it_and_starts_it_once(
    failed: FailedTask, officer: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(officer)
    page = client.get(PAGE)
    assert "Sealing the audit" in page.text
    assert "OperationalError" in page.text
    with_broker = client.post(f"{PAGE}tasks/{failed.pk}/again/", follow=True)
    assert "It has been started again." in with_broker.text
    failed.refresh_from_db()
    asked = failed.asked_at
    again = client.post(f"{PAGE}tasks/{failed.pk}/again/", follow=True)
    assert "a colleague has just started it again" in again.text
    failed.refresh_from_db()
    assert failed.asked_at == asked


def test_what_is_gone_or_unknown_is_not_started(failed: FailedTask) -> None:
    assert failed_tasks.run_again(task_id=uuid4()) is False
    FailedTask.objects.filter(pk=failed.pk).update(name="os.system")
    assert failed_tasks.run_again(task_id=failed.pk) is False


def test_without_a_broker_nothing_is_marked(
    failed: FailedTask, officer: User, client_for: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.amqp, "_producer_pool", Connection("redis+socket:///nowhere/valkey.sock").Pool(1))
    client = client_for(officer)
    answer = client.post(f"{PAGE}tasks/{failed.pk}/again/", follow=True)
    assert "cannot be reached just now" in answer.text
    failed.refresh_from_db()
    assert failed.asked_at is None


@pytest.mark.parametrize("role", ["director", "reviewer", "finance", "auditor", "applicant"])
def test_others_start_nothing(
    role: str, failed: FailedTask, request: pytest.FixtureRequest, client_for: Callable[[User], Client]
) -> None:
    assert client_for(request.getfixturevalue(role)).post(f"{PAGE}tasks/{failed.pk}/again/").status_code == 403
