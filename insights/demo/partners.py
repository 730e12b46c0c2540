"""Invented partner organisations with their people, papers and what staff recorded about them.

Everything follows from a partner's number among its community, so that the nth of one side and the nth of the other
have the same size, the same standing and the same troubles.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.utils.text import slugify

from accounts.models import Programme, User
from core.translated import Translated
from diligence.capacity import AREAS
from diligence.choices import FundingSource, PressureKind, PressureNature
from diligence.models import CapacityAssessment, FinancialPosition, OtherFunding, PressureEvent
from diligence.services.duplicates import find_candidates
from diligence.services.records import Record, add_record
from insights.demo.files import pdf
from insights.demo.library import content, text, words
from insights.demo.people import Accounts, Staff, invented_name
from insights.demo.timeline import Timeline
from organizations import completeness as profile
from organizations.choices import DocumentKind, LegalStatus, PersonPosition, Registry
from organizations.models import Organization, Registration
from organizations.services.documents import add_document
from organizations.services.people import add_person
from organizations.services.profiles import create_organization, save_section, section_version
from organizations.services.registrations import add_registration, registration_values, verify_registration
from organizations.standing import forget
from organizations.versions import version_of

SIDES = ("israeli", "palestinian", "joint")
# Keys of rows follow from this, so that making the demo anew makes the same ones.
_KEY = UUID("6f1d2a0e-3c54-4b1b-9a7e-2f3f5d0c9b11")
_OWN = {"israeli": "applicant2@demo.example", "palestinian": "applicant@demo.example"}
_BUDGETS = (180, 240, 95, 130, 310, 160, 75, 210, 110, 140, 88, 30)  # thousands a year
_STAFF = (9, 14, 4, 6, 16, 9, 3, 11, 5, 7, 4, 1)
_STANDING = {7: LegalStatus.CONTESTED, 6: LegalStatus.HOSTED, 9: LegalStatus.EXPIRED, 11: LegalStatus.UNREGISTERED}
_NOTES = {
    LegalStatus.CONTESTED: "One authority has designated the organisation; another registers it. Appeal pending.",
    LegalStatus.HOSTED: "Hosted by Harbour Light Trust, which receives and accounts for the money.",
    LegalStatus.EXPIRED: "Renewal was filed four months ago and has not been answered.",
    LegalStatus.UNREGISTERED: "A field group that has not applied for registration.",
}
# Two events for each number: kind, nature, severity, days ago.
_P, _F, _B = PressureNature.POLITICAL, PressureNature.FINANCIAL, PressureNature.BOTH
_EVENTS: tuple[tuple[tuple[str, str, int, int], ...], ...] = (
    ((PressureKind.LEGAL, _P, 3, 40), (PressureKind.DERISKING, _F, 4, 90)),
    ((PressureKind.RAID, _P, 4, 15), (PressureKind.SMEAR, _P, 2, 200)),
    ((PressureKind.ATTACK, _P, 3, 60),),
    ((PressureKind.DONOR, _F, 3, 75),),
    ((PressureKind.DEMOLITION, _P, 4, 30), (PressureKind.TAX, _F, 2, 150)),
    ((PressureKind.CYBER, _P, 3, 20), (PressureKind.SMEAR, _P, 3, 35)),
    ((PressureKind.DONOR, _F, 4, 50),),
    ((PressureKind.BAN, _B, 5, 120), (PressureKind.FROZEN, _F, 5, 100), (PressureKind.ARREST, _P, 4, 45)),
    ((PressureKind.TRAVEL_BAN, _P, 2, 80),),
    ((PressureKind.CLOSURE, _P, 4, 65), (PressureKind.TAX, _F, 3, 110)),
    ((PressureKind.LEGAL, _P, 2, 25), (PressureKind.DERISKING, _F, 3, 55)),
    (),
)
_MONTHS_OF_CASH = ("2.5", "1.5", "4.0", "3.2", "5.5", "0.8", "1.2", "0.5", "2.8", "3.6", "2.0", "1.0")


@dataclass
class Partner:
    """An organisation of the demo with who applies for it and what it writes about."""

    organization: Organization
    owner: User
    community: str
    number: int
    language: str
    theme: str


def once(*parts: object) -> UUID:
    """The token of a page that was sent once."""
    return uuid5(_KEY, ":".join(str(part) for part in parts))


class PartnerMaker:
    """Makes the partners of every community, in turns."""

    def __init__(self, programme: Programme, accounts: Accounts, staff: Staff, timeline: Timeline) -> None:
        self.programme, self.accounts, self.staff, self.timeline = programme, accounts, staff, timeline
        self.today = timeline.now.date()

    def make_all(self) -> dict[tuple[str, int], Partner]:
        """{(community, number): partner}."""
        table = content("organizations")
        order = [(side, number) for number in range(12) for side in SIDES if number < len(table[side])]
        made = {}
        for position, (side, number) in enumerate(order):
            # A new partner every three days or so, the last one a month and a half ago.
            self.timeline.happens(self.timeline.working_days_ago(85 - 2 * position, hour=9 + position % 7))
            made[side, number] = self._make(side, number, table[side][number])
        for (_side, number), partner in made.items():
            self.timeline.happens(self.timeline.working_days_ago(31 - number % 4, hour=11))
            self._record(partner, number)
        self.timeline.happens(self.timeline.working_days_ago(30, hour=12))
        for side in _OWN:
            find_candidates(made[side, 11].organization.pk)
        return made

    def _make(self, side: str, number: int, row: dict[str, Any]) -> Partner:
        name = invented_name(side, number)
        announced = number == 0 and side in _OWN
        email = _OWN[side] if announced else f"{_local(name)}@{row['slug']}.example"
        language = row["language"]
        owner = self.accounts.add_applicant(
            email, name.in_language(language), language="" if announced else language, number=number
        )
        self.timeline.acts(owner, "organizations:create")
        organization = create_organization(
            programme=self.programme, by=owner, name=Translated(row["name"]), once=once("organization", row["slug"])
        )
        forget(owner)
        self.timeline.acts(owner, "organizations:section")
        for section, values in self._profile(side, number, row).items():
            version = section_version(organization, section)
            organization = save_section(
                organization=organization, by=owner, section=section, values=values, version=version
            )
        self.timeline.acts(owner, "organizations:person_add")
        self._add_people(organization, owner, side, number, row["slug"])
        self._add_papers(organization, owner, side, number)
        return Partner(organization, owner, side, number, language, row["theme"])

    def _profile(self, side: str, number: int, row: dict[str, Any]) -> dict[str, dict[str, Any]]:
        standing = _STANDING.get(number, LegalStatus.REGISTERED)
        return {
            profile.NAMES: {
                "name": Translated(row["name"]),
                "mission": text(row["mission"]),
                "former_names": row.get("former", []),
                "short_names": row.get("short", []),
            },
            profile.PLACE: {
                "community": side,
                "operates_in": [row["region"]] if side != "joint" else ["israel", "west_bank"],
                "district": row["district"],
                "themes": row["themes"],
                "languages": ["ar", "en"] if side == "palestinian" else ["en", "he"] if side == "israeli" else
                ["ar", "en", "he"],
            },
            profile.SIZE: {
                "year_founded": 1996 + number * 2,
                "yearly_budget": Decimal(_BUDGETS[number] * 1000),
                "budget_currency": "USD",
                "staff_count": _STAFF[number],
                "volunteer_count": 10 + number * 3,
                "website": f"https://www.{row['slug']}.example/",
            },
            profile.LEGAL: {"legal_status": standing, "legal_status_note": _NOTES.get(standing, "")},
        }  # fmt: skip

    def _add_people(self, organization: Organization, owner: User, side: str, number: int, slug: str) -> None:
        roles = (
            ([PersonPosition.DIRECTOR, PersonPosition.SIGNATORY], "Director"),
            ([PersonPosition.CONTACT], "Coordinator"),
            ([PersonPosition.BOARD, PersonPosition.SIGNATORY], "Treasurer"),
        )
        for place, (positions, title) in enumerate(roles):
            name = invented_name(side, number + 5 * place)
            values = {
                "name": name,
                "positions": [str(position) for position in positions],
                "title": title,
                "email": f"{_local(name)}@{slug}.example",
                "phone": f"+97{0 if side == 'palestinian' else 2} 2 555 {1000 + number * 10 + place}",
            }
            add_person(organization=organization, by=owner, values=values, once=once("person", slug, place))

    def _add_papers(self, organization: Organization, owner: User, side: str, number: int) -> None:
        name = organization.name
        self.timeline.acts(owner, "organizations:documents")
        if number in (1, 4, 8):
            report = pdf("report.pdf", "Annual report", *(name[code] for code in ("en", "ar", "he") if name.get(code)))
            add_document(
                organization=organization, by=owner, kind=DocumentKind.ANNUAL_REPORT, upload=report, title="Last year"
            )
        values = self._registration(side, number)
        if values is None:
            return
        lines = [name[code] for code in ("en", "ar", "he") if name.get(code)]
        paper = pdf("certificate.pdf", "Certificate of registration", *lines, f"No. {values['number']}")
        self.timeline.acts(owner, "organizations:registration_add")
        registration = add_registration(
            organization=organization,
            by=owner,
            values=values,
            certificate=None if number in (5, 8) else paper,
            once=once("registration", side, number),
        )
        if number in (0, 1, 3, 4, 7, 10):
            self._verify(registration)

    def _registration(self, side: str, number: int) -> dict[str, Any] | None:
        """Numbers are well formed and of ranges that no registry has given out."""
        if _STANDING.get(number) in (LegalStatus.UNREGISTERED, LegalStatus.HOSTED):
            return None
        registry, written = {
            "israeli": (Registry.IL_ASSOCIATIONS, f"5899{90000 + number * 137:05d}"),
            "palestinian": (Registry.PS_INTERIOR, f"RA-99{number * 137:04d}-X"),
            "joint": (Registry.FOREIGN, f"CH-990.{number:03d}.137"),
        }[side]
        expired = _STANDING.get(number) == LegalStatus.EXPIRED
        ends = self.today - timedelta(days=120) if expired else self.today + timedelta(days=500 + 40 * number)
        return {
            "registry": registry,
            "number": written,
            "issued_on": date(2000 + number, 3, 1 + number),
            "expires_on": ends if expired or number % 2 else None,
        }

    def _verify(self, registration: Registration) -> None:
        by = self.staff.officer if registration.number_key[-1] in "02468X" else self.staff.officer2
        self.timeline.acts(by, "organizations_staff:verify")
        verify_registration(registration=registration, by=by, version=version_of(registration_values(registration)))

    # ---- what staff recorded ----------------------------------------------------------------------------------------
    def _record(self, partner: Partner, number: int) -> None:
        say = words("staff")
        for place, (kind, nature, severity, days) in enumerate(_EVENTS[number]):
            self._add(
                PressureEvent,
                partner,
                place,
                happened_on=self.today - timedelta(days=days),
                kind=kind,
                nature=nature,
                severity=severity,
                description=say["pressure"][kind],
                source=say["pressure_source"],
            )
        if number < 11:
            self._record_money(partner, number)
        if number < 10:
            self._record_capacity(partner, number)

    def _record_money(self, partner: Partner, number: int) -> None:
        say = words("staff")
        monthly = (Decimal(_BUDGETS[number] * 1000) / 12).quantize(Decimal("0.01"))
        self._add(
            FinancialPosition,
            partner,
            0,
            as_of=self.today - timedelta(days=20 + number),
            currency="USD",
            cash=(monthly * Decimal(_MONTHS_OF_CASH[number])).quantize(Decimal("0.01")),
            monthly_costs=monthly,
            budget_lost_percent=(number * 9) % 60,
            accounts_frozen=number == 7,
            source=say["finance_source"],
        )
        self._add(
            OtherFunding,
            partner,
            0,
            funder=say["funder"][number % 3],
            purpose=say["funding_purpose"][number % 3],
            amount=Decimal(8000 + 3000 * (number % 5)),
            currency=("USD", "EUR")[number % 2],
            starts_on=self.today - timedelta(days=200),
            ends_on=self.today + timedelta(days=30 * (number % 4 + 1)),
            source=FundingSource.PUBLISHED if number % 3 == 0 else FundingSource.DECLARED,
        )

    def _record_capacity(self, partner: Partner, number: int) -> None:
        # Two areas that nobody has judged yet stay blank in every third assessment.
        scores = {area: 2 + (number + place * 2) % 4 for place, area in enumerate(AREAS)}
        if number % 3 == 0:
            scores = dict(list(scores.items())[:5])
        self._add(
            CapacityAssessment,
            partner,
            0,
            assessed_on=self.today - timedelta(days=35 + number),
            review_by=self.today + timedelta(days=330),
            evidence=words("staff")["capacity_evidence"],
            **{area: scores.get(area) for area in AREAS},
        )

    def _add(self, model: type[Record], partner: Partner, place: int, **values: Any) -> None:
        by = (self.staff.officer, self.staff.officer2)[partner.number % 2]
        token = once(model.__name__, partner.community, partner.number, place)
        self.timeline.acts(by, "diligence:record_add")
        add_record(model=model, organization=partner.organization, by=by, values=values, once=token)


def _local(name: Translated) -> str:
    return slugify(name["en"]).replace("-", ".")
