"""What every applicant's page begins with: the application of the person's own organisation, or 404."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import current_user
from accounts.choices import RoleName
from accounts.models import Deputyship, Role
from core.errors import NotPermitted
from grants.choices import Status
from grants.models import Application
from grants.querysets import ApplicationQuerySet
from grants.services.writing import NotWritable, Writable, parts_open
from organizations.choices import MemberRole
from organizations.models import Membership

_WRITERS = (MemberRole.OWNER, MemberRole.EDITOR)


def own_applications(user: Any) -> ApplicationQuerySet:
    """Applications of the person's organisations; for an officer also drafts they enter on somebody's behalf."""
    role = Membership.objects.filter(user=user, organization=OuterRef("organization_id")).values("role")[:1]
    mine = Q(organization__in=user.memberships.values("organization_id"))
    here = {"programme": OuterRef("call__programme")}
    officer = Exists(Role.objects.filter(**here, user=user, name=RoleName.OFFICER))
    acting = Exists(Deputyship.objects.live().filter(**here, deputy=user, role=RoleName.OFFICER))
    entering = Q(officer | acting, entered_on_behalf=True, created_by=user, status=Status.DRAFT)
    return Application.objects.filter(mine | entering).annotate(own_role=Subquery(role, output_field=CharField()))


def get_application(request: HttpRequest, reference: str, *, lock: bool = False) -> Application:
    """The application with its call and organisation (one statement), locked for a change when `lock`; Http404 when it
    is not theirs to see.
    """
    rows = own_applications(current_user(request)).select_related("call__programme", "organization")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(reference=reference).first()
    if found is None:
        raise Http404
    return found


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
