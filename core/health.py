"""Is the process alive (/healthz), and can it serve (/readyz)? Both in JSON, neither with anything secret.

`/readyz` names every part and fails when one does: it is for the alarm. `/readyz?only=database,migrations,keys` asks
for some: it is for a proxy, which must not turn visitors away because mail waits.
"""

import shutil
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from redis import Redis

from core.audit_chain import last_link
from core.crypto import ring, unwraps
from core.models import AuditEntry, AuditPending, DataKey
from core.tasks import BEAT_KEY, HEARTBEAT_KEY

HEARTBEAT_LIMIT_SECONDS = 60
# Beat has the audit sealed each minute.
AUDIT_LIMIT = timedelta(minutes=10)
# Where files that were written to see whether they can be lie for a moment.
PROBES = "readiness"
# For so long an answer about files and keys stands: each costs more than a look.
_REMEMBERED_SECONDS = 20.0
_remembered: dict[str, tuple[float, bool]] = {}
# Asked of a database that is away, each would wait for it once more.
_ASK_THE_DATABASE = frozenset({"migrations", "keys", "audit"})
_migrations_complete = False
_started = time.monotonic()


@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def _database() -> bool:
    """It can be reached, and written to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'")
        return bool(cursor.fetchone()[0])


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


def _is_recent(key: str) -> bool:
    sign = caches["default"].get(key)
    # A clock that was set back makes signs of the future, which say as little as old ones.
    return sign is not None and abs(timezone.now().timestamp() - float(sign)) < HEARTBEAT_LIMIT_SECONDS


def _worker() -> bool:
    return _is_recent(HEARTBEAT_KEY)


def _beat() -> bool:
    """A group that starts is not kept waiting for the one process that nobody waits for."""
    return _is_recent(BEAT_KEY) or time.monotonic() - _started < HEARTBEAT_LIMIT_SECONDS


def _storage() -> bool:
    """A file can be written and taken away again."""
    name = default_storage.save(f"{PROBES}/{uuid.uuid4().hex}", ContentFile(b"ready"))
    default_storage.delete(name)
    return True


def _keys() -> bool:
    """The ring has every key that wraps something, and each opens what it wrapped."""
    names = {name for name, _key in ring()}
    used = DataKey.objects.order_by("ring_key").distinct("ring_key")
    return all(row.ring_key in names and unwraps(row) for row in used)


def _audit() -> bool:
    """What was written a while ago is sealed, and so is what personal columns said."""
    link = last_link()
    first = AuditEntry.objects.filter(pk__gt=link.last_id if link else 0).order_by("pk").only("at").first()
    waiting = AuditPending.objects.order_by("pk").only("at").first()
    return all(row is None or row.at > timezone.now() - AUDIT_LIMIT for row in (first, waiting))


def _disk() -> bool:
    """Where files lie on a disk of this machine, there is room for more of them."""
    folder = getattr(default_storage, "location", None)
    if not folder:
        return True
    try:
        free = shutil.disk_usage(folder).free
    except FileNotFoundError:  # made with the first file
        return True
    return free >= int(settings.LEAST_FREE_BYTES)


def _remember(name: str, probe: Callable[[], bool]) -> Callable[[], bool]:
    def ask() -> bool:
        known = _remembered.get(name)
        if known is None or not known[1] or time.monotonic() - known[0] > _REMEMBERED_SECONDS:
            known = _remembered[name] = (time.monotonic(), probe())
        return known[1]

    return ask


PARTS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "worker": _worker,
    "beat": _beat,
    "storage": _remember("storage", _storage),
    "disk": _disk,
    "keys": _remember("keys", _keys),
    "audit": _audit,
}


@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """Every part, or those in `only`; 503 when one of them is missing."""
    asked = [name for name in request.GET.get("only", "").split(",") if name in PARTS] or list(PARTS)
    found: dict[str, str] = {}
    for name in asked:
        if name in _ASK_THE_DATABASE and found.get("database", "ok") not in {"ok", "missing"}:
            found[name] = "unknown"
            continue
        try:
            found[name] = "ok" if PARTS[name]() else "missing"
        except Exception as error:  # noqa: BLE001 - a probe that raises is a part that is down
            _remembered.pop(name, None)
            found[name] = f"down: {type(error).__name__}"
    ready = all(value == "ok" for value in found.values())
    return JsonResponse({"status": "ok" if ready else "unavailable", "parts": found}, status=200 if ready else 503)
