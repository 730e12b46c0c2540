"""The plain texts go."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("grants", "0016_seal_texts")]

    operations = [
        migrations.RemoveField("attachment", "plain_file_name"),
        migrations.RemoveField("message", "plain_body"),
        migrations.RemoveField("informationrequest", "plain_text"),
        migrations.RemoveField("informationrequest", "plain_answer_text"),
        migrations.RemoveField("budgetline", "plain_description"),
    ]
