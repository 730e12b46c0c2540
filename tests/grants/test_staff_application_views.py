"""Pages of one application in the staff portal."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from grants.choices import Confidentiality, PromiseKind, Status
from grants.models import Application, Call
from grants.services.attachments import add_attachment
from grants.services.confidentiality import restrict_application
from grants.services.messages import send_message
from organizations.models import Organization
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db

PAGES = ["proposal", "messages", "history"]


def page(name: str, application: Application, *more: object) -> str:
    return reverse(f"staff:{name}", args=[application.reference, *more])


@pytest.mark.parametrize("who", ["officer", "director", "auditor", "finance"])
def test_readers_of_the_programme_open_every_tab(request, client_for, who: str, sent: Application) -> None:
    client = client_for(request.getfixturevalue(who))
    for name in PAGES:
        assert client.get(page(name, sent)).status_code == 200, name
    shown = client.get(page("proposal", sent)).content.decode()
    assert ("The office was closed on Monday." in shown, "Ask for the hidden orchard" in shown) == (True, True)


@pytest.mark.parametrize("who", ["owner", "stranger", "reviewer", "admin_user"])
def test_others_learn_nothing(request, client_for, who: str, sent: Application) -> None:
    client = client_for(request.getfixturevalue(who))
    for name in [*PAGES, "ask", "assign", "readers"]:
        response = client.get(page(name, sent))
        assert response.status_code in (403, 404), name
        assert "clinic" not in response.content.decode()


def test_a_draft_is_not_there_for_staff(client_for, officer: User, application: Application) -> None:
    assert client_for(officer).get(page("proposal", application)).status_code == 404


def test_a_restricted_one_is_not_there_for_those_who_are_not_named(
    client_for, officer: User, officer2: User, director: User, sent: Application
) -> None:
    row = add_attachment_of(sent)
    restrict_application(application=sent, by=officer, reason="Danger")
    for user in (officer2, director):
        client = client_for(user)
        for address in [*(page(name, sent) for name in PAGES), page("attachment", sent, row)]:
            assert client.get(address).status_code == 404
    assert client_for(officer).get(page("proposal", sent)).status_code == 200
    assert client_for(officer2).get(page("readers", sent)).status_code == 404
    shown = client_for(director).get(page("readers", sent)).content.decode()
    sent.organization.refresh_from_db()  # restricting gave it a new alias
    assert (sent.organization.alias in shown, "Tamarisk" in shown, "clinic" in shown) == (True, False, False)


def add_attachment_of(sent: Application) -> uuid.UUID:
    owner = sent.created_by
    Application.objects.filter(pk=sent.pk).update(status=Status.DRAFT, submitted_at=None)
    row = add_attachment(application=sent, by=owner, upload=SimpleUploadedFile("a.txt", b"hello"))
    Application.objects.filter(pk=sent.pk).update(status=Status.SUBMITTED, submitted_at=sent.submitted_at)
    return row.pk


def test_a_director_names_a_reader_who_then_reads(
    client_for, officer: User, officer2: User, director: User, sent: Application
) -> None:
    restrict_application(application=sent, by=officer, reason="Danger")
    client_for(director).post(page("readers", sent), {"reader": officer2.pk})
    assert client_for(officer2).get(page("proposal", sent)).status_code == 200
    assert client_for(officer).post(page("readers", sent), {"reader": director.pk}).status_code == 403
    client_for(director).post(page("reader_remove", sent, officer2.pk))
    assert client_for(officer2).get(page("proposal", sent)).status_code == 404


def test_an_officer_restricts_with_a_reason_and_a_director_lifts_it(
    client_for, officer: User, director: User, sent: Application
) -> None:
    assert client_for(officer).post(page("restrict", sent), {"reason": ""}).status_code == 422
    client_for(officer).post(page("restrict", sent), {"reason": "Somebody was threatened."})
    sent.refresh_from_db()
    assert (sent.confidentiality, sent.search) == (Confidentiality.RESTRICTED, "")
    assert client_for(officer).post(page("lift", sent), {"reason": "Safe"}).status_code == 403
    client_for(director).post(page("lift", sent), {"reason": "Safe again."})
    sent.refresh_from_db()
    assert (sent.confidentiality, "clinic" in sent.search) == (Confidentiality.STANDARD, True)


def test_an_officer_asks_and_the_clock_stands_still(
    client_for, officer: User, auditor: User, sent: Application
) -> None:
    assert client_for(auditor).get(page("ask", sent)).status_code == 403
    client = client_for(officer)
    assert client.post(page("ask", sent), {"text": ""}).status_code == 422
    assert client.post(page("ask", sent), {"text": "Which Monday?", "answer_by": "32/01/2027"}).status_code == 422
    assert client.post(page("ask", sent), {"text": "Which Monday?"}).url == page("proposal", sent)
    sent.refresh_from_db()
    assert (sent.status, sent.clock_paused_at is None) == (Status.WAITING, False)
    assert sent.promises.get(kind=PromiseKind.FIRST_ANSWER).kept_at is not None


def test_a_message_is_sent_once_and_keeps_the_first_answer(
    client_for, officer: User, auditor: User, sent: Application
) -> None:
    posted = {"body": "We have it.", "once": str(uuid.uuid4())}
    assert client_for(auditor).post(page("messages", sent), posted).status_code == 403
    for _time in range(2):
        client_for(officer).post(page("messages", sent), posted)
    assert sent.messages.count() == 1
    assert sent.promises.get(kind=PromiseKind.FIRST_ANSWER).kept_at is not None


def test_an_officer_takes_it_and_hands_it_on(client_for, officer: User, officer2: User, sent: Application) -> None:
    client_for(officer).post(page("take", sent))
    sent.refresh_from_db()
    assert sent.officer == officer
    client_for(officer).post(page("assign", sent), {"officer": officer2.pk})
    sent.refresh_from_db()
    assert sent.officer == officer2


def test_an_officer_enters_one_for_somebody(
    client_for, officer: User, auditor: User, call: Call, group: Organization
) -> None:
    posted = {
        "call": call.pk,
        "organization": group.pk,
        "language": "ar",
        "consent": "By telephone, today.",
        "once": str(uuid.uuid4()),
    }
    assert client_for(auditor).post(reverse("staff:enter"), posted).status_code == 403
    client = client_for(officer)
    assert client.get(reverse("staff:enter")).status_code == 200
    response = client.post(reverse("staff:enter"), posted)
    assert client.post(reverse("staff:enter"), posted).url == response.url
    application = Application.objects.get()
    assert response.url == reverse("apply:application", args=[application.reference])
    assert client.get(response.url).status_code == 200
    assert client_for(auditor).get(response.url).status_code == 404


def test_the_workbench_costs_as_much_with_thirty_messages_as_with_none(
    client_for, officer: User, sent: Application
) -> None:
    client = client_for(officer)
    client.get(page("proposal", sent))
    for count in (0, 30):
        for _number in range(count):
            send_message(application=sent, by=officer, sender="staff", body="Note", once=uuid.uuid4())
        for name in PAGES:
            with at_most(15):
                answer = client.get(page(name, sent))
            assert answer.status_code == 200, name


def test_an_address_of_the_portal_where_nothing_is_leads_back_to_the_desk(client_for, officer: User) -> None:
    shown = client_for(officer).get("/staff/applications/RR-0000-0000/").text
    assert ("Go to my desk" in shown, "Go to the start page" in shown) == (True, False)
    assert "Go to the start page" in client_for(officer).get("/nothing/").text
