"""Choices, yes or no, declarations."""

import json
from typing import Any

from django.utils.translation import gettext as _

from grants.questions.base import Asked, Kind, Place, Refused, Shown, in_language, tidy, too_long
from grants.questions.texts import bounded

OTHER = "other"


def options(question: Asked, language: str | None = None) -> list[tuple[str, str]]:
    """(key, label) in the form's order, *other* last where the form allows it."""
    found = [
        (str(option["key"]), in_language(option.get("label"), language))
        for option in question.settings.get("options", ())
    ]
    if question.settings.get("other"):
        found.append((OTHER, _("Something else")))
    return found


class _Choosing(Kind):
    grouped = True

    def show_keys(self, keys: list[str], other: str, question: Asked, language: str | None) -> Shown:
        labels = dict(options(question, language))
        named = [f"{labels.get(key, key)}: {other}" if key == OTHER and other else labels.get(key, key) for key in keys]
        return Shown(text="\n".join(named))

    def choice_context(self, chosen: list[str], other: str, question: Asked, prefix: str) -> dict[str, Any]:
        return {
            "options": [
                {"key": key, "label": label, "checked": key in chosen, "id": f"{prefix}-{number}"}
                for number, (key, label) in enumerate(options(question))
            ],
            "allows_other": bool(question.settings.get("other")),
            "other": other,
        }


class Choice(_Choosing):
    """One of several."""

    template = "grants/questions/choice.html"

    def from_post(self, posted: Any, prefix: str) -> dict[str, Any]:
        return {"key": posted.get(prefix, ""), "other": posted.get(f"{prefix}-other", "")}

    def was_posted(self, posted: Any, prefix: str) -> bool:
        # Browsers leave out radios of which none is chosen; the hidden mark says that they were there.
        return prefix in posted or f"{prefix}-asked" in posted or f"{prefix}-other" in posted

    def clean(self, raw: Any, question: Asked, place: Place) -> dict[str, str] | None:
        key, other = tidy((raw or {}).get("key")), bounded(tidy((raw or {}).get("other")))
        if not key:
            return None
        if key not in dict(options(question)):
            raise Refused(_("Choose one of the answers that are offered."))
        return {"key": key, "other": other if key == OTHER else ""}

    def raw(self, value: Any, question: Asked, place: Place) -> Any:
        return value or {}

    def problem(self, value: Any, question: Asked, place: Place) -> str | None:
        if value["key"] == OTHER and not value.get("other"):
            return _("Say in a few words what else you mean.")
        return None

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        return self.show_keys([value["key"]], value.get("other", ""), question, language) if value else Shown()

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        given = raw if isinstance(raw, dict) else {}
        return self.choice_context([given.get("key", "")], given.get("other", ""), question, prefix)


class Choices(_Choosing):
    """Any of several."""

    template = "grants/questions/choices.html"

    def from_post(self, posted: Any, prefix: str) -> dict[str, Any]:
        return {"keys": posted.getlist(prefix), "other": posted.get(f"{prefix}-other", "")}

    def was_posted(self, posted: Any, prefix: str) -> bool:
        return prefix in posted or f"{prefix}-asked" in posted or f"{prefix}-other" in posted

    def clean(self, raw: Any, question: Asked, place: Place) -> dict[str, Any] | None:
        known = [key for key, _label in options(question)]
        given = {tidy(key) for key in (raw or {}).get("keys", ())} - {""}
        if given - set(known):
            raise Refused(_("Choose among the answers that are offered."))
        if not given:
            return None
        other = bounded(tidy((raw or {}).get("other"))) if OTHER in given else ""
        return {"keys": [key for key in known if key in given], "other": other}

    def raw(self, value: Any, question: Asked, place: Place) -> Any:
        return value or {}

    def problem(self, value: Any, question: Asked, place: Place) -> str | None:
        if OTHER in value["keys"] and not value.get("other"):
            return _("Say in a few words what else you mean.")
        return None

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        return self.show_keys(value["keys"], value.get("other", ""), question, language) if value else Shown()

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        given = raw if isinstance(raw, dict) else {}
        return self.choice_context(list(given.get("keys", ())), given.get("other", ""), question, prefix)


class YesNo(Kind):
    """Yes or no, with a further question after one of them."""

    template = "grants/questions/yes_no.html"
    grouped = True

    def from_post(self, posted: Any, prefix: str) -> dict[str, str]:
        return {"yes": posted.get(prefix, ""), "more": posted.get(f"{prefix}-more", "")}

    def was_posted(self, posted: Any, prefix: str) -> bool:
        return prefix in posted or f"{prefix}-asked" in posted or f"{prefix}-more" in posted

    def clean(self, raw: Any, question: Asked, place: Place) -> dict[str, Any] | None:
        said, more = tidy((raw or {}).get("yes")), bounded(tidy((raw or {}).get("more")))
        if not said:
            return None
        if said not in ("yes", "no"):
            raise Refused(_("Choose yes or no."))
        return {"yes": said == "yes", "more": more}

    def raw(self, value: Any, question: Asked, place: Place) -> Any:
        return {"yes": "yes" if value["yes"] else "no", "more": value.get("more", "")} if value else {}

    def asks_more(self, value: Any, question: Asked) -> bool:
        """True when the answer leads to the further question."""
        follows = any((question.settings.get("follow_up") or {}).values())
        return follows and value["yes"] == bool(question.settings.get("follow_up_when", True))

    def problem(self, value: Any, question: Asked, place: Place) -> str | None:
        if not self.asks_more(value, question):
            return None
        if not value.get("more"):
            return _("Answer the question that follows as well.") if question.required else None
        return too_long(question, value["more"])

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        if not value:
            return Shown()
        said = _("Yes") if value["yes"] else _("No")
        more = value.get("more") if self.asks_more(value, question) else ""
        return Shown(text=f"{said}\n{more}" if more else said)

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        given = raw if isinstance(raw, dict) else {}
        when = "yes" if question.settings.get("follow_up_when", True) else "no"
        return {
            "said": given.get("yes", ""),
            "more": given.get("more", ""),
            "follow_up": in_language(question.settings.get("follow_up"), None),
            "follow_up_when": when,
            "shown_if": json.dumps({"match": "all", "rules": [{"question": prefix, "op": "is", "values": [when]}]}),
        }


class Declaration(Kind):
    """A statement that the applicant makes by ticking it."""

    template = "grants/questions/declaration.html"

    def was_posted(self, posted: Any, prefix: str) -> bool:
        return prefix in posted or f"{prefix}-asked" in posted

    def clean(self, raw: Any, question: Asked, place: Place) -> bool | None:
        return True if raw in (True, "yes", "on") else None

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        return Shown(text=_("Declared")) if value else Shown()
