"""Shapes of the pages on which rubrics are written. The law is in the services of rubrics and their criteria."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.translated import TranslatedFormField
from organizations.fields import TypedNumberField
from reviews.choices import SCORED, RubricKind
from reviews.criteria import RubricTree, plain
from reviews.models import RubricCriterion, RubricVersion
from reviews.rubric_checks import Written, shown
from reviews.services import rubrics as service
from reviews.services.rubric_criteria import LONGEST_ANCHOR, LONGEST_QUESTION, CriterionText

STANDARD, EMPTY = "standard", "empty"
_ANCHOR = re.compile(r"^anchor_(\d{1,3}(?:p\d{1,2})?)_[a-z]{2}$")


class PlainNumberField(TypedNumberField):
    """A number that is shown without the zeros its column adds."""

    def prepare_value(self, value: Any) -> Any:
        return shown(value) if isinstance(value, Decimal) else value


class RubricForm(forms.Form):
    """A new rubric: its name, what it begins with and what it is for."""

    name = TranslatedFormField(label=_("Name of the rubric"), needs=("en",), max_length=service.LONGEST_NAME)
    source = forms.ChoiceField(label=_("Begin with"))
    kind = forms.ChoiceField(
        label=_("What it is for"), choices=RubricKind.choices, initial=RubricKind.OWN, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, sources: "QuerySet[RubricVersion]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources = {str(row.pk): row for row in sources}
        field: Any = self.fields["source"]
        copies = [
            (pk, _now("A copy of %(rubric)s, version %(number)d") % {"rubric": row.rubric, "number": row.number})
            for pk, row in self.sources.items()
        ]
        field.choices = [
            (STANDARD, _("The standard rubric, with its anchors")),
            *copies,
            (EMPTY, _("Nothing: every criterion is to be written")),
        ]

    def values(self) -> dict[str, Any]:
        """What create_rubric takes, of a valid form."""
        source = self.cleaned_data["source"]
        return {
            "name": self.cleaned_data["name"],
            "kind": self.cleaned_data["kind"],
            "source": self.sources.get(source),
            "empty": source == EMPTY,
        }


class ScaleForm(forms.Form):
    """Name and scale of a version."""

    name = TranslatedFormField(label=_("Name of the rubric"), max_length=service.LONGEST_NAME)
    low = PlainNumberField(label=_("Lowest score"))
    high = PlainNumberField(label=_("Highest score"))
    step = PlainNumberField(label=_("Step"), help_text=_("0.5 allows halves; 1 allows whole numbers only."))
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)


class WeightsForm(forms.Form):
    """The weight of every criterion that is scored, in percent of those beside it."""

    def __init__(self, *args: Any, criteria: Iterable[RubricCriterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in criteria:
            self.fields[f"weight_{row.pk.hex}"] = PlainNumberField(
                label=_now("Weight of %(criterion)s") % {"criterion": row.name},
                required=False,
                places=4,
                initial=row.weight,
                # The inputs stand in the list, beside forms of their own; their form is below it.
                widget=forms.TextInput(
                    attrs={"inputmode": "decimal", "class": "short num", "dir": "ltr", "form": "weights-form"}
                ),
            )
        self.fields["stamp"] = forms.CharField(widget=forms.HiddenInput, required=False)

    def weights(self) -> dict[UUID, Decimal | None]:
        """By id of the criterion, of a valid form."""
        return {
            UUID(hex=name.removeprefix("weight_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("weight_")
        }


class CriterionForm(forms.Form):
    """One criterion that is scored: what is asked, how much it weighs, and what each score means."""

    name = TranslatedFormField(label=_("Name"), max_length=service.LONGEST_NAME)
    question = TranslatedFormField(label=_("Question"), multiline=True, required=False, max_length=LONGEST_QUESTION)
    parent = forms.ChoiceField(label=_("Part of"), required=False)
    weight = PlainNumberField(
        label=_("Weight in percent"),
        required=False,
        places=4,
        help_text=_("Criteria side by side sum to 100. Parts of one criterion without weights all count the same."),
    )
    linked = forms.ChoiceField(
        label=_("Stands for"),
        required=False,
        help_text=_("A criterion that stands for one of the seven takes part in the priority."),
    )
    code = forms.CharField(
        label=_("Short name"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"dir": "ltr", "class": "short"}),
        help_text=_("For exports. Left empty, it is made from the English name."),
    )
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, found: Written, criterion: RubricCriterion | None, levels: Iterable[Decimal], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["parent"].choices = [
            ("", pgettext_lazy("part of", "The whole rubric")),
            *((str(row.pk), str(row.name)) for row in found.parts_possible(criterion)),
        ]
        fields["linked"].choices = [
            ("", _("None: a criterion of this rubric's own")),
            *((linked.value, linked.label) for linked in SCORED),
        ]
        self.levels = {f"anchor_{anchor_key(level)}": level for level in levels}
        for name, level in self.levels.items():
            self.fields[name] = TranslatedFormField(
                label=_now("What %(score)s means") % {"score": shown(level)},
                multiline=True,
                required=False,
                max_length=LONGEST_ANCHOR,
            )

    def main_fields(self) -> list[Any]:
        """Everything but the anchors, as bound fields."""
        return [self[name] for name in ("name", "question", "parent", "weight", "linked", "code")]

    def anchor_fields(self) -> list[Any]:
        """The anchors from the lowest score to the highest, as bound fields."""
        return [self[name] for name in self.levels]

    def text(self) -> CriterionText:
        """What the services take, of a valid form."""
        clean = self.cleaned_data
        return CriterionText(
            name=clean["name"],
            question=clean["question"],
            weight=clean["weight"],
            code=clean["code"].strip(),
            linked=clean["linked"],
            parent_id=UUID(clean["parent"]) if clean["parent"] else None,
            anchors={level: clean[name] for name, level in self.levels.items()} if self.levels else None,
        )


def anchor_key(level: Decimal) -> str:
    """A score in the name of a field: 2p5 is 2.5."""
    return shown(level).replace(".", "p")


def levels_of(tree: RubricTree, criterion: RubricCriterion | None, found: Written, posted: Any = None) -> list[Decimal]:
    """The scores that get a field for their anchor: those of the scale, those that have one, and those that were sent,
    so that nothing typed is lost when the scale has changed meanwhile. None for what is scored through its parts.
    """
    if criterion is not None and found.parts(criterion.pk):
        return []
    levels = set(tree.anchored)
    if criterion is not None:
        levels |= {plain(anchor.level) for anchor in found.anchors.get(criterion.pk, ())}
    for name in posted or ():
        sent = _ANCHOR.match(name)
        if sent and posted.get(name, "").strip():
            levels.add(plain(Decimal(sent.group(1).replace("p", "."))))
    return sorted(levels)


def initial_of(criterion: RubricCriterion, found: Written) -> dict[str, Any]:
    """What the form shows of a criterion."""
    values: dict[str, Any] = {name: getattr(criterion, name) for name in ("name", "question", "weight", "code")}
    values |= {"linked": criterion.criterion, "parent": str(criterion.parent_id or "")}
    values |= {f"anchor_{anchor_key(anchor.level)}": anchor.words for anchor in found.anchors.get(criterion.pk, ())}
    return values


def scale_of(version: RubricVersion) -> dict[str, Any]:
    """What the form shows of name and scale."""
    return {
        "name": version.rubric.name,
        **{name: getattr(version, name) for name in ("low", "high", "step")},
        "stamp": service.scale_stamp(version),
    }
