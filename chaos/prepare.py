"""A programme, its people, a call, and applicants with drafts that are ready to be sent.

python -m chaos.prepare 300        the last line is JSON: {"people": [{"email", "reference"}], "reviewer": id}
"""

import json
import os
import random
import string
import sys
from datetime import timedelta
from decimal import Decimal
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
django.setup()

from django.db import transaction  # noqa: E402 - Django must be set up first
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from core.translated import Translated  # noqa: E402
from grants.choices import CallKind  # noqa: E402
from grants.form_definitions import load_forms  # noqa: E402
from grants.models import Call  # noqa: E402
from grants.services.applications import start_application  # noqa: E402
from grants.services.calls import create_call, publish_call  # noqa: E402
from insights.demo.applications import complete_draft  # noqa: E402
from insights.demo.people import Accounts  # noqa: E402
from insights.demo.programme import make_programme  # noqa: E402
from organizations.services.profiles import create_organization  # noqa: E402

DOMAIN = "chaos.example"


def make(count: int, seed: int) -> dict[str, Any]:
    """Everything that stands before the day begins."""
    chance = random.Random(seed)
    with transaction.atomic():
        programme = make_programme()
        accounts = Accounts(programme)
        staff = accounts.add_staff()
        forms = load_forms(programme=programme)
        call = _call(programme, staff.officer, forms["rapid-response"])
    people = []
    for number in range(count):
        with transaction.atomic():
            people.append(_person(accounts, call, number, _name(chance)))
    return {"people": people, "reviewer": str(staff.reviewer.pk)}


def _call(programme: Any, officer: User, version: Any) -> Call:
    text = Translated(en="A day of trouble", ar="يوم صعب", he="יום קשה")
    call = create_call(
        programme=programme,
        by=officer,
        slug="chaos",
        kind=CallKind.OPEN,
        reference_prefix="CH",
        title=text,
        summary=text,
        description=text,
        who_may_apply=text,
        amount_min=Decimal(1000),
        amount_max=Decimal(25000),
        currencies=["USD"],
        months_max=6,
        opens_at=timezone.now() - timedelta(hours=2),
        closes_at=timezone.now() + timedelta(days=2),
        grace_minutes=0,
        first_answer_hours=48,
        decision_working_days=5,
        payment_working_days=5,
        needs_review=False,
        form_version=version,
    )
    return publish_call(call=call, by=officer)


def _name(chance: random.Random) -> str:
    """Two words that resemble no other name, so that looking for duplicates finds none."""
    return " ".join("".join(chance.choices(string.ascii_lowercase, k=9)).capitalize() for _word in range(2))


def _person(accounts: Accounts, call: Call, number: int, name: str) -> dict[str, str]:
    user = accounts.add(f"person{number}@{DOMAIN}", f"Person {number}", language="en")
    organization = create_organization(programme=call.programme, by=user, name=Translated(en=name))
    application = start_application(call=call, organization=organization, by=user, language="en")
    complete_draft(application, user, variation=number)
    return {"email": user.email, "reference": application.reference}


if __name__ == "__main__":
    print(json.dumps(make(int(sys.argv[1]), int(sys.argv[2]))))
