"""What a reviewer sees and asks: files, others' reviews, questions to the officer, criteria with headings."""

import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from accounts.choices import RoleName
from accounts.models import InboxItem
from core.errors import NotPermitted
from grants.choices import Status
from grants.models import Application, Assignment, Attachment, Call, NamedReader
from grants.services import access
from reviews.choices import OthersVisible
from reviews.criteria import STANDARD, Anchor, CriterionNode
from reviews.forms.sheet_layout import criteria_of, meanings
from reviews.forms.sheets import SheetForm
from reviews.models import JudgingTerms, ReviewerQuestion
from reviews.selectors import reviews_visible_to
from reviews.services import questions
from reviews.services import sheets as service
from reviews.services.questions import QuestionAnswered
from reviews.sheet_lines import lines_of
from tests.factories.accounts import person_with
from tests.factories.grants import made_restricted
from tests.factories.reviews import reviewed, reviewing, whole_sheet
from tests.grants.counting import at_most
from tests.reviews.test_sheets import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(assigned, officer, reviewer2):
    """Two reviewers at work; the second has sent a telling remark."""
    application = reviewing(assigned, reviewer2, officer)
    sheet = whole_sheet("1", comments_for_panel="A telling remark")
    service.submit_review(application=application, by=reviewer2, version=0, sheet=sheet)
    return application


@pytest.fixture
def paper(assigned, owner):
    name = "tamarisk-lease.txt"
    row = Attachment(
        application=assigned,
        file_name=name,
        content_type="text/plain",
        size=8,
        sha256="0" * 64,
        uploaded_by=owner,
    )
    row.file.save(name, ContentFile(b"invented"), save=False)
    row.save(force_insert=True)
    return row


def seen(user, application) -> list[str]:
    fresh = Application.objects.select_related("call__programme", "organization").get(pk=application.pk)
    return [row.reviewer.email.split("@")[0] for row in reviews_visible_to(user, fresh)]


def terms(application, rule) -> None:
    JudgingTerms.objects.update_or_create(call=application.call, defaults={"others_visible": rule})


# ---- others' reviews ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (OthersVisible.NEVER, [], ["reviewer"]),
        (OthersVisible.AFTER_MINE, [], ["reviewer2", "reviewer"]),
        (OthersVisible.ALWAYS, ["reviewer2"], ["reviewer2", "reviewer"]),
    ],
)
def test_reviewers_see_others_as_the_call_says(rule, before, after, two, client_for):
    reviewer = two.assignments.exclude(user__email__startswith="reviewer2").get().user
    terms(two, rule)
    client = client_for(reviewer)
    assert seen(reviewer, two) == before
    assert ("A telling remark" in client.get(address(two)).text) == ("reviewer2" in before)
    reviewed(two, reviewer)
    assert seen(reviewer, two) == after
    page = client.get(address(two)).text
    assert ("A telling remark" in page) == ("reviewer2" in after)
    assert "Roni Reviewer" not in page


def test_staff_see_all_with_names_unless_their_own_sheet_is_unfinished(two, officer, auditor, client_for):
    assert seen(officer, two) == seen(auditor, two) == ["reviewer2"]
    begun = service.save_review(application=two, by=officer, version=0, sheet=whole_sheet())
    assert seen(officer, two) == []
    assert "A telling remark" not in client_for(officer).get(address(two, "review/")).text
    service.submit_review(application=two, by=officer, version=begun.version, sheet=whole_sheet())
    assert seen(officer, two) == ["reviewer2", "officer"]
    assert "Roni Reviewer" in client_for(officer).get(address(two, "review/")).text


def test_a_draft_that_can_no_longer_be_sent_hides_nothing(two, officer):
    service.save_review(application=two, by=officer, version=0, sheet=whole_sheet())
    service.finish_review(application=two, by=officer)
    assert seen(officer, two) == ["reviewer2"]


def test_a_conflict_hides_reviews_both_ways(two, officer, officer2, reviewer, owner):
    reviewer2 = two.reviews.get().reviewer
    terms(two, OthersVisible.ALWAYS)
    access.recuse(application=two, person=officer2, reason="family", by=officer)
    assert seen(officer2, two) == seen(owner, two) == []
    access.recuse(application=two, person=reviewer, reason="board", by=officer)
    assert seen(reviewer, two) == []
    access.recuse(application=two, person=reviewer2, reason="work", by=officer)
    assert seen(officer, two) == seen(reviewer2, two) == []


def test_of_a_restricted_application_only_named_readers_see_reviews(two, director, reviewer):
    terms(two, OthersVisible.ALWAYS)
    made_restricted(two)
    assert seen(director, two) == seen(reviewer, two) == []
    NamedReader.objects.create(application=two, user=reviewer, named_by=director)
    assert seen(reviewer, two) == ["reviewer2"]


def test_whoever_is_not_asked_or_has_not_declared_sees_no_review(two, officer, programme):
    third = person_with(RoleName.REVIEWER, programme, email="third@panel.example")
    terms(two, OthersVisible.ALWAYS)
    assert seen(third, two) == []
    access.assign_reviewer(application=two, reviewer=third, by=officer)
    assert seen(third, two) == []


