"""Who may open and who may change what: one line for every address of the project.

`tests/test_access_table.py` tries each of them; `docs/access.md` is this table for reading:

    python -m tests.access_table
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "access.md"


class Who(StrEnum):
    """Everybody the table speaks of."""

    NOBODY = "nobody"
    OWNER = "owner"
    VIEWER = "viewer"
    STRANGER = "stranger"
    ASSIGNED = "assigned"
    REVIEWER = "reviewer"
    RECUSED = "recused"
    OFFICER = "officer"
    OFFICER2 = "officer2"
    DIRECTOR = "director"
    FINANCE = "finance"
    AUDITOR = "auditor"
    ADMIN = "admin"


WORDS: Mapping[Who, str] = {
    Who.NOBODY: "nobody signed in",
    Who.OWNER: "owner of the organisation that applies",
    Who.VIEWER: "viewer of the same organisation",
    Who.STRANGER: "owner of another organisation",
    Who.ASSIGNED: "reviewer to whom it is assigned, and who declared no conflict",
    Who.REVIEWER: "reviewer to whom it is not assigned",
    Who.RECUSED: "officer with a conflict of interest",
    Who.OFFICER: "program officer; of a restricted application, its named reader",
    Who.OFFICER2: "another program officer; of a restricted application, not named",
    Who.DIRECTOR: "director; of a restricted application, not named",
    Who.FINANCE: "finance officer",
    Who.AUDITOR: "auditor",
    Who.ADMIN: "administrator",
}


class Answer(StrEnum):
    """What they get."""

    OPENS = "opens"
    SIGN_IN = "sign in"
    NOT_FOUND = "not found"
    FORBIDDEN = "forbidden"


SIGNS: Mapping[Answer, str] = {
    Answer.OPENS: "yes",
    Answer.SIGN_IN: "sign in",
    Answer.NOT_FOUND: "–",
    Answer.FORBIDDEN: "no",
}
type Answers = Mapping[Who, Answer]

PEOPLE = tuple(Who)
APPLICANTS = (Who.OWNER, Who.VIEWER, Who.STRANGER)
REVIEWERS = (Who.ASSIGNED, Who.REVIEWER)
OFFICERS = (Who.OFFICER, Who.OFFICER2)
# Roles whose holders open applications in the workbench. The recused person is an officer.
READERS = (*OFFICERS, Who.DIRECTOR, Who.FINANCE, Who.AUDITOR)
STAFF = (*REVIEWERS, Who.RECUSED, *READERS, Who.ADMIN)
# Those of the staff who may read the restricted application of the tests.
NAMED = (Who.OFFICER,)


def answers(opens: tuple[Who, ...], forbidden: tuple[Who, ...] = (), rest: Answer = Answer.NOT_FOUND) -> Answers:
    """A whole line: who opens it, who is told that they may not, and what everybody else gets."""
    found = dict.fromkeys(PEOPLE, rest)
    if Who.NOBODY not in opens:
        found[Who.NOBODY] = Answer.SIGN_IN
    found |= dict.fromkeys(forbidden, Answer.FORBIDDEN)
    return found | dict.fromkeys(opens, Answer.OPENS)


def narrowed(line: Answers) -> Answers:
    """The same for a restricted application: for staff who are not named it is not there."""
    unnamed = [who for who in STAFF if who not in NAMED]
    return dict(line) | {
        who: Answer.NOT_FOUND for who in unnamed if line[who] == Answer.OPENS or _is_reader_told_no(who, line)
    }


def _is_reader_told_no(who: Who, line: Answers) -> bool:
    """Who may read it and not act is told so; who may not even read it is not."""
    return who in READERS and line[who] == Answer.FORBIDDEN and Answer.NOT_FOUND in line.values()


PUBLIC = answers(PEOPLE)
SIGNED_IN = answers(PEOPLE[1:])
# Pages of the portal that hold no application: applicants are told that the page is not theirs.
PORTAL = answers(STAFF, forbidden=APPLICANTS)


def portal(*opens: Who) -> Answers:
    """A page of the portal for some roles; others are told no."""
    return answers(opens, forbidden=tuple(who for who in PEOPLE[1:] if who not in opens))


def workbench(*opens: Who) -> Answers:
    """A page about one application: readers who may not are told no, to other staff it is not there."""
    told_no = tuple(who for who in READERS if who not in opens)
    return answers(opens, forbidden=(*APPLICANTS, *told_no))


MEMBERS = answers((Who.OWNER, Who.VIEWER))
WRITERS = answers((Who.OWNER,), forbidden=(Who.VIEWER,))
# What a script saves is answered alike where nothing may be saved and where nothing is.
QUIET_WRITERS = answers((Who.OWNER,))
ACTS = workbench(*OFFICERS)
LEADS = workbench(*OFFICERS, Who.DIRECTOR)
DIRECTS = workbench(Who.DIRECTOR)
READS = workbench(*READERS)
# Calls and forms belong to the programme: reviewers have no part in them.
OFFICE = (Who.RECUSED, *READERS, Who.ADMIN)
WRITES_CALLS = (Who.RECUSED, *OFFICERS, Who.DIRECTOR, Who.ADMIN)
PARTNERS = answers(READERS, forbidden=APPLICANTS)
RECORDS = answers((*OFFICERS, Who.DIRECTOR), forbidden=(*APPLICANTS, Who.FINANCE, Who.AUDITOR))


@dataclass(frozen=True)
class Page:
    """One address. `get` or `post` is None where that method is refused to everybody.

    `on` names the application of the tests that it is tried with; `sends` what a POST carries ("@name" stands for a
    value of the tests); a POST without it may also be answered with a form to mend. `restricted` differs from the
    rule of `narrowed` where it is given.
    """

    name: str
    get: Answers | None = None
    post: Answers | None = None
    on: str = "submitted"
    values: Mapping[str, str] = field(default_factory=dict)
    sends: Mapping[str, Any] | None = None
    restricted_get: Answers | None = None
    restricted_post: Answers | None = None
    query: str = ""
    # Holds nothing of one application or partner.
    general: bool = False

    def expected(self, method: str, *, restricted: bool) -> Answers | None:
        """The answers to GET or POST; None where the method is refused."""
        line = self.get if method == "GET" else self.post
        if line is None or not restricted or self.general:
            return line
        special = self.restricted_get if method == "GET" else self.restricted_post
        return special or narrowed(line)


# Naming readers needs no reading: a director sees the line of the list, and nothing of the content.
_NAMES_READERS = answers((Who.DIRECTOR,), forbidden=(*APPLICANTS, Who.OFFICER))
_SEES_READERS = answers((Who.DIRECTOR, Who.OFFICER), forbidden=APPLICANTS)
_FINDS_READERS = answers((*OFFICERS, Who.DIRECTOR), forbidden=APPLICANTS)
_DIRECTS_READERS = answers((Who.DIRECTOR,), forbidden=(*APPLICANTS, *OFFICERS))
_SCORES = answers((Who.ASSIGNED, *OFFICERS, Who.DIRECTOR), forbidden=APPLICANTS)
_DECLINES = answers((Who.ASSIGNED,), forbidden=APPLICANTS)
_LEADS_CALLS = portal(Who.RECUSED, *OFFICERS, Who.DIRECTOR)
# Whose profile it is, and who asks for reviews.
_EDITS_PROFILE = answers((Who.REVIEWER, Who.RECUSED, *OFFICERS, Who.DIRECTOR), forbidden=APPLICANTS)
_MESSAGE = {"body": "Good day to you", "once": "1f2e3d4c-0000-4000-8000-000000000001"}
_WHY = {"reason": "Because the law says so."}
_RUBRIC = {"version_id": "rubric_version_id"}
_NO_APPEALS = (*APPLICANTS, *REVIEWERS, Who.FINANCE, Who.ADMIN)
_APPEALS = answers((*OFFICERS, Who.DIRECTOR, Who.AUDITOR), forbidden=_NO_APPEALS)
_ANSWERS = answers((Who.OFFICER2,), forbidden=(*_NO_APPEALS, Who.OFFICER, Who.DIRECTOR, Who.AUDITOR))
_ANSWER = {"outcome": "rejected", "answer": "We read it again, and stay with it."}
_VIEWS_CALLS = portal(*OFFICE)
_WRITES_CALLS = portal(*WRITES_CALLS)
_READS_FUNDS = portal(Who.RECUSED, *READERS)
_KEEPS_FUNDS = portal(Who.FINANCE, Who.DIRECTOR)
# A compromised partner with whose applications nobody here has a conflict.
_KNOWS = answers((Who.RECUSED, *READERS), forbidden=APPLICANTS)
_PROPOSES_LIFT = answers((Who.RECUSED, *OFFICERS, Who.DIRECTOR), forbidden=(*APPLICANTS, Who.FINANCE, Who.AUDITOR))
_CONFIRMS_LIFT = answers((Who.DIRECTOR,), forbidden=(*APPLICANTS, Who.RECUSED, *OFFICERS, Who.FINANCE, Who.AUDITOR))
_PERIOD = {"slug": "programme", "kind": "retention_kind"}
_RAID = "The office was raided this morning."
_LEADS_SLATES = portal(*OFFICERS, Who.DIRECTOR)


def _general(name: str, get: Answers | None = None, post: Answers | None = None, **more: Any) -> Page:
    return Page(name, get, post, general=True, **more)


def panel(*opens: Who) -> Answers:
    """A page of one meeting: who sees the meeting and may not is told no, to others it is not there."""
    told_no = tuple(who for who in (Who.RECUSED, *READERS) if who not in opens)
    return answers(opens, forbidden=(*APPLICANTS, *told_no))


_SEES_PANEL = panel(Who.RECUSED, *READERS)
_PLANS_PANEL = panel(Who.RECUSED, *OFFICERS, Who.DIRECTOR)
_LEADS_PANELS = portal(Who.RECUSED, *OFFICERS, Who.DIRECTOR)

PAGES: tuple[Page, ...] = (
    # ---- the process, the public
    _general("healthz", PUBLIC),
    _general("readyz", PUBLIC),
    _general("robots", PUBLIC),
    # Nobody is named in the settings of the tests.
    _general("security_txt", dict.fromkeys(PEOPLE, Answer.NOT_FOUND)),
    _general("set_language", None, PUBLIC),
    _general("public:programme", PUBLIC),
    _general("public:calls", PUBLIC),
    _general("public:call", PUBLIC, values={"slug": "call"}),
    _general("public:call_questions", PUBLIC, values={"slug": "call"}),
    _general("public:eligibility", PUBLIC, PUBLIC, values={"slug": "call"}),
    _general("public:how_we_decide", PUBLIC),
    _general("public:privacy", PUBLIC),
    # ---- one's own account
    _general("accounts:landing", SIGNED_IN),
    _general("accounts:preferences", SIGNED_IN, SIGNED_IN),
    _general("accounts:invitation", PUBLIC, PUBLIC, values={"token": "token"}),
    _general("accounts:set_language", None, PUBLIC),
    _general("accounts:leave", None, PUBLIC),
    _general("accounts:second_step", SIGNED_IN),
    _general("accounts:sessions", SIGNED_IN),
    _general("accounts:end_session", None, SIGNED_IN, values={"session_id": "officer"}),
    _general("accounts:end_other_sessions", None, SIGNED_IN),
    _general("accounts:staff_people", portal(Who.ADMIN), portal(Who.ADMIN)),
    _general("accounts:end_role", None, portal(Who.ADMIN)),
    _general("accounts:withdraw_invitation", None, portal(Who.ADMIN), values={"invitation_id": "staff_invitation"}),
    _general("inbox:list", SIGNED_IN),
    _general("inbox:read", None, SIGNED_IN),
    Page("inbox:open", answers((Who.OWNER,)), restricted_get=answers((Who.OWNER,))),
    # ---- an applicant's application
    _general("apply:home", SIGNED_IN),
    _general("apply:start", SIGNED_IN, SIGNED_IN, values={"slug": "call"}),
    Page("apply:application", MEMBERS, on="draft"),
    # Who only reads is shown what is there, whatever they send.
    Page("apply:details", MEMBERS, MEMBERS, on="draft"),
    Page("apply:section", MEMBERS, WRITERS, on="draft", values={"slug": "section"}),
    Page("apply:autosave", None, QUIET_WRITERS, on="draft", values={"slug": "section"}),
    Page("apply:budget", MEMBERS, MEMBERS, on="draft"),
    Page("apply:attachments", MEMBERS, WRITERS, on="draft", sends={"remove_file": "@attachment_id"}),
    Page("apply:attachment_download", MEMBERS, on="draft"),
    Page("apply:check", MEMBERS, on="draft"),
    Page("apply:submit", None, WRITERS, on="draft"),
    Page("apply:receipt", MEMBERS),
    Page("apply:receipt_pdf", MEMBERS),
    Page("apply:status", MEMBERS),
    Page("apply:withdraw", WRITERS, WRITERS),
    Page("apply:messages", MEMBERS, WRITERS, sends=_MESSAGE),
    Page("apply:request", MEMBERS, WRITERS, on="waiting", sends={"text": "Here it is."}),
    Page("apply:copy", WRITERS, WRITERS, on="draft"),
    Page("reviews:letter", MEMBERS, on="decided"),
    Page("reviews:appeal_send", WRITERS, WRITERS, on="decided"),
    Page("reviews:appeal_read", MEMBERS, on="decided"),
    # ---- an applicant's organisation
    _general("organizations:list", SIGNED_IN),
    _general("organizations:create", SIGNED_IN, SIGNED_IN),
    Page("organizations:detail", MEMBERS),
    Page("organizations:section", MEMBERS, WRITERS, values={"slug": "profile_section"}),
    Page("organizations:registration_add", WRITERS, WRITERS),
    Page("organizations:registration_change", WRITERS, WRITERS),
    Page("organizations:registration_remove", WRITERS, WRITERS),
    Page("organizations:people", MEMBERS),
    Page("organizations:person_add", WRITERS, WRITERS),
    Page("organizations:person_change", WRITERS, WRITERS),
    Page("organizations:person_remove", WRITERS, WRITERS),
    Page("organizations:documents", MEMBERS, WRITERS),
    Page("organizations:document_download", MEMBERS),
    Page("organizations:document_remove", None, WRITERS),
    Page("organizations:members", MEMBERS),
    Page("organizations:rights", MEMBERS),
    Page("organizations:export", None, WRITERS),
    Page("organizations:erase", None, WRITERS),
    Page("organizations:keep", None, WRITERS),
    Page("organizations:invite", WRITERS, WRITERS),
    Page("organizations:member_role", None, WRITERS, sends={"role": "editor"}),
    # Whoever belongs to it may leave it.
    Page("organizations:member_remove", MEMBERS, MEMBERS),
    Page("organizations:withdraw_invitation", None, WRITERS),
    # ---- the portal
    _general("insights:desk", PORTAL),
    _general("insights:outbox", portal(Who.RECUSED, *OFFICERS, Who.ADMIN)),
    _general("insights:retention", portal(Who.DIRECTOR, Who.ADMIN)),
    _general(
        "insights:retention_period",
        portal(Who.DIRECTOR, Who.ADMIN),
        portal(Who.ADMIN),
        values=_PERIOD,
        sends={"days": "700", "reason": "The law says so."},
    ),
    _general("insights:legal_holds", portal(Who.DIRECTOR), portal(Who.DIRECTOR)),
    _general("insights:hold_end", None, portal(Who.DIRECTOR)),
    _general("insights:audit", portal(Who.AUDITOR)),
    _general("insights:audit_export", portal(Who.AUDITOR)),
    Page("insights:application_changes", READS),
    Page("insights:organization_changes", PARTNERS),
    _general("insights:call_changes", _VIEWS_CALLS, values={"slug": "call"}),
    _general("insights:fund_changes", _READS_FUNDS),
    _general("insights:rubric_changes", _VIEWS_CALLS),
    _general("insights:send_again", None, portal(Who.RECUSED, *OFFICERS, Who.ADMIN)),
    _general("insights:run_again", None, portal(Who.RECUSED, *OFFICERS, Who.ADMIN)),
    _general("insights:close", None, portal(Who.RECUSED, *OFFICERS, Who.ADMIN)),
    _general("staff:openings", portal(Who.DIRECTOR)),
    _general("staff:applications", portal(Who.RECUSED, *READERS)),
    _general(
        "staff:enter",
        portal(Who.RECUSED, *OFFICERS),
        portal(Who.RECUSED, *OFFICERS),
    ),
    Page("staff:proposal", READS),
    Page("staff:messages", READS, ACTS, sends=_MESSAGE),
    Page("staff:ask", ACTS, ACTS, sends={"text": "Please send the lease."}),
    Page("staff:history", READS),
    Page("staff:attachment", READS),
    Page("staff:assign", LEADS, LEADS, sends={"officer": "@officer"}),
    Page("staff:take", None, ACTS, sends={}),
    Page(
        "staff:readers",
        _FINDS_READERS,
        _DIRECTS_READERS,
        sends={"reader": "@reader_to_be"},
        restricted_get=_SEES_READERS,
        restricted_post=_NAMES_READERS,
    ),
    Page(
        "staff:restrict",
        None,
        _FINDS_READERS,
        sends=_WHY,
        restricted_post=answers((Who.OFFICER,), forbidden=(*APPLICANTS, Who.DIRECTOR)),
    ),
    # A director who is not named breaks the glass; a named reader has no glass to break, and a standard one has none.
    Page(
        "staff:break_glass",
        None,
        answers((), forbidden=(*APPLICANTS, *OFFICERS, Who.DIRECTOR)),
        sends={"reason": "They are being raided and nobody answers."},
        restricted_post=_NAMES_READERS,
    ),
    Page("staff:openings_of", answers((), forbidden=APPLICANTS), restricted_get=_SEES_READERS),
    Page("staff:lift", None, _DIRECTS_READERS, sends=_WHY, restricted_post=_NAMES_READERS),
    Page("staff:reader_remove", None, _DIRECTS_READERS, restricted_post=_NAMES_READERS),
    Page("diligence:application", READS),
    Page("reviews:eligibility", READS),
    Page("reviews:run_checks", None, ACTS),
    Page("reviews:pass", None, ACTS),
    Page("reviews:fail", ACTS, ACTS),
    Page("reviews:check", None, ACTS),
    Page("reviews:gate", None, ACTS),
    Page("reviews:confirm_waiver", None, LEADS),
    Page("reviews:reviews", READS),
    Page("reviews:assign", None, LEADS),
    Page("reviews:finish", None, ACTS),
    Page("reviews:answer_reviewer", None, LEADS, values={"question_id": "asked_by_reviewer"}),
    Page("reviews:translations", READS),
    Page("reviews:translate", LEADS, LEADS, values={"question_id": "what_question", "language": "into"}),
    Page("reviews:translation_autosave", None, LEADS, values={"question_id": "what_question", "language": "into"}),
    Page("reviews:sheet", _SCORES, _SCORES),
    Page("reviews:autosave", None, _SCORES),
    Page("reviews:ask_officer", None, _SCORES),
    Page("reviews:attachment", answers((Who.ASSIGNED, *READERS), forbidden=APPLICANTS)),
    Page("reviews:declare", None, answers((Who.ASSIGNED,), forbidden=APPLICANTS), sends={"step": "none"}),
    Page("reviews:assignment", LEADS, LEADS, sends={"due_on": "2027-03-01"}),
    Page("reviews:reassign", None, LEADS),
    Page("reviews:end_assignment", None, LEADS, sends={}),
    Page("reviews:decline", _DECLINES, _DECLINES, sends={"reason": "no_time"}),
    Page("reviews:conflicts", READS),
    Page("reviews:recuse", LEADS, LEADS, sends={"person": "@reviewer_id", "reason": "work", "step": "recuse"}),
    Page("reviews:own_conflict", READS, READS, sends={"reason": "work"}),
    Page("reviews:answer_question", None, LEADS, sends={"answer": "none"}),
    Page("reviews:decision", READS, ACTS, on="awaiting"),
    Page("reviews:reopen", DIRECTS, DIRECTS, on="decided"),
    Page("reviews:approve", None, DIRECTS, on="awaiting"),
    Page("reviews:return", None, DIRECTS, on="awaiting", sends=_WHY),
    # Only whoever proposed takes it back: for others the page says so.
    Page("reviews:withdraw", None, workbench(Who.OFFICER), on="awaiting", sends={}),
    Page("reviews:letter_preview", READS, on="awaiting"),
    _general("reviews:decisions", answers((Who.RECUSED, *OFFICERS, Who.DIRECTOR, Who.AUDITOR), forbidden=APPLICANTS)),
    _general("reviews:my_reviews", PORTAL),
    _general("reviews:scores", portal(Who.RECUSED, *READERS), values={"slug": "call"}),
    _general("reviews:progress", portal(Who.RECUSED, *READERS), values={"slug": "call"}),
    _general("reviews:nudge", None, _LEADS_PANELS, values={"slug": "call"}),
    # ---- panels: in that of the tests sit an officer, who chairs, a director, and somebody with a conflict
    _general("reviews:panels", portal(Who.RECUSED, *READERS), values={"slug": "call"}),
    _general("reviews:panel_create", _LEADS_PANELS, _LEADS_PANELS, values={"slug": "call"}),
    _general("reviews:my_panels", PORTAL),
    _general("reviews:panel", _SEES_PANEL),
    _general("reviews:panel_edit", _PLANS_PANEL, _PLANS_PANEL),
    _general("reviews:panel_agenda", _PLANS_PANEL, _PLANS_PANEL),
    _general("reviews:panel_minutes", _SEES_PANEL),
    _general("reviews:panel_minutes_pdf", _SEES_PANEL),
    _general("reviews:panel_declare", None, panel(Who.RECUSED, Who.OFFICER, Who.DIRECTOR)),
    _general("reviews:panel_present", None, panel(Who.OFFICER), values={"user_id": "officer"}),
    _general("reviews:panel_start", None, panel(Who.OFFICER)),
    _general("reviews:panel_close", panel(Who.OFFICER), panel(Who.OFFICER)),
    _general("reviews:panel_propose", None, _PLANS_PANEL),
    Page("reviews:panel_item", PARTNERS, on="awaiting", values={"item_id": "panel_item"}),
    _general("reviews:panel_item_move", None, _PLANS_PANEL, values={"item_id": "panel_item"}),
    _general("reviews:panel_item_remove", None, panel(*OFFICERS, Who.DIRECTOR), values={"item_id": "panel_item"}),
    _general("reviews:panel_item_open", None, panel(Who.OFFICER), values={"item_id": "panel_item"}),
    _general("reviews:panel_item_close", None, panel(Who.OFFICER), values={"item_id": "panel_item"}),
    Page(
        "reviews:panel_vote",
        None,
        answers((Who.OFFICER, Who.DIRECTOR), forbidden=(*APPLICANTS, Who.OFFICER2, Who.FINANCE, Who.AUDITOR)),
        on="awaiting",
        values={"item_id": "panel_item"},
        restricted_post=answers((Who.OFFICER,), forbidden=(*APPLICANTS, Who.OFFICER2, Who.FINANCE, Who.AUDITOR)),
    ),
    _general("reviews:interests", PORTAL, PORTAL),
    _general("reviews:withdraw_interest", None, answers((Who.ASSIGNED,), forbidden=APPLICANTS)),
    _general("reviews:reviewers", portal(Who.RECUSED, *READERS)),
    _general("reviews:my_profile", portal(*REVIEWERS), portal(*REVIEWERS)),
    _general("reviews:profile", _EDITS_PROFILE, _EDITS_PROFILE, values={"user_id": "reviewer_id"}),
    _general("reviews:appeals", portal(Who.RECUSED, *OFFICERS, Who.DIRECTOR, Who.AUDITOR)),
    # Whoever took part in the decision may not answer: the table's officer proposed it, and its director approved it.
    Page(
        "reviews:appeal",
        _APPEALS,
        _ANSWERS,
        on="decided",
        sends=_ANSWER,
        restricted_get=answers((Who.OFFICER,), forbidden=_NO_APPEALS),
        restricted_post=answers((), forbidden=(*_NO_APPEALS, Who.OFFICER)),
    ),
    # A complaint about conduct, which none but directors see.
    Page(
        "reviews:appeal_aside",
        None,
        answers((Who.DIRECTOR,), forbidden=_NO_APPEALS),
        on="decided",
        values={"appeal_id": "complaint_id"},
        restricted_post=answers((), forbidden=_NO_APPEALS),
    ),
    _general("deputies:list", PORTAL, PORTAL),
    _general("deputies:end", None, answers((Who.OFFICER2, Who.REVIEWER, Who.DIRECTOR), forbidden=APPLICANTS)),
    _general("reviews:waitlist", portal(Who.RECUSED, *READERS), values={"slug": "call"}),
    # ---- partners
    _general("organizations_staff:list", portal(Who.RECUSED, *READERS)),
    Page("organizations_staff:detail", PARTNERS),
    Page("organizations_staff:document", PARTNERS),
    Page("organizations_staff:verify", None, RECORDS),
    Page("organizations_staff:take_back", RECORDS, RECORDS),
    Page("organizations_staff:mark_compromised", RECORDS, RECORDS, sends={"kind": "raid", "reason": _RAID}),
    _general("organizations_staff:erasures", portal(Who.DIRECTOR)),
    _general("organizations_staff:erasure", portal(Who.DIRECTOR)),
    _general("organizations_staff:erasure_confirm", None, portal(Who.DIRECTOR)),
    _general("organizations_staff:erasure_refuse", None, portal(Who.DIRECTOR), sends={"answer": "A court needs it."}),
    _general("organizations_staff:compromises", portal(Who.RECUSED, *READERS)),
    _general("organizations_staff:compromise", _KNOWS),
    _general("organizations_staff:lift_propose", None, _PROPOSES_LIFT, sends={"reason": _RAID}),
    _general("organizations_staff:lift_take_back", None, _PROPOSES_LIFT),
    _general("organizations_staff:lift_confirm", None, _CONFIRMS_LIFT),
    _general("diligence:duplicates", portal(Who.RECUSED, *READERS)),
    Page("diligence:duplicate", PARTNERS, RECORDS, sends={"same": "different", "note": "Two addresses."}),
    Page("diligence:merge", RECORDS, RECORDS),
    Page("diligence:record_add", RECORDS, RECORDS),
    Page("diligence:record_change", RECORDS, RECORDS),
    Page("diligence:record_remove", RECORDS, RECORDS),
    # ---- calls and forms
    _general("staff:calls", _VIEWS_CALLS),
    _general("staff:call_create", _WRITES_CALLS, _WRITES_CALLS),
    _general("staff:call_preview", _VIEWS_CALLS, values={"slug": "call"}),
    _general("staff:call_edit", _WRITES_CALLS, _WRITES_CALLS, values={"slug": "call"}),
    _general("staff:call_publish", _WRITES_CALLS, _WRITES_CALLS, values={"slug": "call"}),
    _general("staff:call_close", _WRITES_CALLS, _WRITES_CALLS, values={"slug": "call"}),
    _general("staff:call_reopen", _WRITES_CALLS, _WRITES_CALLS, values={"slug": "call"}),
    _general(
        "reviews:terms",
        portal(Who.RECUSED, *READERS),
        portal(Who.RECUSED, *OFFICERS, Who.DIRECTOR),
        values={"slug": "call"},
    ),
    _general("reviews:rubrics", _VIEWS_CALLS),
    _general("reviews:rubric_create", _WRITES_CALLS, _WRITES_CALLS),
    _general("reviews:rubric_new_version", None, _WRITES_CALLS),
    _general("reviews:rubric", _VIEWS_CALLS, values=_RUBRIC),
    _general("reviews:rubric_preview", _VIEWS_CALLS, values=_RUBRIC),
    _general("reviews:rubric_scale", _WRITES_CALLS, _WRITES_CALLS, values=_RUBRIC),
    _general("reviews:rubric_weights", None, _WRITES_CALLS, values=_RUBRIC),
    _general("reviews:rubric_publish", _WRITES_CALLS, _WRITES_CALLS, values=_RUBRIC),
    _general("reviews:rubric_discard", _WRITES_CALLS, _WRITES_CALLS, values=_RUBRIC),
    _general("reviews:rubric_criterion_create", _WRITES_CALLS, _WRITES_CALLS, values=_RUBRIC),
    _general("reviews:rubric_criterion_edit", _WRITES_CALLS, _WRITES_CALLS),
    _general("reviews:rubric_criterion_move", None, _WRITES_CALLS),
    _general("reviews:rubric_criterion_remove", _WRITES_CALLS, _WRITES_CALLS),
    _general("reviews:call_assignment", portal(Who.RECUSED, *READERS), values={"slug": "call"}),
    _general("reviews:suggest", None, _LEADS_CALLS, values={"slug": "call"}),
    _general("reviews:change_suggestion", None, _LEADS_CALLS, values={"slug": "call"}),
    _general("reviews:discard_suggestion", None, _LEADS_CALLS, values={"slug": "call"}),
    _general("reviews:carry_out", None, _LEADS_CALLS, values={"slug": "call"}),
    # ---- funds and slates: the slate of the tests holds an application, so a conflict of interest closes it
    _general("staff:funds", _READS_FUNDS),
    _general("staff:fund_new", _KEEPS_FUNDS, _KEEPS_FUNDS),
    _general("staff:fund", _READS_FUNDS),
    _general("staff:fund_contribution", None, _KEEPS_FUNDS),
    _general("reviews:slates", _READS_FUNDS, portal(Who.RECUSED, *OFFICERS, Who.DIRECTOR), values={"slug": "call"}),
    _general("reviews:slates_compare", _READS_FUNDS, values={"slug": "call"}),
    _general("reviews:slate", portal(*READERS), _LEADS_SLATES),
    _general("reviews:slate_count", None, portal(*READERS)),
    _general("reviews:slate_export", portal(*READERS)),
    _general("reviews:slate_terms", _LEADS_SLATES, _LEADS_SLATES),
    *(
        Page(f"reviews:slate_{step}", None, _LEADS_SLATES, restricted_post=portal(Who.OFFICER))
        for step in ("suggest", "bring_in", "copy", "take_back")
    ),
    Page(
        "reviews:slate_discard",
        _LEADS_SLATES,
        _LEADS_SLATES,
        restricted_get=portal(Who.OFFICER),
        restricted_post=portal(Who.OFFICER),
    ),
    Page(
        "reviews:slate_propose",
        portal(*OFFICERS),
        portal(*OFFICERS),
        restricted_get=portal(Who.OFFICER),
        restricted_post=portal(Who.OFFICER),
    ),
    Page(
        "reviews:slate_approve",
        portal(Who.DIRECTOR),
        portal(Who.DIRECTOR),
        restricted_get=portal(),
        restricted_post=portal(),
    ),
    Page(
        "reviews:slate_return",
        _LEADS_SLATES,
        _LEADS_SLATES,
        restricted_get=portal(Who.OFFICER),
        restricted_post=portal(Who.OFFICER),
    ),
    _general("staff:forms", _VIEWS_CALLS),
    _general("staff:form_create", _WRITES_CALLS, _WRITES_CALLS),
    _general("staff:form_new_version", None, _WRITES_CALLS),
    _general("staff:form_edit", _VIEWS_CALLS),
    _general("staff:form_preview", _VIEWS_CALLS),
    _general("staff:form_publish", _WRITES_CALLS, _WRITES_CALLS),
    _general("staff:form_discard", _WRITES_CALLS, _WRITES_CALLS),
    _general("staff:form_section_create", _WRITES_CALLS, _WRITES_CALLS),
    _general("staff:form_section_edit", _WRITES_CALLS, _WRITES_CALLS),
    _general("staff:form_section_move", None, _WRITES_CALLS),
    _general("staff:form_section_remove", _WRITES_CALLS, _WRITES_CALLS),
    _general("staff:form_question_create", _WRITES_CALLS, _WRITES_CALLS, query="kind=short_text"),
    _general("staff:form_question_edit", _WRITES_CALLS, _WRITES_CALLS),
    _general("staff:form_question_move", None, _WRITES_CALLS),
    _general("staff:form_question_remove", _WRITES_CALLS, _WRITES_CALLS),
)

# Addresses of packages: by rule, not by line.
ALLAUTH = ("account_", "mfa_")
ADMIN = "admin:"


def is_by_rule(name: str) -> bool:
    """True for the addresses of the admin and of allauth."""
    return name.startswith((*ALLAUTH, ADMIN))


_HEAD = """# Who may open what

