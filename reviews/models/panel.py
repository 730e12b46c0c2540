"""Meetings of a panel: agenda, members, votes, and what was said and decided by whom."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from grants.models import Application, Call
from reviews.choices import DecidesBy, ItemStatus, MeetingStatus, Outcome, Presence, VoteChoice


class PanelMeeting(Row):
    """One meeting on the applications to one call. `starts_at` is an instant (UTC), shown in the zone of the call."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="panel_meetings", verbose_name=_("call"))
    title = models.CharField(_("title"), max_length=160)
    starts_at = models.DateTimeField(_("starts"))
    place = models.CharField(_("where"), max_length=300, blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("chair")
    )
    quorum = models.PositiveSmallIntegerField(_("quorum"))
    decides_by = models.CharField(_("decides by"), max_length=10, choices=DecidesBy, default=DecidesBy.CONSENSUS)
    status = models.CharField(_("status"), max_length=8, choices=MeetingStatus, default=MeetingStatus.PLANNED)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    notes = SealedField(_("notes for the minutes"), multiline=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    sealed_under = "call_id"

    class Meta:
        verbose_name = _("panel meeting")
        verbose_name_plural = _("panel meetings")
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                name="panel_meeting_times_fit_its_status",
                condition=models.Q(status="planned", opened_at__isnull=True, closed_at__isnull=True)
                | models.Q(status="running", opened_at__isnull=False, closed_at__isnull=True)
                | models.Q(status="closed", opened_at__isnull=False, closed_at__isnull=False),
            ),
            models.CheckConstraint(name="panel_quorum_positive", condition=models.Q(quorum__gte=1)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def programme_id(self) -> Any:
        """The programme of its call, for rules that ask a row for it."""
        return self.call.programme_id


class PanelMember(Row):
    """Somebody who sits in the panel. `present` is set by the chair or by themselves while the meeting runs."""

    meeting = models.ForeignKey(
        PanelMeeting, on_delete=models.CASCADE, related_name="members", verbose_name=_("meeting")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="panel_memberships", verbose_name=_("person")
    )
    present = models.BooleanField(_("present"), default=False)

    class Meta:
        verbose_name = _("member of a panel")
        verbose_name_plural = _("members of a panel")
        constraints = [models.UniqueConstraint(fields=["meeting", "user"], name="panel_member_once")]

    def __str__(self) -> str:
        return str(self.user)


class PanelItem(Row):
    """One application on the agenda, and what the panel recommends."""

    meeting = models.ForeignKey(PanelMeeting, on_delete=models.CASCADE, related_name="items", verbose_name=_("meeting"))
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="panel_items", verbose_name=_("application")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    status = models.CharField(_("status"), max_length=8, choices=ItemStatus, default=ItemStatus.WAITING)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    conditions = SealedField(_("conditions"), multiline=True, blank=True)
    said = SealedField(_("what was said"), multiline=True, blank=True)
    words_for_applicant = SealedField(_("words for the applicant"), multiline=True, blank=True)
    opened_at = models.DateTimeField(_("taken up at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("done at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of an agenda")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "application"], name="panel_item_once"),
            models.UniqueConstraint(
                fields=["meeting"], condition=models.Q(status="open"), name="panel_one_item_at_a_time"
            ),
            models.CheckConstraint(
                name="panel_item_done_has_an_outcome",
                condition=models.Q(status="done", closed_at__isnull=False) & ~models.Q(outcome="")
                | ~models.Q(status="done") & models.Q(closed_at__isnull=True, outcome=""),
            ),
            models.CheckConstraint(
                name="panel_amount_when_funding",
                condition=models.Q(outcome="approve", amount__gt=0)
                | ~models.Q(outcome="approve") & models.Q(amount__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class PanelVote(Row):
    """What one member votes on one item; it may change until the item is done."""

    item = models.ForeignKey(PanelItem, on_delete=models.CASCADE, related_name="votes", verbose_name=_("item"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    choice = models.CharField(_("vote"), max_length=8, choices=VoteChoice)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="panel_vote_once")]

    def __str__(self) -> str:
        return str(self.get_choice_display())


class PanelPresence(Row):
    """Where each member was when an item was done. Written with its outcome, for the record."""

    item = models.ForeignKey(PanelItem, on_delete=models.CASCADE, related_name="presences", verbose_name=_("item"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    was = models.CharField(_("where"), max_length=4, choices=Presence)

    class Meta:
        verbose_name = _("presence at an item")
        verbose_name_plural = _("presences at items")
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="panel_presence_once")]

    def __str__(self) -> str:
        return str(self.get_was_display())
