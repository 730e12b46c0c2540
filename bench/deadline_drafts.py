"""People with complete drafts in a call that is about to close, and what became of them.

python -m bench.deadline_drafts 200        the last line is a JSON list of {"email", "reference", "session", "csrf"}
python -m bench.deadline_drafts --count    the last line is what the database holds of them now
"""

import argparse
import json
import os
import random
import string
from datetime import timedelta
from decimal import Decimal
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402 - Django must be set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Count, Q  # noqa: E402
from django.middleware.csrf import CSRF_SECRET_LENGTH  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402

from accounts.choices import RoleName  # noqa: E402
from accounts.models import Programme, User  # noqa: E402
from accounts.services.roles import users_with  # noqa: E402
from core.models import OutboxEntry  # noqa: E402
from core.translated import Translated  # noqa: E402
from grants.choices import CallKind, Status  # noqa: E402
from grants.form_definitions import load_forms  # noqa: E402
from grants.models import Application, Call  # noqa: E402
from grants.services.applications import start_application  # noqa: E402
from grants.services.calls import create_call, publish_call, update_call  # noqa: E402
from insights.demo.applications import complete_draft  # noqa: E402
from organizations.services.profiles import create_organization  # noqa: E402

DOMAIN = "deadline.example"
PREFIX = "DL"
SECONDS_LEFT = 75
BACKEND = "accounts.backends.AccountBackend"


def make(count: int, seed: int = 7) -> list[dict[str, str]]:
    """So many people; the call closes SECONDS_LEFT after the last draft is complete, without grace."""
    chance = random.Random(seed)
    programme = Programme.objects.order_by("created_at")[0]
    officer = users_with(programme, RoleName.OFFICER)[0]
    call = _call(programme, officer)
    people = []
    for number in range(count):
        with transaction.atomic():
            people.append(_person(call, number, _name(chance)))
    update_call(call=call, by=officer, closes_at=timezone.now() + timedelta(seconds=SECONDS_LEFT))
    return people


def _call(programme: Programme, officer: User) -> Call:
    text = Translated(en="Last minute", ar="الدقيقة الأخيرة", he="הרגע האחרון")
    call = create_call(
        programme=programme,
        by=officer,
        slug="last-minute",
        kind=CallKind.OPEN,
        reference_prefix=PREFIX,
        title=text,
        summary=text,
        description=text,
        who_may_apply=text,
        amount_min=Decimal(1000),
        amount_max=Decimal(25000),
        currencies=["USD"],
        months_max=6,
        opens_at=timezone.now(),
        closes_at=timezone.now() + timedelta(hours=1),
        grace_minutes=0,
        first_answer_hours=48,
        decision_working_days=5,
        payment_working_days=5,
        needs_review=False,
        form_version=load_forms(programme=programme)["rapid-response"],
    )
    return publish_call(call=call, by=officer)


def _name(chance: random.Random) -> str:
    """Two words that resemble no other name, so that looking for duplicates finds none."""
    return " ".join("".join(chance.choices(string.ascii_lowercase, k=9)).capitalize() for _word in range(2))


def _person(call: Call, number: int, name: str) -> dict[str, str]:
    user = User(email=f"person{number}@{DOMAIN}", display_name=f"Person {number}", language="en")
    user.set_unusable_password()
    user.save(force_insert=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    organization = create_organization(programme=call.programme, by=user, name=Translated(en=name))
    application = start_application(call=call, organization=organization, by=user, language="en")
    complete_draft(application, user, variation=number)
    return {
        "email": user.email,
        "reference": application.reference,
        "session": _session(user),
        "csrf": get_random_string(CSRF_SECRET_LENGTH),
    }


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def count() -> dict[str, Any]:
    """References that were submitted; mail of these people that waits, is being sent, or is in doubt."""
    people = {
        str(pk): email for pk, email in User.objects.filter(email__endswith=f"@{DOMAIN}").values_list("pk", "email")
    }
    submitted = Application.objects.filter(reference__startswith=f"{PREFIX}-").exclude(status=Status.DRAFT)
    mine = OutboxEntry.objects.filter(topic="mail", payload__user__in=list(people))
    states = mine.aggregate(
        pending=Count("pk", filter=Q(status="pending")), sending=Count("pk", filter=Q(status="sending"))
    )
    # Mail to the staff can be in doubt as well: it counts towards the workers that were killed.
    doubtful = OutboxEntry.objects.filter(topic="mail", status__in=["doubtful", "failed"])
    return {
        "submitted": list(submitted.values_list("reference", flat=True)),
        **states,
        "doubtful": [
            [key, people.get(payload.get("user", ""), "staff")]
            for key, payload in doubtful.values_list("key", "payload")
        ],
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", type=int, nargs="?", default=200)
    parser.add_argument("--count", action="store_true", help="say what became of them")
    options = parser.parse_args()
    print(json.dumps(count() if options.count else make(options.people)))


if __name__ == "__main__":
    main()