# ---- files ----------------------------------------------------------------------------------------------------------
def test_a_reviewer_opens_files_of_what_they_review(assigned, paper, reviewer, client_for):
    client = client_for(reviewer)
    url = address(assigned, f"review/file/{paper.pk}/")
    page = client.get(address(assigned)).text
    assert url in page
    assert "tamarisk-lease.txt" in page
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == b"invented"


def test_blind_reviewers_see_neither_files_nor_their_names(assigned, paper, reviewer, client_for):
    Call.objects.filter(pk=assigned.call_id).update(blind_review=True)
    client = client_for(reviewer)
    assert "tamarisk" not in client.get(address(assigned)).text.lower()
    assert client.get(address(assigned, f"review/file/{paper.pk}/")).status_code == 404


def test_files_open_for_nobody_else(paper, reviewer, reviewer2, another, client_for):
    assigned = paper.application
    url = address(assigned, f"review/file/{paper.pk}/")
    assert client_for(reviewer2).get(url).status_code == 404
    assert client_for(reviewer).get(address(another, f"review/file/{paper.pk}/")).status_code == 404
    Assignment.objects.filter(user=reviewer).update(no_conflict_at=None)
    assert client_for(reviewer).get(url).status_code == 404
    Assignment.objects.filter(user=reviewer).update(no_conflict_at="2026-11-01T00:00Z")
    made_restricted(assigned)
    assert client_for(reviewer).get(url).status_code == 404
    access.recuse(application=assigned, person=reviewer, reason="board", by=reviewer)
    assert client_for(reviewer).get(url).status_code == 404


# ---- questions ------------------------------------------------------------------------------------------------------
def ask(application, by, text="Which office is meant?", once=None) -> ReviewerQuestion:
    return questions.ask_officer(application=application, by=by, text=text, once=once or uuid.uuid4())


def test_a_question_reaches_whoever_leads_or_every_officer(assigned, officer, officer2, director, reviewer):
    ask(assigned, reviewer)
    told = set(InboxItem.objects.filter(kind="reviews.question").values_list("user__email", flat=True))
    assert told == {officer.email, officer2.email}
    Application.objects.filter(pk=assigned.pk).update(officer=officer2)
    question = ask(assigned, reviewer, "And when?")
    told = set(InboxItem.objects.filter(event=f"reviewer-asked:{question.pk}").values_list("user__email", flat=True))
    assert told == {officer2.email}


def test_a_question_about_a_restricted_application_is_told_neutrally(assigned, officer, director, reviewer):
    for person in (officer, reviewer):
        NamedReader.objects.create(application=assigned, user=person, named_by=director)
    made_restricted(assigned)
    ask(assigned, reviewer)
    items = InboxItem.objects.filter(kind="reviews.question")
    assert [(item.user, item.restricted) for item in items] == [(officer, True)]


def test_a_question_sent_twice_is_one(assigned, reviewer, client_for):
    fields = {"question-text": "Which office?", "question-once": str(uuid.uuid4())}
    client = client_for(reviewer)
    for _time in range(2):
        assert client.post(address(assigned, "review/ask/"), fields).status_code == 302
    assert ReviewerQuestion.objects.get().text == "Which office?"
    blank = client.post(address(assigned, "review/ask/"), fields | {"question-text": " "})
    assert blank.status_code == 422


def test_who_may_not_score_asks_nothing_and_questions_end_with_the_review(assigned, reviewer, reviewer2):
    with pytest.raises(NotPermitted):
        ask(assigned, reviewer2)
    Application.objects.filter(pk=assigned.pk).update(status=Status.APPROVED)
    with pytest.raises(service.TooLate):
        ask(assigned, reviewer)


def test_at_most_five_questions_wait_at_once(assigned, reviewer):
    for number in range(5):
        ask(assigned, reviewer, f"Question {number}?")
    with pytest.raises(questions.AlreadyOpen):
        ask(assigned, reviewer)


def test_the_officer_answers_and_only_the_one_who_asked_reads_it(two, officer, reviewer, reviewer2, client_for):
    question = ask(two, reviewer)
    client = client_for(officer)
    tab = client.get(address(two, "reviews/")).text
    assert "Which office is meant?" in tab
    assert f"ask/?about={question.pk}" in tab
    url = address(two, f"reviews/question/{question.pk}/")
    assert client.post(url, {f"{question.pk}-text": ""}).status_code == 422
    assert client.post(url, {f"{question.pk}-text": "The one in the north."}).status_code == 302
    assert "The one in the north." in client_for(reviewer).get(address(two)).text
    assert "The one in the north." not in client_for(reviewer2).get(address(two)).text
    assert InboxItem.objects.filter(kind="reviews.question_answered").get().user == reviewer


