"""The frame of the workbench: one application, tabs by stage, and the rail with promise, people, next step, history.

A tab is a page of its own app: it takes the application from `get_application`, fills `workbench_context` into its own
context and extends `workbench/frame.html`.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.choices import RoleName
from core.audit import current_page
from core.prepared import prepared
from core.registry import workbench_actions, workbench_rail, workbench_tabs
from grants.choices import Status
from grants.models import Application, ApplicationEvent, Assignment, Opening, Recusal
from grants.querysets import READERS
from grants.rules import in_programme, staff_reads
from grants.services.promises import PromiseView, clock_of_row, promise_view
from organizations.services.compromise import open_compromise

# The tag of a state: colour never speaks alone, the word is always there.
STATUS_TONES = {
    Status.DRAFT: "",
    Status.SUBMITTED: "urgent",
    Status.WAITING: "wait",
    Status.IN_REVIEW: "info",
    Status.AWAITING_DECISION: "go",
    Status.APPROVED: "go",
    Status.DECLINED: "",
    Status.WAITLISTED: "wait",
    Status.INELIGIBLE: "",
    Status.WITHDRAWN: "",
}
_NEXT_STEPS = {
    Status.SUBMITTED: gettext_lazy("Check whether it is eligible, and give the applicant a first answer."),
    Status.WAITING: gettext_lazy("The applicant has been asked and answers next. Our clock stands still."),
    Status.IN_REVIEW: gettext_lazy("Reviewers score it; then an officer finishes the review."),
    Status.AWAITING_DECISION: gettext_lazy("An officer proposes a decision; a director approves it."),
    Status.APPROVED: gettext_lazy("Approved. The agreement follows."),
    Status.DECLINED: gettext_lazy("Closed. A director can reopen it with a reason."),
    Status.WAITLISTED: gettext_lazy("On the waiting list until it is approved or declined."),
    Status.INELIGIBLE: gettext_lazy("Closed. A director can reopen it with a reason."),
    Status.WITHDRAWN: gettext_lazy("Withdrawn by the applicant. Nothing is left to do."),
}
NO_OFFICER = gettext_lazy("Nobody leads this application yet. Name an officer first.")
EVENTS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of the short history."""

    words: str
    at: Any
    by: str


