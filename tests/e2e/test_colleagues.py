"""Two people at one draft never overwrite each other in silence, and nobody sends anything twice."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e import visitors
from tests.e2e.conftest import Stack
from tests.e2e.visitors import CALL, press, send

pytestmark = pytest.mark.browser
MINE = "Mine: the guards came at four in the morning."
THEIRS = "Theirs: it was at five, and there were three of them."


def text_of(page: Page) -> Locator:
    return page.locator("form[data-autosave] textarea:visible").first


def colleague(stack: Stack, owner: Page, new_context: Callable[..., BrowserContext], email: str) -> Page:
    """Invited by the owner, with an account of their own, as editor."""
    owner.goto("/apply/organisations/")
    press(owner, owner.locator("main a[href*='/apply/organisations/']:not([href$='/new/'])").first)
    home = owner.url
    owner.goto(f"{home}members/invite/")
    owner.fill("input[name=email]", email)
    owner.check("input[name=role][value=editor]")
    send(owner, "form:has(input[name=role])")
    letter = stack.wait_for_message(to=email)
    link = re.search(r"https?://\S+/accounts/invitation/\S+", str(letter["text"]))
    assert link, letter["text"]
    page = new_context().new_page()
    page.goto(link[0])
    send(page, "main form")
    page.fill("input[name=display_name]", "Colleague at work")
    page.fill("input[name=password1]", visitors.PASSWORD)
    page.fill("input[name=password2]", visitors.PASSWORD)
    send(page, "form[action*=signup]")
    if page.locator("main form button[type=submit]").count() and "/invitation/" in page.url:
        send(page, "main form")
    return page


@pytest.fixture
def two_at_one_draft(
    stack: Stack, sign_in: Callable[..., Page], new_context: Callable[..., BrowserContext]
) -> tuple[Page, Page, str]:
    """Owner and colleague, both with the same section open."""
    owner = sign_in("applicant2")
    reference = visitors.start_application(owner, CALL)
    address = f"/apply/{reference}/section/what-you-need/"
    other = colleague(stack, owner, new_context, f"{reference.lower()}@newcomer.example")
    for page in (owner, other):
        page.goto(address)
    return owner, other, address


def test_two_at_one_draft_are_shown_both_texts(two_at_one_draft: tuple[Page, Page, str]) -> None:
    owner, other, address = two_at_one_draft
    text_of(other).fill(THEIRS)
    visitors.wait_until_saved(other)
    text_of(owner).fill(MINE)
    box = owner.locator(".conflict")
    expect(box).to_contain_text(THEIRS)
    expect(box).to_contain_text("Colleague at work")
    box.locator("[data-keep-mine]").click()
    visitors.wait_until_saved(owner)
    other.goto(address)
    assert text_of(other).input_value() == MINE


def test_without_a_script_a_newer_text_is_never_overwritten_in_silence(
    sign_in: Callable[..., Page], two_at_one_draft: tuple[Page, Page, str]
) -> None:
    _owner, other, address = two_at_one_draft
    plain = sign_in("applicant2", java_script_enabled=False)
    plain.goto(address)
    text_of(other).fill(THEIRS)
    visitors.wait_until_saved(other)
    text_of(plain).fill(MINE)
    visitors.save(plain)
    assert THEIRS in plain.locator(".conflict").inner_text()
    assert text_of(plain).input_value() == MINE
    plain.check("input[name$=__keep][value=mine]")
    visitors.save(plain)
    other.goto(address)
    assert text_of(other).input_value() == MINE


def test_a_double_click_starts_one_draft(sign_in: Callable[..., Page]) -> None:
    page = sign_in("applicant2")
    page.goto(f"/apply/start/{CALL}/")
    drafts = page.locator("main .tasks a[href^='/apply/']")
    before = drafts.count()
    page.check("input[name=confidentiality][value=standard]")
    with page.expect_navigation(url=re.compile(r"/apply/RR-")):
        page.locator("main form:has(input[name=confidentiality]) button[type=submit]").dblclick()
    page.goto(f"/apply/start/{CALL}/")
    assert drafts.count() == before + 1