def test_a_second_answer_is_refused_and_kept_on_the_page(assigned, officer, officer2, reviewer, client_for):
    question = ask(assigned, reviewer)
    questions.answer_reviewer(application=assigned, question_id=question.pk, by=officer, text="The first")
    with pytest.raises(QuestionAnswered):
        questions.answer_reviewer(application=assigned, question_id=question.pk, by=officer2, text="The second")
    answer = client_for(officer2).post(
        address(assigned, f"reviews/question/{question.pk}/"), {f"{question.pk}-text": "The second"}
    )
    assert answer.status_code == 409
    assert "The first" in answer.text
    assert "The second" in answer.text


def test_a_reviewer_recused_meanwhile_is_told_nothing(assigned, officer, reviewer):
    question = ask(assigned, reviewer)
    access.recuse(application=assigned, person=reviewer, reason="board", by=officer)
    questions.answer_reviewer(application=assigned, question_id=question.pk, by=officer, text="An answer")
    assert not InboxItem.objects.filter(kind="reviews.question_answered").exists()


def test_asking_the_applicant_begins_with_the_question_and_not_with_who_asked(
    assigned, another, officer, reviewer, client_for
):
    question = ask(assigned, reviewer)
    client = client_for(officer)
    page = client.get(address(assigned, f"ask/?about={question.pk}")).text
    form = page[page.index("<form method") : page.index("</form>", page.index("<textarea"))]
    assert "Which office is meant?" in page
    assert "Rana" not in form
    for about in ("nonsense", str(uuid.uuid4())):
        assert client.get(address(assigned, f"ask/?about={about}")).status_code == 200
    assert "Which office" not in client.get(address(another, f"ask/?about={question.pk}")).text


def test_auditors_read_questions_and_answer_none(assigned, auditor, reviewer, client_for):
    question = ask(assigned, reviewer)
    client = client_for(auditor)
    tab = client.get(address(assigned, "reviews/")).text
    assert "Which office is meant?" in tab
    assert "Answer the reviewer" not in tab
    url = address(assigned, f"reviews/question/{question.pk}/")
    assert client.post(url, {f"{question.pk}-text": "Mine"}).status_code == 403


# ---- the page -------------------------------------------------------------------------------------------------------
def test_every_point_says_what_it_means():
    political = next(leaf for leaf in STANDARD.leaves if leaf.code == "political")
    words = {anchor.level: anchor for anchor in political.anchors}
    assert meanings(political, Decimal(3)) == (words[Decimal(3)],)
    assert meanings(political, Decimal("3.5")) == (words[Decimal(3)], words[Decimal(4)])
    assert meanings(replace(political, anchors=()), Decimal(3)) == ()


def test_levels_are_read_as_people_write_them():
    ten = replace(STANDARD.criteria[0], anchors=(Anchor(Decimal(10), "All of it"), Anchor(Decimal("2.50"), "Some")))
    [shown] = criteria_of(SheetForm(rubric=replace(STANDARD, criteria=(ten,), high=Decimal(10))), {})
    assert [meaning.level for meaning in shown.anchors] == ["10", "2.5"]
    assert [point.label for point in shown.points[:2]] == ["0", "0.5"]


def test_a_parent_is_a_heading_and_its_children_are_scored():
    child, other = STANDARD.criteria[:2]
    parent = CriterionNode("need", "Need", "", Decimal(40), children=(child, other))
    rubric = replace(STANDARD, criteria=(parent, STANDARD.criteria[2]))
    shown = criteria_of(SheetForm(rubric=rubric), {})
    assert [(item.code, item.is_heading, item.level) for item in shown] == [
        ("need", True, 3),
        ("values", False, 4),
        ("non_duplication", False, 4),
        ("political", False, 3),
    ]
    lines = lines_of({"values": (Decimal("3.5"), "Why")}, rubric)
    assert next((str(line.label), line.value) for line in lines if not line.is_heading) == ("Values", "3.5")


def test_a_scale_of_many_points_is_a_list(assigned):
    rubric = replace(STANDARD, high=Decimal(100), step=Decimal(1))
    [first, *_rest] = criteria_of(SheetForm(rubric=rubric), {})
    assert first.points == []
    assert str(first.score).startswith("<select")


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_the_page_works_without_scripts_in_every_language(language, assigned, reviewer, client_for):
    client = client_for(reviewer)
    client.cookies["django_language"] = language
    page = client.get(address(assigned)).text
    assert f'lang="{language}"' in page
    assert 'href="#text"' in page
    assert 'id="text"' in page
    assert 'href="#score-sheet"' in page
    assert 'id="score-sheet"' in page
    assert 'href="#section-threat"' in page
    assert 'id="section-threat"' in page
    assert page.count('type="radio"') >= 5 * 12
    assert page.count('value="" checked') == 5


def test_the_tab_of_reviews_costs_the_same_for_one_question_and_for_many(two, officer, reviewer, client_for):
    client = client_for(officer)
    ask(two, reviewer)
    client.get(address(two, "reviews/"))
    with at_most(18):
        one = client.get(address(two, "reviews/"))
    ReviewerQuestion.objects.bulk_create(
        ReviewerQuestion(application=two, asked_by=reviewer, text=f"{number}?", once=uuid.uuid4())
        for number in range(30)
    )
    with at_most(18):
        many = client.get(address(two, "reviews/"))
    assert ("29?" in one.text, "29?" in many.text) == (False, True)
