"""A passkey in a browser: made, used as the second step, and used alone. Browsers make them for a name and not for a
number, so these tests ask for `localhost`.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from config.local.demo_accounts import PASSWORD
from tests.e2e.conftest import TIMEOUT_MS, Stack
from tests.e2e.visitors import press, send

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    """A browser whose authenticator always says yes."""
    context = browser.new_context(base_url=stack.site.replace("127.0.0.1", "localhost"), locale="en-GB")
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    complaints: list[str] = []
    context.on("console", lambda m: complaints.append(m.text) if "Content Security Policy" in m.text else None)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    devtools: Any = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield page
    context.close()
    assert complaints == []


def by_password(page: Page) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", "applicant2@demo.example")
    page.fill("input[name=password]", PASSWORD)
    send(page, "form:has(input[name=password])")


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    send(page, "main form[action*=logout]")


def test_a_passkey_is_made_used_after_the_password_used_alone_and_removed(page: Page) -> None:
    by_password(page)
    page.goto("/accounts/second-step/")
    press(page, "main a[href*='webauthn/add']")
    page.fill("input[name=name]", "مفتاحي")
    page.check("input[name=passwordless]")
    send(page, "form[data-passkey]")
    page.wait_for_url("**/recovery-codes/")
    assert page.locator(".recovery-codes li").count() == 10
    sign_out(page)
    by_password(page)
    page.wait_for_url("**/2fa/authenticate/")
    send(page, "form[data-passkey]")
    page.wait_for_url("**/apply/")
    sign_out(page)
    page.goto("/accounts/login/")
    send(page, "form[data-passkey]")
    page.wait_for_url("**/apply/")
    page.goto("/accounts/2fa/webauthn/")
    assert page.locator("main bdi").first.inner_text() == "مفتاحي"
    press(page, "main a[href*=remove]")
    send(page, "main form[method=post]:not(.leave)")
    assert page.locator("main .tasks li").count() == 0
