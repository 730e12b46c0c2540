"""People in front of a browser. They find their way by names of fields and addresses, so that one walk serves every
language, with and without JavaScript.
"""

import re
import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page, expect

from config.local.demo_accounts import code_of
from tests.e2e.conftest import Stack

CALL = "rapid-response"
PASSWORD = "four-plain-words-in-a-row"
_REFERENCE = re.compile(r"/([A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4})/")
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Words:
    """What somebody writes, in one language."""

    language: str
    # How another script writes the name, to search by.
    name: str
    name_elsewhere: str
    title: str
    text: str
    message: str
    # In the page's language: part of the heading of the answer.
    says: dict[str, str] = field(default_factory=dict)


def press(page: Page, what: "Locator | str") -> None:
    """Press a button or a link, and wait for the page it leads to."""
    target = page.locator(what).first if isinstance(what, str) else what
    with page.expect_navigation(wait_until="load"):
        target.click()


def send(page: Page, form: "Locator | str", *, button: str = "button[type=submit]:visible") -> None:
    """Send a form by its visible button."""
    where = page.locator(form).first if isinstance(form, str) else form
    press(page, where.locator(button).first)


def wait_until_saved(page: Page) -> None:
    """Until the page says that the server has everything which was typed."""
    expect(page.locator("[data-saved]:not(.waiting, .failed)")).to_contain_text(re.compile(r"\d\d:\d\d"))


def wait_until(page: Page, expression: str, timeout: float = 20) -> None:
    """Until the expression is true on the page. Asked from outside, as the content policy lets nothing be evaluated."""
    end = time.monotonic() + timeout
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)


def next_stop(page: Page) -> Locator | None:
    """Press Tab; what has the focus now, which must be seen. None beyond the end of the page."""
    page.keyboard.press("Tab")
    focused = page.locator("*:focus")
    if not focused.count():
        return None
    # A strip that slides brings what has the focus into sight within a moment.
    end = time.monotonic() + 2
    while not focused.evaluate(_SHOWS_FOCUS):
        assert time.monotonic() < end, f"no focus to be seen on {focused.evaluate('it => it.outerHTML')[:200]}"
        page.wait_for_timeout(50)
    return focused


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the control has the focus."""
    for _press in range(most):
        focused = next_stop(page)
        if focused and focused.evaluate("(element, selector) => element.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


# An outline or a ring on the control, which is inside the screen and under nothing else.
_SHOWS_FOCUS = """(element) => {
  const style = getComputedStyle(element);
  const box = element.getClientRects()[0];
  if (!box || (style.outlineStyle === "none" && style.boxShadow === "none")) return false;
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
  return Boolean(top) && (element.contains(top) || top.contains(element));
}"""


def reference_of(page: Page) -> str:
    """The reference in the page's address."""
    found = _REFERENCE.search(page.url)
    assert found, page.url
    return found[1]


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """By the form of the sign-in page, from wherever the person is."""
    if "/accounts/login" not in page.url:
        page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    send(page, "form[action*=login]:has(input[name=password])")
    if "/2fa/authenticate/" in page.url:
        page.fill("input[name=code]", code_of(email))
        send(page, "form:has(input[name=code])")


def sign_up(page: Page, stack: Stack, email: str, name: str) -> None:
    """Make an account from the page that offers it, read the mail, confirm the address."""
    press(page, "main a[href*='/accounts/signup/']")
    page.fill("input[name=email]", email)
    page.fill("input[name=display_name]", name)
    page.fill("input[name=password1]", PASSWORD)
    page.fill("input[name=password2]", PASSWORD)
    send(page, "form[action*=signup]")
    letter = stack.wait_for_message(to=email)
    link = _LINK.search(str(letter["text"]))
    assert link, letter["text"]
    page.goto(link[0].rstrip(".>)"))
    send(page, "form[action*=confirm-email]")
    if "/accounts/login" in page.url:
        sign_in(page, email)


