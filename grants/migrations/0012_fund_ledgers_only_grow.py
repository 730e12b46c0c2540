"""The database refuses to change or delete an entry of a fund, whoever asks. `created_at` is no part of what it says."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION grants_refuse_changed_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an entry of a fund does not change' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER grants_fundentry_kept
    BEFORE DELETE OR UPDATE OF fund_id, kind, amount, "on", note, application_id, decision, recorded_by_id, once
    ON grants_fundentry FOR EACH ROW EXECUTE FUNCTION grants_refuse_changed_entry();
"""
BACKWARD = """
DROP TRIGGER grants_fundentry_kept ON grants_fundentry;
DROP FUNCTION grants_refuse_changed_entry();
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0011_funds")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
