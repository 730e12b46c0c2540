"""What an administrator sees of people in the records: who works here, and never who applied."""

import hashlib
from collections.abc import Callable
from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse
from structlog.testing import capture_logs

from accounts.choices import MailDetail, RoleName
from accounts.models import InboxItem, Programme, Role, User
from accounts.services.closing import erase_account
from accounts.services.invitations import accept_invitation
from accounts.services.roles import grant_role, revoke_role
from accounts.views.inbox import sentence_of
from core import outbox
from tests.access_world import TOKEN
from tests.factories.accounts import (
    InboxItemFactory,
    InvitationFactory,
    ProgrammeFactory,
    UserFactory,
    VerifiedUserFactory,
    person_with,
)
from tests.factories.grants import CallFactory, small_form, submitted
from tests.factories.organizations import complete_organization, member_of

pytestmark = pytest.mark.django_db
USERS = reverse("admin:accounts_user_changelist")


@pytest.fixture
def admin(client_for: Callable[[User], Client], admin_user: User) -> Client:
    return client_for(admin_user)


@pytest.fixture
def partner_owner(programme: Programme) -> User:
    """Owns an organisation that has applied."""
    organization = complete_organization(programme=programme)
    owner = member_of(organization, email="ophelia@group.example", display_name="Ophelia Ownership")
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    call = CallFactory.create(programme=programme, form_version=small_form(programme))
    submitted(call, organization, owner)
    return owner


def listed(client: Client, query: str = "") -> set[str]:
    rows = client.get(USERS, {"q": query} if query else {}).context["cl"].result_list
    return {row.email for row in rows}


def test_the_list_of_users_holds_those_who_work_here_and_nobody_who_applied(
    admin: Client, admin_user: User, officer: User, partner_owner: User, programme: Programme
) -> None:
    VerifiedUserFactory.create(email="signed.up@group.example")
    left = VerifiedUserFactory.create(email="left@office.example")
    InvitationFactory.create(accepted_by=left, status="accepted", purpose="staff", invited_by=admin_user)
    UserFactory.create(email="entered@office.example")
    assert listed(admin) == {admin_user.email, officer.email, left.email, "entered@office.example"}
    assert listed(admin, "ophelia") == set()
    assert listed(admin, "group.example") == set()


def test_an_applicants_account_is_found_by_its_whole_address_only_and_that_is_logged(
    admin: Client, admin_user: User, partner_owner: User
) -> None:
    assert listed(admin, "Ophelia@Group.example") == {partner_owner.email}
    page = reverse("admin:accounts_user_change", args=[partner_owner.pk])
    with capture_logs() as logs:
        assert admin.get(page).status_code == 200
    opened = {"event": "applicant_account_opened", "user": str(admin_user.pk), "account": str(partner_owner.pk)}
    assert [{key: row[key] for key in opened} for row in logs if row["event"] == opened["event"]] == [opened]
    assert admin.get(reverse("admin:accounts_user_change", args=["nonsense"])).status_code == 302


def test_an_administrator_stops_the_account_of_a_telephone_that_was_taken(admin: Client, partner_owner: User) -> None:
    page = reverse("admin:accounts_user_change", args=[partner_owner.pk])
    fields = {"display_name": "Ophelia Ownership", "mail_detail": "nothing", "mail_timing": "at_once"}
    inline = {"roles-TOTAL_FORMS": 0, "roles-INITIAL_FORMS": 0}
    assert admin.post(page, fields | inline).status_code == 302
    partner_owner.refresh_from_db()
    assert partner_owner.is_active is False
    # What Django keeps of it for ever says nobody's name, and so can be kept when the account is emptied.
    (kept,) = LogEntry.objects.all()
    assert (kept.object_repr, kept.object_id) == (str(partner_owner.pk), str(partner_owner.pk))


def test_names_that_stand_in_it_from_before_go(admin_user: User, partner_owner: User) -> None:
    LogEntry.objects.create(user=admin_user, action_flag=2, object_id=str(partner_owner.pk), object_repr="Ophelia")
    LogEntry.objects.create(user=admin_user, action_flag=2, object_id=None, object_repr="Ophelia")
    import_module("accounts.migrations.0007_no_names_in_the_log_of_the_records").forget_names(apps, None)
    assert {row.object_repr for row in LogEntry.objects.all()} == {str(partner_owner.pk), ""}


def test_looking_for_an_applicants_address_is_logged_where_it_is_found(
    admin: Client, admin_user: User, partner_owner: User, officer: User
) -> None:
    with capture_logs() as logs:
        listed(admin, "ophelia@group.example")
        listed(admin, officer.email)
        listed(admin, "nobody@group.example")
        admin.get(
            reverse("admin:autocomplete"),
            {"term": partner_owner.email, "app_label": "accounts", "model_name": "role", "field_name": "user"},
        )
    found = [row["account"] for row in logs if row["event"] == "applicant_account_found"]
    assert set(found) == {str(partner_owner.pk)}
    assert len(found) == 2


def test_an_emptied_account_leaves_no_address_in_invitations_that_it_took(
    applicant: User, programme: Programme
) -> None:
    row = InvitationFactory.create(
        purpose="member", email="other@group.example", status="accepted", accepted_by=applicant
    )
    erase_account(user=applicant)
    row.refresh_from_db()
    assert row.email == f"{applicant.pk}@erased.invalid"


