"""What a person chose for themselves."""

from datetime import time

from django.conf import settings
from django.db import transaction

from accounts.models import User


def save_language(*, user: User, language: str) -> None:
    """Remember the language of pages and mail."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


def keep_language(*, user: User, language: str) -> None:
    """Write to whoever has chosen no language in the one they read; a choice stays."""
    if user.language or language not in dict(settings.LANGUAGES):
        return
    if User.objects.filter(pk=user.pk, language="").update(language=language):
        user.language = language


@transaction.atomic
def save_preferences(
    *,
    user: User,
    display_name: str,
    language: str,
    time_zone: str,
    mail_detail: str,
    mail_timing: str,
    quiet_from: time | None,
    quiet_until: time | None,
) -> User:
    """Remember name, language, zone and how to be told."""
    chosen = {
        "display_name": display_name.strip(),
        "language": language,
        "time_zone": time_zone,
        "mail_detail": mail_detail,
        "mail_timing": mail_timing,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
    }
    for name, value in chosen.items():
        setattr(user, name, value)
    user.save(update_fields=list(chosen))
    return user
