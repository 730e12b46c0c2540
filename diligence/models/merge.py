"""Two records of one organisation that became one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField, SealedJSONField
from organizations.models import Organization


class PartnerMerge(Row):
    """Who merged which record into which, and on whose judgement. Only ever added to.

    `merged_id` and `pair_id` are ids that no longer exist; `merged_names` are what the record that went was called.
    `moved` says how much of each app moved: {"grants": 2, …}.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="merges", verbose_name=_("organisation")
    )
    merged_id = models.UUIDField(_("record that went"), unique=True)
    pair_id = models.UUIDField(_("pair that was judged"), unique=True, editable=False)
    merged_names = SealedJSONField(_("its names"), kind=list)
    note = SealedField(_("note"), multiline=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("judged by")
    )
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("merged by")
    )
    moved = models.JSONField(_("what moved"), default=dict)

    sealed_under = "organization_id"

    class Meta:
        verbose_name = _("merger of two records")
        verbose_name_plural = _("mergers of records")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.merged_id)
