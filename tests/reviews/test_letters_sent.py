"""What was read is what is sent: previews, other languages, comments of reviewers, and letters that stay."""

import pytest
from django.core.cache import cache

from core.translated import Translated
from grants.models import Application
from reviews.letters import compose_all, contents_of, digest, letter_for
from reviews.models import Decision, Review, terms_of
from reviews.services import decisions as service
from reviews.services import eligibility
from reviews.services.decisions import Feedback
from tests.factories.reviews import approval, proposed
from tests.grants.counting import at_most
from tests.reviews.test_views import address, fields, propose_by_page, text

pytestmark = pytest.mark.django_db


def test_a_letter_stays_as_it_was_sent(awaiting, officer, director):
    decision = proposed(awaiting, officer)
    before = digest(compose_all(contents_of(decision), awaiting))
    service.approve(application=awaiting, decision_id=decision.pk, by=director, letter_seen=before)
    organization = awaiting.organization
    organization.name = Translated(en="Renamed since")
    organization.save()
    awaiting.refresh_from_db()
    letter = letter_for(awaiting, "en")
    assert letter is not None
    assert ("Renamed" in letter["greeting"], letter["dated"]) == (False, awaiting.decided_at)
    decision.refresh_from_db()
    assert digest(decision.letters) == before


def test_the_letter_of_an_ineligible_application_stays_as_it_was_sent(sent, officer):
    eligibility.fail_eligibility(application=sent, by=officer, reason="It is outside the region of the call.")
    before = {code: letter_for(Application.objects.get(pk=sent.pk), code) for code in ("en", "ar", "he")}
    organization = sent.organization
    organization.name = Translated(en="Renamed since")
    organization.save()
    terms = terms_of(sent.call)
    terms.appeal_days = 3
    terms.save()
    again = Application.objects.get(pk=sent.pk)
    assert {code: letter_for(again, code) for code in ("en", "ar", "he")} == before
    assert before["en"] is not None
    assert ("Renamed" in before["en"]["greeting"], before["en"]["dated"]) == (False, again.decided_at)


def test_a_letter_that_changed_after_it_was_read_is_not_sent(awaiting, officer, director, client_for):
    decision = proposed(awaiting, officer)
    page = client_for(director).get(address(awaiting, "decision/"))
    organization = awaiting.organization
    organization.name = Translated(en="Renamed meanwhile")
    organization.save()
    seen = {"letter_seen": page.context["proposal_letter_seen"]}
    answer = client_for(director).post(address(awaiting, f"decision/{decision.pk}/approve/"), seen)
    assert answer.status_code == 409
    assert "The letter is not the one you read" in text(answer)
    assert "Renamed meanwhile" in text(answer)


def test_nothing_is_proposed_before_its_letter_was_read(awaiting, officer, client_for):
    client = client_for(officer)
    first = client.post(address(awaiting, "decision/"), fields(step="propose"))
    assert (first.status_code, Decision.objects.count()) == (200, 0)
    assert [letter["language"] for letter in first.context["preview"]] == ["en", "ar", "he"]
    seen = first.context["letter_seen"]
    typed = fields(step="propose", letter_seen=seen, message_to_applicant="Other words.")
    other = client.post(address(awaiting, "decision/"), typed)
    assert (other.status_code, Decision.objects.count()) == (409, 0)
    assert "Other words." in text(other)


def test_each_language_has_its_own_message(awaiting, officer, director, client_for):
    propose_by_page(client_for(officer), awaiting, message_ar="أحسنتم.")
    decision = Decision.objects.get()
    letters = compose_all(contents_of(decision), awaiting)
    assert {code: letter["paragraphs"][1] for code, letter in letters.items()} == {
        "en": "Well done.",
        "ar": "أحسنتم.",
        "he": "Well done.",
    }


def test_comments_of_reviewers_stand_in_the_letter_without_a_name(awaiting, officer, reviewer, owner, client_for):
    review = Review.objects.get()
    page = client_for(officer).get(address(awaiting, "decision/"))
    assert page.context["comments"].forms[0].initial["text"] == "A clear plan."
    rows = {"feedback-TOTAL_FORMS": "1", "feedback-INITIAL_FORMS": "1", "feedback-0-review": str(review.pk)}
    rows |= {"feedback-0-include": "on", "feedback-0-text": "A very clear plan."}
    propose_by_page(client_for(officer), awaiting, **rows)
    decision = Decision.objects.get()
    letter = compose_all(contents_of(decision), awaiting)["en"]
    assert letter["feedback"] == ["A very clear plan."]
    assert str(reviewer) not in str(letter)


@pytest.mark.parametrize("words", ["Rana Reviewer agrees.", "Ask REVIEWER@panel.example.", " "])
def test_a_comment_that_tells_who_wrote_it_is_refused(words, awaiting, officer):
    with pytest.raises(service.FeedbackRefused):
        proposed(awaiting, officer, feedback=[Feedback(Review.objects.get().pk, words)])


def test_comments_of_a_recused_reviewer_are_not_offered(awaiting, officer, reviewer, client_for):
    awaiting.recusals.create(user=reviewer, reason="family", declared_by=officer)
    assert client_for(officer).get(address(awaiting, "decision/")).context["comments"].forms == []
    with pytest.raises(service.FeedbackRefused):
        proposed(awaiting, officer, feedback=[Feedback(Review.objects.get().pk, "A clear plan.")])


def test_what_came_back_stands_in_the_form_again(awaiting, officer, director, client_for):
    wish = approval(reason="First reason", conditions=[service.Condition("Send the lease.")])
    decision = service.propose(application=awaiting, by=officer, proposal=wish)
    service.return_to_officer(application=awaiting, decision_id=decision.pk, by=director, reason="Say why so much.")
    page = text(client_for(officer).get(address(awaiting, "decision/")))
    for words in ("Say why so much.", "First reason", "Well done.", "Send the lease."):
        assert words in page


def test_the_waiting_list_leads_to_a_proposal(awaiting, officer, director, client_for):
    decision = proposed(awaiting, officer, kind="waitlist")
    service.approve(application=awaiting, decision_id=decision.pk, by=director)
    list_page = client_for(officer).get(f"/staff/calls/{awaiting.call.slug}/waiting-list/")
    assert [row["application"].pk for row in list_page.context["rows"]] == [awaiting.pk]
    form = client_for(officer).get(address(awaiting, "decision/?kind=decline")).context["form"]
    assert form["kind"].value() == "decline"


def test_the_waiting_list_costs_the_same_for_one_and_for_many(awaiting, officer, director, client_for):
    decision = proposed(awaiting, officer, kind="waitlist")
    service.approve(application=awaiting, decision_id=decision.pk, by=director)
    awaiting.refresh_from_db()
    cache.clear()
    client, page = client_for(officer), f"/staff/calls/{awaiting.call.slug}/waiting-list/"
    client.get(page)
    with at_most(14):
        client.get(page)
    for number in range(29):
        awaiting.pk, awaiting.reference, awaiting._state.adding = None, f"ZZ-0000-{number:04}", True
        awaiting.save(force_insert=True)
    with at_most(14):
        assert len(client.get(page).context["rows"]) == 30
