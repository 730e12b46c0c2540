"""A score sheet that saves itself: fields, windows, conflicts, sending once, private notes."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection

from core.errors import DomainError, NotPermitted
from grants.choices import Status
from grants.models import Application
from grants.services import access
from reviews.models import Review
from reviews.sealing import open_notes
from reviews.services import sheets as service
from reviews.services.sheets import NOTES, Seen, Sheet
from tests.factories.reviews import reviewed, whole_sheet
from tests.grants.counting import at_most
from tests.reviews.test_decisions import at_once
from tests.reviews.test_sheets import address, posted

pytestmark = pytest.mark.django_db
FIRST, SECOND = Seen({}, "windowone"), Seen({}, "windowtwo")


def save(application, by, seen=FIRST, **fields):
    return service.save_fields(application=application, by=by, fields=fields, seen=seen)


def autosaved(client, application, window="windowone", **fields):
    """What static/js/autosave.js sends: the names of what changed, the values, and the versions that are given."""
    changed = [name for name in fields if not name.endswith("__version")]
    return client.post(
        address(application, f"review/save/?window={window}"),
        {"changed": changed} | fields,
        headers={"X-Autosave": "1"},
    )


# ---- fields ---------------------------------------------------------------------------------------------------------
def test_only_what_was_sent_is_kept_and_blank_is_not_zero(assigned, reviewer):
    result = save(assigned, reviewer, values_score=Decimal(0), values_reason=" None. ", political_score=None)
    assert result.versions == {"values_score": 1, "values_reason": 1, "political_score": 0}
    review = Review.objects.get()
    assert {row.criterion: (row.value, row.reason) for row in review.scores.all()} == {
        "values": (Decimal("0.0"), "None.")
    }
    assert (review.status, review.comments_for_panel) == ("draft", "")


def test_a_field_saved_again_unchanged_keeps_its_version(assigned, reviewer):
    save(assigned, reviewer, comments_for_panel="Once")
    version = Review.objects.get().version
    assert save(assigned, reviewer, SECOND, comments_for_panel="Once").versions == {"comments_for_panel": 1}
    assert Review.objects.get().version == version


def test_a_score_taken_back_is_blank_again(assigned, reviewer):
    save(assigned, reviewer, values_score=Decimal(3))
    save(assigned, reviewer, values_score=None)
    assert Review.objects.get().scores.get().value is None


def test_another_window_meets_a_conflict_in_that_field_alone(assigned, reviewer):
    save(assigned, reviewer, comments_for_panel="From the first", values_score=Decimal(4))
    result = save(assigned, reviewer, SECOND, comments_for_panel="From the second", values_reason="New")
    assert result.conflicts == {"comments_for_panel": ("From the first", 1)}
    assert result.versions == {"values_reason": 1}
    review = Review.objects.get()
    assert review.comments_for_panel == "From the first"
    assert review.scores.get().reason == "New"
    resolved = Seen({"comments_for_panel": 1}, "windowtwo")
    assert save(assigned, reviewer, resolved, comments_for_panel="From the second").versions == {
        "comments_for_panel": 2
    }


def test_the_last_request_of_a_closing_page_overlaps_the_one_before(assigned, reviewer):
    save(assigned, reviewer, comments_for_panel="Begun")
    assert save(assigned, reviewer, comments_for_panel="Begun and ended").conflicts == {}
    assert Review.objects.get().comments_for_panel == "Begun and ended"


def test_an_unknown_field_or_a_point_off_the_scale_is_refused(assigned, reviewer):
    with pytest.raises(DomainError):
        save(assigned, reviewer, communities_score=Decimal(3))
    with pytest.raises(DomainError):
        save(assigned, reviewer, values_score=Decimal("5.5"))
    assert not Review.objects.exists()


# ---- sent once, and in time -----------------------------------------------------------------------------------------
def test_the_same_review_sent_twice_is_one_review(assigned, reviewer):
    first = service.submit_review(application=assigned, by=reviewer, version=FIRST, sheet=whole_sheet())
    again = service.submit_review(application=assigned, by=reviewer, version=SECOND, sheet=whole_sheet())
    assert (again.pk, again.submitted_at, again.version) == (first.pk, first.submitted_at, first.version)
    with pytest.raises(service.SheetSent):
        service.submit_review(application=assigned, by=reviewer, version=SECOND, sheet=whole_sheet("2"))
    with pytest.raises(service.SheetSent):
        save(assigned, reviewer, comments_for_panel="Later")
    assert Review.objects.get().comments_for_panel == "For the panel only."


def test_a_double_click_sends_once_and_says_the_same_twice(assigned, reviewer, client_for):
    client, fields = client_for(reviewer), posted(assigned, step="send", window="a")
    assert client.post(address(assigned), fields).status_code == 302
    assert client.post(address(assigned), fields).status_code == 302
    assert Review.objects.get().status == "submitted"


def test_another_text_after_sending_is_refused_and_shown(assigned, reviewer, client_for):
    client = client_for(reviewer)
    client.post(address(assigned), posted(assigned, step="send"))
    answer = client.post(address(assigned), posted(assigned, step="send", comments_for_panel="A second thought"))
    assert answer.status_code == 409
    assert "This review has been sent and cannot be changed any more." in answer.text
    assert "A second thought" in answer.text
    assert Review.objects.get().comments_for_panel == "P"


def test_a_review_after_the_round_was_finished_is_refused_and_nothing_typed_is_lost(
    assigned, officer, reviewer, reviewer2, client_for
):
    access.assign_reviewer(application=assigned, reviewer=reviewer2, by=officer)
    access.declare_no_conflict(application=assigned, by=reviewer2)
    reviewed(assigned, reviewer2)
    save(assigned, reviewer, comments_for_panel="Kept from before")
    service.finish_review(application=assigned, by=officer)
    client = client_for(reviewer)
    late = posted(assigned, step="send", values_reason="Typed too late", comments_for_panel__version="1")
    answer = client.post(address(assigned), late)
    assert answer.status_code == 409
    assert "is not being reviewed any more" in answer.text
    assert "Typed too late" in answer.text
    assert "Kept from before" in client.get(address(assigned)).text
    saved = autosaved(client, assigned, values_reason="Typed too late")
    assert (saved.status_code, saved.json()["saved_at"]) == (409, None)
    assert Review.objects.get(reviewer=reviewer).status == "draft"
    assert Review.objects.filter(status="submitted").count() == 1


def test_a_call_without_a_round_of_reviews_is_scored_until_it_is_decided(assigned, reviewer):
    Application.objects.filter(pk=assigned.pk).update(status=Status.AWAITING_DECISION)
    with pytest.raises(service.TooLate):
        save(assigned, reviewer, values_reason="Too late")
    assigned.call.needs_review = False
    assigned.call.save(update_fields=["needs_review"])
    assert save(assigned, reviewer, values_reason="In time").versions == {"values_reason": 1}


# ---- the protocol ---------------------------------------------------------------------------------------------------
def test_autosave_answers_as_the_protocol_says(assigned, reviewer, client_for, at_time):
    at_time("2026-11-25 14:32")
    client = client_for(reviewer)
    answer = autosaved(client, assigned, values_score="3.5", values_reason="Because")
    assert answer.status_code == 200
    reply = answer.json()
    assert reply["versions"] == {"values_score": 1, "values_reason": 1}
    assert (reply["errors"], reply["conflicts"]) == ({}, {})
    assert reply["saved_label"] == "Saved 14:32"
    assert "Saved 14:32" in client.get(address(assigned)).text
    assert 'value="3.5" checked' in client.get(address(assigned)).text


def test_autosave_shows_what_the_other_window_wrote(assigned, reviewer, client_for):
    client = client_for(reviewer)
    autosaved(client, assigned, values_score="3.5", recommendation="fund")
    reply = autosaved(client, assigned, "windowtwo", values_score="1.0", recommendation="decline").json()
    assert {name: found["theirs"] for name, found in reply["conflicts"].items()} == {
        "values_score": "3.5",
        "recommendation": "Fund",
    }
    assert reply["conflicts"]["values_score"]["version"] == 1
    assert reply["versions"] == {}


def test_autosave_saves_the_rest_when_one_field_is_wrong(assigned, reviewer, client_for):
    reply = autosaved(client_for(reviewer), assigned, values_score="17", values_reason="Good").json()
    assert set(reply["errors"]) == {"values_score"}
    assert reply["versions"] == {"values_reason": 1}
    alone = autosaved(client_for(reviewer), assigned, values_score="17")
    assert (alone.status_code, alone.json()["saved_at"]) == (422, None)


def test_a_session_that_ended_is_said_to_the_script(assigned, client):
    assert autosaved(client, assigned, values_reason="Typed").status_code == 401


def test_nobody_else_saves_and_nobody_before_declaring(in_review, officer, reviewer, reviewer2, client_for):
    access.assign_reviewer(application=in_review, reviewer=reviewer, by=officer)
    for person in (reviewer, reviewer2):
        answer = autosaved(client_for(person), in_review, values_reason="Typed")
        assert (answer.status_code, answer.json()["saved_at"]) == (404, None)
    assert not Review.objects.exists()


def test_saving_costs_the_same_for_one_field_and_for_all(assigned, reviewer, client_for):
    client = client_for(reviewer)
    autosaved(client, assigned, values_reason="First")
    every = {name: f"{value} again" if "reason" in name else value for name, value in posted(assigned).items()}
    every.pop("version")
    for fields in ({"values_reason": "Second"}, every):
        with at_most(13):
            assert autosaved(client, assigned, **fields).status_code == 200


def test_without_scripts_two_windows_are_compared_field_by_field(assigned, reviewer, client_for):
    client = client_for(reviewer)
    client.post(address(assigned), posted(assigned, step="save", window="a", comments_for_panel="Mine"))
    stale = posted(assigned, step="save", window="b", comments_for_panel="Other")
    answer = client.post(address(assigned), stale)
    assert answer.status_code == 409
    assert "Mine" in answer.text
    assert "Other" in answer.text
    assert 'name="comments_for_panel__version" value="1"' in answer.text
    insists = client.post(address(assigned), stale | {"comments_for_panel__version": "1"})
    assert insists.status_code == 302
    assert Review.objects.get().comments_for_panel == "Other"


# ---- private notes --------------------------------------------------------------------------------------------------
def test_private_notes_are_sealed_where_they_lie(assigned, reviewer, client_for):
    assert autosaved(client_for(reviewer), assigned, private_notes="A thought for myself").status_code == 200
    assert open_notes(Review.objects.get()) == "A thought for myself"
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM reviews_review r")
        assert "thought" not in cursor.fetchone()[0]


@pytest.mark.parametrize("who", ["officer", "director", "auditor"])
def test_nobody_else_reads_private_notes(who, assigned, reviewer, client_for, request):
    sheet = whole_sheet(private_notes="A thought for myself")
    service.submit_review(application=assigned, by=reviewer, version=0, sheet=sheet)
    assert "A thought for myself" in client_for(reviewer).get(address(assigned)).text
    client = client_for(request.getfixturevalue(who))
    for tail in ("reviews/", "review/", "decision/", "history/"):
        assert "A thought for myself" not in client.get(address(assigned, tail)).text


def test_the_admin_knows_nothing_of_private_notes(assigned, reviewer, admin_user, client_for):
    save(assigned, reviewer, private_notes="A thought for myself")
    shown = client_for(admin_user).get(f"/admin/reviews/review/{Review.objects.get().pk}/change/").text
    assert "A thought" not in shown
    assert "private" not in shown.lower()


def test_private_notes_go_on_after_sending_and_change_nothing_else(assigned, reviewer, client_for):
    reviewed(assigned, reviewer)
    sent = Review.objects.get()
    client = client_for(reviewer)
    assert client.post(address(assigned), {"step": "notes", "private_notes": "For the meeting"}).status_code == 302
    assert "For the meeting" in client.get(address(assigned)).text
    kept = Review.objects.get()
    assert open_notes(kept) == "For the meeting"
    assert (kept.submitted_at, kept.recommendation) == (sent.submitted_at, sent.recommendation)
    stale = client.post(address(assigned), {"step": "notes", "private_notes": "Another", "window": "b"})
    assert stale.status_code == 409
    assert "Another" in stale.text


def test_private_notes_of_another_person_do_not_open(assigned, officer, reviewer):
    save(assigned, reviewer, **{NOTES: "Mine"})
    row = Review.objects.get()
    row.reviewer = officer
    with pytest.raises(DomainError):
        open_notes(row)


def test_whoever_may_not_score_writes_no_notes(assigned, reviewer2):
    with pytest.raises(NotPermitted):
        save(assigned, reviewer2, **{NOTES: "Peeping"})


def test_a_window_is_a_key_and_nothing_else(assigned, reviewer, client_for):
    answer = autosaved(client_for(reviewer), assigned, "%22<b>ab12" + "x" * 90, values_reason="Typed")
    assert answer.status_code == 200
    [(_version, window)] = Review.objects.get().marks.values()
    assert window.startswith("bab12x")
    assert window.isalnum()


def test_marks_hold_no_words(assigned, reviewer):
    service.save_review(application=assigned, by=reviewer, version=0, sheet=Sheet(private_notes="Silent"))
    assert "Silent" not in json.dumps(Review.objects.get().marks)


# ---- two requests at once, in real transactions ---------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("window", ["windowone", "windowtwo"])
def test_a_sheet_saved_and_sent_at_once_is_sent_whole_or_its_author_is_told(assigned, reviewer, window):
    save(assigned, reviewer, comments_for_panel="Begun")
    versions = {name: version for name, (version, _window) in Review.objects.get().marks.items()}
    sheet = replace(whole_sheet("4"), comments_for_panel="As sent")

    def send():
        return service.submit_review(
            application=assigned, by=reviewer, version=Seen(versions, "windowone"), sheet=sheet
        )

    def keep():
        return save(assigned, reviewer, Seen(versions, window), comments_for_panel="As saved")

    results = at_once(send, keep)
    review = Review.objects.get()
    refused = [result for result in results if isinstance(result, DomainError)]
    if review.status == "submitted":
        # What is sent is what the sender saw, and nothing is written into it afterwards.
        assert review.comments_for_panel == "As sent"
        assert review.scores.count() == len(sheet.scores)
        assert [type(error) for error in refused] in ([], [service.SheetSent])
    else:
        # The other window was first: sending was refused, with what it wrote kept.
        assert (window, review.comments_for_panel) == ("windowtwo", "As saved")
        assert [type(error) for error in refused] == [service.SheetChanged]


@pytest.mark.django_db(transaction=True)
def test_one_sheet_sent_twice_at_once_is_one_review(assigned, reviewer):
    sheet = whole_sheet("4")

    def send():
        return service.submit_review(application=assigned, by=reviewer, version=0, sheet=sheet)

    results = at_once(send, send)
    assert [type(result) for result in results] == [Review, Review]
    assert Review.objects.get().status == "submitted"
