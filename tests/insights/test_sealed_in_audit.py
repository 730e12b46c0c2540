"""What lies sealed stays sealed in the audit: bytes that its owner's key opens, and a word on every page."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.audit import watched
from core.crypto import CannotOpen, destroy_key, open_sealed
from core.models import AuditEntry
from core.sealed import SealedField
from core.translated import Translated
from grants.models import Application
from grants.services.confidentiality import restrict_application
from insights.changes import lines
from organizations.models import Person
from organizations.services.people import add_person, change_person, person_values
from organizations.versions import version_of
from tests.factories.grants import CallFactory, member, partner, small_form, submitted

pytestmark = pytest.mark.django_db
type Signed = Callable[[User], Client]
BYTES = re.compile(r"\\x[0-9a-f]*")
NAME, PHONE = "Quillwort Whistlecraft", "+972 2 555 0137"
VALUES = {"name": Translated(en=NAME), "positions": ["contact"], "title": "", "email": "", "phone": PHONE}


@pytest.fixture
def sent(programme) -> Application:
    group = partner(programme)
    call = CallFactory.create(programme=programme, slug="rapid", form_version=small_form(programme))
    return submitted(call, group, member(group))


@pytest.fixture
def person(sent: Application) -> Person:
    """Made and changed, so that the audit holds what was and what is."""
    owner = sent.organization.memberships.get().user
    made = add_person(organization=sent.organization, by=owner, values=VALUES)
    changed = VALUES | {"title": "Treasurer Marigold", "phone": PHONE.replace("37", "42")}
    return change_person(person=made, by=owner, values=changed, version=version_of(person_values(made)))


def entries(person: Person) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(label="organizations.Person", row_key=str(person.pk)).order_by("pk"))


def opened(person: Person, column: str, kept: str) -> str:
    """What the organisation's key makes of bytes in the audit."""
    context = f"organizations_person.{column}:{person.pk}"
    return open_sealed(bytes.fromhex(kept.removeprefix("\\x")), subject=person.organization_id, context=context)


def test_the_audit_keeps_the_sealed_bytes_that_the_organisations_key_opens_until_it_is_destroyed(
    person: Person,
) -> None:
    made, changed = entries(person)
    assert made.after is not None
    assert changed.before is not None
    assert changed.after is not None
    assert opened(person, "phone", made.after["phone"]) == opened(person, "phone", changed.before["phone"]) == PHONE
    assert opened(person, "title", changed.after["title"]) == "Treasurer Marigold"
    assert changed.before["title"] == "\\x"
    destroy_key(person.organization_id)
    with pytest.raises(CannotOpen):
        opened(person, "phone", made.after["phone"])


def test_nothing_but_bytes_is_ever_kept_of_a_sealed_column(person: Person, sent: Application, officer: User) -> None:
    restrict_application(application=sent, by=officer)
    sealed = {
        row.label: {field.column for field in row.model._meta.concrete_fields if isinstance(field, SealedField)}
        for row in watched()
    }
    kept = [
        value
        for entry in AuditEntry.objects.filter(label__in=[label for label, columns in sealed.items() if columns])
        for values in (entry.before or {}, entry.after or {})
        for column, value in values.items()
        if column in sealed[entry.label] and value is not None
    ]
    assert len(kept) > 10
    assert [value for value in kept if not BYTES.fullmatch(value)] == []


def test_pages_and_tables_say_sealed_and_never_the_words_nor_the_bytes(
    person: Person, sent: Application, officer: User, auditor: User, client_for: Signed
) -> None:
    """Also to an officer who reads the person's name on the partner's page."""
    history = client_for(officer).get(reverse("insights:organization_changes", args=[person.organization_id]))
    search = client_for(auditor).get(reverse("insights:audit"), {"about": str(person.pk)})
    table = b"".join(client_for(auditor).get(reverse("insights:audit_export"), {"about": str(person.pk)})).decode()
    assert len(search.context["lines"]) == table.count("Person") == 2
    for shown in (history.content.decode(), search.content.decode(), table):
        assert "sealed" in shown
        assert [secret for secret in (NAME, "0137", "Marigold", "\\x") if secret in shown] == []


def test_a_field_that_is_told_says_whether_something_was_there(person: Person) -> None:
    _made, changed = lines(entries(person))
    told = {field.label: (field.before, field.after) for field in changed.fields}
    assert told == {"Telephone": ("sealed", "sealed"), "Title": ("–", "sealed")}


def test_bytes_of_a_column_that_a_later_release_has_no_more_are_not_shown() -> None:
    entry = AuditEntry(
        label="organizations.Person", operation="update", before={"gone": "\\x00ff"}, after={"gone": "\\x"}
    )
    (line,) = lines([entry])
    assert [(field.before, field.after) for field in line.fields] == [("sealed", "–")]
