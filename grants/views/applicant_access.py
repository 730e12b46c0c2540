"""What every applicant's page begins with: the application of the person's own organisation, or 404."""

from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import current_user
from accounts.choices import RoleName
from accounts.models import Deputyship, Role, User
from core.errors import NotPermitted
from core.prepared import prepared
from grants.choices import Status
from grants.models import Application
from grants.querysets import ApplicationQuerySet
from grants.services.writing import NotWritable, Writable, parts_open
from organizations.choices import MemberRole
from organizations.models import Membership

# Long texts that the public page of a call shows, and normal forms for search.
_NEVER_READ = ("search", "call__description", "call__who_may_apply", "organization__search")
_WRITERS = (MemberRole.OWNER, MemberRole.EDITOR)


def own_applications(user: UUID) -> ApplicationQuerySet:
    """Applications of the person's organisations; for an officer also drafts they enter on somebody's behalf."""
    mine = Q(organization__in=Membership.objects.filter(user=user).values("organization_id"))
    here = {"programme": OuterRef("call__programme")}
    officer = Exists(Role.objects.filter(**here, user=user, name=RoleName.OFFICER))
    # The clock of the database: these statements are kept.
    acting = Exists(Deputyship.objects.live(Now()).filter(**here, deputy=user, role=RoleName.OFFICER))
    entering = Q(officer | acting, entered_on_behalf=True, created_by=user, status=Status.DRAFT)
    return Application.objects.filter(mine | entering)


def _with_role(*, reference: str, user: UUID) -> ApplicationQuerySet:
    role = Membership.objects.filter(user=user, organization=OuterRef("organization_id")).values("role")
    rows = Application.objects.annotate(own_role=Subquery(role, output_field=CharField()))
    return rows.select_related("call__programme", "organization").defer(*_NEVER_READ).filter(reference=reference)


@prepared
def _found(*, reference: str, user: UUID) -> ApplicationQuerySet:
    return _with_role(reference=reference, user=user)


@prepared
def _locked(*, reference: str, user: UUID) -> ApplicationQuerySet:
    return _with_role(reference=reference, user=user).select_for_update(of=("self",))


def get_application(request: HttpRequest, reference: str, *, lock: bool = False) -> Application:
    """The application with its call and organisation (one statement), locked for a change when `lock`; Http404 when it
    is not theirs to see.
    """
    user = current_user(request)
    found = (_locked if lock else _found).first(reference=reference, user=user.pk)
    if found is None or not _is_own(user, found):
        raise Http404
    return found


def _is_own(user: User, application: Application) -> bool:
    """As own_applications, for an application that came with the person's role in its organisation."""
    return application.__dict__["own_role"] is not None or (
        application.entered_on_behalf
        and application.is_draft
        and application.created_by_id == user.pk
        and user.has_role(RoleName.OFFICER, programme_id=application.call.programme_id)
    )


def may_write(request: HttpRequest, application: Application) -> bool:
    """True for owners and editors, and for the officer who enters it: the role came with the row."""
    role = application.__dict__.get("own_role")
    if role is not None:
        return role in _WRITERS
    return current_user(request).has_perm("grants.change_application", application)


def open_parts(request: HttpRequest, application: Application) -> Writable | None:
    """What the person may change now; None when nothing."""
    if not may_write(request, application):
        return None
    try:
        return parts_open(application)
    except NotWritable:
        return None


def demand_writer(request: HttpRequest, application: Application) -> None:
    """Raise NotPermitted for viewers."""
    if not may_write(request, application):
        raise NotPermitted


def crumbs(application: Application, *labels: str) -> list[dict[str, str]]:
    """Where the page stands: applications, this one, then `labels`."""
    start = "apply:application" if application.is_draft else "apply:status"
    found = [
        {"label": _("Applications"), "url": reverse("apply:home")},
        {"label": application.reference, "url": reverse(start, args=[application.reference])},
    ]
    return [*found, *({"label": label, "url": ""} for label in labels)]
