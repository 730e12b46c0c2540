"""From where a person signs in: browsers that were seen before, and sessions that are open."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.choices import Browser, System
from core.models import Row


class Device(Row):
    """A browser in which the person signed in. It is known again by a cookie, of which only the hash is kept.

    What kind of browser it is stands here roughly, to be told apart by its owner; no address of the network does.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices", verbose_name=_("person")
    )
    token_hash = models.CharField(_("hash of its cookie"), max_length=64, editable=False)
    browser = models.CharField(_("browser"), max_length=10, choices=Browser)
    system = models.CharField(_("kind of device"), max_length=10, choices=System)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [models.UniqueConstraint(fields=["user", "token_hash"], name="device_known_once")]

    def __str__(self) -> str:
        return device_words(self.browser, self.system)


class SignIn(Row):
    """An open session. The row goes with the session: when it is signed out, ended, or found to be over."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins", verbose_name=_("person")
    )
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="sign_ins", verbose_name=_("device"))
    session_key = models.CharField(_("session"), max_length=40, unique=True, editable=False)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return str(self.device)


def device_words(browser: str, system: str) -> str:
    """ "Firefox on Android", in the language of the page."""
    names = {"browser": Browser(browser).label, "system": System(system).label}
    return pgettext("a device", "%(browser)s on %(system)s") % names
