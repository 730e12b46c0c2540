"""How appeals, complaints and slates are read, and who may answer them."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from accounts.choices import RoleName
from grants.models import Application, Recusal
from grants.querysets import READERS
from reviews.choices import AppealKind, AppealStatus, ReviewStatus

if TYPE_CHECKING:
    from reviews.models import Appeal, Slate  # noqa: F401 - named in strings below

# Roles that read appeals against decisions. Complaints about conduct are for directors alone.
APPEAL_READERS = (RoleName.OFFICER, RoleName.DIRECTOR, RoleName.AUDITOR)


def _rows(label: str, name: str) -> "models.Manager[Any]":
    found: models.Manager[Any] = apps.get_model(label, name)._default_manager
    return found


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Appeals by who may read and who may answer them."""

    def visible_to(self, user: Any) -> "AppealQuerySet":
        """Those the person may read as staff: of applications that they may open; complaints about conduct only as a
        director whom it is not about.
        """
        applications: Any = _rows("grants", "Application")
        readable = applications.visible_to(user)
        concerned = _rows("reviews", "AppealConcerned").filter(appeal=OuterRef("pk"), user=user.pk)
        reading = Q(kind=AppealKind.DECISION, application__call__programme__in=user.programmes_with(APPEAL_READERS))
        directing = Q(
            ~Exists(concerned),
            kind=AppealKind.CONDUCT,
            application__call__programme__in=user.programmes_with((RoleName.DIRECTOR,)),
        )
        return self.filter(reading | directing, application__in=readable)

    def answerable_by(self, user: Any) -> "AppealQuerySet":
        """Those that wait and that the person may answer: an officer or director who neither proposed nor approved the
        decision, nor found it ineligible, nor reviewed the application, nor acts for somebody who did.
        """
        programmes = user.programmes_with((RoleName.OFFICER, RoleName.DIRECTOR))
        deputyships: Any = _rows("accounts", "Deputyship")
        acting = deputyships.live(Now()).filter(deputy=user.pk).order_by().values("user_id")
        of_same = {"application": OuterRef("application")}
        decided = _rows("reviews", "Decision").filter(pk=OuterRef("decision"))
        judged = _rows("reviews", "EligibilityReview").filter(**of_same, passed=False)
        reviewed = _rows("reviews", "Review").filter(**of_same, status=ReviewStatus.SUBMITTED)
        asked = _rows("grants", "Assignment").filter(**of_same, ended_at__isnull=True)

        def by(*columns: str) -> Q:
            found = Q()
            for column in columns:
                found |= Q(**{column: user.pk}) | Q(**{f"{column}__in": acting})
            return found

        return self.visible_to(user).filter(
            ~Exists(decided.filter(by("proposed_by", "first_approved_by", "settled_by"))),
            ~Exists(judged.filter(by("closed_by"))),
            ~Exists(reviewed.filter(by("reviewer"))),
            ~Exists(asked.filter(by("user"))),
            ~Q(sent_by=user.pk),
            application__call__programme__in=programmes,
            status=AppealStatus.OPEN,
        )

    def by_promise(self) -> "AppealQuerySet":
        """What was promised first on top."""
        return self.order_by(F("due_at").asc(), "pk")


class SlateQuerySet(models.QuerySet["Slate"]):
    """Slates by who may see them."""

    def visible_to(self, user: Any) -> "SlateQuerySet":
        """Those of the programmes in which the person reads applications, annotated with `is_closed` (it holds an
        application with which the person has a conflict of interest) and `has_hidden` (it holds one that is restricted
        to others). Of a closed one its name shows, and nothing else.
        """
        return self.filter(call__programme__in=user.programmes_with(READERS)).annotate(
            is_closed=_holds_a_conflict(user), has_hidden=_holds_hidden(user)
        )

    def without_conflict(self, user: Any) -> "SlateQuerySet":
        """Those of the programmes in which the person reads applications, and that hold no conflict of theirs."""
        return self.filter(~_holds_a_conflict(user), call__programme__in=user.programmes_with(READERS))

    def open_whole_to(self, user: Any) -> "SlateQuerySet":
        """Those of which the person may read every line."""
        return self.without_conflict(user).filter(~_holds_hidden(user))


def _holds_a_conflict(user: Any) -> Exists:
    """The slate holds an application with which the person has a conflict of interest."""
    recused = Recusal.objects.filter(application=OuterRef("application"), user=user)
    return Exists(_rows("reviews", "SlateLine").filter(Exists(recused), slate=OuterRef("pk")))


def _holds_hidden(user: Any) -> Exists:
    """The slate holds an application that the person may not read."""
    readable = Application.objects.filter(Application.objects.all().readable(user), pk=OuterRef("application"))
    return Exists(_rows("reviews", "SlateLine").filter(~Exists(readable), slate=OuterRef("pk")))
