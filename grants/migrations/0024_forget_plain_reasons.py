"""The plain words go. What may not change of a fund's entry names the sealed note instead of the plain one."""

from django.db import migrations


# As 0012 made it.
KEPT = """
CREATE TRIGGER grants_fundentry_kept
    BEFORE DELETE OR UPDATE OF fund_id, kind, amount, "on", {note}, application_id, decision, recorded_by_id, once
    ON grants_fundentry FOR EACH ROW EXECUTE FUNCTION grants_refuse_changed_entry();
"""
GONE = "DROP TRIGGER grants_fundentry_kept ON grants_fundentry;"


class Migration(migrations.Migration):
    dependencies = [("grants", "0023_seal_reasons")]

    operations = [
        migrations.RunSQL(GONE, KEPT.format(note="plain_note")),
        migrations.RemoveField("applicationevent", "plain_reason"),
        migrations.RemoveField("fundentry", "plain_note"),
        migrations.RemoveField("opening", "plain_reason"),
        migrations.RemoveField("recusal", "plain_note"),
        migrations.RunSQL(KEPT.format(note="note"), GONE),
    ]
