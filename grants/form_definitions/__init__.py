"""The two forms that come with the product, written from what funders of people at risk really ask."""

from grants.form_definitions.core_support import CORE_SUPPORT
from grants.form_definitions.loading import load_forms
from grants.form_definitions.rapid_response import RAPID_RESPONSE

__all__ = ["CORE_SUPPORT", "RAPID_RESPONSE", "load_forms"]
