"""What pages weigh over the wire: everything that a browser receives, headers and fonts included."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from config.local.demo_accounts import PASSWORD
from tests.e2e import visitors

pytestmark = pytest.mark.browser
FIRST_PAGE = 100_000
NEXT_PAGE = 20_000
PUBLIC = ["/calls/", "/calls/rapid-response/", "/calls/rapid-response/questions/", "/how-we-decide/", "/privacy/"]
LANGUAGES = ["en", "ar", "he"]


@dataclass
class Scale:
    """Counts what the browser receives, as its network layer says."""

    received: int = 0
    requests: list[str] = field(default_factory=list)

    @classmethod
    def under(cls, page: Page) -> "Scale":
        scale = cls()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", scale.add)
        session.on("Network.requestWillBeSent", lambda event: scale.requests.append(event["request"]["url"]))
        return scale

    def add(self, event: dict[str, Any]) -> None:
        self.received += int(event["encodedDataLength"])

    def weigh(self, page: Page, address: str) -> int:
        """Bytes received while the page was opened, until nothing moved any more."""
        before = self.received
        page.goto(address, wait_until="networkidle")
        page.evaluate("document.fonts.ready.then(() => true)")
        page.wait_for_timeout(200)
        return self.received - before


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_public_page_and_those_that_follow(
    new_context: Callable[..., BrowserContext], language: str, stack: Any
) -> None:
    page = new_context(locale=language).new_page()
    scale = Scale.under(page)
    first = scale.weigh(page, "/")
    assert page.locator("html").get_attribute("lang") == language
    assert 3_000 < first <= FIRST_PAGE
    heavy = {address: weight for address in PUBLIC if (weight := scale.weigh(page, address)) > NEXT_PAGE}
    assert heavy == {}
    assert [url for url in scale.requests if not url.startswith((stack.site, "data:"))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_public_page_may_be_the_first(new_context: Callable[..., BrowserContext], language: str) -> None:
    """People come by a link that a friend sent."""
    for address in ("/calls/rapid-response/", "/calls/rapid-response/questions/", "/accounts/login/"):
        page = new_context(locale=language).new_page()
        assert Scale.under(page).weigh(page, address) <= FIRST_PAGE


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_of_an_applicant(new_context: Callable[..., BrowserContext], language: str) -> None:
    """Beyond what the sign-in page loaded; the scripts of the form come once."""
    page = new_context(locale=language).new_page()
    scale = Scale.under(page)
    page.goto("/")
    visitors.sign_in(page, "applicant2@demo.example", PASSWORD)
    page.goto("/apply/start/rapid-response/")
    page.check("input[name=confidentiality][value=standard]")
    visitors.send(page, "main form:has(input[name=confidentiality])")
    draft = f"/apply/{visitors.reference_of(page)}/"
    scale.weigh(page, f"{draft}section/the-threat/")
    addresses = ["/apply/", draft, f"{draft}details/", f"{draft}section/what-you-need/", f"{draft}budget/"]
    addresses += [f"{draft}files/", f"{draft}check/", "/inbox/", "/apply/organisations/", "/accounts/preferences/"]
    heavy = {address: weight for address in addresses if (weight := scale.weigh(page, address)) > NEXT_PAGE}
    assert heavy == {}
