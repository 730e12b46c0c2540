"""A plan in words: why this person for this application, what is lacking and why."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import LanguageCode
from reviews.choices import Expertise
from reviews.plan import Gap, Need, Reader, Task, Why


def language_name(code: str) -> str:
    """A language by its own name."""
    return str(dict(LanguageCode.choices).get(code, code))


def field_name(code: str) -> str:
    """A field of knowledge."""
    return str(dict(Expertise.choices).get(code, code))


def person_words(task: Task, reader: Reader, load: int, more: int) -> str:
    """What speaks for a person: what they bring that the application needs, and how much they have open."""
    said = []
    if task.language and task.language in reader.languages:
        said.append(_("reads %(language)s") % {"language": language_name(task.language)})
    known = [field_name(code) for code in sorted(task.expertise & reader.expertise)]
    if known:
        said.append(_("knows %(fields)s") % {"fields": ", ".join(known)})
    said.append(
        ngettext("%(before)d open now, %(after)d with this plan", "%(before)d open now, %(after)d with this plan", load)
        % {"before": load, "after": load + more}
    )
    return "; ".join(said)


def gap_words(gap: Gap) -> str:
    """What is lacking."""
    if gap.need == Need.REVIEWS:
        return ngettext("%(count)d reviewer is missing", "%(count)d reviewers are missing", gap.count) % {
            "count": gap.count
        }
    if gap.need == Need.LANGUAGE:
        return _("Nobody of them reads %(language)s") % {"language": language_name(gap.code)}
    return _("Nobody of them knows: %(field)s") % {"field": field_name(gap.code)}


def why_words(why: Why) -> str:
    """Why it could not be filled; an empty text when somebody can still be added."""
    if not why.able:
        return _("No reviewer of the programme does.")
    kept: Mapping[str, Any] = {
        _("%(count)d may not review it (conflict of interest or access)"): why.barred,
        _("%(count)d asked already"): why.asked,
        _("%(count)d away"): why.away,
        _("%(count)d with as many reviews as they take"): why.full,
    }
    if sum(kept.values()) < why.able:
        return ""
    said = [words % {"count": count} for words, count in kept.items() if count]
    return _("Of %(able)d who could: %(reasons)s.") % {"able": why.able, "reasons": ", ".join(said)}
