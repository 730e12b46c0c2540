"""Score sheets: conflicts, blindness, sending once."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.errors import DomainError, NotPermitted, StaleVersion
from grants.choices import Status
from grants.form_tree import form_tree
from grants.models import Application, Assignment, Call, NamedReader, Question, Recusal
from grants.services import access
from reviews.models import Review
from reviews.reading import is_hidden
from reviews.selectors import own_assignments
from reviews.services import sheets as service
from reviews.services.sheets import Sheet
from tests.factories.grants import made_restricted
from tests.factories.reviews import reviewed, reviewing, whole_sheet

pytestmark = pytest.mark.django_db


def address(application: Application, tail: str = "review/") -> str:
    return f"/staff/applications/{application.reference}/{tail}"


def posted(application: Application, version: int = 0, value: str = "4.0", **changes: str) -> dict[str, str]:
    """What the page sends for a whole sheet."""
    fields = {
        "version": str(version),
        "recommendation": "fund",
        "comments_for_panel": "P",
        "comments_for_applicant": "",
    }
    for criterion in ("values", "non_duplication", "political", "financial", "capacity"):
        fields |= {f"{criterion}_score": value, f"{criterion}_reason": f"Why {criterion}"}
    return fields | changes


# ---- the service ----------------------------------------------------------------------------------------------------
def test_a_draft_may_be_blank_and_blank_is_not_zero(assigned, reviewer):
    sheet = Sheet(scores={"values": (None, ""), "political": (Decimal("0"), "None at all.")})
    review = service.save_review(application=assigned, by=reviewer, version=0, sheet=sheet)
    kept = dict(review.scores.values_list("criterion", "value"))
    assert kept == {"values": None, "political": Decimal("0.0")}


def test_sending_wants_every_score_and_reason(assigned, reviewer):
    sheet = whole_sheet(scores={"values": (Decimal(3), "")}, recommendation="")
    with pytest.raises(service.SheetIncomplete) as caught:
        service.submit_review(application=assigned, by=reviewer, version=0, sheet=sheet)
    assert caught.value.missing[0] == "values_reason"
    assert "recommendation" in caught.value.missing
    assert not Review.objects.exists()


@pytest.mark.parametrize("value", ["-0.5", "5.5", "2.3"])
def test_scores_run_from_0_to_5_in_halves(assigned, reviewer, value):
    with pytest.raises(DomainError):
        service.save_review(application=assigned, by=reviewer, version=0, sheet=whole_sheet(value))


def test_both_communities_are_never_scored_for_one_applicant(assigned, reviewer):
    sheet = Sheet(scores={"communities": (Decimal(1), "x")})
    with pytest.raises(DomainError):
        service.save_review(application=assigned, by=reviewer, version=0, sheet=sheet)


def test_a_sheet_is_sent_once(assigned, reviewer):
    reviewed(assigned, reviewer)
    with pytest.raises(service.SheetSent):
        service.save_review(application=assigned, by=reviewer, version=2, sheet=whole_sheet("1"))


def test_another_window_is_not_overwritten_in_silence(assigned, reviewer):
    review = service.save_review(application=assigned, by=reviewer, version=0, sheet=whole_sheet("3"))
    service.save_review(application=assigned, by=reviewer, version=review.version, sheet=whole_sheet("4"))
    with pytest.raises(StaleVersion):
        service.save_review(application=assigned, by=reviewer, version=review.version, sheet=whole_sheet("1"))


def test_a_decided_application_is_not_scored(assigned, reviewer):
    Application.objects.filter(pk=assigned.pk).update(status=Status.APPROVED)
    with pytest.raises(service.TooLate):
        service.save_review(application=assigned, by=reviewer, version=0, sheet=whole_sheet())


def test_who_is_not_assigned_or_has_not_declared_does_not_score(in_review, officer, reviewer, reviewer2):
    application = reviewing(in_review, reviewer, officer, declared=False)
    for person in (reviewer, reviewer2):
        with pytest.raises(NotPermitted):
            service.save_review(application=application, by=person, version=0, sheet=whole_sheet())


def test_officers_and_directors_may_score_too(in_review, officer, director):
    for person in (officer, director):
        assert reviewed(in_review, person).status == "submitted"


def test_a_review_is_finished_only_with_a_sheet(in_review, officer, director, reviewer):
    with pytest.raises(service.NoReviewYet):
        service.finish_review(application=in_review, by=officer)
    application = reviewing(in_review, reviewer, officer)
    reviewed(application, reviewer)
    with pytest.raises(NotPermitted):
        service.finish_review(application=application, by=director)
    assert service.finish_review(application=application, by=officer).status == Status.AWAITING_DECISION


def test_a_sheet_of_somebody_with_a_conflict_counts_no_more(assigned, officer, reviewer):
    reviewed(assigned, reviewer)
    access.recuse(application=assigned, person=reviewer, reason="board", by=officer)
    with pytest.raises(service.NoReviewYet):
        service.finish_review(application=assigned, by=officer)


# ---- the pages ------------------------------------------------------------------------------------------------------
def test_nothing_opens_before_the_declaration(in_review, officer, reviewer, client_for):
    application = reviewing(in_review, reviewer, officer, declared=False)
    page = client_for(reviewer).get(address(application)).content.decode()
    assert "Do you have a conflict of interest?" in page
    assert "The office was closed" not in page
    assert application.title not in page
    listing = client_for(reviewer).get("/staff/reviews/").content.decode()
    assert application.reference in listing
    assert application.title not in listing


def test_declaring_none_opens_the_text(in_review, officer, reviewer, client_for):
    application = reviewing(in_review, reviewer, officer, declared=False)
    client = client_for(reviewer)
    client.post(address(application, "review/declare/"), {"step": "none"})
    page = client.get(address(application)).content.decode()
    assert "The office was closed on Monday." in page
    assert "Tamarisk Circle" in page


def test_a_conflict_hides_everything_for_good(in_review, officer, reviewer, client_for):
    application = reviewing(in_review, reviewer, officer, declared=False)
    client = client_for(reviewer)
    assert client.post(address(application, "review/declare/"), {"reason": "board"}).status_code == 302
    assert Recusal.objects.get().reason == "board"
    for tail in ("review/", "reviews/", "eligibility/", "decision/"):
        assert client.get(address(application, tail)).status_code == 404
    assert application.reference not in client.get("/staff/reviews/").content.decode()
    assert not own_assignments(reviewer).exists()
    assert client.post(address(application, "review/declare/"), {"step": "none"}).status_code == 404


def test_a_conflict_hides_everything_from_an_officer_too(in_review, officer, officer2, client_for):
    access.recuse(application=in_review, person=officer2, reason="family", by=officer)
    client = client_for(officer2)
    for tail in ("review/", "reviews/", "eligibility/", "decision/"):
        assert client.get(address(in_review, tail)).status_code == 404
    assert in_review.reference not in client.get("/staff/applications/").content.decode()


def test_blind_review_hides_who_applies(assigned, reviewer, client_for):
    Call.objects.filter(pk=assigned.call_id).update(blind_review=True)
    page = client_for(reviewer).get(address(assigned)).content.decode()
    assert "Tamarisk Circle" not in page
    assert "Ask for the hidden orchard" not in page
    assert assigned.title not in page
    assert "The office was closed on Monday." in page
    assert "hidden from blind review" in page
    assert assigned.title not in client_for(reviewer).get("/staff/reviews/").content.decode()


def test_blind_review_shows_what_a_budget_line_costs_and_not_what_it_is_called(assigned, reviewer, client_for):
    line = assigned.budget_lines.get()
    line.description, line.quantity = "A nurse for Tamarisk Circle", Decimal("2.5")
    line.save()
    client = client_for(reviewer)
    assert "A nurse for Tamarisk Circle" in client.get(address(assigned)).text
    Call.objects.filter(pk=assigned.call_id).update(blind_review=True)
    page = client.get(address(assigned)).text
    assert "nurse" not in page
    assert line.get_category_display() in page
    assert '2.50 × <bdi class="num">600</bdi>' in page
    assert "1,000" in page


@pytest.mark.parametrize("kind", ["organization", "file", "declaration", "email", "phone", "web", "address"])
def test_kinds_that_tell_who_applies_are_hidden_whatever_the_form_says(assigned, kind):
    node = replace(next(form_tree(assigned.form_version_id).questions), kind=kind, sensitive=False, identifying=False)
    assert (is_hidden(node, blind=True), is_hidden(node, blind=False)) == (True, False)


def test_blind_review_hides_identifying_answers(assigned, reviewer, client_for):
    Call.objects.filter(pk=assigned.call_id).update(blind_review=True)
    question = Question.objects.get(slug="what", section__version=assigned.form_version)
    assert not question.identifying
    node = form_tree(assigned.form_version_id).question(question.pk)
    object.__setattr__(node, "identifying", True)
    try:
        assert is_hidden(node, blind=True)
        assert not is_hidden(node, blind=False)
        assert "The office was closed" not in client_for(reviewer).get(address(assigned)).content.decode()
    finally:
        object.__setattr__(node, "identifying", False)


def test_others_reviews_are_hidden_until_ones_own_is_in(assigned, officer, reviewer, reviewer2, client_for):
    application = reviewing(assigned, reviewer2, officer)
    service.submit_review(
        application=application,
        by=reviewer2,
        version=0,
        sheet=whole_sheet("1", comments_for_panel="A telling remark"),
    )
    client = client_for(reviewer)
    assert "A telling remark" not in client.get(address(application)).content.decode()
    answer = client.post(address(application), posted(application) | {"step": "send"})
    assert answer.status_code == 302
    assert "A telling remark" in client.get(address(application)).content.decode()


def test_an_officer_with_a_draft_sees_no_others_on_the_tab(assigned, officer, reviewer, client_for):
    service.submit_review(
        application=assigned, by=reviewer, version=0, sheet=whole_sheet(comments_for_panel="A telling remark")
    )
    client = client_for(officer)
    assert "A telling remark" in client.get(address(assigned, "reviews/")).content.decode()
    service.save_review(application=assigned, by=officer, version=0, sheet=whole_sheet())
    assert "A telling remark" not in client.get(address(assigned, "reviews/")).content.decode()


def test_what_was_typed_is_kept_when_something_is_missing(assigned, reviewer, client_for):
    fields = posted(assigned, values_score="", comments_for_panel="Typed and kept") | {"step": "send"}
    answer = client_for(reviewer).post(address(assigned), fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Typed and kept" in page
    assert "This is still missing." in page


def test_a_stale_window_shows_both_texts(assigned, reviewer, client_for):
    sheet = whole_sheet(comments_for_panel="From the other window")
    service.save_review(application=assigned, by=reviewer, version=0, sheet=sheet)
    fields = posted(assigned, comments_for_panel="From this window") | {"step": "save"}
    answer = client_for(reviewer).post(address(assigned), fields)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "From the other window" in page
    assert "From this window" in page


def test_a_restricted_application_is_reviewed_by_named_readers_only(assigned, director, reviewer, client_for):
    made_restricted(assigned)
    client = client_for(reviewer)
    assert client.get(address(assigned)).status_code == 404
    assert assigned.reference not in client.get("/staff/reviews/").content.decode()
    NamedReader.objects.create(application=assigned, user=reviewer, named_by=director)
    assert client.get(address(assigned)).status_code == 200


def test_reviewers_never_open_the_workbench(assigned, reviewer, client_for):
    client = client_for(reviewer)
    for tail in ("reviews/", "eligibility/", "decision/"):
        assert client.get(address(assigned, tail)).status_code == 404
    assert client.get("/staff/applications/").status_code == 403


def test_asking_for_a_review_from_the_page(in_review, officer, reviewer, client_for):
    answer = client_for(officer).post(address(in_review, "reviews/assign/"), {"reviewer": str(reviewer.pk)})
    assert answer.status_code == 302
    assert Assignment.objects.get().user == reviewer
    again = client_for(officer).post(address(in_review, "reviews/assign/"), {"reviewer": str(reviewer.pk)})
    assert again.status_code == 422
    assert Assignment.objects.count() == 1
