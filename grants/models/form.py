"""Application forms: sections of questions, versioned. A published version never changes: a trigger agrees."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Programme
from core.models import Row
from core.translated import TranslatedField
from grants.choices import FormStatus, QuestionKind


class Form(Row):
    """A form of a programme; its questions are in its versions."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="forms", verbose_name=_("programme")
    )
    name = TranslatedField(_("name"))

    class Meta:
        verbose_name = _("application form")
        verbose_name_plural = _("application forms")

    def __str__(self) -> str:
        return str(self.name)


class FormVersion(Row):
    """One version: a draft while it is written, then published for ever."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions", verbose_name=_("form"))
    number = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(_("status"), max_length=10, choices=FormStatus, default=FormStatus.DRAFT)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("published by"),
    )

    class Meta:
        verbose_name = _("form version")
        verbose_name_plural = _("form versions")
        ordering = ["form", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="form_version_number_once"),
            models.UniqueConstraint(
                fields=["form"], condition=models.Q(status="draft"), name="form_has_one_draft_version"
            ),
            models.CheckConstraint(
                name="form_version_published_at_when_published",
                condition=models.Q(status="draft", published_at__isnull=True)
                | models.Q(status="published", published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} v{self.number}"


class Section(Row):
    """One page of the form."""

    version = models.ForeignKey(
        FormVersion, on_delete=models.CASCADE, related_name="sections", verbose_name=_("form version")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    slug = models.SlugField(_("short name"), max_length=60)
    title = TranslatedField(_("title"))
    intro = TranslatedField(_("introduction"), multiline=True)
    minutes = models.PositiveSmallIntegerField(_("expected minutes"), default=5)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="section_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["version", "slug"], name="section_slug_once"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Question(Row):
    """One question of any kind of `QuestionKind`.

    `settings` holds what only some kinds have:
        choice, choices: {"options": [{"key", "label": {en, ar, he}}], "other": bool}
        yes_no:          {"follow_up": {en, ar, he}, "follow_up_when": true or false}
        number:          {"min", "max" (decimal strings), "places": int}
        money:           {"min", "max" (decimal strings), "currency": code or "" for the application's}
        date, month:     {"past": bool, "future": bool}
        file:            {"most": int}
        table:           {"columns": [{"key", "kind": one of TABLE_KINDS, "label": {…}, "required": bool}],
                          "min_rows": int, "max_rows": int, "total": column key or ""};
                         a column of kind choice has {"options": [{"key", "label"}]} as well
        organization:    {"field": attribute of the organisation}
    `show_if` is a question of the same version asked earlier; `show_if_operator` is "is", "is_not" or "contains", and
    `show_if_value` one answer or several with commas between. `show_also` holds further conditions,
    [{"question": short name, "operator", "values": […]}], and `show_match` says whether all or any must hold.
    """

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="questions", verbose_name=_("section"))
    position = models.PositiveSmallIntegerField(_("position"))
    # Stable across versions: answers are copied and compared by it.
    slug = models.SlugField(_("short name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=16, choices=QuestionKind)
    label = TranslatedField(_("question"), multiline=True)
    help = TranslatedField(_("help"), multiline=True)
    required = models.BooleanField(_("must be answered"), default=True)
    word_limit = models.PositiveIntegerField(_("most words"), null=True, blank=True)
    character_limit = models.PositiveIntegerField(_("most characters"), null=True, blank=True)
    sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_("Encrypted where it is stored, never searched, hidden from blind reviewers."),
    )
    identifying = models.BooleanField(_("identifying"), default=False, help_text=_("Hidden from blind reviewers."))
    settings = models.JSONField(_("settings"), default=dict, blank=True)
    show_if = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="dependants",
        verbose_name=_("shown when"),
    )
    show_if_operator = models.CharField(
        _("comparison"),
        max_length=8,
        blank=True,
        choices=[("is", _("is")), ("is_not", _("is not")), ("contains", _("contains"))],
    )
    show_if_value = models.CharField(_("value"), max_length=1000, blank=True)
    show_also = models.JSONField(_("further conditions"), default=list, blank=True)
    show_match = models.CharField(
        _("how conditions combine"),
        max_length=3,
        default="all",
        choices=[("all", _("all of them")), ("any", _("any one of them"))],
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["section__position", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "position"],
                name="question_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="question_condition_whole",
                condition=models.Q(show_if__isnull=True) | ~models.Q(show_if_operator=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)
