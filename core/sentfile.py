"""What every model of a file that people sent has."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Row
from core.sealed import SealedField
from core.uploads import upload_path


class ScanState(models.TextChoices):
    """How a file stands with the virus scanner."""

    WAITING = "waiting", _("Waiting for the virus scan")
    CLEAN = "clean", pgettext_lazy("of a file", "Scanned, clean")
    REFUSED = "refused", _("Refused by the virus scan")
    UNSCANNED = "unscanned", _("Not scanned (no scanner)")


class SentFile(Row):
    """A file that somebody sent: sealed under a key of its own, which lies here sealed under its organisation's.

    Written by core.files.keep, read by core.files.pieces_of alone.
    """

    file = models.FileField(_("file"), upload_to=upload_path, max_length=200)
    file_name = SealedField(_("file name"), max_length=160)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    # Of what was sent, before it was cleaned.
    sha256 = models.CharField(max_length=64, editable=False)
    # Empty only for files from before files were sealed, until `manage.py seal_files` has been run.
    file_key = models.BinaryField(null=True, editable=False)
    scan_state = models.CharField(
        _("virus scan"), max_length=9, choices=ScanState, default=ScanState.UNSCANNED, editable=False
    )
    scanned_at = models.DateTimeField(_("scanned at"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.file_name)

    @property
    def may_be_opened(self) -> bool:
        """False before the scan, and for ever after one that found something."""
        return self.scan_state in {ScanState.CLEAN, ScanState.UNSCANNED}
