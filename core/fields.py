"""Fields of forms that every stage uses."""

from typing import Any

from django import forms


class LongTextField(forms.CharField):
    """A text of several lines, in whatever direction it is written: a reason, a note, an answer, a message.

    `rows` is how many lines show at first. Blanks around it are stripped, as in any CharField; what else is asked of it
    (`max_length`, `required`, `help_text`, `error_messages`) is said as there.
    """

    def __init__(self, *, rows: int = 3, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows, "dir": "auto"}))
        super().__init__(**options)
