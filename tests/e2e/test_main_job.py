"""The main job: a stranger's organisation applies, staff judge and decide, the applicant reads the answer.

In English and in Arabic, with and without JavaScript, from the front page to the letter.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from config.local.demo_accounts import PASSWORD as DEMO_PASSWORD
from tests.e2e import visitors
from tests.e2e.conftest import Stack
from tests.e2e.visitors import CALL, Words, press, send

pytestmark = pytest.mark.browser
ENGLISH = "The office was closed on Monday and our people need a lawyer this week."
ARABIC = "أُغلق المكتب يوم الاثنين ويحتاج العاملون لدينا إلى محامٍ هذا الأسبوع."


def words(language: str, name: str, elsewhere: str, title: str) -> Words:
    return Words(
        language=language,
        name=name,
        name_elsewhere=elsewhere,
        title=title,
        text=ENGLISH if language == "en" else ARABIC,
        message="Please send us the closure order." if language == "en" else "يرجى إرسال أمر الإغلاق.",
    )


WALKS = [
    pytest.param(words("en", "Salma Karim Circle", "سلمى كريم", "Lawyer for a week"), True, id="English, JavaScript"),
    pytest.param(words("ar", "رابطة سمير نجار", "Samir Najjar", "محامٍ لأسبوع"), True, id="Arabic, JavaScript"),
    pytest.param(words("en", "Yusuf Mansour House", "يوسف منصور", "Rent of the house"), False, id="English, none"),
    pytest.param(words("ar", "بيت ليلى حداد", "Layla Haddad", "إيجار البيت"), False, id="Arabic, none"),
]


@pytest.mark.parametrize(("told", "script"), WALKS)
def test_from_a_stranger_to_an_answer(
    stack: Stack, new_context: Callable[..., BrowserContext], told: Words, script: bool
) -> None:
    email = f"{told.name_elsewhere if told.language == 'ar' else told.name}".split()[0].lower()
    email = f"{email}-{'js' if script else 'plain'}@newcomer.example"

    def person(who: str | None = None) -> Page:
        locale = "ar" if told.language == "ar" else "en-GB"
        page = new_context(locale=locale, java_script_enabled=script).new_page()
        if who:
            visitors.sign_in(page, f"{who}@demo.example", DEMO_PASSWORD)
        return page

    applicant, reference = _apply(stack, person(), told, email)
    assert _facts(stack, email) != []
    officer = person("officer")
    _find(officer, reference, told)
    _judge(officer, reference)
    _ask(officer, reference, told)
    _answer(stack, applicant, reference, told, email)
    _pass(officer, reference)
    _review(officer, person("reviewer"), reference, told)
    _propose(officer, reference, told)
    assert officer.locator(f"form[action*='/{reference}/decision/'][action$='/approve/']").count() == 0
    _approve(person("director"), reference)
    _read_the_answer(stack, applicant, reference, told, email)


def _apply(stack: Stack, page: Page, told: Words, email: str) -> tuple[Page, str]:
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == told.language
    assert page.locator("html").get_attribute("dir") == ("rtl" if told.language == "ar" else "ltr")
    press(page, f"main a[href='/calls/{CALL}/']")
    press(page, f"main a[href='/apply/start/{CALL}/']")
    visitors.sign_up(page, stack, email, told.name)
    visitors.make_organization(page, told)
    reference = visitors.start_application(page, CALL)
    visitors.fill_details(page, reference, told)
    assert visitors.fill_sections(page, reference, told) == 4
    visitors.fill_budget(page, reference, told)
    visitors.add_file(page, reference)
    visitors.submit(page, reference)
    assert reference in page.locator("main").inner_text()
    _receipt(page, reference)
    return page, reference


def _receipt(page: Page, reference: str) -> None:
    link = page.locator("a[href$='receipt.pdf']").first.get_attribute("href")
    assert link
    answer = page.request.get(link)
    assert (answer.status, answer.headers["content-type"], answer.body()[:5]) == (200, "application/pdf", b"%PDF-")


def _facts(stack: Stack, email: str) -> list[str]:
    """Mail to the person says nothing of the application: a neutral line and a link. Returns the subjects."""
    subjects = []
    stack.wait_for_message(to=email)
    for message in stack.messages(to=email):
        whole = f"{message['subject']} {message['text']} {message.get('html', '')}"
        for word in (ENGLISH, ARABIC, "Lawyer for a week", "محامٍ لأسبوع", "3,600"):
            assert word not in whole
        subjects.append(str(message["subject"]))
    return subjects


def _find(page: Page, reference: str, told: Words) -> None:
    """By the name as another script writes it."""
    page.goto("/staff/applications/")
    page.fill("main input[type=search], main input[name=q]", told.name_elsewhere)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?"))
    press(page, page.locator(f"main a[href*='/staff/applications/{reference}/']").first)
    assert told.name in page.locator("main").inner_text()


def _judge(page: Page, reference: str) -> None:
    """Take it, settle what only people can check, and pass both gates."""
    page.goto(f"/staff/applications/{reference}/eligibility/")
    take = page.locator(f"form[action$='/{reference}/take/'] button")
    if take.count():
        press(page, take.first)
        page.goto(f"/staff/applications/{reference}/eligibility/")
    _wait_for_checks(page)
    for kind, outcome in (("check", "pass"), ("gate", "pass")):
        forms = page.locator(f"form[action*='/eligibility/{kind}/']")
        actions = [form.get_attribute("action") for form in forms.all()]
        for action in actions:
            assert action
            _settle(page, action, outcome)


def _wait_for_checks(page: Page) -> None:
    for _attempt in range(30):
        if page.locator("form[action*='/eligibility/check/']").count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError("no worker has run the checks")


def _settle(page: Page, action: str, outcome: str) -> None:
    form = page.locator(f"form[action='{action}']")
    choice = form.locator("select")
    offered = choice.locator("option").evaluate_all("options => options.map(option => option.value)")
    blocked = "accepted" in offered and outcome not in offered
    item = page.locator("li").filter(has=form)
    if blocked and not item.locator(".tag.stop").count():
        return  # the rule has found nothing to settle
    item.locator("details summary").first.click()
    choice.select_option("accepted" if blocked else outcome)
    form.locator("textarea").fill("Seen and compared.")
    send(page, form)


def _ask(page: Page, reference: str, told: Words) -> None:
    page.goto(f"/staff/applications/{reference}/ask/")
    page.fill("textarea[name=text]", told.message)
    page.locator("input[name=reopened]").first.check()
    send(page, "main form:has(textarea[name=text])")
    assert told.message in page.locator("main").inner_text()


def _answer(stack: Stack, page: Page, reference: str, told: Words, email: str) -> None:
    before = len(stack.messages(to=email))
    page.goto(f"/apply/{reference}/status/")
    press(page, f"main a[href='/apply/{reference}/request/']")
    assert told.message in page.locator("main").inner_text()
    assert before >= 2
    press(page, f"main a[href*='/apply/{reference}/section/']")
    page.locator("form[data-autosave] textarea").first.fill(f"{told.text} {told.title}.")
    visitors.save(page)
    page.goto(f"/apply/{reference}/request/")
    page.fill("textarea[name=text]", told.text)
    send(page, "main form:has(textarea[name=text])")
    assert page.url.endswith("/status/")


def _pass(page: Page, reference: str) -> None:
    page.goto(f"/staff/applications/{reference}/eligibility/")
    send(page, f"form[action$='/{reference}/eligibility/pass/']")
    assert page.url.endswith("/decision/")


def _review(officer: Page, reviewer: Page, reference: str, told: Words) -> None:
    """One sheet, by a reviewer who sees nothing before they declared to have no conflict."""
    officer.goto(f"/staff/applications/{reference}/reviews/")
    choice = officer.locator("select[name=reviewer]")
    value = choice.locator("option", has_text="Murad").get_attribute("value")
    choice.select_option(value)
    send(officer, f"form[action$='/{reference}/reviews/assign/']")
    reviewer.goto("/staff/reviews/")
    press(reviewer, f"main a[href='/staff/applications/{reference}/review/']")
    assert told.text not in reviewer.locator("main").inner_text()
    send(reviewer, f"form[action$='/{reference}/review/declare/']")
    assert told.text in reviewer.locator("main").inner_text()
    for control in reviewer.locator("input[type=radio][name$=_score][value='4.0']").all():
        control.check(force=True)
    for control in reviewer.locator("textarea[name$=_reason]").all():
        control.fill("Well founded.")
    reviewer.locator("select[name=recommendation]").select_option("fund")
    send(reviewer, "form:has([name=recommendation])", button="button[value=send]")
    assert urlsplit(reviewer.url).path == "/staff/reviews/"


def _propose(page: Page, reference: str, told: Words) -> None:
    page.goto(f"/staff/applications/{reference}/decision/")
    page.check("input[name=kind][value=approve]")
    page.fill("input[name=amount]", "3,000")
    page.fill("textarea[name=reason]", "Urgent, and nobody else pays.")
    page.fill("textarea[name=message_to_applicant]", told.message)
    page.fill("[name=conditions-0-text]", told.title)
    # First the letter, as the applicant will read it; then the proposal.
    send(page, "form:has(input[name=kind])", button="button[value=preview]")
    assert told.message in page.locator("#letters").inner_text()
    send(page, "form:has(input[name=kind])", button="button[value=propose]")


def _approve(page: Page, reference: str) -> None:
    page.goto("/staff/decisions/")
    press(page, f"main a[href*='/staff/applications/{reference}/decision/']")
    send(page, f"form[action*='/{reference}/decision/'][action$='/approve/']")
    assert page.locator(".alert.stop").count() == 0


def _read_the_answer(stack: Stack, page: Page, reference: str, told: Words, email: str) -> None:
    page.goto("/apply/")
    press(page, f"main a[href='/apply/{reference}/status/']")
    letter = page.locator("main").inner_text()
    assert (told.message in letter, told.title in letter, "3,000" in letter) == (True, True, True)
    assert page.locator("html").get_attribute("lang") == told.language
    assert "Urgent, and nobody else pays." not in page.content()
    page.goto(f"/apply/{reference}/answer/")
    assert told.message in page.locator("main").inner_text()
    # Registration, receipt, question, eligible, decided.
    assert len(_facts(stack, email)) >= 4


def test_a_director_who_is_no_officer_proposes_nothing(sign_in: Callable[..., Page]) -> None:
    """So nobody of the demo holds both halves of a decision; the button is not there, and the address refuses."""
    page = sign_in("director")
    page.goto("/staff/decisions/")
    link = page.locator("main a[href*='/decision/']").first.get_attribute("href")
    assert link
    page.goto(link)
    assert page.locator("form:has(input[name=kind])").count() == 0
    token = page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    refused = page.request.post(
        link, form={"csrfmiddlewaretoken": token or "", "kind": "approve"}, headers={"Referer": page.url}
    )
    assert refused.status == 403


def test_the_copy_of_a_receipt_is_kept_by_no_cache(sign_in: Callable[..., Page]) -> None:
    page = sign_in("applicant")
    page.goto("/apply/")
    status = page.locator("main a[href$='/status/']").first.get_attribute("href")
    assert status
    answer = page.request.get(status.replace("status/", "receipt.pdf"))
    assert "no-store" in answer.headers["cache-control"]
