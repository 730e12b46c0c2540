"""Django's list of what administrators changed holds keys from now on; names that stand in it go."""

from typing import Any

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Left


def forget_names(apps: Any, _schema_editor: Any) -> None:
    entries = apps.get_model("admin", "LogEntry").objects
    entries.update(object_repr=Left(Coalesce(F("object_id"), Value("")), 200))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_periods_of_keeping"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [migrations.RunPython(forget_names, migrations.RunPython.noop, elidable=True)]
