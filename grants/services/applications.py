"""The life of an application on the applicant's side: started, described, submitted, withdrawn, copied."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from core.errors import DomainError, NotPermitted, StaleVersion
from core.references import new_reference
from grants import workflow
from grants.choices import Confidentiality, EventKind, QuestionKind, Status
from grants.completeness import Missing, closed_sentence, missing
from grants.form_tree import form_tree
from grants.models import Application, Call, InformationRequest
from grants.questions import Refused, kind_of
from grants.services.answers import place_of, read_answers, save_answers
from grants.services.audience import tell_members, tell_staff
from grants.services.budget import lines_of, sum_asked
from grants.services.events import record_event
from grants.services.moves import lock, move
from grants.services.search import refresh_search, search_text
from grants.services.writing import lock_for_writing
from grants.signals import application_submitted
from organizations.models import Organization
from organizations.services.aliases import renew_alias
from organizations.services.compromise import is_compromised
from organizations.services.once import once_id
from organizations.standing import may_write

# What an earlier application cannot say for a new one: promises are made anew, files stay where they were sent.
_NOT_COPIED = frozenset(
    {QuestionKind.DECLARATION, QuestionKind.FILE, QuestionKind.EXPLANATION, QuestionKind.ORGANIZATION}
)


class CallClosed(DomainError):
    """The call does not take applications now."""

    sentence = _("This call is not taking applications now.")


class NotReadBack(DomainError):
    """An officer submits for others without having read the text back to them."""

    sentence = _("Read the whole text back to the applicant, and confirm that they agree, before you send it.")


class Incomplete(DomainError):
    """Something must be mended before submission; `missing` says what."""

    sentence = _("Some things must be mended before you can submit. Nothing you wrote is lost.")

    def __init__(self, found: list[Missing]) -> None:
        self.missing = found
        super().__init__()


@transaction.atomic
def start_application(
    *,
    call: Call,
    organization: Organization,
    by: Any,
    language: str,
    confidentiality: str | None = None,
    once: UUID | None = None,
) -> Application:
    """A new draft. With `once` (a token of the page) a second sending of the same page returns the first draft.

    The applicant can ask for more confidentiality than the call gives, never for less.

    Raises:
        NotPermitted: the person may not write for the organisation.
        CallClosed: the call takes no applications now.
    """
    if not may_write(by, organization.pk):
        raise NotPermitted
    return _start(
        call=call,
        organization=organization,
        by=by,
        language=language,
        confidentiality=confidentiality,
        once=once,
        on_behalf=False,
    )


def _start(
    *,
    call: Call,
    organization: Organization,
    by: Any,
    language: str,
    confidentiality: str | None,
    once: UUID | None,
    on_behalf: bool,
) -> Application:
    pk = once_id(by, once)
    if once and (already := Application.objects.filter(pk=pk, call=call, organization=organization).first()):
        return already
    if not call.accepts_at(timezone.now()) or call.form_version_id is None:
        raise CallClosed
    wishes = (call.confidentiality, confidentiality)
    restricted = Confidentiality.RESTRICTED in wishes or is_compromised(organization.pk)
    application = Application(
        pk=pk,
        call=call,
        organization=organization,
        form_version_id=call.form_version_id,
        confidentiality=Confidentiality.RESTRICTED if restricted else Confidentiality.STANDARD,
        language=language,
        currency=call.currencies[0],
        created_by=by,
        entered_on_behalf=on_behalf,
    )
    for _attempt in range(5):
        application.reference = new_reference(call.reference_prefix)
        application.search = search_text(application)
        try:
            with transaction.atomic():
                application.save(force_insert=True)
        except IntegrityError:
            # The same page sent twice at once, or (one in 34 thousand million) a reference that is taken.
            if once and (already := Application.objects.filter(pk=pk).first()):
                return already
            continue
        record_event(application=application, kind=EventKind.CREATED, actor=by, for_applicant=True)
        return application
    raise DomainError


@transaction.atomic
def enter_on_behalf(
    *, call: Call, organization: Organization, by: Any, language: str, consent: str, once: UUID | None = None
) -> Application:
    """A draft that an officer fills in for people who cannot get on line. `consent` says who agreed, when and how; it
    is kept in the history, which the organisation sees.

    Raises:
        NotPermitted: not an officer of the programme, or the organisation is not theirs to see.
        DomainError: no consent is written down.
    """
    if not by.has_role(RoleName.OFFICER, programme_id=call.programme_id):
        raise NotPermitted
    if not Organization.objects.visible_to(by).filter(pk=organization.pk).exists():
        raise NotPermitted
    words = consent.strip()
    if not words:
        raise DomainError(_("Write down who agreed that you enter this for them, when and how."))
    application = _start(
        call=call,
        organization=organization,
        by=by,
        language=language,
        confidentiality=None,
        once=once,
        on_behalf=True,
    )
    if not application.events.filter(kind=EventKind.ENTERED).exists():
        record_event(application=application, kind=EventKind.ENTERED, actor=by, reason=words[:2000], for_applicant=True)
    return application


@transaction.atomic
def save_details(
    *,
    application: Application,
    by: Any,
    version: int,
    title: str,
    currency: str,
    starts_on: date | None,
    months: int | None,
) -> Application:
    """Title, currency and period of a draft.

    Raises:
        NotPermitted, NotWritable: as lock_for_writing says.
        StaleVersion: a colleague saved them since `version`.
    """
    writable = lock_for_writing(by=by, application=application)
    writable.demand_draft()
    locked = writable.application
    if currency not in locked.call.currencies:
        raise DomainError(_("Choose a currency that this call pays in."))
    wanted = (title, currency, starts_on, months)
    if wanted == (locked.title, locked.currency, locked.starts_on, locked.months):
        return locked
    if locked.details_version != version:
        raise StaleVersion
    retitled = title != locked.title
    locked.title, locked.currency, locked.starts_on, locked.months = wanted
    locked.details_version += 1
    locked.save(
        update_fields=[
            "plain_title",
            "sealed_title",
            "currency",
            "starts_on",
            "months",
            "details_version",
            "changed_at",
        ]
    )
    if retitled:
        refresh_search(locked)
    return locked


@transaction.atomic
def submit_application(
    *, application: Application, by: Any, at: datetime | None = None, read_back: bool = False
) -> Application:
    """Send the application in. Submitting a second time changes nothing and returns it as it was submitted. An officer
    who entered it for others says with `read_back` that its text was read back to them.

    Raises:
        NotPermitted: the person may not submit for the organisation.
        NotReadBack: an officer has not read it back.
        CallClosed: the call closed, grace included, or has not opened; the draft is kept.
        Incomplete: with everything that must be mended.
    """
    return submit_locked(lock(application), by=by, at=at, read_back=read_back)


def submit_locked(locked: Application, *, by: Any, at: datetime | None = None, read_back: bool = False) -> Application:
    """As submit_application, with an application that is locked already, its call and organisation along."""
    if not by.has_perm("grants.submit_application", locked):
        raise NotPermitted
    if locked.status not in (Status.DRAFT, Status.WITHDRAWN) and locked.submitted_at:
        return locked
    moment = at or timezone.now()
    workflow.SUBMIT.check(locked.status)
    if not locked.call.accepts_at(moment):
        raise CallClosed(closed_sentence(locked))
    on_behalf = locked.entered_on_behalf and not may_write(by, locked.organization_id)
    if on_behalf and not read_back:
        raise NotReadBack
    lines = lines_of(locked)
    if found := missing(locked, lines=lines):
        raise Incomplete(found)
    if locked.amount_asked != (asked := sum_asked(lines)):
        locked.amount_asked = asked
        locked.save(update_fields=["amount_asked"])
    move(application=locked, transition=workflow.SUBMIT, actor=by, at=moment)
    if locked.is_restricted:
        # Until now the programme may have seen the alias beside the name.
        renew_alias(locked.organization)
    application_submitted.send(sender=Application, application=locked, actor=by)
    tell_members(locked, event=f"submitted:{locked.pk}", kind="grants.receipt")
    tell_staff(locked, event=f"new:{locked.pk}", kind="grants.new_application")
    return locked


@transaction.atomic
def withdraw_application(*, application: Application, by: Any, reason: str = "") -> Application:
    """Take the application back, with a reason or without one. Doing it twice changes nothing."""
    locked = lock(application)
    if locked.status == Status.WITHDRAWN and by.has_perm("grants.withdraw_application", locked):
        return locked
    was_draft = locked.is_draft
    move(application=locked, transition=workflow.WITHDRAW, actor=by, reason=reason.strip()[:2000])
    InformationRequest.objects.filter(application=locked, answered_at__isnull=True, closed_at__isnull=True).update(
        closed_at=timezone.now()
    )
    if not was_draft:
        tell_staff(locked, event=f"withdrawn:{locked.pk}", kind="grants.withdrawn")
    return locked


@transaction.atomic
def copy_answers(*, source: Application, target: Application, by: Any) -> int:
    """Copy answers of an earlier application of the same organisation to the questions that are still blank here, by
    the question's short name and kind; returns how many. Declarations and files are never copied, and an amount only
    in the same currency.

    Raises:
        NotPermitted: another organisation's application, or no writer of this one.
    """
    if source.organization_id != target.organization_id or source.pk == target.pk:
        raise NotPermitted
    given = read_answers(source)
    asked_before = {question.slug: question for question in form_tree(source.form_version_id).questions}
    present = read_answers(target)
    place = place_of(target)
    values: dict[UUID, Any] = {}
    for question in form_tree(target.form_version_id).questions:
        earlier = asked_before.get(question.slug)
        if earlier is None or earlier.kind != question.kind or question.kind in _NOT_COPIED:
            continue
        # What was sealed is not copied to where it would lie open.
        if earlier.sensitive and not question.sensitive:
            continue
        value = given.get(earlier.id)
        if value is None or question.id in present:
            continue
        kind = kind_of(question)
        raw = kind.raw(value, question, place)
        try:
            again = kind.clean(raw, question, place)
        except Refused:
            continue
        if again == value:
            values[question.id] = raw
    blank_ones = target.answers.filter(question_id__in=list(values)).values_list("question_id", "version")
    result = save_answers(application=target, by=by, values=values, versions=dict(blank_ones))
    return len(result.saved)
