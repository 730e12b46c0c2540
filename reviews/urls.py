"""Addresses of judging, in the staff portal, and of the answer, on the applicant's side."""

from django.urls import path

from reviews.views import decisions, eligibility, panel_meeting, panels, rubric_criteria, rubrics, scores, sheets, terms

app_name = "reviews"
_APPLICATION = "staff/applications/<str:reference>/"
_PANEL = "staff/panels/<uuid:meeting_id>/"
_ITEM = _PANEL + "items/<uuid:item_id>/"
_VERSION = "staff/rubrics/versions/<uuid:version_id>/"
_CRITERION = "staff/rubrics/criteria/<uuid:criterion_id>/"
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
    path("staff/calls/<slug:slug>/scores/", scores.scores, name="scores"),
    path("staff/calls/<slug:slug>/progress/", scores.progress, name="progress"),
    path("staff/calls/<slug:slug>/progress/remind/", scores.send_nudge, name="nudge"),
    path("staff/calls/<slug:slug>/panels/", panels.panels, name="panels"),
    path("staff/calls/<slug:slug>/panels/new/", panels.panel_create, name="panel_create"),
    path("staff/panels/", panels.my_panels, name="my_panels"),
    path(_PANEL, panel_meeting.panel, name="panel"),
    path(_PANEL + "edit/", panels.panel_edit, name="panel_edit"),
    path(_PANEL + "agenda/", panels.panel_agenda, name="panel_agenda"),
    path(_PANEL + "declare/", panel_meeting.declare, name="panel_declare"),
    path(_PANEL + "start/", panel_meeting.start, name="panel_start"),
    path(_PANEL + "close/", panel_meeting.close, name="panel_close"),
    path(_PANEL + "present/<uuid:user_id>/", panel_meeting.present, name="panel_present"),
    path(_PANEL + "minutes/", panel_meeting.minutes, name="panel_minutes"),
    path(_PANEL + "minutes.pdf", panel_meeting.minutes_document, name="panel_minutes_pdf"),
    path(_PANEL + "propose/", panel_meeting.propose, name="panel_propose"),
    path(_ITEM, panel_meeting.item, name="panel_item"),
    path(_ITEM + "move/", panels.item_move, name="panel_item_move"),
    path(_ITEM + "remove/", panels.item_remove, name="panel_item_remove"),
    path(_ITEM + "open/", panel_meeting.item_open, name="panel_item_open"),
    path(_ITEM + "outcome/", panel_meeting.item_close, name="panel_item_close"),
    path(_ITEM + "vote/", panel_meeting.vote, name="panel_vote"),
    path("staff/rubrics/", rubrics.rubric_list, name="rubrics"),
    path("staff/rubrics/new/", rubrics.rubric_create, name="rubric_create"),
    path("staff/rubrics/<uuid:rubric_id>/new-version/", rubrics.rubric_new_version, name="rubric_new_version"),
    path(_VERSION, rubrics.rubric, name="rubric"),
    path(_VERSION + "scale/", rubrics.rubric_scale, name="rubric_scale"),
    path(_VERSION + "weights/", rubrics.rubric_weights, name="rubric_weights"),
    path(_VERSION + "preview/", rubrics.rubric_preview, name="rubric_preview"),
    path(_VERSION + "publish/", rubrics.rubric_publish, name="rubric_publish"),
    path(_VERSION + "discard/", rubrics.rubric_discard, name="rubric_discard"),
    path(_VERSION + "criteria/new/", rubric_criteria.criterion_create, name="rubric_criterion_create"),
    path(_CRITERION, rubric_criteria.criterion_edit, name="rubric_criterion_edit"),
    path(_CRITERION + "move/", rubric_criteria.criterion_move, name="rubric_criterion_move"),
    path(_CRITERION + "remove/", rubric_criteria.criterion_remove, name="rubric_criterion_remove"),
    path("staff/decisions/", decisions.decisions, name="decisions"),
    path("staff/reviews/", sheets.my_reviews, name="my_reviews"),
    path("apply/<str:reference>/answer/", decisions.letter, name="letter"),
]
