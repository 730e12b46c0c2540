"""A reviewer at work: the whole sheet by keyboard alone, and by phone in Hebrew."""

import itertools
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.e2e.visitors import press

pytestmark = pytest.mark.browser
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
FOCUS = "document.activeElement"
MOST_TABS = 150


def broken_rules(page: Page) -> list[str]:
    """What axe finds on the page as it is."""
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run(document).then((result) => result.violations)")
    return [f"{broken['id']}: {node['html'][:200]}" for broken in found for node in broken["nodes"][:3]]


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the focus is on something that the selector matches."""
    for _time in range(MOST_TABS):
        if page.evaluate(f"{FOCUS}.matches({wanted!r})"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}")


def open_new(page: Page) -> None:
    """The first application that waits for a declaration, up to its sheet."""
    page.goto("/staff/reviews/")
    row = page.locator("tr[data-row]:has(.tag.wait) a.title").first
    row.focus()
    press_key(page, "Enter")
    tab_to(page, "form[action$='/declare/'] button.btn-primary")
    press_key(page, "Enter")


def press_key(page: Page, key: str) -> None:
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press(key)


def saved(page: Page) -> None:
    """The page says that everything is saved."""
    label = page.locator("form[data-score-sheet] [data-saved]")
    expect(label).to_have_class("saved")
    expect(label).not_to_be_empty()


def test_a_whole_sheet_by_keyboard_alone(sign_in: Callable[..., Page]) -> None:
    page = sign_in("reviewer", viewport=WIDE)
    open_new(page)
    assert broken_rules(page) == []
    page.keyboard.press("?")
    expect(page.locator("#keyboard-help")).to_contain_text("Next criterion")
    page.keyboard.press("Escape")
    tab_to(page, "[data-criterion] input[type=radio]")
    every = page.locator("[data-criterion]").count()
    scores = list(itertools.islice(itertools.cycle(["4", "0", "3.5", "5", "2"]), every))
    for number, score in enumerate(scores, start=1):
        for key in score:
            page.keyboard.press(key)
        tab_to(page, "[data-criterion] textarea")
        page.keyboard.type(f"{score} for 3 reasons, n and p.")
        if number < every:
            tab_to(page, "[data-criterion] input[type=radio]")
    saved(page)
    page.reload()
    chosen = page.locator("[data-criterion] input[type=radio]:checked")
    assert [float(radio.get_attribute("value") or "nan") for radio in chosen.all()] == [
        float(score) for score in scores
    ]
    assert page.locator("[data-criterion] textarea").first.input_value() == "4 for 3 reasons, n and p."
    expect(page.locator("[data-scored]")).to_have_text(f"{every} of {every} criteria scored")

    tab_to(page, "[data-criterion] input[type=radio]")
    page.keyboard.press("Delete")
    expect(page.locator("[data-scored]")).to_have_text(f"{every - 1} of {every} criteria scored")
    page.keyboard.press("n")
    page.keyboard.press("p")
    page.keyboard.press("4")
    expect(page.locator("[data-scored]")).to_have_text(f"{every} of {every} criteria scored")
    tab_to(page, "select[name=recommendation]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "button[value=send]")
    press_key(page, "Enter")
    assert urlsplit(page.url).path == "/staff/reviews/"
    expect(page.locator(".messages")).to_contain_text("Your review has been sent.")


def test_a_whole_sheet_by_phone_in_hebrew(sign_in: Callable[..., Page]) -> None:
    page = sign_in("reviewer2", locale="he", viewport=PHONE, has_touch=True)
    open_new(page)
    assert page.locator("html").get_attribute("dir") == "rtl"
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    page.locator(".switch a[href='#score-sheet']").tap()
    expect(page.locator("#score-sheet h2").first).to_be_in_viewport()
    for criterion in page.locator("[data-criterion]").all():
        criterion.locator("label.point:has(input[value='3.5'])").tap()
        expect(criterion.locator(".means:visible")).to_have_count(1)
        criterion.locator("textarea").fill("כי כך נראה מן הכתוב.")
    page.select_option("select[name=recommendation]", "fund_less")
    saved(page)
    assert broken_rules(page) == []
    page.locator(".switch a[href='#text']").tap()
    expect(page.locator(".reading h2").first).to_be_in_viewport()
    press(page, "button[value=send]")
    assert urlsplit(page.url).path == "/staff/reviews/"
    expect(page.locator(".messages .alert, .messages li").first).to_be_visible()


def test_two_windows_show_both_texts(sign_in: Callable[..., Page]) -> None:
    mine, other = f"First window {uuid.uuid4()}", f"Second window {uuid.uuid4()}"
    first = sign_in("reviewer", viewport=WIDE)
    first.goto("/staff/reviews/")
    press(first, "tr[data-row]:has(.tag.info) a.title")
    second = first.context.new_page()
    second.goto(first.url)
    first.fill("[name=comments_for_panel]", mine)
    saved(first)
    second.fill("[name=comments_for_panel]", other)
    box = second.locator(".conflict")
    expect(box).to_contain_text(mine)
    assert second.input_value("[name=comments_for_panel]") == other
    box.locator("[data-keep-mine]").click()
    saved(second)
    first.reload()
    assert first.input_value("[name=comments_for_panel]") == other
