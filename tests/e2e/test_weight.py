"""What pages weigh over the wire: everything that a browser receives, headers and fonts included."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

from config.local.demo_accounts import PASSWORD
from tests.e2e import visitors
from tests.e2e.conftest import Stack
from tests.e2e.visitors import CALL

pytestmark = pytest.mark.browser
FIRST_PAGE = 100_000
NEXT_PAGE = 20_000
PATIENCE = 20
PUBLIC = ["/calls/", f"/calls/{CALL}/", f"/calls/{CALL}/questions/", f"/calls/{CALL}/check/", "/how-we-decide/"]
PUBLIC += ["/privacy/", "/accounts/login/"]
LANGUAGES = ["en", "ar", "he"]


@dataclass
class Scale:
    """Counts what the browser receives, as its network layer says."""

    page: Page
    received: int = 0
    requests: list[str] = field(default_factory=list)
    # Addresses by the number of the request.
    under_way: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._arrived)
        session.on("Network.loadingFailed", self._failed)

    def _asked(self, event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        self.requests.append(url)
        if not url.startswith("data:"):
            self.under_way[event["requestId"]] = url

    def _arrived(self, event: dict[str, Any]) -> None:
        self.received += int(event["encodedDataLength"])
        self.under_way.pop(event["requestId"], None)

    def _failed(self, event: dict[str, Any]) -> None:
        self.under_way.pop(event["requestId"], None)

    def weigh(self, address: str) -> int:
        """Bytes received while the page was opened, fonts and scripts included."""
        before = self.received
        # What the page that is left had not finished asking for is never heard of again.
        self.under_way.clear()
        self.page.goto(address, wait_until="networkidle")
        visitors.wait_until(self.page, "document.fonts.status === 'loaded'")
        end = time.monotonic() + PATIENCE
        while self.under_way:
            assert time.monotonic() < end, f"{address} is still waiting for {sorted(self.under_way.values())}"
            self.page.wait_for_timeout(50)
        return self.received - before

    def too_heavy(self, addresses: list[str], limit: int) -> dict[str, int]:
        return {address: weight for address in addresses if (weight := self.weigh(address)) > limit}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_public_page_and_those_that_follow(
    new_page: Callable[..., Page], language: str, stack: Stack
) -> None:
    scale = Scale(new_page(locale=language))
    first = scale.weigh("/")
    assert scale.page.locator("html").get_attribute("lang") == language
    assert 3_000 < first <= FIRST_PAGE
    assert scale.too_heavy(PUBLIC, NEXT_PAGE) == {}
    assert [url for url in scale.requests if not url.startswith((stack.site, "data:"))] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", [f"/calls/{CALL}/", f"/calls/{CALL}/questions/", "/accounts/login/"])
def test_any_public_page_may_be_the_first(new_page: Callable[..., Page], language: str, address: str) -> None:
    """People come by a link that a friend sent."""
    assert Scale(new_page(locale=language)).too_heavy([address], FIRST_PAGE) == {}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_of_an_applicant(new_page: Callable[..., Page], language: str) -> None:
    """Beyond what the sign-in page loaded; the scripts of the form come once."""
    page = new_page(locale=language)
    scale = Scale(page)
    page.goto("/")
    visitors.sign_in(page, "applicant2@demo.example", PASSWORD)
    draft = f"/apply/{visitors.start_application(page, CALL)}/"
    scale.weigh(f"{draft}section/the-threat/")
    addresses = ["/apply/", draft, f"{draft}details/", f"{draft}section/what-you-need/", f"{draft}budget/"]
    addresses += [f"{draft}files/", f"{draft}check/", "/inbox/", "/apply/organisations/", "/accounts/preferences/"]
    assert scale.too_heavy(addresses, NEXT_PAGE) == {}
