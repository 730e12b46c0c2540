"""Seal titles and answers of restricted applications, and the answers everywhere that say how to reach somebody."""

import json

from django.db import migrations

from core.crypto import CannotOpen, open_sealed, seal
from core.sealed import Sealed

CONTACTS = ("email", "phone", "address")


def _answers(apps, **where):
    """Answers and their earlier texts, each with the id that its sealed text is bound to, and its organisation."""
    answer, revision = apps.get_model("grants.Answer"), apps.get_model("grants.AnswerRevision")
    for model, path in ((answer, ""), (revision, "answer__")):
        restricted = {f"{path}application__confidentiality": "restricted"}
        contact = {f"{path}question__kind__in": CONTACTS}
        rows = model.objects.filter(**restricted) | model.objects.filter(**contact)
        rows = rows.filter(**where).exclude(**{f"{path}question__kind": "file"})
        bound = f"{path}id" if path else "id"
        columns = ("pk", bound, f"{path}application__organization_id", "value", "sealed")
        for found in rows.values_list(*columns).iterator(500):
            yield model, *found


def forwards(apps, _editor):
    application = apps.get_model("grants.Application")
    table = application._meta.db_table
    for row in application.objects.filter(confidentiality="restricted").exclude(plain_title="").iterator(500):
        sealed = Sealed(seal(row.plain_title, subject=row.organization_id, context=f"{table}.sealed_title:{row.pk}"))
        application.objects.filter(pk=row.pk).update(plain_title="", sealed_title=sealed)
    for model, pk, bound, subject, value, _sealed in _answers(apps, value__isnull=False):
        sealed = seal(json.dumps(value, ensure_ascii=False), subject=subject, context=f"answer:{bound}")
        model.objects.filter(pk=pk).update(value=None, sealed=sealed)


def backwards(apps, _editor):
    """Titles alone: what an answer says can be read sealed as well by the version before."""
    application = apps.get_model("grants.Application")
    table = application._meta.db_table
    rows = application.objects.filter(confidentiality="restricted").values_list("pk", "organization_id", "sealed_title")
    for pk, subject, sealed in rows.iterator(500):
        if not sealed:
            continue
        try:
            title = open_sealed(bytes(sealed), subject=subject, context=f"{table}.sealed_title:{pk}")
        except CannotOpen:
            title = ""
        application.objects.filter(pk=pk).update(plain_title=title, sealed_title=Sealed())


class Migration(migrations.Migration):
    dependencies = [("grants", "0018_place_for_sealed_titles")]

    operations = [migrations.RunPython(forwards, backwards, elidable=True)]
