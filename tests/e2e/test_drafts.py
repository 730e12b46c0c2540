"""What happens to a draft when life comes between: leaving in a hurry, a session that ends, a line that goes down, a
call that closes while somebody types. Two people at one draft: test_colleagues.py.
"""

import re
from collections.abc import Callable, Generator

import pytest
from playwright.sync_api import Locator, Page, expect

from config.local.demo_accounts import PASSWORD as DEMO_PASSWORD
from tests.e2e import visitors
from tests.e2e.conftest import Stack
from tests.e2e.visitors import CALL, Words, press, send

pytestmark = pytest.mark.browser
OPEN, SENSITIVE = "what-you-need", "the-threat"
MINE = "The guards came at four in the morning."
WORDS = Words(language="en", name="", name_elsewhere="", title="Two weeks of rent", text=MINE, message="")


def open_draft(page: Page, section: str = OPEN) -> str:
    """A new draft, at one of its sections; returns the section's address."""
    address = f"/apply/{visitors.start_application(page, CALL)}/section/{section}/"
    page.goto(address)
    return address


def text_of(page: Page) -> Locator:
    return page.locator("form[data-autosave] textarea:visible").first


def is_elsewhere(url: str) -> bool:
    return "127.0.0.1" not in url


@pytest.fixture
def elsewhere() -> Callable[[Page], None]:
    """Another site to go to, though no test leaves this machine."""

    def exists(page: Page) -> None:
        page.context.route(is_elsewhere, lambda route: route.fulfill(content_type="text/html", body="elsewhere"))

    return exists


# ---- saving, and leaving --------------------------------------------------------------------------------------------
def test_what_is_typed_is_saved_without_a_button(sign_in: Callable[..., Page]) -> None:
    page = sign_in("applicant2")
    address = open_draft(page)
    text_of(page).fill(MINE)
    visitors.wait_until_saved(page)
    page.goto("/apply/")
    page.goto(address)
    assert text_of(page).input_value() == MINE


@pytest.mark.parametrize("script", [True, False], ids=["JavaScript", "none"])
def test_who_leaves_quickly_is_elsewhere_and_back_shows_nothing(
    sign_in: Callable[..., Page], elsewhere: Callable[[Page], None], script: bool
) -> None:
    page = sign_in("applicant2", java_script_enabled=script)
    elsewhere(page)
    address = open_draft(page, SENSITIVE)
    page.locator("form.leave button:visible").first.click()
    page.wait_for_url(is_elsewhere)
    # Without a script the page in between stands in the history once more.
    for _step in range(3):
        page.go_back()
        assert "applicant2" not in page.content()
        assert page.locator("form[data-autosave]").count() == 0
        if page.url == "about:blank":
            break
    page.goto(address)
    assert "/accounts/login/" in page.url
    assert "sessionid" not in {cookie["name"] for cookie in page.context.cookies()}


def test_escape_three_times_leaves_too(sign_in: Callable[..., Page], elsewhere: Callable[[Page], None]) -> None:
    page = sign_in("applicant2")
    elsewhere(page)
    open_draft(page, SENSITIVE)
    # The presses must follow each other quickly, which a busy machine may not manage at once.
    for press_number in range(1, 31):
        page.keyboard.press("Escape")
        if press_number >= 3 and is_elsewhere(page.url):
            break
    page.wait_for_url(is_elsewhere)
    assert is_elsewhere(page.url)


# ---- the session ends -----------------------------------------------------------------------------------------------
def test_a_session_that_ends_loses_nothing(sign_in: Callable[..., Page]) -> None:
    page = sign_in("applicant2")
    address = open_draft(page)
    page.context.clear_cookies(name="sessionid")
    text_of(page).fill(MINE)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again in a new tab").click()
    tab = opened.value
    visitors.sign_in(tab, "applicant2@demo.example", DEMO_PASSWORD)
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    visitors.wait_until_saved(page)
    tab.goto(address)
    assert text_of(tab).input_value() == MINE


