"""What the database holds after the day, to be compared with what clients were told.

python -m chaos.count              the last line is JSON
"""

import json
import os
from collections import Counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
django.setup()

from accounts.emails import message_id  # noqa: E402 - Django must be set up first
from accounts.models import User  # noqa: E402
from core.audit_chain import seal_new_entries, verify  # noqa: E402
from core.crypto import CannotOpen  # noqa: E402
from core.files import pieces_of  # noqa: E402
from core.models import FailedTask, OutboxEntry  # noqa: E402
from grants.models import Application, ApplicationEvent, Attachment, Message  # noqa: E402
from grants.services.answers import read_answers  # noqa: E402
from reviews.models import Decision, Review  # noqa: E402


def count() -> dict[str, Any]:
    """Everything at once."""
    seal_new_entries()
    verdict = verify()
    return {
        "applications": {
            row.reference: {"id": str(row.pk), "status": row.status, "submitted": row.submitted_at is not None}
            for row in Application.objects.filter(reference__startswith="CH-")
        },
        "events": _events(),
        "messages": [
            {"id": str(row.pk), "reference": row.application.reference, "sender": row.sender, "body": str(row.body)}
            for row in Message.objects.select_related("application")
        ],
        "answers": _answers(),
        "reviews": [
            [row.application.reference, row.reviewer.email, row.status]
            for row in Review.objects.select_related("application", "reviewer")
        ],
        "decisions": [
            [row.application.reference, row.kind, row.status, str(row.pk)]
            for row in Decision.objects.select_related("application")
        ],
        "files": _files(),
        "outbox": [_entry(row) for row in OutboxEntry.objects.exclude(topic="x")],
        "users": {str(pk): email for pk, email in User.objects.values_list("pk", "email")},
        "failed_tasks": list(FailedTask.objects.values_list("name", "error")),
        "audit": {"entries": verdict.entries, "links": verdict.seals, "broken": str(verdict.broken or "")},
    }


def _entry(row: OutboxEntry) -> dict[str, Any]:
    return {
        "topic": row.topic,
        "key": row.key,
        "status": row.status,
        "user": row.payload.get("user", ""),
        "message_id": message_id(row.key) if row.topic == "mail" else "",
        "error": row.last_error,
    }


def _events() -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for reference, kind in ApplicationEvent.objects.values_list("application__reference", "kind"):
        found.setdefault(reference, Counter())[kind] += 1
    return {reference: dict(kinds) for reference, kinds in found.items()}


def _answers() -> dict[str, list[str]]:
    """The texts of each application."""
    found: dict[str, list[str]] = {}
    for row in Application.objects.filter(reference__startswith="CH-"):
        for value in read_answers(row).values():
            found.setdefault(row.reference, []).append(json.dumps(value, ensure_ascii=False, default=str))
    return found


def _files() -> list[dict[str, Any]]:
    """Each paper, and whether it opens to its last byte."""
    found = []
    for row in Attachment.objects.select_related("application"):
        try:
            content = b"".join(pieces_of(row))
            whole = len(content) == row.size
        except (CannotOpen, FileNotFoundError):
            content, whole = b"", False
        words = content[:60].decode(errors="replace")
        found.append({"reference": row.application.reference, "whole": whole, "words": words})
    return found


if __name__ == "__main__":
    print(json.dumps(count()))
