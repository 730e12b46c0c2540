"""By the keyboard alone: everything is reached, and wherever the focus stands it can be seen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from config.local.demo_accounts import PASSWORD as DEMO_PASSWORD
from tests.e2e import visitors
from tests.e2e.visitors import CALL, next_stop, tab_to

pytestmark = pytest.mark.browser
SIZES = [pytest.param(1280, id="wide"), pytest.param(390, id="narrow")]


def all_stops(page: Page, most: int = 400) -> list[str]:
    """Tab from the top of the page to its end; what had the focus, by name or address."""
    found: list[str] = []
    page.evaluate("document.activeElement.blur()")
    for _press in range(most):
        focused = next_stop(page)
        # After the last one the browser's own controls have the focus, or the first one again.
        if focused is None or focused.evaluate("it => it.dataset.seen"):
            return found
        found.append(focused.evaluate("it => { it.dataset.seen = 'yes'; return it.name || it.getAttribute('href') }"))
    raise AssertionError(f"no end to the page after {most} presses")


def test_the_keyboard_alone_signs_in_and_fills_a_section(
    new_page: Callable[..., Page], sign_in: Callable[..., Page]
) -> None:
    owner = sign_in("applicant2")
    address = f"/apply/{visitors.start_application(owner, CALL)}/section/what-you-need/"
    page = new_page()
    page.goto(address)
    tab_to(page, "input[name=login]")
    page.keyboard.type("applicant2@demo.example")
    tab_to(page, "input[name=password]")
    page.keyboard.type(DEMO_PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(address)
    for text in ("Rent of the house for two months.", "We lose the house."):
        tab_to(page, "textarea")
        page.keyboard.type(text)
    tab_to(page, "input[type=radio]")
    page.keyboard.press("ArrowDown")
    tab_to(page, ".actionbar button[value=continue]")
    with page.expect_navigation(url=re.compile("/section/safety/")):
        page.keyboard.press("Enter")
    page.goto(address)
    text = page.locator("form[data-autosave] textarea:visible").first.input_value()
    checked = page.locator("form[data-autosave] input[type=radio]:checked").get_attribute("value")
    assert (text, checked) == ("Rent of the house for two months.", "no")


@pytest.mark.parametrize("width", SIZES)
def test_the_staff_list_is_reached_whole(sign_in: Callable[..., Page], width: int) -> None:
    page = sign_in("officer", viewport={"width": width, "height": 800})
    page.goto("/staff/applications/")
    rows = page.locator("main a.title").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    stops = all_stops(page)
    assert [stop for stop in stops if stop in rows] == rows
    assert {"q", "call", "stage"} <= set(stops)
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.locator("*:focus").get_attribute("name") == "q"


@pytest.mark.parametrize("width", SIZES)
def test_a_score_sheet_is_reached_whole(sign_in: Callable[..., Page], width: int) -> None:
    page = sign_in("reviewer", viewport={"width": width, "height": 800})
    page.goto("/staff/reviews/")
    visitors.press(page, "main a[href$='/review/']")
    controls = page.locator("form:has([name=recommendation]) :is(select, textarea, button)")
    names = controls.evaluate_all("all => all.map(it => it.name)")
    stops = all_stops(page)
    assert [stop for stop in stops if stop in names] == names
