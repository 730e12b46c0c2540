"""One Django group for each role; the rows of Role are the truth and the groups mirror them."""

from django.db import migrations

NAMES = ("applicant", "reviewer", "officer", "director", "finance", "auditor", "admin")


def add_groups(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in NAMES:
        group.objects.get_or_create(name=name)


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=NAMES).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(add_groups, remove_groups)]