Made from `tests/access_table.py` by `python -m tests.access_table`.
The tests try every line, with data that could leak.

- **yes**: the page opens, or the change is taken. **no**: a page says that the person's role does not allow it.
- **–**: not found, exactly as if it were not there. **sign in**: led to sign in and back.
- In the columns of changes, what cannot be changed there by anybody is left out.
- The admin (`/admin/`) opens for administrators only, and shows nothing of restricted applications. The addresses of
  signing in and of one's own account (`/accounts/`) show a person their own account and nothing else.

"""


def document() -> str:
    """docs/access.md."""
    parts = [_HEAD, "## The people\n\n", *(f"- **{who}**: {WORDS[who]}\n" for who in PEOPLE)]
    for title, restricted in (("Standard applications", False), ("Restricted applications", True)):
        for verb, method in (("opens", "GET"), ("changes", "POST")):
            parts.append(f"\n## {title}: who {verb}\n\n")
            if restricted:
                parts.append("Only what differs for staff who are not named readers is listed.\n\n")
            parts.append(_table(method, restricted=restricted))
    return "".join(parts)


def _table(method: str, *, restricted: bool) -> str:
    lines = ["| address | " + " | ".join(PEOPLE) + " |\n", "| --- |" + " --- |" * len(PEOPLE) + "\n"]
    for page in PAGES:
        line = page.expected(method, restricted=restricted)
        if line is None or (restricted and line == page.expected(method, restricted=False)):
            continue
        lines.append(f"| `{page.name}` | " + " | ".join(SIGNS[line[who]] for who in PEOPLE) + " |\n")
    return "".join(lines)


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT} written\n")
