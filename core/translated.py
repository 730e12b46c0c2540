"""Texts in three languages: one JSON column {"en": …, "ar": …, "he": …} that reads in the page's language."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CODES = ("en", "ar", "he")


class Translated(dict[str, str]):
    """A text by language code. `str()` is the page's language, else English, else whichever there is."""

    def __str__(self) -> str:
        return self.in_language(get_language() or settings.LANGUAGE_CODE)

    def in_language(self, code: str) -> str:
        """The text in `code`, falling back to English and then to any language that has one."""
        return self.get(code[:2]) or self.get("en") or next((text for text in self.values() if text), "")

    def language_shown(self, code: str | None = None) -> str:
        """The code of the language that `in_language` would show, for the `lang` attribute."""
        code = (code or get_language() or "en")[:2]
        return next((c for c in (code, "en", *CODES) if self.get(c)), code)

    def __bool__(self) -> bool:
        return any(self.values())

    def missing(self) -> list[str]:
        """Codes of the languages that have no text yet."""
        return [code for code in CODES if not self.get(code)]


class TranslatedWidget(forms.MultiWidget):
    """Three inputs, one for each language, each in its own direction."""

    template_name = "forms/widgets/translated.html"
    # Several inputs make one field: its name is a legend, and the error summary has something to lead to.
    use_fieldset = True

    def __init__(self, *, multiline: bool = False, attrs: dict[str, Any] | None = None) -> None:
        kind = forms.Textarea if multiline else forms.TextInput
        extra = {"rows": 3} if multiline else {}
        super().__init__(
            widgets={
                code: kind(attrs={"lang": code, "dir": "ltr" if code == "en" else "rtl", **extra}) for code in CODES
            },
            attrs=attrs,
        )

    def decompress(self, value: Any) -> list[str]:
        return [(value or {}).get(code, "") for code in CODES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for sub, (code, label) in zip(context["widget"]["subwidgets"], _labels(), strict=True):
            sub["language_code"], sub["language_label"] = code, label
            sub["attrs"]["aria-label"] = label
        return context


def _labels() -> list[tuple[str, str]]:
    return [("en", "English"), ("ar", "العربية"), ("he", "עברית")]


def languages_named(codes: Iterable[str]) -> str:
    """Languages by the names that their readers give them, in a sentence: "English, עברית"."""
    wanted = set(codes)
    return ", ".join(name for code, name in _labels() if code in wanted)


class TranslatedFormField(forms.MultiValueField):
    """A form field of three inputs. `needs` lists the languages that must not be blank."""

    def __init__(self, *, multiline: bool = False, needs: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.needs = needs
        max_length = kwargs.pop("max_length", None)
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        kwargs.setdefault("widget", TranslatedWidget(multiline=multiline))
        super().__init__(
            fields=[forms.CharField(required=False, max_length=max_length) for _code in CODES],
            require_all_fields=False,
            **kwargs,
        )

    def compress(self, data_list: list[str]) -> Translated:
        return Translated({code: text for code, text in zip(CODES, data_list or [], strict=False) if text})

    def clean(self, value: Any) -> Translated:
        cleaned = super().clean(value) or Translated()
        if self.required and not cleaned:
            # Blanks in all three pass the fields' own test and are then stripped.
            raise forms.ValidationError(self.error_messages["required"], code="required")
        names = dict(_labels())
        absent = [names[code] for code in self.needs if not cleaned.get(code)]
        if absent:
            raise forms.ValidationError(
                _("Write this text in %(languages)s too."), params={"languages": ", ".join(absent)}
            )
        return cleaned

    def has_changed(self, initial: Any, data: Any) -> bool:
        return Translated(initial or {}) != self.compress(list(data or []))


class TranslatedField(models.JSONField):
    """Model field of a Translated text."""

    def __init__(self, *args: Any, multiline: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("default", Translated)
        kwargs.setdefault("blank", True)
        self.multiline = multiline
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.multiline:
            kwargs["multiline"] = True
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        loaded = super().from_db_value(value, expression, connection)
        return Translated(loaded) if isinstance(loaded, dict) else loaded

    def to_python(self, value: Any) -> Any:
        loaded = super().to_python(value)
        return Translated(loaded) if isinstance(loaded, dict) else loaded

    def formfield(self, **kwargs: Any) -> Any:
        return super(models.JSONField, self).formfield(
            **{"form_class": TranslatedFormField, "multiline": self.multiline, **kwargs}
        )
