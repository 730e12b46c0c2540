"""Words for what no model of ours describes: records of other packages, fields that no form shows."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

RECORDS: "dict[str, str | Promise]" = {
    "mfa.Authenticator": _("second step of signing in"),
    "auth.Group_permissions": _("permission of a group"),
    "accounts.User_groups": _("group of a person"),
    "accounts.User_user_permissions": _("permission of a person"),
}

FIELDS: "dict[str, str | Promise]" = {
    "user": pgettext_lazy("field of a record", "person"),
    "group": pgettext_lazy("field of a record", "group"),
    "permission": pgettext_lazy("field of a record", "permission"),
    "type": pgettext_lazy("field of a record", "kind"),
    "data": pgettext_lazy("field of a record", "content"),
    "details": pgettext_lazy("field of a record", "details"),
    "version": pgettext_lazy("field of a record", "version"),
    "budget_version": _("version of the budget"),
    "details_version": _("version of the details"),
    "last_used_at": _("last used"),
    "from_status": _("status before"),
    "to_status": _("status after"),
    "status_before_waiting": _("status before the waiting"),
    "due_kind": _("what is promised"),
    "clock_started_at": _("clock started"),
    "clock_paused_at": _("clock paused"),
    "priority_known": _("priority computed"),
    "marks": _("scores given"),
    "suggestion": _("suggestion"),
    "seed": _("seed of the lot"),
    "search": _("words for searching"),
    "fold": _("spelling for comparing"),
    "latin": _("spelling in Latin letters"),
    "skeleton": _("sound for comparing"),
    "keys": _("keys for comparing"),
    "number_key": _("number for comparing"),
    "file_key": _("place of the file"),
    "sha256": _("fingerprint of the file"),
    "inputs_hash": _("fingerprint of the answers"),
    "token_hash": _("fingerprint of the link"),
    "once": _("mark against doubling"),
    "window": _("period of the limit"),
}