@dataclass(slots=True)
class Bench:
    """Everything the frame shows."""

    reference: str
    title: str
    call: str
    call_url: str
    status_label: str
    status_tone: str
    restricted: bool
    tabs: list[dict[str, Any]]
    actions: list[dict[str, Any]]
    promises: list[PromiseView]
    clock: Any
    people: list[tuple[str, str]]
    next_step: str
    events: list[EventLine]
    panels: list[dict[str, Any]] = field(default_factory=list)
    # The mark on the partner while it is compromised; whoever may not know who applies is not told either.
    compromise: Any = None

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The actions as the page shows them: the primary one last, at the edge, on every tab."""
        return sorted(self.actions, key=lambda action: bool(action.get("primary")))


def is_blind_for(user: Any, application: Application) -> bool:
    """True when this person must not learn who applies: a reviewer of a blind call who holds no other reading role."""
    return application.call.blind_review and not user.has_role(*READERS, programme_id=application.call.programme_id)


@prepared
def _sent(*, reference: str) -> QuerySet[Application]:
    rows = Application.objects.select_related("call__programme", "organization", "officer")
    return rows.filter(reference=reference, submitted_at__isnull=False)


def get_application(user: Any, reference: str) -> Application:
    """An application that the person may open in the workbench, with its call, organisation and officer (two
    statements). Http404 for what is restricted to others, not theirs, or not there: the three look alike. Reviewers
    have pages of their own.
    """
    found = _sent.first(reference=reference)
    # What `visible_to` says of lists, asked of one object: its rows of access are read once and kept for the page.
    if found is None or not (in_programme(user, found, *READERS) and staff_reads(user, found)):
        raise Http404
    note_opening(user, found)
    return found


def _compromise(application: Application, *, blind: bool) -> Any:
    """Asked of restricted applications alone: those of a marked partner are all restricted, and stay so."""
    return open_compromise(application.organization_id) if application.is_restricted and not blind else None


def note_opening(user: Any, application: Application) -> None:
    """Every opening of a restricted application is recorded: who, when, from which page. What cannot be recorded is not
    shown. Standard applications cost no statement.
    """
    if application.is_restricted:
        Opening.objects.create(application=application, user=user, page=current_page()[:100])


def workbench_context(request: HttpRequest, application: Application, current_tab: str) -> dict[str, Any]:
    """{"application", "bench", "now"} for a page that extends the frame. `current_tab` is the tab's address name, such
    as "staff:proposal". Takes four statements beside those of the registered providers.
    """
    user: Any = request.user
    now = timezone.now()
    blind = is_blind_for(user, application)
    bench = Bench(
        reference=application.reference,
        title=_("Application") if blind else application.title or _("Without a title"),
        call=str(application.call),
        call_url=_call_url(user, application.call),
        status_label=str(application.get_status_display()),
        status_tone=STATUS_TONES[Status(application.status)],
        restricted=application.is_restricted,
        tabs=_tabs(user, application, current_tab),
        actions=[action for provider in workbench_actions for action in provider(user, application)],
        promises=promise_view(application, now),
        clock=clock_of_row(application, now),
        people=_people(user, application, blind=blind),
        next_step=next_step(application),
        events=_events(application),
        compromise=_compromise(application, blind=blind),
    )
    bench.panels = [panel for provider in workbench_rail if (panel := provider(user, application))]
    return {"application": application, "bench": bench, "now": now}


def _call_url(user: Any, call: Any) -> str:
    """The pages of the call, for whoever works as staff of its programme."""
    works = user.has_role(*READERS, RoleName.ADMIN, programme_id=call.programme_id)
    return reverse("staff:call_preview", args=[call.slug]) if works else ""


def next_step(application: Application) -> str:
    """What happens next, in a sentence."""
    if application.officer_id is None and application.status == Status.SUBMITTED:
        return str(NO_OFFICER)
    return str(_NEXT_STEPS.get(Status(application.status), ""))


def _tabs(user: Any, application: Application, current: str) -> list[dict[str, Any]]:
    tabs = []
    for tab in workbench_tabs:
        if not user.has_perm(tab.permission, application):
            continue
        try:
            url = reverse(tab.url_name, args=[application.reference])
        except NoReverseMatch:
            continue
        tabs.append({"label": tab.label, "url": url, "current": tab.url_name == current})
    return tabs


def _people(user: Any, application: Application, *, blind: bool) -> list[tuple[str, str]]:
    people = []
    if not blind:
        people.append((_("Organisation"), str(application.organization)))
    if application.officer_id is None:
        people.append((_("Officer"), _("nobody yet")))
    else:
        people.append((_("Officer"), _("You") if application.officer_id == user.pk else str(application.officer)))
    asked = assigned(application) if application.call.needs_review else []
    reviewers = [_("You") if row.user_id == user.pk else str(row.user) for row in asked if row.ended_at is None]
    if reviewers:
        people.append((_("Reviewers"), ", ".join(reviewers)))
    elif application.call.needs_review:
        people.append((_("Reviewers"), pgettext("reviewers", "nobody yet")))
    people.append((_("Access"), str(application.get_confidentiality_display())))
    return people


def assigned(application: Application) -> list[Assignment]:
    """Who was asked to review, each with `is_recused`; read once for the frame and the tab of the reviews."""
    known: list[Assignment] | None = application.__dict__.get("_assigned")
    if known is None:
        recused = Recusal.objects.filter(application=application, user=OuterRef("user"))
        rows = Assignment.objects.filter(application=application).select_related("user").order_by("created_at")
        known = application.__dict__["_assigned"] = list(rows.annotate(is_recused=Exists(recused)))
    return known


@prepared
def _newest_events(*, application: UUID) -> QuerySet[ApplicationEvent]:
    rows = ApplicationEvent.objects.filter(application=application).select_related("actor")
    return rows.order_by("-at", "-created_at")[:EVENTS_SHOWN]


def _events(application: Application) -> list[EventLine]:
    rows = _newest_events(application=application.pk)
    return [EventLine(event_words(row), row.at, str(row.actor) if row.actor_id else "") for row in rows]


def event_words(event: Any) -> str:
    """What happened, in words; a computed priority says which."""
    if event.kind == "scored" and event.details.get("value") is not None:
        return _("Priority computed: %(value)s") % {"value": event.details["value"]}
    return str(event.get_kind_display())


def opens_workbench(user: Any) -> bool:
    """True for the roles that read applications in the workbench."""
    return bool(user.has_role(*READERS))


def may_lead(user: Any, application: Application) -> bool:
    """True for program officers of the application's programme."""
    return bool(user.has_role(RoleName.OFFICER, programme_id=application.call.programme_id))
