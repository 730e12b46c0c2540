"""The plain texts go."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_seal_texts")]

    operations = [
        migrations.RemoveField("document", "plain_file_name"),
        migrations.RemoveField("document", "plain_title"),
        migrations.RemoveField("person", "plain_name"),
        migrations.RemoveField("person", "plain_title"),
        migrations.RemoveField("person", "plain_email"),
        migrations.RemoveField("person", "plain_phone"),
    ]