@pytest.mark.parametrize(
    "page",
    [
        "accounts_user",
        "accounts_role",
        "accounts_inboxitem",
        "accounts_invitation",
        "organizations_membership",
        "organizations_document",
        "grants_application",
        "grants_answer",
        "grants_applicationevent",
        "grants_message",
        "grants_attachment",
    ],
)
def test_no_list_of_the_records_says_which_people_applied(admin: Client, partner_owner: User, page: str) -> None:
    InboxItemFactory.create(user=partner_owner, kind="grants.receipt", params={"reference": "RR-0000-0000"})
    InvitationFactory.create(purpose="member", email=partner_owner.email, invited_by=partner_owner)
    for query in ("", "ophelia", partner_owner.email if page != "accounts_user" else ""):
        response = admin.get(reverse(f"admin:{page}_changelist"), {"q": query})
        rows = response.text.replace(f'value="{query}"', "")
        assert response.status_code == 200
        assert partner_owner.email not in rows
        assert str(partner_owner) not in rows
    for row in response.context["cl"].model._default_manager.exclude(pk=partner_owner.pk):
        shown = admin.get(reverse(f"admin:{page}_change", args=[row.pk])).text
        assert partner_owner.email not in shown
        assert str(partner_owner) not in shown


def test_the_history_in_the_records_names_staff_and_calls_others_the_applicant(
    admin: Client, partner_owner: User
) -> None:
    rows = admin.get(reverse("admin:grants_applicationevent_changelist")).text
    assert "the applicant" in rows


def test_a_role_is_given_in_the_records_to_somebody_else_of_ones_own_programme(
    admin: Client, admin_user: User, officer: User, programme: Programme, partner_owner: User
) -> None:
    page, elsewhere = reverse("admin:accounts_role_add"), ProgrammeFactory.create()
    wrong = [
        {"user": str(officer.pk), "programme": str(elsewhere.pk), "name": "director"},
        {"user": str(admin_user.pk), "programme": str(programme.pk), "name": "director"},
        {"user": str(partner_owner.pk), "programme": str(programme.pk), "name": "director"},
        {"user": str(officer.pk), "programme": str(programme.pk), "name": "applicant"},
    ]
    before = Role.objects.count()
    found = [sorted(admin.post(page, fields).context["adminform"].form.errors) for fields in wrong]
    assert found == [["programme"], ["user"], ["user"], ["name"]]
    assert Role.objects.count() == before
    assert admin.post(page, wrong[0] | {"programme": str(programme.pk)}).status_code == 302
    assert Role.objects.filter(user=officer, name=RoleName.DIRECTOR, programme=programme).exists()


def test_the_first_administrator_of_a_programme_has_nobody_to_ask(client_for: Callable[[User], Client]) -> None:
    programme, first = ProgrammeFactory.create(), User.objects.create_superuser("first@office.example")
    fields = {"user": str(first.pk), "programme": str(programme.pk), "name": "admin"}
    assert client_for(first).post(reverse("admin:accounts_role_add"), fields).status_code == 302
    assert first.roles.get().name == RoleName.ADMIN
    again = client_for(first).post(reverse("admin:accounts_role_add"), fields | {"name": "director"})
    assert "user" in again.context["adminform"].form.errors


def told(director: User) -> list[str]:
    return [sentence_of(item) for item in InboxItem.objects.filter(user=director).order_by("created_at")]


def test_directors_hear_who_got_and_who_lost_a_role(
    programme: Programme, director: User, officer: User, admin_user: User
) -> None:
    person_with(RoleName.DIRECTOR, ProgrammeFactory.create(), email="elsewhere@office.example")
    User.objects.filter(pk=director.pk).update(mail_detail=MailDetail.ALL)
    for _twice in range(2):
        grant_role(user=officer, programme=programme, role=RoleName.FINANCE, by=admin_user)
    for _twice in range(2):
        revoke_role(user=officer, programme=programme, role=RoleName.FINANCE, by=admin_user)
    assert told(director) == [
        "Role given to Olive Officer: Finance officer. By: Adi Admin.",
        "Role ended for Olive Officer: Finance officer. By: Adi Admin.",
    ]
    assert InboxItem.objects.count() == 2
    outbox.drain()
    assert [letter.to for letter in mail.outbox] == [[director.email]] * 2
    assert "Olive Officer: Finance officer" in str(mail.outbox[0].body)


def test_directors_hear_of_a_role_by_invitation_and_by_the_records_and_not_of_applicants(  # noqa: PLR0917 - fixtures
    admin: Client, admin_user: User, programme: Programme, director: User, applicant: User, officer: User
) -> None:
    secret = hashlib.sha256(TOKEN.encode()).hexdigest()
    InvitationFactory.create(
        programme=programme, invited_by=admin_user, token_hash=secret, role="auditor", purpose="staff"
    )
    accept_invitation(token=TOKEN, user=applicant)
    fields = {"user": str(officer.pk), "programme": str(programme.pk), "name": "reviewer"}
    admin.post(reverse("admin:accounts_role_add"), fields)
    grant_role(user=UserFactory.create(), programme=programme, role=RoleName.APPLICANT)
    assert told(director) == [
        "Role given to Alma Applicant: Auditor. By: Adi Admin.",
        "Role given to Olive Officer: Reviewer. By: Adi Admin.",
    ]


@pytest.mark.parametrize("role", [RoleName.DIRECTOR, RoleName.ADMIN])
def test_the_notice_of_a_role_leads_where_its_reader_may_go(
    client_for: Callable[[User], Client], programme: Programme, director: User, officer: User, role: RoleName
) -> None:
    if role == RoleName.ADMIN:
        grant_role(user=director, programme=programme, role=role)
    grant_role(user=officer, programme=programme, role=RoleName.FINANCE)
    item = InboxItem.objects.filter(user=director).latest("created_at")
    page = client_for(director).get(reverse("inbox:open", args=[item.pk]), follow=True)
    assert page.status_code == 200
