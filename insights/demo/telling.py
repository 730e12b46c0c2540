"""One application told step by step, through the services and by the people whose step it is.

Every verb moves on by some hours; what staff do falls into office hours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import translation

from accounts.models import User
from grants.choices import Confidentiality, QuestionKind, Sender
from grants.form_tree import form_tree
from grants.models import Application, Call, Fund
from grants.services import access, applications, attachments, confidentiality, messages, requests
from insights.demo.answers import Pen
from insights.demo.applications import answer_sections, complete_draft, describe
from insights.demo.files import pdf
from insights.demo.library import theme, words
from insights.demo.partners import Partner, once
from insights.demo.people import Staff
from insights.demo.timeline import Timeline
from organizations.choices import LegalStatus
from reviews.choices import (
    OPEN_DECISIONS,
    SCORED,
    AppealKind,
    AppealStatus,
    CheckOutcome,
    Criterion,
    DecisionKind,
    GateOutcome,
    HumanCheck,
    Recommendation,
)
from reviews.criteria import rubric_of
from reviews.services import appeals as service
from reviews.services import decisions, eligibility, questions, sheets, translations
from reviews.services.priority import compute_priority

# What the worker does in between.
WORKER = "task:core.outbox.drain"


@dataclass
class World:
    """What all stories share."""

    timeline: Timeline
    staff: Staff
    calls: dict[str, Call]
    partners: dict[tuple[str, int], Partner]
    # By the call's key.
    funds: dict[str, Fund]

    def fund_of(self, application: Application) -> Fund | None:
        """The fund of the call, when it holds the currency that was asked for."""
        fund = next(self.funds[key] for key, call in self.calls.items() if call.pk == application.call_id)
        return fund if fund.currency == application.currency else None


class Telling:
    """The story of one application. `number` tells it from others: amounts and times differ by it."""

    def __init__(self, world: World, partner: Partner, call: Call, about: str, number: int) -> None:
        self.world, self.staff, self.partner, self.call = world, world.staff, partner, call
        self.about = about or partner.theme
        self.number = number
        self.language = partner.language
        # Either officer leads applications of both sides.
        lead_first = (number + (partner.community == "israeli")) % 2 == 0
        self.officer = self.staff.officer if lead_first else self.staff.officer2
        self.colleague = self.staff.officer2 if lead_first else self.staff.officer
        self.clock = world.timeline.now
        # What tells the two tellings of a story apart: a little earlier and more for one, for either side in turn.
        self.lean = 0 if partner.community == "joint" else 1 if lead_first else -1
        self.application: Application = None  # type: ignore[assignment] # the first verb starts it
        self.restricted_at_first = False

    # ---- time -------------------------------------------------------------------------------------------------------
    def _later(self, hours: float, page: str) -> None:
        """The applicant acts, on this page."""
        self.clock = self.world.timeline.happens(
            self.clock + timedelta(hours=hours, minutes=self.number % 23 + self.lean * 7)
        )
        self.world.timeline.acts(self.partner.owner, page)

    def at_work(self, hours: float, by: User, page: str) -> None:
        """Somebody of the staff acts, on this page."""
        wanted = self.clock + timedelta(hours=hours, minutes=self.number % 23 + self.lean * 13)
        moment = self.world.timeline.in_office_hours(wanted)
        # A demo made on a day off: better out of hours than in the future, or before what it follows.
        latest = self.world.timeline.now - timedelta(minutes=5)
        self.clock = self.world.timeline.happens(moment if moment <= latest else max(self.clock, min(wanted, latest)))
        self.world.timeline.acts(by, page)

    @contextmanager
    def _speaking(self) -> Iterator[dict[str, str]]:
        """The applicant's words, with the pages in their language."""
        with translation.override(self.language):
            yield words(self.language)

    @property
    def today_then(self) -> datetime:
        return self.clock.astimezone(self.world.timeline.calendar.zone)

    # ---- the applicant ----------------------------------------------------------------------------------------------
    def starts(self, *, days: float, hours: float = 0) -> None:
        """A draft, so many working days ago, or so many hours."""
        timeline = self.world.timeline
        moment = timeline.working_days_ago(days) if days else timeline.now - timedelta(hours=hours)
        self.clock = timeline.happens(moment + timedelta(minutes=self.number % 23 - self.lean * 41))
        timeline.acts(self.partner.owner, "apply:start")
        self.application = applications.start_application(
            call=self.call,
            organization=self.partner.organization,
            by=self.partner.owner,
            language=self.language,
            confidentiality=Confidentiality.RESTRICTED if self.restricted_at_first else None,
            once=once("application", self.partner.community, self.partner.number, self.call.slug, self.about),
        )

    def writes(self, *, sections: int | None = None, attach: bool = False) -> None:
        """Fill in the form: whole, or its first sections only."""
        self._later(0.4, "apply:section")
        least, most = self.call.amount_min or Decimal(1000), self.call.amount_max or Decimal(20000)
        # Each number asks for another share of what the call gives, alike on both sides.
        amount = least + (most - least) * Decimal(30 + self.number % 19 * 7 % 65 + self.lean * 2) / 100
        with self._speaking() as say:
            if sections is None:
                self.application = complete_draft(
                    self.application,
                    self.partner.owner,
                    self.language,
                    about=self.about,
                    amount=amount.quantize(Decimal(1)),
                    variation=self.number,
                )
            else:
                pen = Pen(self.language, self.about, self.today_then.date(), self.number)
                self.application = describe(self.application, self.partner.owner, pen, title=say["title_draft"])
                tree = form_tree(self.application.form_version_id)
                answer_sections(self.application, self.partner.owner, pen, tree.sections[:sections])
            if attach:
                paper = pdf("letter.pdf", theme(self.about, self.language)["title"], say["main_work"])
                attachments.add_attachment(application=self.application, by=self.partner.owner, upload=paper)

    def submits(self, *, hours: float) -> None:
        self._later(hours, "apply:submit")
        applications.submit_application(application=self.application, by=self.partner.owner)
        self.world.timeline.acts(None, WORKER)
        eligibility.run_checks(application_id=self.application.pk)
        compute_priority(application_id=self.application.pk)

    def applicant_writes(self, *, hours: float = 2) -> None:
        self._later(hours, "apply:messages")
        self._say(self.partner.owner, Sender.APPLICANT, words(self.language)["message_back"])

    def answers(self, *, hours: float = 30) -> None:
        self._later(hours, "apply:request")
        requests.answer_request(
            application=self.application, by=self.partner.owner, text=words(self.language)["answer"]
        )

    def withdraws(self, *, hours: float = 26) -> None:
        self._later(hours, "apply:withdraw")
        applications.withdraw_application(
            application=self.application, by=self.partner.owner, reason=words(self.language)["withdrawn"]
        )

    # ---- officers ---------------------------------------------------------------------------------------------------
    def is_taken(self, *, hours: float = 2) -> None:
        self.at_work(hours, self.officer, "staff:take")
        access.assign_officer(application=self.application, officer=self.officer, by=self.officer)

    def officer_writes(self, *, hours: float = 1) -> None:
        self.at_work(hours, self.officer, "staff:messages")
        self._say(self.officer, Sender.STAFF, words(self.language)["message_staff"])

    def _say(self, author: User, sender: str, body: str) -> None:
        token = once("message", self.application.pk, self.clock.isoformat(), sender)
        messages.send_message(application=self.application, by=author, sender=sender, body=body, once=token)

    def asks(self, *, hours: float = 5) -> None:
        """Ask about the budget and one section, which may be changed meanwhile."""
        self.at_work(hours, self.officer, "staff:ask")
        tree = form_tree(self.application.form_version_id)
        section = next(part for part in tree.sections if part.slug in ("what-you-need", "money"))
        requests.ask_applicant(
            application=self.application,
            by=self.officer,
            text=words(self.language)["request"],
            reopened=[section.id],
            budget_reopened=True,
            answer_by=(self.world.timeline.now + timedelta(days=7)).date(),
        )

    def begins_eligibility(self, *, hours: float = 2) -> None:
        """Some of the human checks are settled, and the gate of values is judged."""
        self.at_work(hours, self.officer, "reviews:check")
        for code in (HumanCheck.IDENTITY, HumanCheck.HUMAN_RIGHTS):
            self._check(code)
        self._gate(Criterion.VALUES, GateOutcome.PASS)

    def passes(self, *, hours: float = 5) -> None:
        """Everything is settled and both gates are open."""
        self.at_work(hours, self.officer, "reviews:check")
        for code in HumanCheck:
            self._check(code)
        self._gate(Criterion.VALUES, GateOutcome.PASS)
        standing = self.partner.organization.legal_status
        if standing == LegalStatus.UNREGISTERED:
            gate = self._gate(Criterion.LEGAL, GateOutcome.WAIVED, words("staff")["contested_gate"])
            self.world.timeline.acts(self.colleague, "reviews:confirm_waiver")
            eligibility.confirm_waiver(application=self.application, gate_id=gate, by=self.colleague)
            self.world.timeline.acts(self.officer, "reviews:pass")
        else:
            reason = words("staff")["contested_gate"] if standing == LegalStatus.CONTESTED else ""
            self._gate(Criterion.LEGAL, GateOutcome.PASS, reason)
        eligibility.pass_eligibility(application=self.application, by=self.officer)

    def fails(self, *, hours: float = 4) -> None:
        self.at_work(hours, self.officer, "reviews:fail")
        eligibility.fail_eligibility(
            application=self.application, by=self.officer, reason=words(self.language)["ineligible"]
        )

    def _check(self, code: str) -> None:
        note = words("staff")["check_note"] if code == HumanCheck.IDENTITY else ""
        eligibility.set_check(
            application=self.application, code=code, outcome=CheckOutcome.PASS, note=note, by=self.officer
        )

    def _gate(self, criterion: str, outcome: str, reason: str = "") -> object:
        return eligibility.judge_gate(
            application=self.application, criterion=criterion, outcome=outcome, reason=reason, by=self.officer
        ).pk

    def is_restricted(self, *, hours: float = 1) -> None:
        self.at_work(hours, self.officer, "staff:restrict")
        confidentiality.restrict_application(
            application=self.application, by=self.officer, reason=words("staff")["restrict_reason"]
        )
        self.world.timeline.acts(self.staff.director, "staff:readers")
        confidentiality.name_readers(
            application=self.application, people=[self.staff.director, self.staff.finance], by=self.staff.director
        )

    # ---- reviewers --------------------------------------------------------------------------------------------------
    def has_reviewers(self, *, hours: float = 3) -> None:
        self.at_work(hours, self.officer, "reviews:assignment")
        for reviewer in (self.staff.reviewer, self.staff.reviewer2):
            due = (self.today_then + timedelta(days=14)).date()
            access.assign_reviewer(application=self.application, reviewer=reviewer, by=self.officer, due_on=due)

    def _sheet(self, reviewer: User, *, whole: bool) -> sheets.Sheet:
        say = words("staff")
        # In halves: how good the application is, and one reviewer who mostly gives less.
        level, strict = 5 + self.number * 3 % 5, reviewer == self.staff.reviewer2
        scores: dict[str, tuple[Decimal | None, str]] = {}
        # What is linked to none of the five is the call's own: its reason stands last in the texts.
        reasons = dict(zip([*SCORED, ""], say["score"], strict=True))
        for place, leaf in enumerate(rubric_of(self.application.call).leaves):
            habit = strict and (self.number + place) % 3 > 0
            value = Decimal(min(level + (self.number + place * 2) % 3 - habit, 10)) / 2
            scores[leaf.code] = (value, reasons[leaf.linked]) if whole or place < 2 else (None, "")
        return sheets.Sheet(
            scores=scores,
            recommendation=Recommendation.FUND if whole else "",
            comments_for_panel=say["panel"],
            comments_for_applicant=say["to_applicant"] if whole else "",
        )

    def is_translated(self, *, hours: float = 2) -> None:
        """An officer writes down in English what the long answers say, for reviewers who do not read the original."""
        if self.language == "en":
            return
        self.at_work(hours, self.officer, "reviews:translate")
        pen = Pen("en", self.about, self.today_then.date(), self.number)
        versions = dict(self.application.answers.values_list("question_id", "version"))
        for question in form_tree(self.application.form_version_id).questions:
            if question.kind == QuestionKind.LONG_TEXT and question.id in versions:
                translations.save_translation(
                    application=self.application,
                    by=self.officer,
                    question_id=question.id,
                    language="en",
                    text=pen.passage(question),
                    answer_version=versions[question.id],
                    number=0,
                )

    def asks_officer(self, reviewer: User, *, answered: bool, hours: float = 2) -> None:
        """A reviewer needs to know more."""
        self.at_work(hours, reviewer, "reviews:ask_officer")
        say = words("staff")
        question = questions.ask_officer(
            application=self.application,
            by=reviewer,
            text=say["reviewer_question"],
            once=once("question", str(self.application.pk), str(reviewer.pk)),
        )
        if answered:
            self.at_work(hours, self.officer, "reviews:answer_question")
            questions.answer_reviewer(
                application=self.application, question_id=question.pk, by=self.officer, text=say["reviewer_answer"]
            )

    def begins_sheet(self, reviewer: User, *, hours: float) -> None:
        self.at_work(hours, reviewer, "reviews:sheet")
        access.declare_no_conflict(application=self.application, by=reviewer)
        sheet = replace(self._sheet(reviewer, whole=False), private_notes=words("staff")["notes"])
        sheets.save_review(application=self.application, by=reviewer, version=0, sheet=sheet)

    def reviewed_by(self, reviewer: User, *, hours: float) -> None:
        self.at_work(hours, reviewer, "reviews:sheet")
        access.declare_no_conflict(application=self.application, by=reviewer)
        sheet = self._sheet(reviewer, whole=True)
        sheets.submit_review(application=self.application, by=reviewer, version=0, sheet=sheet)
        self.world.timeline.acts(None, WORKER)
        compute_priority(application_id=self.application.pk)

    def review_is_finished(self, *, hours: float = 4) -> None:
        self.at_work(hours, self.officer, "reviews:finish")
        sheets.finish_review(application=self.application, by=self.officer)

    # ---- decisions --------------------------------------------------------------------------------------------------
    def is_proposed(self, kind: str, *, share: str = "1", hours: float = 3) -> None:
        self.at_work(hours, self.officer, "reviews:decision")
        say, staff = words(self.language), words("staff")
        approving = kind == DecisionKind.APPROVE
        amount = (self.application.amount_asked * Decimal(share) / 100).quantize(Decimal(1)) * 100
        conditions = [
            decisions.Condition(wish, (self.today_then + timedelta(days=21 * place)).date() if place else None)
            for place, wish in enumerate(say["condition"])
        ]
        decisions.propose(
            application=self.application,
            by=self.officer,
            proposal=decisions.Proposal(
                kind=kind,
                reason=staff[f"{kind}_reason"],
                message_to_applicant=say[f"{kind}_letter"],
                amount=min(amount, self.application.amount_asked) if approving else None,
                currency=self.application.currency if approving else "",
                fund=self.world.fund_of(self.application) if approving else None,
                conditions=conditions if approving else (),
            ),
        )

    def _open_proposal(self) -> object:
        return self.application.decisions.get(status__in=OPEN_DECISIONS).pk

    def is_approved(self, director: User, *, hours: float = 20) -> None:
        self.at_work(hours, director, "reviews:approve")
        decisions.approve(application=self.application, decision_id=self._open_proposal(), by=director)

    def is_settled(self, *, hours: float = 20) -> None:
        """By one director, or by two where the amount asks for it."""
        self.is_approved(self.staff.director, hours=hours)
        if self.application.decisions.filter(status="first").exists():
            self.is_approved(self.staff.director2, hours=2)

    def is_returned(self, *, hours: float = 5) -> None:
        self.at_work(hours, self.staff.director, "reviews:return")
        decisions.return_to_officer(
            application=self.application,
            decision_id=self._open_proposal(),
            by=self.staff.director,
            reason=words("staff")["return_reason"],
        )

    def appeals(self, *, hours: float = 40) -> None:
        self._later(hours, "reviews:appeal_send")
        with self._speaking() as say:
            service.send_appeal(
                application=self.application,
                by=self.partner.owner,
                kind=AppealKind.DECISION,
                text=say["appeal"],
                once=once("appeal", self.application.pk),
                language=self.language,
            )

    def appeal_is_answered(self, *, hours: float = 50) -> None:
        """By the officer who had no part in the decision."""
        self.at_work(hours, self.colleague, "reviews:appeal")
        service.answer_appeal(
            appeal=self.application.appeals.get(),
            by=self.colleague,
            outcome=AppealStatus.REJECTED,
            answer=words(self.language)["appeal_answer"],
        )
