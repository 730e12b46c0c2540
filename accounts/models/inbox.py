"""The inbox of a person, inside Mainstay; mail only says that there is something here."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row


class InboxItem(Row):
    """One notice to one person about one event. Its text is made when it is read, in the reader's language.

    `kind` names a registered notice; `params` holds ids, references and codes, never what people wrote. `restricted`
    notices say no more than that there is a message, here and by mail.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inbox", verbose_name=_("person")
    )
    event = models.CharField(_("event"), max_length=120)
    kind = models.CharField(_("kind"), max_length=60)
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    restricted = models.BooleanField(_("restricted"), default=False)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    digested_at = models.DateTimeField(_("put into a digest at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="notice_once_for_each_event")]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notice_newest"),
            models.Index(fields=["user"], name="notice_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.kind
