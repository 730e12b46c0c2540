"""What happens to a draft when life comes between: leaving in a hurry, a session that ends, a colleague at the page."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from config.local.demo_accounts import PASSWORD as DEMO_PASSWORD
from tests.e2e import visitors
from tests.e2e.conftest import Stack
from tests.e2e.visitors import press, send

pytestmark = pytest.mark.browser
CALL = "rapid-response"
SECTION = "the-threat"
NEED = "what-you-need"
MINE = "Mine: the guards came at four in the morning."
THEIRS = "Theirs: it was at five, and there were three of them."


def open_draft(page: Page, section: str = NEED) -> str:
    """A new draft of applicant2, at one of its sections; returns the section's address."""
    page.goto(f"/apply/start/{CALL}/")
    page.check("input[name=confidentiality][value=standard]")
    send(page, "main form:has(input[name=confidentiality])")
    address = f"/apply/{visitors.reference_of(page)}/section/{section}/"
    page.goto(address)
    return address


def text_of(page: Page) -> Locator:
    return page.locator("form[data-autosave] textarea:visible").first


def elsewhere_exists(page: Page) -> None:
    """Another site to go to, though no test leaves this machine."""
    page.context.route(
        lambda url: "127.0.0.1" not in url, lambda route: route.fulfill(content_type="text/html", body="elsewhere")
    )


def wait_until_saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_contain_text(re.compile(r"\d\d:\d\d"), timeout=15_000)


def test_what_is_typed_is_saved_without_a_button(sign_in: Callable[..., Page]) -> None:
    page = sign_in("applicant2")
    address = open_draft(page)
    text_of(page).fill(MINE)
    wait_until_saved(page)
    page.goto("/apply/")
    page.goto(address)
    assert text_of(page).input_value() == MINE


@pytest.mark.parametrize("script", [True, False], ids=["JavaScript", "none"])
def test_who_leaves_quickly_is_elsewhere_and_back_shows_nothing(sign_in: Callable[..., Page], script: bool) -> None:
    page = sign_in("applicant2", java_script_enabled=script)
    elsewhere_exists(page)
    address = open_draft(page, SECTION)
    page.locator("form.leave button:visible").first.click()
    page.wait_for_url(lambda url: "127.0.0.1" not in url)
    # Without a script the page in between stands in the history once more.
    for _step in range(3):
        page.go_back()
        assert "applicant2" not in page.content()
        assert page.locator("form[data-autosave]").count() == 0
        if page.url == "about:blank":
            break
    page.goto(address)
    assert "/accounts/login/" in page.url
    assert page.context.cookies() == [] or "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}


def test_escape_three_times_leaves_too(sign_in: Callable[..., Page]) -> None:
    page = sign_in("applicant2")
    elsewhere_exists(page)
    open_draft(page, SECTION)
    for _press in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "127.0.0.1" not in url)


def test_a_session_that_ends_loses_nothing(sign_in: Callable[..., Page], stack: Stack) -> None:
    page = sign_in("applicant2")
    address = open_draft(page)
    page.context.clear_cookies(name="sessionid")
    text = text_of(page)
    text.fill(MINE)
    link = page.get_by_role("link", name="Sign in again in a new tab")
    with page.context.expect_page() as opened:
        link.click()
    tab = opened.value
    visitors.sign_in(tab, "applicant2@demo.example", DEMO_PASSWORD)
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    wait_until_saved(page)
    tab.goto(address)
    assert text_of(tab).input_value() == MINE


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
    address = open_draft(owner)
    other = colleague(stack, owner, new_context, f"{visitors.reference_of(owner).lower()}@newcomer.example")
    for page in (owner, other):
        page.goto(address)
    return owner, other, address


def test_two_at_one_draft_are_shown_both_texts(two_at_one_draft: tuple[Page, Page, str]) -> None:
    owner, other, address = two_at_one_draft
    text_of(other).fill(THEIRS)
    wait_until_saved(other)
    text_of(owner).fill(MINE)
    box = owner.locator(".conflict")
    expect(box).to_contain_text(THEIRS)
    expect(box).to_contain_text("Colleague at work")
    box.locator("[data-keep-mine]").click()
    wait_until_saved(owner)
    other.goto(address)
    assert text_of(other).input_value() == MINE


def test_without_a_script_a_newer_text_is_never_overwritten_in_silence(
    sign_in: Callable[..., Page], two_at_one_draft: tuple[Page, Page, str]
) -> None:
    _owner, other, address = two_at_one_draft
    plain = sign_in("applicant2", java_script_enabled=False)
    plain.goto(address)
    text_of(other).fill(THEIRS)
    wait_until_saved(other)
    text_of(plain).fill(MINE)
    visitors.save(plain)
    shown = plain.locator(".conflict")
    assert THEIRS in shown.inner_text()
    assert text_of(plain).input_value() == MINE
    plain.check("input[name$=__keep][value=mine]")
    visitors.save(plain)
    other.goto(address)
    assert text_of(other).input_value() == MINE


def test_a_double_click_sends_once(sign_in: Callable[..., Page]) -> None:
    page = sign_in("applicant2")
    page.goto(f"/apply/start/{CALL}/")
    before = page.locator("main a[href^='/apply/'][href$='/']").count()
    page.check("input[name=confidentiality][value=standard]")
    with page.expect_navigation():
        page.locator("main form:has(input[name=confidentiality]) button[type=submit]").dblclick()
    page.goto(f"/apply/start/{CALL}/")
    assert page.locator("main a[href^='/apply/'][href$='/']").count() == before + 1


def test_the_keyboard_alone_signs_in_and_fills_a_section(
    new_context: Callable[..., BrowserContext], sign_in: Callable[..., Page]
) -> None:
    address = open_draft(sign_in("applicant2"))
    page = new_context().new_page()
    page.goto(address)
    _tab_to(page, "input[name=login]")
    page.keyboard.type("applicant2@demo.example")
    _tab_to(page, "input[name=password]")
    page.keyboard.type(DEMO_PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(address)
    _tab_to(page, "textarea")
    page.keyboard.type("Rent of the house for two months.")
    _tab_to(page, "textarea")
    page.keyboard.type("We lose the house.")
    _tab_to(page, "input[type=radio]")
    page.keyboard.press("ArrowDown")
    _tab_to(page, ".actionbar button[value=continue]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/section/safety/" in page.url
    page.goto(address)
    checked = page.locator("form[data-autosave] input[type=radio]:checked").get_attribute("value")
    assert (text_of(page).input_value(), checked) == ("Rent of the house for two months.", "no")


def _tab_to(page: Page, selector: str, most: int = 40) -> None:
    """Press Tab until the control has the focus, which must be seen."""
    for _press in range(most):
        page.keyboard.press("Tab")
        focused = page.locator("*:focus")
        if focused.count() and focused.evaluate("(element, selector) => element.matches(selector)", selector):
            outline = focused.evaluate(
                "element => getComputedStyle(element).outlineStyle + getComputedStyle(element).boxShadow"
            )
            assert outline != "nonenone", f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"the keyboard does not reach {selector}")
