"""Who may open and change what, tried at every address; and lists that agree with objects."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from grants.models import Application
from organizations.models import Organization
from tests.access_table import (
    APPLICANTS,
    DOCUMENT,
    NAMED,
    PAGES,
    PEOPLE,
    READERS,
    Answer,
    Page,
    Who,
    document,
    is_by_rule,
)
from tests.access_world import APPLICATION_WORDS, ORGANIZATION_WORDS, World, make_world, parameters_by_name

pytestmark = pytest.mark.django_db
WORLDS = [pytest.param(False, id="standard"), pytest.param(True, id="restricted")]
# What a page answers to a change that it was sent and does not take.
_NOT_TAKEN = frozenset({400, 409, 410, 422})


def browser(client_for: Any, user: User | None) -> Client:
    return Client() if user is None else client_for(user)


def answer_of(response: Any, page: Page, method: str) -> Answer | str:
    status = response.status_code
    if page.name == "readyz" and status == 503:
        return Answer.OPENS  # says that no worker runs beside these tests
    if status == 302 and "/accounts/login/" in response["Location"]:
        return Answer.SIGN_IN
    if status == 401:
        return Answer.SIGN_IN
    if status in (404, 403):
        return {404: Answer.NOT_FOUND, 403: Answer.FORBIDDEN}[status]
    if status in _NOT_TAKEN:
        whole = method == "POST" and page.sends is not None
        return Answer.FORBIDDEN if whole else Answer.OPENS
    return Answer.OPENS if status < 400 else f"status {status}"


def tried(client: Client, world: World, page: Page, method: str) -> tuple[Answer | str, str]:
    """The answer and everything that was shown, with what the request changed undone."""
    address = world.address(page)
    cookies = dict(client.cookies)
    with transaction.atomic():
        response = client.get(address) if method == "GET" else client.post(address, world.sends(page))
        answer = answer_of(response, page, method)
        shown = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    # Whoever left, or chose another language, is back for the next page.
    client.cookies.clear()
    client.cookies.update(cookies)
    return answer, shown.decode(errors="replace")


def may_read(who: Who, *, restricted: bool) -> bool:
    """May know what is in the applications of the world."""
    if who in (Who.OWNER, Who.VIEWER):
        return True
    return who in NAMED if restricted else who in (*READERS, Who.ASSIGNED)


def words_to_hide(who: Who, *, restricted: bool) -> tuple[str, ...]:
    return () if may_read(who, restricted=restricted) else (*APPLICATION_WORDS, *ORGANIZATION_WORDS)


def test_every_address_has_its_line_in_the_table() -> None:
    known = {name for name in parameters_by_name() if not is_by_rule(name)}
    # The choice of a call leads to the same page as the check of one.
    assert {page.name for page in PAGES} == {name for name in known if not name.startswith("<")}


def test_the_document_is_the_table() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "python -m tests.access_table"


# To whom a restriction changes nothing, and who is as good as another officer where there is none.
_ALIKE = {(True, Who.NOBODY), (True, Who.STRANGER), (True, Who.REVIEWER), (True, Who.RECUSED), (False, Who.OFFICER2)}
# Left to the long run: who reads what somebody of the short run reads, and whose pages are many.
_LONG = {(False, Who.DIRECTOR), (False, Who.FINANCE), (False, Who.VIEWER)} | {
    (True, who) for who in (Who.OFFICER, Who.FINANCE, Who.ADMIN, Who.OWNER, Who.VIEWER, Who.ASSIGNED)
}
CASES = [
    pytest.param(
        restricted,
        who,
        id=f"{'restricted' if restricted else 'standard'}-{who}",
        marks=[pytest.mark.slow] if (restricted, who) in _LONG else [],
    )
    for restricted in (False, True)
    for who in PEOPLE
    if (restricted, who) not in _ALIKE
]


@pytest.mark.parametrize(("restricted", "who"), CASES)
def test_everybody_gets_what_the_table_says_and_no_word_more(client_for: Any, restricted: bool, who: Who) -> None:
    world = make_world(restricted=restricted)
    client = browser(client_for, world.people[who])
    hidden = words_to_hide(who, restricted=restricted)
    wrong: list[str] = []
    for page in PAGES:
        for method in ("GET", "POST"):
            expected = page.expected(method, restricted=restricted)
            # What may be said of the programme's own pages does not depend on how confidential an application is.
            if expected is None or (method == "POST" and restricted and page.general):
                continue
            answer, shown = tried(client, world, page, method)
            if answer != expected[who]:
                wrong.append(f"{method} {page.name}: {answer}, and not: {expected[who]}")
            words = hidden if answer == Answer.OPENS else (*APPLICATION_WORDS, *ORGANIZATION_WORDS)
            if method == "POST" and answer == Answer.FORBIDDEN and may_read(who, restricted=restricted):
                words = hidden  # the page that says so is one they may read
            wrong += [f"{method} {page.name} shows “{word}”" for word in words if word in shown]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", [Who.OWNER, Who.OFFICER])
def test_what_the_table_leaves_out_nobody_can_do(client_for: Any, who: Who) -> None:
    world = make_world(restricted=False)
    client = browser(client_for, world.people[who])
    opened = [
        f"{method} {page.name}"
        for page in PAGES
        for method in ("GET", "POST")
        if page.expected(method, restricted=False) is None and tried(client, world, page, method)[0] == Answer.OPENS
    ]
    assert opened == []


@pytest.mark.parametrize("who", [Who.ASSIGNED, Who.OFFICER, Who.DIRECTOR, Who.ADMIN])
def test_a_draft_is_not_there_for_the_programme(client_for: Any, who: Who) -> None:
    world = make_world(restricted=False)
    client = browser(client_for, world.people[who])
    world.by_page["submitted"] = world.by_page["awaiting"] = world.by_page["decided"] = world.by_page["draft"]
    opened = [
        page.name
        for page in PAGES
        if not page.general and "reference" in parameters_by_name()[page.name]
        for method in ("GET", "POST")
        if tried(client, world, page, method)[0] == Answer.OPENS
    ]
    assert opened == []


def _admin_pages(world: World) -> list[str]:
    from django.contrib import admin
    from django.urls import reverse

    pages = [reverse("admin:index")]
    for model in admin.site._registry:
        pages.append(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        first = model._default_manager.order_by("pk").first()
        if first is not None:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
            pages.append(reverse(name, args=[first.pk]))
    return pages


def test_the_admin_shows_nothing_of_what_is_restricted(client_for: Any) -> None:
    world = make_world(restricted=True)
    client = browser(client_for, world.people[Who.ADMIN])
    wrong = []
    for address in _admin_pages(world):
        response = client.get(address)
        if response.status_code >= 500:
            wrong.append(f"{address}: {response.status_code}")
        shown = response.content.decode(errors="replace")
        wrong += [f"{address} shows “{word}”" for word in (*APPLICATION_WORDS, *ORGANIZATION_WORDS) if word in shown]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", [Who.NOBODY, Who.OWNER, Who.REVIEWER, Who.OFFICER, Who.DIRECTOR, Who.AUDITOR])
def test_the_admin_opens_for_administrators_only(client_for: Any, who: Who) -> None:
    world = make_world(restricted=False)
    client = browser(client_for, world.people[who])
    opened = [address for address in _admin_pages(world) if client.get(address).status_code == 200]
    assert opened == []


@pytest.mark.parametrize("who", [Who.NOBODY, Who.STRANGER, Who.OFFICER])
def test_pages_of_ones_account_show_no_word_of_others(client_for: Any, who: Who) -> None:
    from django.urls import NoReverseMatch, reverse

    world = make_world(restricted=False)
    client = browser(client_for, world.people[who])
    wrong = []
    for name in parameters_by_name():
        if not is_by_rule(name) or name.startswith("admin:"):
            continue
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue  # takes a token that only a letter holds
        response = client.get(address)
        shown = response.content.decode(errors="replace")
        if response.status_code >= 500:
            wrong.append(f"{name}: {response.status_code}")
        wrong += [f"{name} shows “{word}”" for word in (*APPLICATION_WORDS, *ORGANIZATION_WORDS) if word in shown]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("restricted", WORLDS)
def test_lists_agree_with_objects(restricted: bool) -> None:
    world = make_world(restricted=restricted)
    # A second world of the other kind beside it would share the programme; one application turns instead.
    odd = Application.objects.filter(pk=world.applications["submitted"].pk)
    odd.update(confidentiality="standard" if restricted else "restricted", search="", plain_title="")
    disagreements = []
    for who, user in world.people.items():
        if user is None:
            continue
        seen = set(Application.objects.visible_to(user).values_list("pk", flat=True))
        for name, row in world.applications.items():
            fresh = Application.objects.select_related("call__programme", "organization").get(pk=row.pk)
            if user.has_perm("grants.view_application", fresh) != (row.pk in seen):
                disagreements.append(f"{who}, application {name}")
        partners = set(Organization.objects.visible_to(user).values_list("pk", flat=True))
        disagreements += [
            f"{who}, {organization}"
            for organization in Organization.objects.all()
            if user.has_perm("organizations.view", organization) != (organization.pk in partners)
        ]
    assert disagreements == []


def test_an_applicant_never_sees_that_others_apply(client_for: Any) -> None:
    world = make_world(restricted=False)
    seen = Application.objects.visible_to(world.people[Who.STRANGER])
    assert list(seen) == []
    assert {world.people[who].is_portal_staff for who in APPLICANTS} == {False}
