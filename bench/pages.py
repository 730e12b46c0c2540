"""The pages that are measured, each as a list of requests."""

import html
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts import entrance
from bench.measure import Row, measure
from bench.seed import World
from core.translated import Translated
from grants.choices import QuestionKind
from grants.form_tree import SectionNode, form_tree
from grants.models import Answer, Application
from grants.services.applications import start_application
from insights.demo.applications import complete_draft
from organizations.models import Organization
from organizations.services.profiles import create_organization

Ask = Callable[[], HttpResponseBase]
TIMES = 14
_NEXT = re.compile(r'<a[^>]*href="([^"]*cursor=[^"]*)"[^>]*rel="next"|<a[^>]*rel="next"[^>]*href="([^"]*cursor=[^"]*)"')
BACKEND = "accounts.backends.AccountBackend"


def client_of(user: Any) -> Client:
    """A browser in which the person is signed in."""
    client = Client(headers={"accept-language": "en", "accept-encoding": "gzip"})
    client.force_login(user, backend=BACKEND)
    session = client.session
    entrance.begin(session, user, second_step=True)
    session.save()
    return client


def gets(client: Client, address: str, **query: str) -> Sequence[Ask]:
    """The same page, asked for several times."""
    return [lambda: client.get(address, query)] * TIMES


def hundredth(client: Client, listing: str) -> str:
    """The address of page 100, reached by *next* ninety-nine times (or of the last page, when there are fewer)."""
    address = listing
    for _ in range(99):
        link = _NEXT.search(client.get(address, headers={"accept-encoding": "identity"}).content.decode())
        if link is None:
            break
        address = listing + html.unescape(link[1] or link[2])
    return address


def measure_staff(world: World, rows: int) -> Iterator[Row]:
    """The list in its variants, the workbench, the desk."""
    officer = client_of(world.officer)
    listing = reverse("staff:applications")
    subject = Application.objects.filter(status="in_review", confidentiality="standard").first()
    if subject is None:
        raise RuntimeError("no application in review was made")
    last = "staff list, page 100" if rows >= 5_000 else "staff list, last page"
    yield measure("staff list, plain", rows, gets(officer, listing))
    yield measure("staff list, filtered", rows, gets(officer, listing, stage="in_review", call=world.call.slug))
    yield measure("staff list, searched", rows, gets(officer, listing, q="فانوس"))
    yield measure(last, rows, gets(officer, hundredth(officer, listing)))
    yield measure("workbench", rows, gets(officer, reverse("reviews:eligibility", args=[subject.reference])))
    yield measure("workbench, proposal", rows, gets(officer, reverse("staff:proposal", args=[subject.reference])))
    yield measure("my desk", rows, gets(officer, reverse("insights:desk")))
    yield measure("sign-in page", rows, gets(Client(headers={"accept-encoding": "gzip"}), reverse("account_login")))


def partner_of(world: World) -> Organization:
    """The applicant's own organisation."""
    mine = Organization.objects.filter(memberships__user=world.applicant).first()
    return mine or create_organization(
        programme=world.programme, by=world.applicant, name=Translated(en="Paper Boat Circle")
    )


def draft_of(world: World, partner: Organization) -> Application:
    """A draft with everything that submitting needs."""
    application = start_application(call=world.call, organization=partner, by=world.applicant, language="en")
    return complete_draft(application, world.applicant, "en")


def autosave_of(client: Client, draft: Application, section: SectionNode, question_id: UUID) -> Ask:
    """One answer of the draft saved as a browser does: over the version that the last reply gave."""
    name = f"q-{question_id}"
    address = reverse("apply:autosave", args=[draft.reference, section.slug])
    versions = itertools.count(Answer.objects.get(application=draft, question=question_id).version)

    def ask() -> HttpResponseBase:
        version = next(versions)
        typed = {name: f"We write what we saw, line {version}.", f"{name}__version": version, "changed": name}
        return client.post(address, typed, headers={"X-Autosave": "1"})

    return ask


def measure_applicant(world: World, rows: int) -> Iterator[Row]:
    """Home, a section, autosave and submit."""
    partner = partner_of(world)
    drafts = [draft_of(world, partner) for _ in range(TIMES)]
    client = client_of(world.applicant)
    draft = drafts[0]
    tree = form_tree(draft.form_version_id)
    section, question = next(
        (section, question)
        for section in tree.sections
        for question in section.questions
        if question.kind == QuestionKind.LONG_TEXT and not question.sensitive
    )
    autosave = autosave_of(client, draft, section, question.id)

    yield measure("applicant's home", rows, gets(client, reverse("apply:home")))
    section_page = reverse("apply:section", args=[draft.reference, section.slug])
    yield measure("a section of the form", rows, gets(client, section_page))
    yield measure("autosave", rows, [autosave] * TIMES)

    def submit(reference: str) -> Ask:
        return lambda: client.post(reverse("apply:submit", args=[reference]), {"confirm": "on"})

    yield measure("submit", rows, [submit(one.reference) for one in drafts], expect=(302,))
