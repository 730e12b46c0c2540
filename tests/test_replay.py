"""Everybody follows every link and every search from the first pages; everything that anybody came to is then opened by
everybody else. Only what the access table allows answers with content, and nobody reads a word that is not for them.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import Role, User
from grants.models import NamedReader
from tests.access_table import PAGES, PEOPLE, Answer, Who
from tests.access_world import APPLICATION_WORDS, ORGANIZATION_WORDS, World, make_world
from tests.crawl_world import content_of, crawl, kind_of
from tests.factories.accounts import person_with

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WORDS = (*APPLICATION_WORDS, *ORGANIZATION_WORDS)
# Who reads what is planted, in each world. Everybody else reads no word of it, wherever they go.
_MAY_READ = (
    Who.OWNER, Who.VIEWER, Who.OFFICER, Who.OFFICER2, Who.DIRECTOR, Who.FINANCE, Who.AUDITOR, Who.ASSIGNED
)  # fmt: skip
_MAY_READ_RESTRICTED = (Who.OWNER, Who.VIEWER, Who.OFFICER)
# Whose reading of restricted applications ended, and who reads none; what they open is tried address by address.
_ALSO = ("closed account", "former officer")
MOST_OF_A_KIND = 2


def opens_to(name: str, who: Who, *, restricted: bool) -> bool:
    """What the table says of an address by its name; of the admin and of allauth it says one thing."""
    if name.startswith("admin:"):
        return who == Who.ADMIN or name in {"admin:login", "admin:jsi18n", "admin:logout"}
    lines = [page.expected("GET", restricted=restricted) for page in PAGES if page.name == name]
    return any(line is not None and line[who] == Answer.OPENS for line in lines) or not lines


def _others(world: World, client_for: Any) -> dict[str, Client]:
    """Somebody whose account was closed and somebody whose role ended, each with the session of before."""
    programme = world.applications["submitted"].call.programme
    found = {}
    for name in _ALSO:
        user = person_with(RoleName.OFFICER, programme)
        found[name] = client_for(user)
        assert found[name].get("/staff/applications/").status_code == 200
        if name == "closed account":
            User.objects.filter(pk=user.pk).update(is_active=False)
        else:
            Role.objects.filter(user=user).delete()
    return found


def _glass_of_yesterday(world: World) -> None:
    """The director broke the glass of one application, and the day is over."""
    director, row = world.people[Who.DIRECTOR], world.applications["submitted"]
    NamedReader.ever.create(
        application=row, user=director, named_by=director, until=timezone.now() - timedelta(minutes=1)
    )


def _all_that_was_seen(browsers: Mapping[Who, Client]) -> tuple[dict[str, set[Who]], list[str]]:
    """By address who came to it; and what failed."""
    seen: dict[str, set[Who]] = {}
    failed = []
    for who, client in browsers.items():
        for path, status in crawl(client).items():
            seen.setdefault(path, set()).add(who)
            if status >= 500:
                failed.append(f"{status} {path} as {who}")
    return seen, failed


def _few_of_each_kind(paths: Mapping[str, Any]) -> list[str]:
    alike: dict[str, int] = {}
    kept = []
    for path in sorted(paths):
        kind = kind_of(path)
        alike[kind] = alike.get(kind, 0) + 1
        if alike[kind] <= MOST_OF_A_KIND:
            kept.append(path)
    return kept


def _name_of(path: str) -> str:
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return ""


@pytest.mark.parametrize("restricted", [pytest.param(False, id="standard"), pytest.param(True, id="restricted")])
def test_what_one_came_to_opens_to_another_only_as_the_table_says(client_for: Any, restricted: bool) -> None:
    world = make_world(restricted=restricted)
    if restricted:
        _glass_of_yesterday(world)
    browsers = {who: Client() if world.people[who] is None else client_for(world.people[who]) for who in PEOPLE}
    may_read = _MAY_READ_RESTRICTED if restricted else _MAY_READ
    seen, wrong = _all_that_was_seen(browsers)
    assert len(seen) > 150, "there are links to follow"
    assert any(".pdf" in path for path in seen), "files are among them"
    assert any("/files/" in path or "/documents/" in path for path in seen)
    tried: list[tuple[str, Who, Client]] = [(who, who, client) for who, client in browsers.items()]
    tried += [(name, Who.NOBODY, client) for name, client in _others(world, client_for).items()]
    for path in _few_of_each_kind(seen):
        name = _name_of(path)
        for label, who, client in tried:
            if label == "former officer" and name in _OF_ANY_ACCOUNT:
                continue
            answer = client.get(path)
            text = content_of(answer)
            if answer.status_code >= 500:
                wrong.append(f"{answer.status_code} {path} as {label}")
            came = who in seen[path] and label == who
            role = Who.STRANGER if label == "former officer" else who
            user = world.people[who]
            own = user is not None and str(user.pk) in path
            if (
                answer.status_code == 200
                and not (came or own)
                and name
                and not opens_to(name, role, restricted=restricted)
            ):
                wrong.append(f"{path} opens to {label}")
            # Administrators keep the records of partners, unless a restricted application hides them.
            keeps = who == Who.ADMIN and not restricted and path.startswith("/admin/")
            if who not in may_read and not keeps:
                wrong += [f"{path} shows “{word}” to {label}" for word in WORDS if word in text]
    assert not wrong, "\n".join(sorted(set(wrong))[:80])


# What is theirs who still have an account and no role.
_OF_ANY_ACCOUNT = {"accounts:landing", "accounts:preferences", "inbox:list"}
