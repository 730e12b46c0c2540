"""Canaries: words planted in every sensitive place are afterwards in no table, file, log, mail, cache or table for
spreadsheets.

Listed exceptions: addresses with which people sign in or are invited to; names of organisations, and their matching
keys (docs/security.md).
"""

import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Programme, User
from core import outbox
from grants.choices import Confidentiality, Sender
from grants.models import Application, NamedReader
from grants.services.answers import save_answers
from grants.services.applications import save_details, submit_application
from grants.services.budget import Line, save_budget
from grants.services.messages import send_message
from grants.services.requests import answer_request, ask_applicant
from organizations.choices import MemberRole
from organizations.models import Organization
from tests.factories.grants import CallFactory, draft, member, partner, question_of, small_form
from tests.looking import in_valkey, stored_files, tables_with

pytestmark = pytest.mark.django_db
NAMES = (
    "person", "title", "phone", "mailbox", "document", "filename", "content", "author", "heading", "answer", "secret",
    "budget", "paper", "papername", "message", "reply", "request", "response",
)  # fmt: skip
CANARIES = {name: f"zq{name}canaryqz" for name in NAMES}


def paper() -> bytes:
    """A PDF that says who made it, whose words could be read where it is not sealed."""
    made = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page()
        page.Contents = document.make_stream(f"% {CANARIES['content']}".encode())
        document.docinfo["/Author"] = CANARIES["author"]
        document.save(made, compress_streams=False)
    return made.getvalue()


def plant_in_profile(client: Any, group: Organization) -> None:
    person = {
        "name_en": CANARIES["person"], "positions": ["director"], "title": CANARIES["title"],
        "email": f"{CANARIES['mailbox']}@place.example", "phone": CANARIES["phone"], "once": uuid4(),
    }  # fmt: skip
    assert client.post(reverse("organizations:person_add", args=[group.pk]), person).status_code == 302
    document = {
        "kind": "other", "title": CANARIES["document"],
        "file": SimpleUploadedFile(f"{CANARIES['filename']}.pdf", paper()),
    }  # fmt: skip
    assert client.post(reverse("organizations:documents", args=[group.pk]), document).status_code == 302


def plant_in_application(client: Any, application: Application, owner: User, officer: User) -> None:
    save_details(
        application=application, by=owner, version=1, title=CANARIES["heading"], currency="USD",
        starts_on=date(2027, 1, 1), months=3,
    )  # fmt: skip
    values = {
        question_of(application, "what"): CANARIES["answer"],
        question_of(application, "secret"): CANARIES["secret"],
        question_of(application, "asked-others"): {"yes": "no", "more": ""},
    }
    assert save_answers(application=application, by=owner, values=values).is_clean
    line = Line("staff", CANARIES["budget"], Decimal(2), Decimal(600), Decimal(1000), Decimal(200))
    save_budget(application=application, by=owner, lines=[line], version=1)
    upload = SimpleUploadedFile(f"{CANARIES['papername']}.txt", CANARIES["paper"].encode())
    sent = client.post(reverse("apply:attachments", args=[application.reference]), {"file": upload})
    assert sent.status_code == 302
    submit_application(application=application, by=owner)
    for author, sender, name in ((officer, Sender.STAFF, "message"), (owner, Sender.APPLICANT, "reply")):
        send_message(application=application, by=author, sender=sender, body=CANARIES[name], once=uuid4())
    ask_applicant(application=application, by=officer, text=CANARIES["request"])
    answer_request(application=application, by=owner, text=CANARIES["response"])


def test_what_is_planted_in_sensitive_places_is_found_nowhere_in_plain(
    programme: Programme,
    client_for: Callable[[User], Any],
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    officer, auditor = (request.getfixturevalue(role) for role in ("officer", "auditor"))
    group = partner(programme)
    owner = member(group, MemberRole.OWNER, email="owner@group.example")
    call = CallFactory.create(programme=programme, form_version=small_form(programme))
    application = draft(call, group, owner, confidentiality=Confidentiality.RESTRICTED)
    assert application.is_restricted
    client = client_for(owner)
    plant_in_profile(client, group)

    NamedReader.objects.create(application=application, user=officer, named_by=officer)
    plant_in_application(client, application, owner, officer)
    invited = {"email": "new@group.example", "role": "editor", "language": "en"}
    client.post(reverse("organizations:invite", args=[group.pk]), invited)
    outbox.drain()

    # They are there: whoever may read them does.
    shown = client_for(officer).get(reverse("staff:proposal", args=[application.reference])).text
    shown += client.get(reverse("organizations:people", args=[group.pk])).text
    shown += client.get(reverse("organizations:documents", args=[group.pk])).text
    for name in ("answer", "secret", "budget", "papername", "person", "phone", "document"):
        assert CANARIES[name] in shown

    said = "".join(capfd.readouterr()) + caplog.text
    written: Any = mail.outbox
    letters = "".join(f"{letter.subject}{letter.body}{letter.alternatives}" for letter in written)
    others = client_for(auditor)
    lists = "".join(
        others.get(address).text
        for address in (
            reverse("staff:applications"), f"/staff/applications/{application.reference}/",
            reverse("organizations_staff:detail", args=[group.pk]),
        )
    )  # fmt: skip
    files, kept = stored_files(), in_valkey()
    for name, word in CANARIES.items():
        where = tables_with(word)
        assert where == [], f"{name} lies in {where}"
        assert word.encode() not in files, name
        assert word.encode() not in kept, name
        for place in (said, letters, lists):
            assert word not in place, name
    secrets = set(re.findall(r"/invitations?/([\w-]{20,})/", letters))
    assert secrets
    for secret in secrets:
        assert tables_with(secret) == []
        assert secret not in said
        assert secret.encode() not in kept
