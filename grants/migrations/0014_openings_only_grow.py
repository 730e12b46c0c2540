"""The database refuses to change or delete the record of an opening, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION grants_refuse_changed_opening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of an opening does not change' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER grants_opening_kept BEFORE DELETE OR UPDATE
    ON grants_opening FOR EACH ROW EXECUTE FUNCTION grants_refuse_changed_opening();
"""
BACKWARD = """
DROP TRIGGER grants_opening_kept ON grants_opening;
DROP FUNCTION grants_refuse_changed_opening();
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0013_openings")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
