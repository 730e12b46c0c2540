"""Notices and scores a second, through the real outbox to a real SMTP server of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

from accounts.services.notices import mail_address
from bench.seed import World
from config.local.place import CHECKOUT
from config.local.processes import free_port, stop
from core import outbox
from core.models import OutboxEntry
from grants.models import Application
from reviews.services.priority import compute_priority

COUNT = 500


def notices_per_second(folder: Path) -> float:
    """Deliver mails to the local sink, one worker, one after another."""
    smtp, page = free_port(0), free_port(0)
    command = [sys.executable, "-m", "config.local.mailsink"]
    environment = os.environ | {"MAINSTAY_VAR": str(folder), "SMTP_PORT": str(smtp), "MAIL_PORT": str(page)}
    sink = subprocess.Popen(command, cwd=CHECKOUT, env=environment)  # noqa: S603 - our own module
    try:
        time.sleep(2)
        settings.MAILERS["default"]["OPTIONS"]["port"] = smtp
        OutboxEntry.objects.all().delete()
        for number in range(COUNT):
            mail_address(
                key=f"bench:{number}",
                address=f"person{number}@bench.example",
                language="en",
                template="notice",
                context={},
                url="https://mainstay.example/inbox/",
            )
        start = time.perf_counter()
        done = outbox.drain(limit=COUNT)
        return done / (time.perf_counter() - start)
    finally:
        stop(sink)


def scores_per_second(world: World) -> float:
    """Compute priorities of applications, one after another."""
    ids = list(Application.objects.filter(call=world.call).values_list("pk", flat=True)[:COUNT])
    start = time.perf_counter()
    for pk in ids:
        compute_priority(application_id=pk)
    return len(ids) / (time.perf_counter() - start)
