"""What somebody who means harm, or only has bad luck, sends and asks for."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import Role, User
from accounts.services.notices import notify
from core.models import OutboxEntry
from grants.models import Application, Attachment
from grants.services.access import assign_officer
from grants.services.applications import withdraw_application
from grants.services.attachments import remove_attachment
from grants.services.confidentiality import restrict_application
from grants.services.requests import ask_applicant
from grants.services.writing import NotWritable
from tests.access_table import Who
from tests.access_world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(restricted=False)


def person(world: World, who: Who) -> User:
    found: User | None = world.people[who]
    assert found is not None
    return found


def fresh(user: User) -> User:
    """The person as the next request has them."""
    found: User = User.objects.get(pk=user.pk)
    return found


# ---- what is not for others -----------------------------------------------------------------------------------------
def test_a_draft_that_was_withdrawn_stays_unseen_by_the_programme(client_for: Any, world: World) -> None:
    draft = withdraw_application(application=world.applications["draft"], by=person(world, Who.OWNER))
    officer = person(world, Who.OFFICER)
    assert draft.pk not in Application.objects.visible_to(officer).values_list("pk", flat=True)
    assert draft.pk not in Application.objects.listed_to(officer).values_list("pk", flat=True)
    assert not officer.has_perm("grants.view_application", draft)
    assert person(world, Who.OWNER).has_perm("grants.view_application", draft)
    page = client_for(officer).get(reverse("organizations_staff:detail", args=[draft.organization_id]))
    assert draft.reference not in page.text


def test_the_admin_shows_no_drafts(client_for: Any, world: World) -> None:
    client = client_for(person(world, Who.ADMIN))
    draft = world.applications["draft"]
    for model in ("application", "answer", "attachment", "budgetline", "applicationevent"):
        page = client.get(reverse(f"admin:grants_{model}_changelist"), {"q": draft.reference})
        assert f'">{draft.reference}</a>' not in page.text, model
        assert draft.title not in page.text, model
    assert client.get(reverse("admin:grants_application_change", args=[draft.pk])).status_code == 302


def test_an_officer_who_is_one_no_more_loses_the_drafts_they_entered(client_for: Any, world: World) -> None:
    officer, draft = person(world, Who.OFFICER), world.applications["draft"]
    Application.objects.filter(pk=draft.pk).update(entered_on_behalf=True, created_by=officer)
    address = reverse("apply:application", args=[draft.reference])
    assert client_for(officer).get(address).status_code == 200
    Role.objects.filter(user=officer).update(name=RoleName.AUDITOR)
    assert client_for(fresh(officer)).get(address).status_code == 404


def test_notices_sent_before_a_restriction_say_nothing_after_it(client_for: Any, world: World) -> None:
    application, owner = world.applications["submitted"], person(world, Who.OWNER)
    assert owner.inbox.filter(params__reference=application.reference, restricted=False).exists()
    restrict_application(application=application, by=person(world, Who.OFFICER), reason="Danger.")
    assert not owner.inbox.filter(params__reference=application.reference, restricted=False).exists()
    assert application.reference not in client_for(owner).get(reverse("inbox:list")).text


def test_the_list_of_notices_tells_nobody_about_applications_that_are_not_theirs(client_for: Any, world: World) -> None:
    application, owner = world.applications["submitted"], person(world, Who.OWNER)
    params = {"reference": application.reference}
    notify(event="hostile", users=[owner], kind="grants.message", params=params)
    OutboxEntry.objects.update_or_create(
        key=f"mail:hostile:{owner.pk}",
        defaults={"topic": "mail", "status": "failed", "payload": {"user": str(owner.pk), "event": "hostile"}},
    )
    shown = {
        who: application.reference in client_for(person(world, who)).get(reverse("insights:outbox")).text
        for who in (Who.OFFICER, Who.RECUSED, Who.ADMIN)
    }
    assert shown == {Who.OFFICER: True, Who.RECUSED: False, Who.ADMIN: False}


# ---- what must not change -------------------------------------------------------------------------------------------
def test_files_that_were_sent_cannot_be_taken_out_while_a_question_is_open(world: World) -> None:
    application, owner = world.applications["submitted"], person(world, Who.OWNER)
    sent = application.attachments.get()
    Attachment.objects.filter(pk=sent.pk).update(created_at=timezone.now() - timedelta(days=1))
    ask_applicant(application=application, by=person(world, Who.OFFICER), text="When does the lease end?")
    with pytest.raises(NotWritable):
        remove_attachment(application=application, by=owner, attachment_id=sent.pk)
    sent.refresh_from_db()
    assert sent.removed_at is None


def test_taking_the_lead_takes_it_from_nobody(client_for: Any, world: World) -> None:
    application, first = world.applications["submitted"], person(world, Who.OFFICER)
    assign_officer(application=application, officer=first, by=first)
    page = client_for(person(world, Who.OFFICER2)).post(reverse("staff:take", args=[application.reference]))
    assert page.status_code == 302
    application.refresh_from_db()
    assert application.officer_id == first.pk


# ---- what the database does not take --------------------------------------------------------------------------------
def test_a_nul_in_an_address_is_no_error_of_the_server(client_for: Any, world: World) -> None:
    officer, owner = client_for(person(world, Who.OFFICER)), client_for(person(world, Who.OWNER))
    for page in ("eligibility", "reviews", "review", "decision", "diligence"):
        assert officer.get(f"/staff/applications/a%00b/{page}/").status_code == 404
    assert owner.get("/apply/a%00b/answer/").status_code == 404
    admin = client_for(person(world, Who.ADMIN))
    term = {"term": "a\0b", "app_label": "organizations", "model_name": "person", "field_name": "organization"}
    assert admin.get(reverse("admin:autocomplete"), term).status_code == 400
    assert admin.get(reverse("admin:grants_application_changelist"), {"status": "\0"}).status_code == 400
    assert officer.get(reverse("staff:applications"), {"q": "a\0b"}).status_code == 400


def test_a_version_that_never_was_is_refused_on_the_profile_of_a_reviewer(client_for: Any, world: World) -> None:
    address = reverse("reviews:profile", args=[world.values["reviewer_id"]])
    typed = {"version": "9" * 30, "languages": ["en"], "most_open": "3"}
    assert client_for(person(world, Who.OFFICER)).post(address, typed).status_code == 409


def test_a_nul_in_what_is_typed_on_calls_and_forms_is_no_error(client_for: Any, world: World) -> None:
    client = client_for(person(world, Who.OFFICER))
    closed = client.post(reverse("staff:call_close", args=[world.values["call"]]), {"reason": "So\0 it is."})
    assert closed.status_code == 302
    address = reverse("staff:form_question_move", args=[world.values["question_id"]])
    assert client.post(address, {"section": "a\0b"}).status_code == 404
