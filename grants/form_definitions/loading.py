"""Writing the ready-made forms into a programme, through the same services that people use."""

from django.db import transaction

from accounts.models import Programme
from grants.choices import FormStatus
from grants.form_definitions.core_support import CORE_SUPPORT
from grants.form_definitions.rapid_response import RAPID_RESPONSE
from grants.form_definitions.shapes import Definition
from grants.models import FormVersion, Question
from grants.services import forms

DEFINITIONS: dict[str, Definition] = {"rapid-response": RAPID_RESPONSE, "core-support": CORE_SUPPORT}


@transaction.atomic
def load_forms(*, programme: Programme) -> dict[str, FormVersion]:
    """The published versions by name ("rapid-response", "core-support"); what is there already is left as it is."""
    Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    return {name: _loaded(programme, definition) for name, definition in DEFINITIONS.items()}


def _loaded(programme: Programme, definition: Definition) -> FormVersion:
    present = (
        FormVersion.objects.filter(
            form__programme=programme, form__name__en=definition.name["en"], status=FormStatus.PUBLISHED
        )
        .order_by("-number")
        .first()
    )
    return present or write(programme, definition)


def write(programme: Programme, definition: Definition) -> FormVersion:
    """The definition as a new published form."""
    version = forms.create_form(programme=programme, name=definition.name, by=None)
    asked: dict[str, Question] = {}
    for page in definition.pages:
        section = forms.add_section(
            version=version, title=page.title, intro=page.intro, minutes=page.minutes, slug=page.slug, by=None
        )
        for ask in page.questions:
            fields = dict(ask.fields)
            if ask.when:
                parent, fields["show_if_operator"], fields["show_if_value"] = ask.when
                fields["show_if"] = asked[parent]
            asked[ask.slug] = forms.add_question(
                section=section, kind=ask.kind, label=ask.label, help=ask.help, slug=ask.slug, by=None, **fields
            )
    return forms.publish_version(version=version, by=None)
