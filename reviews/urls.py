"""Addresses of judging, in the staff portal, and of the answer, on the applicant's side."""

from django.urls import path

from reviews.views import assignment, conflicts, decisions, eligibility, reviewers, sheets, terms

app_name = "reviews"
_APPLICATION = "staff/applications/<str:reference>/"
_ASSIGNMENT = _APPLICATION + "reviews/<uuid:assignment_id>/"
_CALL = "staff/calls/<slug:slug>/assignment/"
urlpatterns = [
    path(_APPLICATION + "eligibility/", eligibility.eligibility, name="eligibility"),
    path(_APPLICATION + "eligibility/run/", eligibility.run, name="run_checks"),
    path(_APPLICATION + "eligibility/pass/", eligibility.pass_eligibility, name="pass"),
    path(_APPLICATION + "eligibility/fail/", eligibility.fail, name="fail"),
    path(_APPLICATION + "eligibility/check/<slug:code>/", eligibility.check, name="check"),
    path(_APPLICATION + "eligibility/gate/<slug:criterion>/", eligibility.gate, name="gate"),
    path(_APPLICATION + "eligibility/waiver/<uuid:gate_id>/", eligibility.confirm_waiver, name="confirm_waiver"),
    path(_APPLICATION + "reviews/", sheets.reviews_tab, name="reviews"),
    path(_APPLICATION + "reviews/assign/", sheets.assign, name="assign"),
    path(_APPLICATION + "reviews/finish/", sheets.finish, name="finish"),
    path(_ASSIGNMENT, assignment.assignment, name="assignment"),
    path(_ASSIGNMENT + "reassign/", assignment.reassign, name="reassign"),
    path(_ASSIGNMENT + "end/", assignment.end_assignment, name="end_assignment"),
    path(_APPLICATION + "conflicts/", conflicts.conflicts, name="conflicts"),
    path(_APPLICATION + "conflicts/recuse/", conflicts.recuse, name="recuse"),
    path(_APPLICATION + "conflicts/mine/", conflicts.own_conflict, name="own_conflict"),
    path(_APPLICATION + "conflicts/questions/<uuid:possible_id>/", conflicts.answer_question, name="answer_question"),
    path(_APPLICATION + "review/decline/", conflicts.decline, name="decline"),
    path(_CALL, assignment.call_assignment, name="call_assignment"),
    path(_CALL + "suggest/", assignment.suggest, name="suggest"),
    path(_CALL + "change/", assignment.change_suggestion, name="change_suggestion"),
    path(_CALL + "discard/", assignment.discard_suggestion, name="discard_suggestion"),
    path(_CALL + "carry-out/", assignment.carry_out, name="carry_out"),
    path("staff/reviewers/", reviewers.reviewers, name="reviewers"),
    path("staff/reviewers/me/", reviewers.my_profile, name="my_profile"),
    path("staff/reviewers/<uuid:user_id>/", reviewers.profile, name="profile"),
    path("staff/interests/", conflicts.my_interests, name="interests"),
    path("staff/interests/<uuid:interest_id>/withdraw/", conflicts.withdraw_interest, name="withdraw_interest"),
    path(_APPLICATION + "review/", sheets.sheet, name="sheet"),
    path(_APPLICATION + "review/declare/", sheets.declare, name="declare"),
    path(_APPLICATION + "decision/", decisions.decision, name="decision"),
    path(_APPLICATION + "decision/reopen/", decisions.reopen, name="reopen"),
    path(_APPLICATION + "decision/<uuid:decision_id>/approve/", decisions.approve, name="approve"),
    path(_APPLICATION + "decision/<uuid:decision_id>/return/", decisions.return_to_officer, name="return"),
    path(_APPLICATION + "decision/<uuid:decision_id>/withdraw/", decisions.withdraw, name="withdraw"),
    path(_APPLICATION + "decision/<uuid:decision_id>/letter/", decisions.letter_preview, name="letter_preview"),
    path("staff/calls/<slug:slug>/judging/", terms.terms, name="terms"),
    path("staff/decisions/", decisions.decisions, name="decisions"),
    path("staff/reviews/", sheets.my_reviews, name="my_reviews"),
    path("apply/<str:reference>/answer/", decisions.letter, name="letter"),
]
