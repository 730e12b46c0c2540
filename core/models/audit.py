"""The audit: every change of every row, and the chain of digests over it. Both are written by the database alone."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.querysets import AuditQuerySet


class Operation(models.TextChoices):
    INSERT = "insert", _("Made")
    UPDATE = "update", _("Changed")
    DELETE = "delete", _("Deleted")


class AuditEntry(models.Model):
    """One change of one row, written by a trigger. Nobody changes or deletes it, the owner of the tables included.

    `before` and `after` hold the columns that changed, of a row that was made or deleted all of them; sealed columns
    as they are, sealed. `withheld` names columns with what people wrote or are called: that they changed, never what
    they say; of some an entry of its own keeps that sealed (`core.audit_words`). `about` is the object to whose
    history the entry belongs, `also` a second one that it tells of.
    """

    id = models.BigIntegerField(primary_key=True, editable=False)
    at = models.DateTimeField(_("when"))
    # Of PostgreSQL: entries of one transaction share it.
    transaction = models.BigIntegerField(_("transaction"))
    label = models.TextField(_("kind of record"))
    row_key = models.TextField(_("record"))
    operation = models.TextField(_("what"), choices=Operation)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    withheld = ArrayField(models.TextField(), verbose_name=_("changed without its words"), null=True)
    about = models.UUIDField(_("belongs to"), null=True)
    also = models.UUIDField(_("tells of"), null=True)
    actor = models.UUIDField(_("who"), null=True)
    page = models.TextField(_("page"), blank=True)
    request = models.TextField(_("request"), blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        # Its table is made by the migration: Django's flush, with which tests end, must leave it alone as everybody.
        managed = False
        db_table = "core_auditentry"
        verbose_name = _("change of a record")
        verbose_name_plural = _("changes of records")

    def __str__(self) -> str:
        return f"{self.label} {self.id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused: the database writes it."""
        raise TypeError("the audit is written by the database alone")


class AuditPending(models.Model):
    """What personal columns said before and after a change, until it is sealed (a minute, `core.audit_words`). The
    application reads it; only functions of the owner take it away.
    """

    entry_id = models.BigIntegerField(primary_key=True, editable=False)
    at = models.DateTimeField(_("when"))
    # Under whose key it will lie.
    about = models.UUIDField(_("belongs to"))
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        managed = False
        db_table = "core_auditpending"
        verbose_name = _("words of a change that wait to be sealed")
        verbose_name_plural = _("words of changes that wait to be sealed")

    def __str__(self) -> str:
        return str(self.entry_id)


class AuditSeal(models.Model):
    """One link of the chain: the digests of some entries, and a digest over them and the link before."""

    id = models.BigIntegerField(primary_key=True, editable=False)
    at = models.DateTimeField(_("sealed at"))
    # Transactions from this number on had not begun. Up to `floor` nothing could appear any more. `last_id` is the
    # highest entry that any link so far holds.
    horizon = models.BigIntegerField(_("horizon"))
    floor = models.BigIntegerField(_("complete up to"))
    last_id = models.BigIntegerField(_("highest entry"))
    entries = ArrayField(models.BigIntegerField(), verbose_name=_("entries"))
    digests = models.BinaryField(_("digests of the entries"))
    previous = models.BinaryField(_("digest before"))
    digest = models.BinaryField(_("digest"))

    class Meta:
        managed = False
        db_table = "core_auditseal"
        verbose_name = _("link of the audit's chain")
        verbose_name_plural = _("links of the audit's chain")

    def __str__(self) -> str:
        return str(self.id)
