"""Tags that every template may use without loading them."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from core.money import format_amount

register = template.Library()


@register.filter
def money(amount: "Decimal | None", currency: str = "") -> SafeString | str:
    """An amount with its currency, kept together and left to right: USD 18,400."""
    if amount is None:
        return ""
    text = format_amount(Decimal(amount))
    return format_html('<bdi class="num">{}</bdi>', f"{currency} {text}".strip())


@register.filter
def points(figure: "Fraction | Decimal | None") -> str:
    """A figure of 0–100 with one place, halves rounded up: 73.4; 0.0 without a sign; nothing where there is none."""
    if figure is None:
        return ""
    exact = Fraction(figure)
    rounded = (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return str(rounded or abs(rounded))


@register.filter
def listed(items: Iterable[object]) -> SafeString:
    """Names or words one after another, with the comma of the page's language, each in its own direction."""
    comma = pgettext("between items of a list", ", ")
    return format_html_join(comma, "<bdi>{}</bdi>", ((item,) for item in items))


@register.filter
def before_message(label: object) -> str:
    """A field's label as it stands before what is wrong with it: a colon follows, except where it is a sentence."""
    text = str(label).rstrip()
    return text if text.endswith((".", "?", "!", ":", "؟", "…")) else f"{text}:"


@register.filter
def isolated(text: Any) -> str:
    """A name inside a sentence, which keeps its own direction: “Verified by …, 26 November” stays in order."""
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


@register.filter
def file_size(size: "int | None") -> SafeString | str:
    """How large a file is, as help texts write it in every language: 19 KB, 1.4 MB; never nothing."""
    if size is None:
        return ""
    kilobytes = max(1, -(-size // 1024))
    text = f"{kilobytes} KB" if kilobytes < 1024 else f"{size / 1024**2:.1f}".removesuffix(".0") + " MB"
    return format_html('<bdi class="num">{}</bdi>', text.replace(" ", "\N{NO-BREAK SPACE}"))


@register.filter
def lookup(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or nothing."""
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return None


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The present query string with some parameters changed (None removes), for links that keep the filters."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        else:
            params[key] = value
    encoded = params.urlencode()
    return f"?{encoded}" if encoded else "?"
