"""Addresses of judging, in the staff portal, and of the answer, on the applicant's side."""

from django.urls import path

from reviews.views import decisions, eligibility, sheets, slate_decisions, slate_papers, slates, terms

app_name = "reviews"
_APPLICATION = "staff/applications/<str:reference>/"
_SLATE = "staff/slates/<uuid:slate_id>/"
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
    path(_APPLICATION + "decision/<uuid:decision_id>/letter/", decisions.letter_preview, name="letter_preview"),
    path("staff/calls/<slug:slug>/judging/", terms.terms, name="terms"),
    path("staff/calls/<slug:slug>/slates/", slates.slates, name="slates"),
    path("staff/calls/<slug:slug>/slates/compare/", slate_papers.compare, name="slates_compare"),
    path(_SLATE, slates.slate, name="slate"),
    path(_SLATE + "count/", slates.slate_count, name="slate_count"),
    path(_SLATE + "suggest/", slates.slate_suggest, name="slate_suggest"),
    path(_SLATE + "bounds/", slates.slate_terms, name="slate_terms"),
    path(_SLATE + "bring-in/", slates.slate_step, {"step": "bring-in"}, name="slate_bring_in"),
    path(_SLATE + "copy/", slates.slate_step, {"step": "copy"}, name="slate_copy"),
    path(_SLATE + "discard/", slates.slate_step, {"step": "discard"}, name="slate_discard"),
    path(_SLATE + "propose/", slate_decisions.propose, name="slate_propose"),
    path(_SLATE + "approve/", slate_decisions.approve, name="slate_approve"),
    path(_SLATE + "take-back/", slate_decisions.take_back, name="slate_take_back"),
    path(_SLATE + "slate.csv", slate_papers.export, name="slate_export"),
    path("staff/decisions/", decisions.decisions, name="decisions"),
    path("staff/reviews/", sheets.my_reviews, name="my_reviews"),
    path("apply/<str:reference>/answer/", decisions.letter, name="letter"),
]
