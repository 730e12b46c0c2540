"""Kinds of notices. Each app registers its own at start-up; their words are made in the reader's language.

A kind's functions get the `params` of the notice, which hold ids, references and codes, never what people wrote.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.registry import Registry

type Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """How one kind of notice reads.

    `sentence` is the line in the inbox, `subject` that of a mail (when the person wants one that says something), `url`
    the path of the page that it is about. `template` names a folder of templates/emails for people who want the whole
    message; without one, the mail holds the sentence. What is `silent_by_mail` says by mail no more than that there is
    a message, whatever the person chose.
    """

    name: str
    sentence: Callable[[Params], str]
    subject: Callable[[Params], str]
    url: Callable[[Params, Any], str]
    template: str | None = None
    silent_by_mail: bool = False


notice_kinds: Registry[NoticeKind] = Registry("notice kinds")
# Functions (user, references) -> those of them of which the person must not hear any more; registered by apps to the
# right.
silencers: list[Callable[[Any, Collection[str]], set[str]]] = []


def silenced(user: Any, items: Iterable[Any]) -> set[UUID]:
    """Of these notices to the person (ids), those that say no more than that there is a message: what is restricted,
    and what is about something of which the person may not know any more, who has left an organisation or a role.
    """
    items = list(items)
    about = {str(item.params["reference"]) for item in items if not item.restricted and "reference" in item.params}
    lost: set[str] = set()
    if about:
        lost = lost.union(*(find(user, about) for find in silencers))
    return {item.pk for item in items if item.restricted or item.params.get("reference") in lost}
