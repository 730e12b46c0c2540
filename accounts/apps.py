"""People: programme, users, roles, invitations, inbox, preferences."""

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import Invitation, User


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and programmes")

    def ready(self) -> None:
        """Register mail, invitations to staff roles, and the page of people."""
        from accounts import deputy_notices, listeners, role_notices, security_notices  # noqa: PLC0415 - models are ready only now
        from accounts.choices import LENDABLE_ROLES, RoleName  # noqa: PLC0415
        from accounts.delivery import deliver_mail  # noqa: PLC0415
        from accounts.emails import hang_up  # noqa: PLC0415
        from accounts.invitations import InvitationPurpose, invitation_purposes  # noqa: PLC0415
        from accounts.models import SignIn  # noqa: PLC0415
        from accounts.services.factors import keys_of_factors, reseal_factors  # noqa: PLC0415
        from core import outbox  # noqa: PLC0415
        from core.backup import not_kept  # noqa: PLC0415
        from core.registry import NavItem, staff_navigation  # noqa: PLC0415
        from core.rotation import RingHeld, ring_held  # noqa: PLC0415

        def is_admin(user: Any) -> bool:
            return bool(user.has_role(RoleName.ADMIN))

        def may_name_a_deputy(user: Any) -> bool:
            return bool(user.has_role(*LENDABLE_ROLES))

        role_notices.register()
        deputy_notices.register()
        security_notices.register()
        listeners.connect()
        outbox.topics.register("mail", outbox.Topic(deliver_mail))
        outbox.after_drain.append(hang_up)
        not_kept.register("open sessions", SignIn)
        ring_held.register("second steps", RingHeld(reseal_factors, keys_of_factors))
        invitation_purposes.register("staff", InvitationPurpose(_offer, _accept, _stands))
        people = NavItem(
            label=pgettext_lazy("page of the staff portal", "People"),
            url_name="accounts:staff_people",
            group=_("Administration"),
            allowed=is_admin,
        )
        staff_navigation.register("people", people, order=900)
        deputies = NavItem(label=_("Deputies"), url_name="deputies:list", allowed=may_name_a_deputy)
        staff_navigation.register("deputies", deputies, order=80)


def _offer(invitation: "Invitation") -> str:
    return gettext("You are invited to work in the programme %(programme)s. Your role: %(role)s.") % {
        "programme": invitation.programme,
        "role": invitation.get_role_display(),
    }


def _accept(invitation: "Invitation", user: "User") -> str:
    from django.urls import reverse  # noqa: PLC0415 - not needed at start-up

    from accounts.services.roles import grant_role  # noqa: PLC0415 - models are ready only later

    if invitation.programme is not None:
        grant_role(user=user, programme=invitation.programme, role=invitation.role, by=invitation.invited_by)
    return reverse("accounts:landing")


def _stands(invitation: "Invitation") -> bool:
    """Only as long as whoever invited may still do so."""
    from accounts.choices import RoleName  # noqa: PLC0415 - models are ready only later

    inviter = invitation.invited_by
    return inviter.is_active and inviter.has_role(RoleName.ADMIN, programme_id=invitation.programme_id)
