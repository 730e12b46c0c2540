"""The names of an organisation in every script, and what is stored beside them so that they are found."""

from collections.abc import Iterable

from names import Script, normal_forms, script_of, search_blob
from organizations.choices import NameUse
from organizations.models import Organization, OrganizationName

# Of a name that stands alone (former, short) only the script is known; Latin letters may be any language's.
_LANGUAGE_OF_SCRIPT = {Script.ARABIC: "ar", Script.HEBREW: "he", Script.LATIN: "en"}


def _language_of(text: str) -> str:
    return _LANGUAGE_OF_SCRIPT.get(script_of(text), "")


def former_and_short(organization: Organization) -> tuple[list[str], list[str]]:
    """Their former names and their short forms, as they were written."""
    rows = organization.names.exclude(use=NameUse.CURRENT).order_by("created_at", "text").values_list("use", "text")
    return (
        [text for use, text in rows if use == NameUse.FORMER],
        [text for use, text in rows if use == NameUse.SHORT],
    )


def refresh_names(
    organization: Organization, *, former: Iterable[str] | None = None, short: Iterable[str] | None = None
) -> None:
    """Make the rows of names and `search` follow from what the organisation is called now.

    Called inside the transaction that changes a name. `former` and `short` replace the lists that are stored; None
    leaves them as they are. The caller saves `search`.
    """
    kept_former, kept_short = former_and_short(organization)
    wanted: dict[tuple[str, str], str] = {}
    for language, text in organization.name.items():
        if text:
            wanted[text, NameUse.CURRENT] = language
    for use, texts in (
        (NameUse.FORMER, kept_former if former is None else former),
        (NameUse.SHORT, kept_short if short is None else short),
    ):
        for text in texts:
            wanted[text, use] = _language_of(text)
    stored = {(row.text, row.use): row for row in organization.names.all()}
    gone = [row.pk for key, row in stored.items() if key not in wanted]
    OrganizationName.objects.filter(pk__in=gone).delete()
    OrganizationName.objects.bulk_create(
        [
            _row(organization, text, use, language)
            for (text, use), language in wanted.items()
            if (text, use) not in stored
        ]
    )
    organization.search = search_blob([text for text, _use in wanted])


def _row(organization: Organization, text: str, use: str, language: str) -> OrganizationName:
    forms = normal_forms(text)
    return OrganizationName(
        organization=organization,
        text=text,
        use=use,
        language=language,
        fold=forms.fold[:250],
        latin=forms.latin[:400],
        skeleton=forms.skeleton[:250],
        keys=[key[:60] for key in forms.keys],
    )
