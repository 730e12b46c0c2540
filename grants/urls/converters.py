"""References in addresses."""

from core.references import normalize_reference


class ReferenceConverter:
    """A public reference, in capitals as it is printed; anything else is another address."""

    regex = "[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}"

    def to_python(self, value: str) -> str:
        """The reference; ValueError (404) when its check character is wrong."""
        if normalize_reference(value) != value:
            raise ValueError
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value
