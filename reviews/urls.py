"""Addresses of judging, in the staff portal, and of the answer, on the applicant's side."""

from django.urls import path

from reviews.views import appeals, decision_lists, decisions, eligibility, letters, sheets, terms

app_name = "reviews"
_APPLICATION = "staff/applications/<str:reference>/"
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
    path(_APPLICATION + "review/", sheets.sheet, name="sheet"),
    path(_APPLICATION + "review/declare/", sheets.declare, name="declare"),
    path(_APPLICATION + "decision/", decisions.decision, name="decision"),
    path(_APPLICATION + "decision/reopen/", decisions.reopen, name="reopen"),
    path(_APPLICATION + "decision/<uuid:decision_id>/approve/", decisions.approve, name="approve"),
    path(_APPLICATION + "decision/<uuid:decision_id>/return/", decisions.return_to_officer, name="return"),
    path(_APPLICATION + "decision/<uuid:decision_id>/withdraw/", decisions.withdraw, name="withdraw"),
    path(_APPLICATION + "decision/<uuid:decision_id>/letter/", letters.letter_preview, name="letter_preview"),
    path("staff/calls/<slug:slug>/judging/", terms.terms, name="terms"),
    path("staff/calls/<slug:slug>/waiting-list/", decision_lists.waitlist, name="waitlist"),
    path("staff/appeals/", appeals.appeals, name="appeals"),
    path("staff/appeals/<uuid:appeal_id>/", appeals.appeal, name="appeal"),
    path("staff/appeals/<uuid:appeal_id>/aside/", appeals.step_aside, name="appeal_aside"),
    path("staff/decisions/", decision_lists.decisions, name="decisions"),
    path("staff/reviews/", sheets.my_reviews, name="my_reviews"),
    path("apply/<str:reference>/answer/", letters.letter, name="letter"),
    path("apply/<str:reference>/appeal/", appeals.send, name="appeal_send"),
    path("apply/<str:reference>/appeals/<uuid:appeal_id>/", appeals.read, name="appeal_read"),
]
