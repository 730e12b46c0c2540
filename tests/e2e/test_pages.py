"""Every kind of page in English and in Arabic, wide and narrow: for everybody to use, and nothing beside the screen.

The content policy, scripts that fail and requests to other hosts are watched on every page of every browser test
(conftest.py).
"""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.e2e import visitors

pytestmark = pytest.mark.browser
CALL = "rapid-response"
SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
LOOKS = [pytest.param(locale, size, id=f"{locale}-{size}") for locale in ("en", "ar") for size in SIZES]
# What is not found, and pages that answer a wrong form, are pages too.
PUBLIC = [
    "/",
    "/calls/",
    f"/calls/{CALL}/",
    f"/calls/{CALL}/questions/",
    f"/calls/{CALL}/check/",
    "/check/",
    "/how-we-decide/",
    "/privacy/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/nothing/here/",
]
OWN = ["/apply/", f"/apply/start/{CALL}/", "/inbox/", "/accounts/preferences/", "/accounts/password/change/"]
OWN += ["/accounts/email/", "/apply/organisations/", "/apply/organisations/new/"]
OF_DRAFT = ["", "details/", "section/the-threat/", "section/what-you-need/", "section/safety/", "section/declarations/"]
OF_DRAFT += ["section/the-threat/?mend=1", "budget/", "files/", "check/", "copy/", "withdraw/"]
OF_SENT = ["status/", "receipt/", "messages/", "budget/", "section/the-threat/"]
OF_PARTNER = ["", "section/names/", "section/place/", "section/size/", "section/legal/", "people/", "people/new/"]
OF_PARTNER += ["documents/", "members/", "members/invite/", "registrations/new/"]
STAFF = {
    "officer": [
        "/staff/",
        "/staff/applications/",
        "/staff/applications/enter/",
        "/staff/organisations/",
        "/staff/duplicates/",
        "/staff/calls/",
        "/staff/calls/new/",
        f"/staff/calls/{CALL}/",
        f"/staff/calls/{CALL}/edit/",
        "/staff/forms/",
        "/staff/forms/new/",
        "/staff/outbox/",
        "/staff/decisions/",
    ],
    "director": ["/staff/", "/staff/decisions/"],
    "reviewer": ["/staff/reviews/"],
    "admin": ["/accounts/people/"],
}
TABS = [
    "",
    "eligibility/",
    "diligence/",
    "reviews/",
    "decision/",
    "messages/",
    "history/",
    "ask/",
    "assign/",
    "readers/",
]


def faults(page: Page) -> list[str]:
    """What axe finds on the page, and whether something stands beside the screen."""
    found = [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['html'][:160]}"
        for violation in Axe().run(page, options=RULES).response["violations"]
        for node in violation["nodes"][:3]
    ]
    root = "document.documentElement"
    wide, seen = page.evaluate(f"[{root}.scrollWidth, {root}.clientWidth]")
    if wide > seen:
        found.append(f"{wide - seen} pixels wider than the screen: {page.evaluate(_WIDEST)}")
    return found


# The innermost element that reaches beyond the screen and is not inside something that scrolls.
_WIDEST = """() => {
  const wide = document.documentElement.clientWidth;
  const out = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && (box.right > wide + 1 || box.left < -1) && !element.closest(".table-scroll");
  });
  const last = out[out.length - 1];
  return last ? last.outerHTML.slice(0, 200) : "";
}"""


def look_at(page: Page, addresses: list[str]) -> None:
    """Open each and collect what is wrong, so that one run tells all."""
    wrong: list[str] = []
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("load")
        wrong += [f"{address}: {fault}" for fault in faults(page)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("locale", "size"), LOOKS)
def test_public_pages(new_context: Callable[..., BrowserContext], locale: str, size: str) -> None:
    look_at(new_context(locale=locale, viewport=SIZES[size]).new_page(), PUBLIC)


@pytest.mark.parametrize(("locale", "size"), LOOKS)
def test_pages_of_applicants(sign_in: Callable[..., Page], locale: str, size: str) -> None:
    page = sign_in("applicant2", locale=locale, viewport=SIZES[size])
    page.goto(f"/apply/start/{CALL}/")
    page.check("input[name=confidentiality][value=standard]")
    visitors.send(page, "main form:has(input[name=confidentiality])")
    draft = f"/apply/{visitors.reference_of(page)}/"
    page.goto("/apply/")
    sent = page.locator("main a[href$='/status/']").first.get_attribute("href")
    page.goto("/apply/organisations/")
    partner = _first(page, r"^/apply/organisations/[0-9a-f-]{36}/$")
    assert sent
    look_at(
        page,
        [
            *OWN,
            *(draft + part for part in OF_DRAFT),
            *(sent.replace("status/", "") + part for part in OF_SENT),
            *(partner + part for part in OF_PARTNER),
        ],
    )


def _first(page: Page, pattern: str) -> str:
    links = page.locator("main a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return next(str(link) for link in links if re.search(pattern, link))


@pytest.mark.parametrize("who", STAFF)
@pytest.mark.parametrize(("locale", "size"), LOOKS)
def test_pages_of_the_staff(sign_in: Callable[..., Page], who: str, locale: str, size: str) -> None:
    page = sign_in(who, locale=locale, viewport=SIZES[size])
    look_at(page, STAFF[who])


@pytest.mark.parametrize(("locale", "size"), LOOKS)
def test_the_workbench(sign_in: Callable[..., Page], locale: str, size: str) -> None:
    page = sign_in("officer", locale=locale, viewport=SIZES[size])
    found = []
    for status in ("submitted", "awaiting_decision"):
        page.goto(f"/staff/applications/?status={status}")
        found.append(_first(page, r"^/staff/applications/[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}/$"))
    page.goto(found[0])
    partner = _first(page, r"^/staff/organisations/[0-9a-f-]{36}/")
    page.goto("/staff/forms/")
    builder = _first(page, r"^/staff/forms/versions/")
    new, awaiting = found
    rest = [f"{awaiting}decision/", f"{awaiting}reviews/", partner, f"{partner}pressure/new/", builder]
    look_at(page, [*(new + tab for tab in TABS), *rest])


@pytest.mark.parametrize(("locale", "size"), LOOKS)
def test_a_score_sheet_and_a_declaration(sign_in: Callable[..., Page], locale: str, size: str) -> None:
    page = sign_in("reviewer", locale=locale, viewport=SIZES[size])
    page.goto("/staff/reviews/")
    links = page.locator("main a[href$='/review/']").evaluate_all("links => links.map(link => link.pathname)")
    look_at(page, list(dict.fromkeys(links))[:3])