def make_organization(page: Page, words: Words) -> str:
    """A new organisation with a whole profile; returns the address of its page."""
    page.goto("/apply/organisations/new/")
    page.fill(f"input[name=name_{words.language}]", words.name)
    send(page, "form[action*='organisations/new']")
    home = re.sub(r"(/organisations/[0-9a-f-]{36}/).*", r"\1", page.url)
    page.goto(f"{home}section/names/")
    page.fill(f"[name=mission_{words.language}]", words.text)
    _save_section(page)
    page.goto(f"{home}section/place/")
    for name in ("community", "operates_in", "themes", "languages"):
        page.locator(f"input[name={name}]").first.check()
    _save_section(page)
    page.goto(f"{home}section/size/")
    for name, value in (("year_founded", "2011"), ("yearly_budget", "120,000"), ("staff_count", "٦")):
        page.fill(f"input[name={name}]", value)
    _save_section(page)
    page.goto(f"{home}people/new/")
    page.fill(f"input[name=name_{words.language}]", words.name)
    for value in ("director", "contact"):
        page.check(f"input[name=positions][value={value}]")
    send(page, "main form:has(input[name=positions])")
    page.goto(f"{home}section/legal/")
    page.check("input[name=legal_status][value=unregistered]")
    _save_section(page)
    return home


def _save_section(page: Page) -> None:
    send(page, "main form:has(input[name=version])", button=".actionbar button.btn-primary")


def start_application(page: Page, slug: str, confidentiality: str = "standard") -> str:
    """A draft for the call; returns its reference."""
    page.goto(f"/apply/start/{slug}/")
    page.check(f"input[name=confidentiality][value={confidentiality}]")
    send(page, "main form:has(input[name=confidentiality])")
    return reference_of(page)


def fill_details(page: Page, reference: str, words: Words) -> None:
    """Title and period."""
    page.goto(f"/apply/{reference}/details/")
    page.fill("input[name=title]", words.title)
    _fill_date(page.locator("input[name=starts_on]"))
    page.fill("input[name=months]", "3")
    save(page)


def _fill_date(control: Locator) -> None:
    today = date.today()  # noqa: DTZ011 - the person's own calendar
    control.fill(date(today.year + 1, 2, 1).isoformat())


def save(page: Page) -> None:
    """*Save and continue* of a page of the form."""
    send(page, "form[data-autosave]", button=".actionbar button[value=continue]")


def fill_sections(page: Page, reference: str, words: Words) -> int:
    """Every section after the first page of the form, one after another as the pages lead; returns how many."""
    count = 0
    page.goto(f"/apply/{reference}/")
    first = page.locator(f"main a[href*='/apply/{reference}/section/']").first.get_attribute("href")
    assert first
    page.goto(first)
    while "/section/" in page.url:
        here = page.url
        fill_questions(page, words)
        save(page)
        assert page.url != here, page.locator("main").inner_text()[:2000]
        count += 1
    return count


def fill_questions(page: Page, words: Words) -> None:
    """Answer everything that is asked on a page: the first choice, *no* where it is yes or no, words elsewhere."""
    for question in page.locator("form[data-autosave] [data-answer]").all():
        if question.is_visible():
            _answer(question, words)


def _answer(question: Locator, words: Words) -> None:
    radios, boxes = question.locator("input[type=radio]"), question.locator("input[type=checkbox]")
    if radios.count():
        no = question.locator("input[type=radio][value=no]")
        (no if no.count() else radios).first.check()
    elif boxes.count():
        boxes.first.check()
    elif question.locator("textarea").count():
        question.locator("textarea").first.fill(words.text)
    elif question.locator("select").count():
        question.locator("select").first.select_option(index=1)
    else:
        question.locator("input[type=text]").first.fill(words.title)


def fill_budget(page: Page, reference: str, words: Words) -> None:
    """Two lines, typed as people do: digits of another script, a thousands separator."""
    page.goto(f"/apply/{reference}/budget/")
    lines: tuple[tuple[Any, ...], ...] = (("2", "1,500", "3000", "0"), ("١", "٨٠٠", "600", "200"))
    for number, (quantity, unit, asked, others) in enumerate(lines):
        row = f"[name=budget-{number}-"
        page.fill(f"{row}description]", words.title)
        for name, value in (("quantity", quantity), ("unit_cost", unit), ("asked", asked), ("from_others", others)):
            page.fill(f"{row}{name}]", value)
    save(page)


def add_file(page: Page, reference: str) -> None:
    """A supporting paper."""
    page.goto(f"/apply/{reference}/files/")
    page.set_input_files(
        "input[name=file]",
        {"name": "رسالة letter.txt", "mimeType": "text/plain", "buffer": b"An invented letter."},
    )
    send(page, "form:has(input[name=file])", button=".actions button[type=submit]")


def submit(page: Page, reference: str) -> None:
    """Check everything once more and send it."""
    page.goto(f"/apply/{reference}/check/")
    assert page.locator(".summary").count() == 0, page.locator(".summary").inner_text()
    send(page, f"form[action='/apply/{reference}/submit/']")
    assert page.url.endswith(f"/apply/{reference}/receipt/"), page.url
