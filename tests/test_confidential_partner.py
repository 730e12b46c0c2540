"""A partner with a restricted application, wherever it would show: in lists, searches, pages, tasks and the admin."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import MailDetail, RoleName
from accounts.models import Programme, User
from core import outbox
from core.models import OutboxEntry
from core.translated import Translated
from diligence.models import DuplicateCandidate
from grants.choices import Confidentiality
from grants.models import Application, Call, NamedReader
from grants.services.applications import enter_on_behalf, submit_application, withdraw_application
from grants.services.confidentiality import lift_restriction, name_readers, restrict_application
from organizations.models import Organization
from organizations.services.names import refresh_names
from reviews.eligibility import check_duplicates
from tests.factories.accounts import RoleFactory, person_with
from tests.factories.diligence import PressureEventFactory, possible_duplicate
from tests.factories.grants import CallFactory, draft, made_restricted, partner, ready, small_form, submitted
from tests.factories.organizations import DocumentFactory, PersonFactory, RegistrationFactory, member_of

pytestmark = pytest.mark.django_db
WORDS = (
    "Quillwort Sanctuary",
    "ملجأ القيصوم",
    "מקלט הערער",
    "Zebulon Whistlecraft",
    "ZX-90210-Q",
    "quillwort-statutes",
    "Ophelia Ownership",
    "ophelia@quillwort.example",
    "Searched at dawn",
)
ROLES = (RoleName.OFFICER, RoleName.DIRECTOR, RoleName.FINANCE, RoleName.AUDITOR, RoleName.ADMIN)
WAYS = ("restricted later", "the call's default", "the applicant's wish", "an unsent draft", "a draft by the call")


@pytest.fixture
def call(programme: Programme) -> Call:
    return CallFactory.create(programme=programme, slug="rapid", form_version=small_form(programme))


@pytest.fixture
def group(programme: Programme) -> Organization:
    group = partner(programme, name=WORDS[0])
    group.name = Translated(en=WORDS[0], ar=WORDS[1], he=WORDS[2])
    refresh_names(group)
    group.save()
    PersonFactory.create(organization=group, name={"en": WORDS[3]})
    RegistrationFactory.create(organization=group, number=WORDS[4])
    DocumentFactory.create(organization=group, file_name=f"{WORDS[5]}.pdf")
    PressureEventFactory.create(organization=group, description=WORDS[8], source=WORDS[8])
    possible_duplicate(group, partner(programme, name="Cedar Bench"))
    return group


@pytest.fixture
def owner(group: Organization) -> User:
    return member_of(group, email=WORDS[7], display_name=WORDS[6])


def confidential(way: str, call: Call, group: Organization, owner: User, officer: User) -> Application:
    """An application that is restricted in one of the ways in which one can be."""
    if way in {"the call's default", "a draft by the call"}:
        Call.objects.filter(pk=call.pk).update(confidentiality=Confidentiality.RESTRICTED)
        call.refresh_from_db()
    if way == "restricted later":
        return restrict_application(application=submitted(call, group, owner), by=officer, reason="Danger.")
    if way == "the call's default":
        return submitted(call, group, owner)
    application = ready(call, group, owner)
    if way != "a draft by the call":
        made_restricted(application)
    if way == "the applicant's wish":
        return submit_application(application=application, by=owner)
    application.refresh_from_db()
    return application


def addresses(group: Organization, application: Application) -> list[str]:
    """Every page of the staff portal and of the admin on which the partner could show."""
    staff = reverse("organizations_staff:list")
    document, registration = group.documents.get(), group.registrations.get()
    record, pair = group.pressure_events.get(), DuplicateCandidate.objects.get()
    pages = [
        *[f"{staff}?q={word}" for word in ("", *WORDS)],
        f"{staff}?community=joint",
        reverse("organizations_staff:detail", args=[group.pk]),
        reverse("organizations_staff:document", args=[group.pk, document.pk]),
        reverse("organizations_staff:take_back", args=[group.pk, registration.pk]),
        reverse("diligence:record_add", args=[group.pk, "pressure"]),
        reverse("diligence:record_change", args=[group.pk, "pressure", record.pk]),
        reverse("diligence:duplicates"),
        f"{reverse('diligence:duplicates')}?done=1",
        reverse("diligence:duplicate", args=[pair.pk]),
        reverse("diligence:application", args=[application.reference]),
        reverse("staff:enter"),
        *[f"{reverse('staff:applications')}?q={word}" for word in ("", *WORDS)],
        reverse("staff:readers", args=[application.reference]),
        reverse("staff:proposal", args=[application.reference]),
        reverse("staff:history", args=[application.reference]),
        reverse("reviews:decisions"),
        reverse("insights:desk"),
        reverse("insights:outbox"),
        reverse("inbox:list"),
        reverse("accounts:staff_people"),
        reverse("admin:index"),
    ]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages += [f"{reverse(f'{name}_changelist')}?q={word}" for word in ("", "ophelia", "Quillwort")]
        # An applicant's account opens for whoever was told its whole address (tests of the admin of people).
        rows = [row for row in model._default_manager.all()[:12] if getattr(row, "display_name", "") != WORDS[6]]
        pages += [reverse(f"{name}_change", args=[row.pk]) for row in rows]
    asked = "app_label=organizations&model_name=person&field_name=organization"
    pages.append(f"{reverse('admin:autocomplete')}?{asked}&term=Quillwort")
    asked = "app_label=accounts&model_name=role&field_name=user"
    return [*pages, f"{reverse('admin:autocomplete')}?{asked}&term=ophelia"]


# The administrator's pages are many: each further way is left to the long run.
CASES = [
    pytest.param(way, role, marks=[pytest.mark.slow] if role == RoleName.ADMIN or place else [])
    for place, way in enumerate(WAYS)
    for role in ROLES
]


@pytest.mark.parametrize(("way", "role"), CASES)
def test_a_confidential_partner_shows_nowhere_to_those_who_are_not_named(  # noqa: PLR0917 - fixtures
    client_for: Callable[[User], Client],
    programme: Programme,
    officer2: User,
    call: Call,
    group: Organization,
    owner: User,
    way: str,
    role: RoleName,
) -> None:
    application = confidential(way, call, group, owner, officer2)
    OutboxEntry.objects.update(status="failed")
    client = client_for(person_with(role, programme, is_staff=role == RoleName.ADMIN))
    shown, opened = [], 0
    for address in addresses(group, application):
        response = client.get(address)
        opened += response.status_code == 200
        assert response.status_code < 500, address
        text = (
            b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        ).decode(errors="replace")
        # A page says back what was searched for.
        typed = address.partition("q=")[2]
        shown += [f"{address}: {word}" for word in WORDS if word in text and word != typed]
    assert shown == []
    assert opened >= 3


def test_a_named_reader_sees_the_partner(  # noqa: PLR0917 - fixtures
    client_for: Callable[[User], Client], officer: User, director: User, call: Call, group: Organization, owner: User
) -> None:
    application = confidential("the applicant's wish", call, group, owner, officer)
    page = reverse("organizations_staff:detail", args=[group.pk])
    assert client_for(officer).get(page).status_code == 404

    name_readers(application=application, people=[officer], by=director)

    assert WORDS[0] in client_for(officer).get(page).text
    assert client_for(director).get(page).status_code == 404


@pytest.mark.parametrize("way", ["an unsent draft", "a draft by the call"])
def test_the_alias_that_staff_knew_is_worth_nothing_once_a_restricted_application_is_sent(
    way: str, officer: User, call: Call, group: Organization, owner: User
) -> None:
    before = group.alias
    confidential(way, call, group, owner, officer)
    group.refresh_from_db()
    assert group.alias == before

    submit_application(application=Application.objects.get(), by=owner)

    group.refresh_from_db()
    assert group.alias != before


def test_lifting_one_restriction_does_not_name_what_stays_restricted(
    officer: User, director: User, call: Call, group: Organization, owner: User
) -> None:
    lifted, kept = (confidential("restricted later", call, group, owner, officer) for _ in range(2))
    group.refresh_from_db()
    known_as = group.alias

    lift_restriction(application=lifted, by=director, reason="The danger is over.")

    kept.organization.refresh_from_db()
    assert kept.organization.alias != known_as


def test_a_partner_that_staff_know_does_not_vanish_for_a_draft(
    officer: User, call: Call, group: Organization, owner: User
) -> None:
    submitted(call, group, owner)
    restricted = draft(call, group, owner, confidentiality=Confidentiality.RESTRICTED)
    assert group in Organization.objects.staffed_by(officer)

    sent = {"submitted_at": timezone.now(), "submitted_by": owner, "status": "submitted"}
    Application.objects.filter(pk=restricted.pk).update(**sent)

    assert group not in Organization.objects.staffed_by(officer)


def test_a_restricted_draft_that_was_withdrawn_hides_nobody_for_ever(
    officer: User, call: Call, group: Organization, owner: User
) -> None:
    application = draft(call, group, owner, confidentiality=Confidentiality.RESTRICTED)
    assert group not in Organization.objects.staffed_by(officer)
    withdraw_application(application=application, by=owner)
    assert group in Organization.objects.staffed_by(officer)


def test_the_officer_who_enters_a_restricted_draft_keeps_the_partner_in_view(
    officer: User, officer2: User, call: Call, group: Organization, owner: User
) -> None:
    Call.objects.filter(pk=call.pk).update(confidentiality=Confidentiality.RESTRICTED)
    call.refresh_from_db()
    enter_on_behalf(call=call, organization=group, by=officer, language="en", consent="By telephone.", once=uuid4())
    assert group in Organization.objects.staffed_by(officer)
    assert group not in Organization.objects.staffed_by(officer2)


def test_a_named_reader_keeps_the_partner_while_it_writes_another_restricted_draft(
    officer: User, call: Call, group: Organization, owner: User
) -> None:
    application = confidential("restricted later", call, group, owner, officer)
    draft(call, group, owner, confidentiality=Confidentiality.RESTRICTED)
    assert NamedReader.objects.filter(application=application, user=officer).exists()
    assert group in Organization.objects.staffed_by(officer)


def test_the_checks_of_a_standard_application_do_not_tell_of_a_hidden_twin(
    officer: User, call: Call, group: Organization, owner: User, programme: Programme
) -> None:
    twin = Organization.objects.get(alias="Partner 2")
    standard = submitted(call, twin, member_of(twin))
    assert check_duplicates(standard).evidence == "open"
    confidential("the applicant's wish", call, group, owner, officer)
    assert check_duplicates(standard).evidence == "none"


@pytest.mark.parametrize("detail", MailDetail.values)
def test_mail_about_a_restricted_application_names_nobody(  # noqa: PLR0917 - fixtures
    detail: str, officer: User, director: User, call: Call, group: Organization, owner: User
) -> None:
    User.objects.update(mail_detail=detail)
    application = confidential("the applicant's wish", call, group, owner, officer)
    outbox.drain()
    sent: list[Any] = list(mail.outbox)
    letters = [f"{letter.subject} {letter.body} {letter.alternatives}" for letter in sent]
    assert {letter.to[0] for letter in mail.outbox} == {owner.email, director.email}
    assert [word for word in (*WORDS[:6], application.reference) for letter in letters if word in letter] == []


def test_an_administrator_keeps_no_list_of_partners_they_changed(
    client_for: Callable[[User], Client], admin_user: User, group: Organization
) -> None:
    client = client_for(admin_user)
    address = reverse("admin:organizations_organization_change", args=[group.pk])
    form: Any = client.get(address).context["adminform"].form
    fields = {name: value for name in form.fields if (value := form[name].value()) is not None}
    inlines = {
        f"{each.formset.prefix}-{key}": 0
        for each in client.get(address).context["inline_admin_formsets"]
        for key in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    response = client.post(address, fields | inlines | {"district": "Elsewhere"})
    assert response.status_code == 302, response.context["errors"]
    assert LogEntry.objects.get().object_repr == str(group.pk)
    client.get(reverse("admin:index"))  # says once what was changed
    assert WORDS[0] not in client.get(reverse("admin:index")).text


def test_an_administrator_cannot_attach_people_to_a_hidden_partner(  # noqa: PLR0917 - fixtures
    client_for: Callable[[User], Client], admin_user: User, officer: User, call: Call, group: Organization, owner: User
) -> None:
    confidential("the applicant's wish", call, group, owner, officer)
    RoleFactory.create(user=admin_user, programme=group.programme, name=RoleName.AUDITOR)
    fields = {"organization": str(group.pk), "name_0": "Invented", "positions": "contact"}
    response = client_for(admin_user).post(reverse("admin:organizations_person_add"), fields)
    assert response.status_code == 200
    assert "organization" in response.context["adminform"].form.errors
