"""People, programmes, roles, deputies, devices, invitations, people kept out and the inbox."""

from accounts.models.deputyship import Deputyship
from accounts.models.device import Device, SignIn
from accounts.models.hold import Hold
from accounts.models.inbox import InboxItem
from accounts.models.invitation import Invitation
from accounts.models.programme import Holiday, Programme
from accounts.models.retention import RetentionPeriod
from accounts.models.role import Role
from accounts.models.user import User

__all__ = [
    "Deputyship",
    "Device",
    "Hold",
    "Holiday",
    "InboxItem",
    "Invitation",
    "Programme",
    "RetentionPeriod",
    "Role",
    "SignIn",
    "User",
]
