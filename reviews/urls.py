"""Addresses of judging, in the staff portal, and of the answer, on the applicant's side."""

from django.urls import path

from reviews.views import decisions, eligibility, reviews_tab, sheets, terms, translations

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
    path(_APPLICATION + "reviews/", reviews_tab.reviews_tab, name="reviews"),
    path(_APPLICATION + "reviews/assign/", reviews_tab.assign, name="assign"),
    path(_APPLICATION + "reviews/finish/", reviews_tab.finish, name="finish"),
    path(
        _APPLICATION + "reviews/question/<uuid:question_id>/",
        reviews_tab.answer_reviewer,
        name="answer_reviewer",
    ),
    path(_APPLICATION + "translations/", translations.translations, name="translations"),
    path(
        _APPLICATION + "translations/<uuid:question_id>/<slug:language>/",
        translations.translate,
        name="translate",
    ),
    path(_APPLICATION + "review/", sheets.sheet, name="sheet"),
    path(_APPLICATION + "review/save/", sheets.autosave, name="autosave"),
    path(_APPLICATION + "review/ask/", sheets.ask_officer, name="ask_officer"),
    path(_APPLICATION + "review/file/<uuid:attachment_id>/", sheets.attachment, name="attachment"),
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