def test_a_session_that_ends_loses_nothing_without_a_script(sign_in: Callable[..., Page]) -> None:
    page = sign_in("applicant2", java_script_enabled=False)
    address = open_draft(page)
    page.context.clear_cookies(name="sessionid")
    text_of(page).fill(MINE)
    visitors.save(page)
    assert MINE in page.locator("main").inner_text()
    with page.context.expect_page() as opened:
        page.locator("main a[target=_blank]").click()
    visitors.sign_in(opened.value, "applicant2@demo.example", DEMO_PASSWORD)
    # The first page is of the session that ended; the second is of the new one, and its button saves.
    for _press in range(2):
        send(page, "main form")
    assert "/section/safety/" in page.url
    page.goto(address)
    assert text_of(page).input_value() == MINE


# ---- the line goes down ---------------------------------------------------------------------------------------------
def kept_in_browser(page: Page) -> str:
    return str(page.evaluate("JSON.stringify({...localStorage})"))


def type_with_the_line_down(page: Page, text: str) -> None:
    page.context.set_offline(True)
    text_of(page).fill(text)
    expect(page.locator("[data-saved].failed")).to_be_visible()


def test_what_is_typed_while_the_line_is_down_is_saved_when_it_is_back(sign_in: Callable[..., Page]) -> None:
    page = sign_in("applicant2")
    address = open_draft(page)
    type_with_the_line_down(page, MINE)
    assert MINE not in kept_in_browser(page)
    page.context.set_offline(False)
    visitors.wait_until_saved(page)
    page.goto(address)
    assert text_of(page).input_value() == MINE


def test_who_agreed_may_close_the_page_while_the_line_is_down(sign_in: Callable[..., Page]) -> None:
    page = sign_in("applicant2")
    address = open_draft(page)
    page.check("[data-offline-consent]")
    type_with_the_line_down(page, MINE)
    assert MINE in kept_in_browser(page)
    context = page.context
    page.close()
    context.set_offline(False)
    later = context.new_page()
    later.goto(address)
    assert text_of(later).input_value() == MINE
    visitors.wait_until_saved(later)
    visitors.wait_until(later, "!JSON.stringify({...localStorage}).includes('guards')")


def test_answers_to_sensitive_questions_are_never_kept_in_the_browser(sign_in: Callable[..., Page]) -> None:
    page = sign_in("applicant2")
    open_draft(page, SENSITIVE)
    page.check("[data-offline-consent]")
    type_with_the_line_down(page, MINE)
    page.locator("form[data-autosave] input[type=radio]").first.check()
    visitors.wait_until(page, "JSON.stringify({...localStorage}).includes('draft:')")
    assert MINE not in kept_in_browser(page)


# ---- the call closes ------------------------------------------------------------------------------------------------
@pytest.fixture
def call_of_the_day(sign_in: Callable[..., Page]) -> Generator[Callable[[str], None]]:
    """Close the call or open it again, as an officer does; it is open when the test is over."""
    officer = sign_in("officer2")
    state = "reopen"

    def turn(verb: str) -> None:
        nonlocal state
        officer.goto(f"/staff/calls/{CALL}/{verb}/")
        officer.fill("textarea[name=reason]", "The money is used up for today.")
        send(officer, "main form")
        state = verb

    yield turn
    if state == "close":
        turn("reopen")


def test_a_call_that_closes_while_one_types_keeps_the_draft_and_a_double_click_sends_once(
    sign_in: Callable[..., Page], call_of_the_day: Callable[[str], None], stack: Stack
) -> None:
    page = sign_in("applicant2")
    reference = visitors.start_application(page, CALL)
    visitors.fill_details(page, reference, WORDS)
    visitors.fill_sections(page, reference, WORDS)
    visitors.fill_budget(page, reference, WORDS)
    typing = page.context.new_page()
    typing.goto(f"/apply/{reference}/section/{OPEN}/")
    page.goto(f"/apply/{reference}/check/")
    call_of_the_day("close")
    text_of(typing).fill("Typed after the call had closed.")
    visitors.wait_until_saved(typing)
    send(page, f"form[action='/apply/{reference}/submit/']")
    assert "Your draft is kept" in page.locator("main").inner_text()
    call_of_the_day("reopen")
    page.goto(f"/apply/{reference}/check/")
    assert "Typed after the call had closed." in page.locator("main").inner_text()
    with page.expect_navigation(url=re.compile("/receipt/")):
        page.locator(f"form[action='/apply/{reference}/submit/'] button[type=submit]").dblclick()
    press(page, f"main a[href='/apply/{reference}/status/']")
    assert page.locator(".timeline li", has_text="The application was sent").count() == 1
    stack.wait_for_message(to="applicant2@demo.example")
