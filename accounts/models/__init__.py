"""People, programmes, roles, deputies, devices, invitations and the inbox."""

from accounts.models.deputyship import Deputyship
from accounts.models.device import Device, SignIn
from accounts.models.inbox import InboxItem
from accounts.models.invitation import Invitation
from accounts.models.programme import Holiday, Programme
from accounts.models.role import Role
from accounts.models.user import User

__all__ = ["Deputyship", "Device", "Holiday", "InboxItem", "Invitation", "Programme", "Role", "SignIn", "User"]
