"""Writing application forms. A draft version changes here; a published one never does, and a trigger agrees.

`by` is the person, or None for a command that an operator runs. Two people on one draft: `stamp` is what a page read
(`stamp_of`); when the row says something else by now, StaleVersion is raised and nothing is written.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Programme
from core.errors import DomainError, NotPermitted, StaleVersion
from grants.choices import FormStatus, QuestionKind
from grants.form_checks import Problem, missing_translations, problems
from grants.form_tree import FormTree, form_tree
from grants.models import Form, FormVersion, Question, Section
from grants.question_settings import LIMITED, clean_settings, translated
from grants.services.form_conditions import dependants, refuse_later_conditions, refuse_while_needed, set_condition

MOST_SECTIONS = 30
MOST_QUESTIONS = 150
LONGEST_INTRO = 4000
# An explanation is a label too.
LONGEST_LABEL = 8000
_SECTION_FIELDS = ("title", "intro", "minutes")
_QUESTION_FIELDS = (
    "kind", "label", "help", "required", "word_limit", "character_limit", "sensitive", "identifying", "settings",
    "show_if_id", "show_if_operator", "show_if_value", "show_also", "show_match",
)  # fmt: skip


class FormIsPublished(DomainError):
    """Somebody tried to change a published version."""

    sentence = gettext_lazy("This version is published and does not change. Make a new version of the form.")


class DraftExists(DomainError):
    """A form has at most one draft."""

    sentence = gettext_lazy("This form has a draft already. Go on with it, or publish it first.")


class FormNotReady(DomainError):
    """The version cannot be published; `problems` says what to mend."""

    sentence = gettext_lazy("The form cannot be published yet.")

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = list(found)


class MissingTranslations(FormNotReady):
    """Texts are missing in a language, and nobody has said that the form may be published like that."""

    sentence = gettext_lazy("Some texts are not there in all three languages.")


def stamp_of(row: models.Model) -> str:
    """What a section or question says now, as a short text for a hidden field."""
    fields = _SECTION_FIELDS if isinstance(row, Section) else _QUESTION_FIELDS
    content = json.dumps([getattr(row, name) for name in fields], sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:24]


def _demand(by: Any, form: Form | Programme) -> None:
    if by is None:
        return
    subject = form if isinstance(form, Form) else Form(programme=form)
    if not by.has_perm("grants.manage_forms", subject):
        raise NotPermitted


def _draft(version_id: UUID, by: Any) -> FormVersion:
    """The version, locked: everybody who writes this form waits here."""
    version = FormVersion.objects.select_related("form").select_for_update(of=("self",)).get(pk=version_id)
    _demand(by, version.form)
    if version.status != FormStatus.DRAFT:
        raise FormIsPublished
    return version


def _section(section: Section, by: Any) -> Section:
    _draft(section.version_id, by)
    return Section.objects.get(pk=section.pk)


def _question(question: Question, by: Any) -> Question:
    version_id = Section.objects.values_list("version_id", flat=True).get(questions=question.pk)
    _draft(version_id, by)
    return Question.objects.select_related("section").get(pk=question.pk)


def _check_stamp(row: models.Model, stamp: str | None) -> None:
    if stamp is not None and stamp != stamp_of(row):
        raise StaleVersion


def _free_slug(wanted: str, taken: set[str], fallback: str, most: int) -> str:
    base = slugify(wanted)[: most - 4].strip("-_") or fallback
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


# ---- forms and versions ---------------------------------------------------------------------------------------------


@transaction.atomic
def create_form(*, programme: Programme, name: Mapping[str, str] | str, by: Any) -> FormVersion:
    """A new form of the programme; what comes back is its first version, an empty draft."""
    _demand(by, programme)
    texts = translated(name, most=120)
    if not texts:
        raise DomainError(_("Give the form a name."))
    form = Form.objects.create(programme=programme, name=texts)
    return FormVersion.objects.create(form=form, number=1)


@transaction.atomic
def new_version(*, form: Form, by: Any) -> FormVersion:
    """A draft that copies the latest published version; questions keep their short names, conditions find the copies.

    Raises:
        DraftExists: the form has a draft already.
    """
    form = Form.objects.select_for_update(of=("self",)).get(pk=form.pk)
    _demand(by, form)
    if form.versions.filter(status=FormStatus.DRAFT).exists():
        raise DraftExists
    latest = form.versions.filter(status=FormStatus.PUBLISHED).order_by("-number").first()
    number = (form.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = FormVersion.objects.create(form=form, number=number)
    if latest is not None:
        _copy(latest, version)
    return version


def _copy(source: FormVersion, target: FormVersion) -> None:
    copies: dict[UUID, Question] = {}
    for section in Section.objects.filter(version=source).order_by("position"):
        old_section = section.pk
        section.pk, section.version, section._state.adding = Section().pk, target, True
        section.save(force_insert=True)
        for question in Question.objects.filter(section=old_section).order_by("position"):
            old_question, parent = question.pk, question.show_if_id
            question.pk, question.section, question._state.adding = Question().pk, section, True
            question.show_if = copies[parent] if parent else None
            question.save(force_insert=True)
            copies[old_question] = question


@transaction.atomic
def publish_version(*, version: FormVersion, by: Any, without_translations: bool = False) -> FormVersion:
    """Fix the version for ever. Calls may then use it.

    Raises:
        FormNotReady: with every problem.
        MissingTranslations: texts are missing and `without_translations` was not given.
    """
    version = _draft(version.pk, by)
    tree = form_tree(version.pk)
    if found := problems(tree):
        raise FormNotReady(found)
    if not without_translations and (absent := missing_translations(tree)):
        raise MissingTranslations(absent)
    version.status, version.published_at, version.published_by = FormStatus.PUBLISHED, timezone.now(), by
    version.save(update_fields=["status", "published_at", "published_by"])
    return version


@transaction.atomic
def discard_draft(*, version: FormVersion, by: Any) -> None:
    """Throw a draft away; the form goes with it when it was the only version."""
    version = _draft(version.pk, by)
    form = version.form
    version.delete()
    if not form.versions.exists():
        form.delete()


# ---- sections -------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_section(
    *,
    version: FormVersion,
    title: Mapping[str, str],
    by: Any,
    intro: Mapping[str, str] | None = None,
    minutes: int = 5,
    slug: str = "",
) -> Section:
    """A new page at the end of the form."""
    version = _draft(version.pk, by)
    texts = translated(title, most=160)
    if not texts:
        raise DomainError(_("Give the section a title."))
    others = list(Section.objects.filter(version=version))
    if len(others) >= MOST_SECTIONS:
        raise DomainError(_("A form may have at most %(most)d sections.") % {"most": MOST_SECTIONS})
    position = max((section.position for section in others), default=0) + 1
    return Section.objects.create(
        version=version,
        position=position,
        slug=_free_slug(slug or texts.get("en", ""), {row.slug for row in others}, f"section-{position}", 60),
        title=texts,
        intro=translated(intro or {}, most=LONGEST_INTRO),
        minutes=_minutes(minutes),
    )


def _minutes(value: int) -> int:
    if not 0 <= value <= 240:
        raise DomainError(_("Expected minutes are a whole number from 0 to 240."))
    return value


@transaction.atomic
def update_section(
    *,
    section: Section,
    title: Mapping[str, str],
    by: Any,
    intro: Mapping[str, str] | None = None,
    minutes: int = 5,
    stamp: str | None = None,
) -> Section:
    """Rename a section, or change its introduction or its minutes."""
    section = _section(section, by)
    _check_stamp(section, stamp)
    section.title = translated(title, most=160)
    if not section.title:
        raise DomainError(_("Give the section a title."))
    section.intro = translated(intro or {}, most=LONGEST_INTRO)
    section.minutes = _minutes(minutes)
    section.save(update_fields=list(_SECTION_FIELDS))
    return section


@transaction.atomic
def move_section(*, section: Section, places: int, by: Any) -> Section:
    """Move a section up (-1) or down (1); at an end nothing happens."""
    section = _section(section, by)
    rows = list(Section.objects.filter(version=section.version_id).order_by("position"))
    _shift(rows, section, places)
    refuse_later_conditions(section.version_id)
    return section


@transaction.atomic
def remove_section(*, section: Section, by: Any) -> None:
    """Remove a section with its questions, unless a question elsewhere depends on one of them."""
    section = _section(section, by)
    slugs = section.questions.values_list("slug", flat=True)
    refuse_while_needed(dependants(section.version_id, slugs).exclude(section=section))
    section.delete()


def _shift(rows: list[Any], row: Any, places: int) -> None:
    """Number the rows from 1 with `row` moved; the unique positions are checked at the end of the transaction."""
    index = next(number for number, other in enumerate(rows) if other.pk == row.pk)
    moved = rows.pop(index)
    rows.insert(min(max(index + places, 0), len(rows)), moved)
    _renumber(rows)


def _renumber(rows: list[Any]) -> None:
    changed = []
    for number, row in enumerate(rows, start=1):
        if row.position != number:
            row.position = number
            changed.append(row)
    for row in changed:
        row.save(update_fields=["position"])


# ---- questions ------------------------------------------------------------------------------------------------------


def _fill(question: Question, *, tree: FormTree, fields: Mapping[str, Any]) -> None:
    """Put checked values into the question; what `fields` leaves out stays."""
    unknown = set(fields) - {*_QUESTION_FIELDS, "show_if"}
    if unknown:
        raise TypeError(f"not fields of a question: {sorted(unknown)}")
    kind = fields.get("kind", question.kind)
    if kind not in QuestionKind:
        raise DomainError(_("Choose what kind of question this is."))
    question.kind = kind
    question.label = translated(fields.get("label", question.label), most=LONGEST_LABEL)
    question.help = translated(fields.get("help", question.help), most=LONGEST_INTRO)
    if not question.label:
        raise DomainError(_("Write the question."))
    for name in ("required", "sensitive", "identifying"):
        setattr(question, name, bool(fields.get(name, getattr(question, name))))
    for name in ("word_limit", "character_limit"):
        value = fields.get(name, getattr(question, name))
        setattr(question, name, _limit(value) if kind in LIMITED else None)
    if kind in (QuestionKind.EXPLANATION, QuestionKind.ORGANIZATION):
        question.required = False
    question.settings = clean_settings(kind, fields.get("settings", question.settings))
    set_condition(question, tree, fields)


def _limit(value: Any) -> int | None:
    if value in (None, ""):
        return None
    number = int(value)
    if not 1 <= number <= 20_000:
        raise DomainError(_("A limit is a whole number from 1 to 20,000."))
    return number


@transaction.atomic
def add_question(
    *, section: Section, kind: str, label: Mapping[str, str], by: Any, slug: str = "", **fields: Any
) -> Question:
    """A new question at the end of the section. `fields` are those of the model: help, settings, show_if, …"""
    section = _section(section, by)
    tree = form_tree(section.version_id)
    if sum(1 for _question in tree.questions) >= MOST_QUESTIONS:
        raise DomainError(_("A form may have at most %(most)d questions.") % {"most": MOST_QUESTIONS})
    here = tree.section(section.slug).questions
    question = Question(section=section, position=max((node.position for node in here), default=0) + 1, kind=kind)
    texts = translated(label, most=LONGEST_LABEL)
    taken = {node.slug for node in tree.questions}
    fallback = f"{str(kind).replace('_', '-')}-{len(taken) + 1}"
    question.slug = _free_slug(slug or texts.get("en", "")[:60], taken, fallback, 80)
    _fill(question, tree=tree, fields={**fields, "kind": kind, "label": texts})
    question.save(force_insert=True)
    return question


@transaction.atomic
def update_question(*, question: Question, by: Any, stamp: str | None = None, **fields: Any) -> Question:
    """Change a question of a draft; what is not named stays as it is."""
    question = _question(question, by)
    _check_stamp(question, stamp)
    tree = form_tree(question.section.version_id)
    _fill(question, tree=tree, fields=fields)
    question.save(update_fields=[name.removesuffix("_id") for name in _QUESTION_FIELDS])
    return question


@transaction.atomic
def move_question(*, question: Question, by: Any, places: int = 0, section: Section | None = None) -> Question:
    """Move a question up (-1) or down (1) in its section, or to the end of another section of the same version."""
    question = _question(question, by)
    rows = list(Question.objects.filter(section=question.section).order_by("position"))
    if section is None or section.pk == question.section_id:
        _shift(rows, question, places)
    else:
        if section.version_id != question.section.version_id:
            raise DomainError(_("That section belongs to another version."))
        there = Question.objects.filter(section=section).aggregate(last=Max("position"))["last"] or 0
        version_id = question.section.version_id
        question.section, question.position = section, there + 1
        question.save(update_fields=["section", "position"])
        _renumber([row for row in rows if row.pk != question.pk])
        refuse_later_conditions(version_id)
        return question
    refuse_later_conditions(question.section.version_id)
    return question


@transaction.atomic
def remove_question(*, question: Question, by: Any) -> None:
    """Remove a question from a draft, unless another one depends on it."""
    question = _question(question, by)
    refuse_while_needed(dependants(question.section.version_id, [question.slug]))
    rows = [row for row in Question.objects.filter(section=question.section).order_by("position") if row != question]
    question.delete()
    _renumber(rows)
