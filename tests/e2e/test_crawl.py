"""Every page that a link leads to, for everyone of the demo: none fails, and none opens to those whom it is not for."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.e2e.conftest import Stack
from tests.e2e.crawling import MOST_ALIKE, WHO, Answer, Crawl, Surfer, kind_of

pytestmark = pytest.mark.crawl
EVERYBODY = [pytest.param("", id="nobody"), *WHO]
APPLICANTS = ("applicant", "applicant2")


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_link_leads_to_a_page(crawled: Callable[[str], Crawl], who: str) -> None:
    found = crawled(who)
    assert not found.wrong, "\n".join(found.wrong)
    assert len(found.pages) >= (9 if not who else 15)


@pytest.fixture(scope="session")
def partners(crawled: Callable[[str], Crawl]) -> dict[str, str]:
    """Names of organisations as the officers' list has them, by their address."""
    names: dict[str, str] = {}
    for answer in crawled("officer").pages.values():
        for link, name in re.findall(
            r'href="(/staff/organisations/[0-9a-f-]{36}/)"[^>]*><bdi>([^<]+)</bdi>', answer.text
        ):
            names[link] = unescape(name)
    assert len(names) >= 10
    return names


def own_names(answers: dict[str, Answer]) -> set[str]:
    """Names of the applicant's own organisations."""
    text = answers["/accounts/landing/"].text + "".join(
        answer.text for path, answer in answers.items() if path.startswith("/apply/organisations/")
    )
    return {unescape(name) for name in re.findall(r"<bdi>([^<]+)</bdi>", text)}


@pytest.mark.parametrize("who", [pytest.param("", id="nobody"), *APPLICANTS])
def test_nobody_reads_what_is_others(
    stack: Stack, crawled: Callable[[str], Crawl], partners: dict[str, str], who: str
) -> None:
    """Every address that anybody of the staff or another applicant came to, opened by somebody else."""
    surfer, mine = Surfer(stack.site, who), crawled(who).pages
    others = set(partners.values()) - (own_names(mine) if who else set())
    addresses = {path for somebody in WHO if somebody != who for path in crawled(somebody).pages if path not in mine}
    wrong, alike = [], dict.fromkeys(map(kind_of, addresses), 0)
    for path in sorted(addresses):
        alike[kind_of(path)] += 1
        if alike[kind_of(path)] > MOST_ALIKE:
            continue
        answer = surfer.get(path)
        if answer.status >= 500:
            wrong.append(f"{answer.status} {path}")
        wrong += [f"{path} shows {name}" for name in others if name in unescape(answer.text)]
    assert not wrong, "\n".join(wrong[:60])


def test_an_applicants_own_pages_name_no_other_partner(
    crawled: Callable[[str], Crawl], partners: dict[str, str]
) -> None:
    wrong = []
    for who in APPLICANTS:
        mine = crawled(who).pages
        others = set(partners.values()) - own_names(mine)
        wrong += [
            f"{who}: {path} shows {name}"
            for path, answer in mine.items()
            for name in others
            if name in unescape(answer.text)
        ]
    assert wrong == []
