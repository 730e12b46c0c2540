"""Is the process alive (/healthz), and can it serve (/readyz)? Both in JSON, neither with anything secret."""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from redis import Redis

from core.tasks import HEARTBEAT_KEY

HEARTBEAT_LIMIT_SECONDS = 60
_migrations_complete = False


@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _migrations() -> bool:
    # Once complete, complete for the life of this process: its code does not change.
    global _migrations_complete  # noqa: PLW0603 - a latch of the process
    if not _migrations_complete:
        executor = MigrationExecutor(connection)
        _migrations_complete = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrations_complete


def _broker() -> bool:
    url = settings.CELERY_BROKER_URL
    if url.startswith("redis+socket://"):
        url = "unix://" + url.removeprefix("redis+socket://").partition("?")[0]
    client = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)
    try:
        return bool(client.ping())
    finally:
        client.close()


def _worker() -> bool:
    beat = caches["default"].get(HEARTBEAT_KEY)
    return beat is not None and timezone.now().timestamp() - float(beat) < HEARTBEAT_LIMIT_SECONDS


@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations, broker and worker heartbeat; 503 when one is missing."""
    probes: dict[str, Callable[[], bool]] = {
        "database": _database,
        "migrations": _migrations,
        "broker": _broker,
        "worker": _worker,
    }
    found = {}
    for name, probe in probes.items():
        try:
            found[name] = "ok" if probe() else "missing"
        except Exception as error:  # noqa: BLE001 - a probe that raises is a part that is down
            found[name] = f"down: {type(error).__name__}"
    ready = all(value == "ok" for value in found.values())
    return JsonResponse({"status": "ok" if ready else "unavailable", "parts": found}, status=200 if ready else 503)
