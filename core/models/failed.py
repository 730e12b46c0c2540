"""Work of the clock that failed: one row a task, until it has run well again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.base import Row


class FailedTask(Row):
    """A task that beat asks for ended in an error, or took its worker down. Never what it worked on.

    `created_at` is when it first failed. The row goes as soon as the task has run well.
    """

    name = models.CharField(_("task"), max_length=100, unique=True)
    error = models.CharField(_("last error"), max_length=100)
    times = models.PositiveIntegerField(_("times"), default=1)
    failed_at = models.DateTimeField(_("failed last at"))
    asked_at = models.DateTimeField(_("started again by hand at"), null=True, blank=True)

    class Meta:
        verbose_name = _("failed task")
        verbose_name_plural = _("failed tasks")

    def __str__(self) -> str:
        return self.name
