"""The applicant's pages: what they show, what they refuse, what they cost."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from accounts.models import User
from grants.choices import Status
from grants.models import Application, Call
from grants.services.answers import read_answers, save_answers
from grants.services.requests import ask_applicant
from organizations.models import Organization
from tests.factories.grants import draft, question_of
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db

PAGES_OF_A_DRAFT = ["application", "details", "budget", "attachments", "check", "messages", "withdraw", "copy"]
PAGES_OF_ONE_SENT = ["status", "receipt", "receipt_pdf", "messages", "withdraw"]


def page(name: str, application: Application, *more: object) -> str:
    return reverse(f"apply:{name}", args=[application.reference, *more])


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_every_page_of_a_draft_opens(client_for, owner: User, ready_application: Application, language: str) -> None:
    client = client_for(owner)
    client.cookies["django_language"] = language
    for name in PAGES_OF_A_DRAFT:
        assert client.get(page(name, ready_application)).status_code == 200, name
    assert client.get(page("section", ready_application, "threat")).status_code == 200
    assert client.get(reverse("apply:home")).status_code == 200
    assert client.get(reverse("apply:start", args=["rapid"])).status_code == 200


def test_every_page_of_one_that_was_sent_opens(client_for, owner: User, sent: Application) -> None:
    client = client_for(owner)
    for name in PAGES_OF_ONE_SENT:
        assert client.get(page(name, sent)).status_code == 200, name
    assert client.get(page("section", sent, "threat")).status_code == 200
    assert client.get(page("budget", sent)).status_code == 200


@pytest.mark.parametrize("who", ["stranger", "officer", "director", "reviewer", "admin_user", "applicant"])
def test_nobody_else_learns_that_it_exists(request, client_for, who: str, sent: Application) -> None:
    client = client_for(request.getfixturevalue(who))
    names = {*PAGES_OF_A_DRAFT, *PAGES_OF_ONE_SENT, "request"}
    for name in names:
        response = client.get(page(name, sent))
        assert response.status_code == 404, name
        assert "clinic" not in response.content.decode()
    assert client.post(page("submit", sent)).status_code == 404
    assert client.get(page("section", sent, "threat")).status_code == 404


def test_a_visitor_is_led_to_sign_in_and_autosave_is_told(client, application: Application) -> None:
    assert client.get(page("application", application)).status_code == 302
    response = client.post(page("autosave", application, "threat"), headers={"X-Autosave": "1"})
    assert (response.status_code, response.json()) == (401, {"error": "signed-out"})


def test_a_viewer_reads_and_writes_nothing(client_for, viewer: User, ready_application: Application) -> None:
    client = client_for(viewer)
    what = question_of(ready_application, "what")
    shown = client.get(page("section", ready_application, "threat")).content.decode()
    assert "The office was closed on Monday." in shown
    assert "<textarea" not in shown
    posted = {f"q-{what}": "Gone", f"q-{what}__version": "1"}
    assert client.post(page("section", ready_application, "threat"), posted).status_code == 403
    assert client.post(page("submit", ready_application)).status_code == 403
    saved = client.post(
        page("autosave", ready_application, "threat"), posted | {"changed": f"q-{what}"}, headers={"X-Autosave": "1"}
    )
    assert (saved.status_code, saved.json()["saved_at"]) == (404, None)
    assert read_answers(ready_application)[what] == "The office was closed on Monday."


def test_the_whole_way_without_javascript(
    client_for, owner: User, call: Call, group: Organization, officer: User
) -> None:
    client = client_for(owner)
    once = uuid.uuid4()
    start = {"organization": group.pk, "language": "en", "confidentiality": "standard", "once": once}
    first = client.post(reverse("apply:start", args=["rapid"]), start)
    assert client.post(reverse("apply:start", args=["rapid"]), start).url == first.url
    application = Application.objects.get()
    details = {"title": "Doors", "currency": "USD", "starts_on": "01/02/2027", "months": "٣", "details__version": 1}
    assert client.post(page("details", application), details | {"go": "continue"}).url == page(
        "section", application, "threat"
    )
    what, secret, others = (question_of(application, slug) for slug in ("what", "secret", "asked-others"))
    threat = {f"q-{what}": "A letter came.", f"q-{secret}": "", "go": "continue"}
    assert client.post(page("section", application, "threat"), threat).url == page("section", application, "need")
    need = {f"q-{others}": "no", f"q-{others}-asked": "1", f"q-{others}-more": "", "go": "continue"}
    assert client.post(page("section", application, "need"), need).url == page("budget", application)
    budget = {
        "budget-TOTAL_FORMS": "2",
        "budget__version": "1",
        "budget-0-category": "staff",
        "budget-0-description": "A nurse",
        "budget-0-quantity": "2",
        "budget-0-unit_cost": "1,000",
        "budget-0-asked": "٢٠٠٠",
        "budget-0-from_others": "",
        "budget-1-category": "staff",
        "go": "continue",
    }
    assert client.post(page("budget", application), budget).url == page("attachments", application)
    assert "Send the application" in client.get(page("check", application)).content.decode()
    assert client.post(page("submit", application)).url == page("receipt", application)
    assert client.post(page("submit", application)).url == page("receipt", application)
    application.refresh_from_db()
    assert (application.status, application.months, str(application.asked)) == (Status.SUBMITTED, 3, "USD 2,000")


def test_what_was_typed_stays_on_the_page_with_its_sentence(client_for, owner: User, application: Application) -> None:
    people, others = question_of(application, "people"), question_of(application, "asked-others")
    posted = {f"q-{people}": "1e400", f"q-{others}": "no", f"q-{others}-asked": "1"}
    response = client_for(owner).post(page("section", application, "need"), posted)
    text = response.content.decode()
    assert response.status_code == 422
    assert "Write a number with digits only, such as 18400 or 18,400.50." in text
    assert 'value="1e400"' in text
    assert read_answers(application) == {others: {"yes": False, "more": ""}}


def test_a_stale_page_shows_both_texts_and_the_choice_is_kept(
    client_for, owner: User, editor: User, application: Application
) -> None:
    what = question_of(application, "what")
    save_answers(application=application, by=editor, values={what: "Theirs"})
    client = client_for(owner)
    posted = {f"q-{what}": "Mine", f"q-{what}__version": "0"}
    shown = client.post(page("section", application, "threat"), posted).content.decode()
    assert ("Theirs" in shown, "Mine" in shown, f'name="q-{what}__version" value="1"' in shown) == (True, True, True)
    assert read_answers(application) == {what: "Theirs"}
    choice = posted | {f"q-{what}__version": "1", f"q-{what}__keep": "theirs"}
    client.post(page("section", application, "threat"), choice)
    assert read_answers(application) == {what: "Theirs"}
    client.post(page("section", application, "threat"), choice | {f"q-{what}__keep": "mine"})
    assert read_answers(application) == {what: "Mine"}


def test_autosave_says_what_was_saved_refused_and_in_conflict(
    client_for, owner: User, editor: User, application: Application
) -> None:
    what, people = question_of(application, "what"), question_of(application, "people")
    save_answers(application=application, by=editor, values={what: "Theirs"})
    client = client_for(owner)
    reply = client.post(
        page("autosave", application, "threat"),
        {"changed": f"q-{what}", f"q-{what}": "Mine", f"q-{what}__version": "0"},
        headers={"X-Autosave": "1"},
    ).json()
    assert reply["conflicts"] == {
        f"q-{what}": {
            "theirs": "Theirs",
            "by": "Eid Editor",
            "version": 1,
            "message": "A colleague saved a newer answer. Compare the two and choose.",
        }
    }
    reply = client.post(
        page("autosave", application, "need"),
        {"changed": f"q-{people}", f"q-{people}": "many", f"q-{people}__version": "0"},
        headers={"X-Autosave": "1"},
    ).json()
    assert reply["errors"] == {f"q-{people}": "Write a number with digits only, such as 18400 or 18,400.50."}


def test_autosave_after_submission_says_why_nothing_is_saved(client_for, owner: User, sent: Application) -> None:
    what = question_of(sent, "what")
    reply = client_for(owner).post(
        page("autosave", sent, "threat"),
        {"changed": f"q-{what}", f"q-{what}": "Later", f"q-{what}__version": "1"},
        headers={"X-Autosave": "1"},
    )
    assert (reply.status_code, reply.json()["saved_at"]) == (409, None)
    assert "can no longer be changed" in reply.json()["message"]


def test_a_call_that_closed_while_typing_keeps_the_draft_and_says_so(
    client_for, owner: User, ready_application: Application, call: Call, at_time
) -> None:
    closes = at_time("2026-11-23 17:00")
    Call.objects.filter(pk=call.pk).update(closes_at=closes, grace_minutes=30)
    client = client_for(owner)
    at_time("2026-11-23 17:10")
    shown = client.get(page("check", ready_application)).content.decode()
    assert "you can still send until 23 November 2026, 17:30, Jerusalem time (UTC+02:00)" in shown
    at_time("2026-11-23 17:31")
    response = client.post(page("submit", ready_application))
    assert response.status_code == 422
    assert "This call has closed, so the application can no longer be sent. Your draft is kept" in (
        response.content.decode()
    )
    assert Application.objects.get().status == Status.DRAFT


def test_a_budget_that_is_no_number_is_kept_as_typed(client_for, owner: User, application: Application) -> None:
    posted = {
        "budget-TOTAL_FORMS": "1",
        "budget__version": "1",
        "budget-0-category": "staff",
        "budget-0-description": "Rent",
        "budget-0-quantity": "three",
    }
    response = client_for(owner).post(page("budget", application), posted)
    assert response.status_code == 422
    assert 'value="three"' in response.content.decode()
    assert application.budget_lines.count() == 0


def test_a_request_reopens_only_what_it_names(client_for, owner: User, officer: User, sent: Application) -> None:
    from grants.form_tree import form_tree

    threat = form_tree(sent.form_version_id).section("threat")
    ask_applicant(application=sent, by=officer, text="Which Monday?", reopened=[threat.id])
    client = client_for(owner)
    assert "Which Monday?" in client.get(page("request", sent)).content.decode()
    assert "<textarea" in client.get(page("section", sent, "threat")).content.decode()
    assert "These answers were sent" in client.get(page("section", sent, "need")).content.decode()
    what, people = question_of(sent, "what"), question_of(sent, "people")
    client.post(page("section", sent, "threat"), {f"q-{what}": "On the first.", f"q-{what}__version": "1"})
    client.post(page("section", sent, "need"), {f"q-{people}": "9", f"q-{people}__version": "0"})
    assert read_answers(sent)[what] == "On the first."
    assert people not in read_answers(sent)
    assert client.post(page("request", sent), {"text": ""}).url == page("status", sent)
    sent.refresh_from_db()
    assert sent.status == Status.SUBMITTED


def test_a_file_is_sent_opened_safely_and_taken_out(
    client_for, owner: User, stranger: User, application: Application
) -> None:
    client = client_for(owner)
    upload = SimpleUploadedFile("كتاب.txt", b"hello", content_type="text/html")
    client.post(page("attachments", application), {"file": upload})
    row = application.attachments.get()
    response = client.get(page("attachment_download", application, row.pk))
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client_for(stranger).get(page("attachment_download", application, row.pk)).status_code == 404
    client.post(page("attachments", application), {"remove_file": str(row.pk)})
    assert client.get(page("attachment_download", application, row.pk)).status_code == 404


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (("empty.pdf", b""), "This file is empty."),
        (("run.exe", b"MZ"), "Files of this kind cannot be sent."),
        (("no.pdf", b"hello"), "The content of this file does not fit its ending .pdf."),
        (("large.txt", b"x" * 3000), "This file is larger than"),
    ],
)
def test_bad_files_are_refused_with_a_sentence(
    client_for, owner: User, application: Application, upload: tuple[str, bytes], sentence: str
) -> None:
    with override_settings(MAX_UPLOAD_BYTES=2000):
        response = client_for(owner).post(page("attachments", application), {"file": SimpleUploadedFile(*upload)})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert application.attachments.count() == 0


def test_home_and_section_and_autosave_and_submit_cost_few_statements(
    client_for, owner: User, officer: User, ready_application: Application
) -> None:
    for _number in range(30):
        draft(ready_application.call, ready_application.organization, owner)
    client = client_for(owner)
    client.get(reverse("apply:home"))
    with at_most(8):
        client.get(reverse("apply:home"))
    with at_most(8):
        client.get(page("section", ready_application, "threat"))
    what = question_of(ready_application, "what")
    posted = {"changed": f"q-{what}", f"q-{what}": "Saved again.", f"q-{what}__version": "1"}
    with at_most(6):
        client.post(page("autosave", ready_application, "threat"), posted, headers={"X-Autosave": "1"})
    secret = question_of(ready_application, "secret")
    posted = {"changed": f"q-{secret}", f"q-{secret}": "Hidden again", f"q-{secret}__version": "1"}
    with at_most(7):
        client.post(page("autosave", ready_application, "threat"), posted, headers={"X-Autosave": "1"})
    with at_most(20):
        client.post(page("submit", ready_application))
    assert Application.objects.get(pk=ready_application.pk).status == Status.SUBMITTED


def test_home_costs_the_same_for_one_application_and_for_thirty(
    client_for, owner: User, ready_application: Application
) -> None:
    client = client_for(owner)
    client.get(reverse("apply:home"))
    with at_most(6):
        assert client.get(reverse("apply:home")).status_code == 200
    for _number in range(30):
        draft(ready_application.call, ready_application.organization, owner)
    with at_most(6):
        assert client.get(reverse("apply:home")).status_code == 200


def test_every_application_can_be_reached_from_home(client_for, owner: User, ready_application: Application) -> None:
    for _number in range(30):
        draft(ready_application.call, ready_application.organization, owner)
    client = client_for(owner)
    shown: list[str] = []
    cursor = None
    while cursor is not None or not shown:
        context = client.get(reverse("apply:home"), {"cursor": cursor or ""}).context
        shown += [item.reference for item in context["applications"]]
        cursor = context["page"].next_cursor
    assert len(shown) == 31
    assert set(shown) == set(Application.objects.values_list("reference", flat=True))


def test_home_begins_with_what_waits_on_the_person(client_for, owner: User, officer: User, sent: Application) -> None:
    asked = sent.reference
    ask_applicant(application=sent, by=officer, text="Which dates?")
    call, organization = sent.call, sent.organization
    begun = [draft(call, organization, owner).reference for _number in range(2)]
    closed = draft(call, organization, owner)
    Application.objects.filter(pk=closed.pk).update(status=Status.WITHDRAWN)
    Application.objects.filter(reference=asked).update(changed_at=closed.created_at - timedelta(days=900))
    items = client_for(owner).get(reverse("apply:home")).context["applications"]
    assert [item.reference for item in items] == [asked, *reversed(begun), closed.reference]


def test_an_answer_that_was_given_stands_on_the_status_page(client_for, owner: User, sent: Application) -> None:
    client = client_for(owner)
    words = "Your application is not eligible"
    assert words not in client.get(page("status", sent)).content.decode()
    Application.objects.filter(pk=sent.pk).update(status=Status.INELIGIBLE, decided_at=sent.submitted_at)
    assert words in client.get(page("status", sent)).content.decode()
