"""Celery tasks of the core: thin, idempotent, with explicit names."""

from celery import shared_task
from django.core.cache import cache
from django.db import close_old_connections
from django.utils import timezone

from core import audit_chain, audit_words, outbox
from core.scanning import sweep_scans

HEARTBEAT_KEY = "worker-heartbeat"
BEAT_KEY = "beat-heartbeat"


@shared_task(name="core.heartbeat")
def heartbeat() -> None:
    """A worker answered. Read by /readyz; that beat asked is noted by beat itself."""
    cache.set(HEARTBEAT_KEY, timezone.now().timestamp(), timeout=300)


@shared_task(name="core.outbox.drain")
def drain_outbox() -> None:
    """Deliver what is due."""
    close_old_connections()
    outbox.drain()


@shared_task(name="core.outbox.sweep")
def sweep_outbox() -> None:
    """List what was lost, then deliver what is due (also when every wake-up was lost)."""
    close_old_connections()
    outbox.sweep()
    outbox.drain()


@shared_task(name="core.audit.seal")
def seal_audit() -> None:
    """Seal what the audit has written since the last time: first the words, then the chain over all."""
    close_old_connections()
    audit_words.keep_words()
    audit_chain.seal_new_entries()


@shared_task(name="core.scan_waiting_files")
def scan_waiting_files() -> None:
    """Scan what the outbox could not have scanned."""
    close_old_connections()
    sweep_scans()
