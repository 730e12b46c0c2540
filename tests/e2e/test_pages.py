"""Every kind of page that the crawl finds, wide and narrow: for everybody to use, and nothing beside the screen.

The content policy, scripts that fail and requests to other hosts are watched on every page of every browser test
(conftest.py).
"""

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.e2e import visitors
from tests.e2e.crawling import Crawl

pytestmark = pytest.mark.browser
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# Each looks at the kinds of page that nobody before them has.
WHO = ["", "applicant", "applicant2", "officer", "director", "reviewer", "finance", "auditor", "admin"]
# What no link leads to.
UNLINKED = {"": ["/nothing/here/"]}
# These look different at each stage of an application, and to each who may do something there.
MANY_FACED = ("/apply/*/", "/apply/*/status/", "/staff/applications/*/", "/staff/applications/*/decision/")
AS_WELL = {
    "director": ["/staff/", "/staff/applications/*/decision/", "/staff/applications/*/readers/"],
    "reviewer": ["/staff/", "/staff/reviews/", "/staff/applications/*/review/"],
    "admin": ["/staff/"],
}


@pytest.fixture(scope="session")
def shares(crawled: Callable[[str], Crawl]) -> dict[str, list[str]]:
    """Addresses to look at, for each person."""
    found: dict[str, list[str]] = {}
    known: set[str] = set()
    for who in WHO:
        seen = crawled(who)
        kinds = {kind: paths for kind, paths in seen.kinds().items() if "?" not in kind and "/admin/" not in kind}
        wanted = [kind for kind in kinds if kind not in known or kind in AS_WELL.get(who, ())]
        known |= set(wanted)
        found[who] = UNLINKED.get(who, []) + [
            path for kind in wanted for path in (kinds[kind][:4] if kind in MANY_FACED else kinds[kind][:1])
        ]
    return found


def beside_the_screen(page: Page) -> list[str]:
    """What is wider than the screen and does not scroll by itself."""
    root = "document.documentElement"
    wide, seen = page.evaluate(f"[{root}.scrollWidth, {root}.clientWidth]")
    return [f"{wide - seen} pixels wider than the screen: {page.evaluate(_WIDEST)}"] if wide > seen else []


# The outermost element that reaches beyond the screen and is not inside something that scrolls.
_WIDEST = """() => {
  const wide = document.documentElement.clientWidth;
  const out = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && (box.right > wide + 1 || box.left < -1) && !element.closest(".table-scroll");
  });
  return out.length ? out[out.length - 1].outerHTML.slice(0, 200) : "";
}"""


def broken_rules(page: Page) -> list[str]:
    """What axe finds."""
    found = page.evaluate(f"axe.run(document, {json.dumps(RULES)}).then((result) => result.violations)")
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['html'][:160]}"
        for violation in found
        for node in violation["nodes"][:3]
    ]


def faults_of(page: Page, addresses: list[str], *, axe: bool = True) -> list[str]:
    """Open each, wide and narrow; all that is wrong, so that one run tells all."""
    wrong: list[str] = []
    for address in addresses:
        answer = page.goto(address)
        if answer is None or answer.status >= 500:
            wrong.append(f"{address}: {answer.status if answer else 'no answer'}")
        page.evaluate("document.fonts.ready.then(() => true)")
        if axe:
            page.evaluate(AXE_SCRIPT)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            faults = beside_the_screen(page) + (broken_rules(page) if axe else [])
            wrong += [f"{address} {size}: {fault}" for fault in faults]
    return wrong


@pytest.mark.parametrize("who", [pytest.param(who, id=who or "nobody") for who in WHO])
@pytest.mark.parametrize("locale", ["en", "ar", "he"])
def test_every_kind_of_page(
    new_page: Callable[..., Page],
    sign_in: Callable[..., Page],
    shares: dict[str, list[str]],
    locale: str,
    who: str,
) -> None:
    """In Hebrew the widths alone: what axe reads is the same in both languages that run from the right."""
    page = sign_in(who, locale=locale) if who else new_page(locale=locale)
    assert faults_of(page, shares[who], axe=locale != "he") == []


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_pages_that_find_something_to_mend(new_page: Callable[..., Page], locale: str) -> None:
    """Signing up with nothing filled in: the summary has the focus, and each of its links leads to the field."""
    page = new_page(locale=locale)
    for address, form in (("/accounts/signup/", "form[action*=signup]"), ("/accounts/login/", "form[action*=login]")):
        page.goto(address)
        visitors.send(page, form)
        summary = page.locator("#error-summary")
        assert summary.evaluate("element => element === document.activeElement")
        page.evaluate(AXE_SCRIPT)
        assert (beside_the_screen(page), broken_rules(page)) == ([], [])
        summary.get_by_role("link").first.click()
        assert page.locator(":focus").get_attribute("name") in {"email", "login"}
