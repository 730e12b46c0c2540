"""The database refuses to ask, to name or to put in the lead whoever has a conflict of interest, whoever tries."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION grants_refuse_recused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'grants_application' THEN
        PERFORM FROM grants_recusal WHERE application_id = NEW.id AND user_id = NEW.officer_id;
    ELSE
        PERFORM FROM grants_recusal WHERE application_id = NEW.application_id AND user_id = NEW.user_id;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'this person has a conflict of interest with this application'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER grants_assignment_recused BEFORE INSERT OR UPDATE ON grants_assignment
    FOR EACH ROW WHEN (NEW.ended_at IS NULL) EXECUTE FUNCTION grants_refuse_recused();
CREATE TRIGGER grants_namedreader_recused BEFORE INSERT OR UPDATE ON grants_namedreader
    FOR EACH ROW EXECUTE FUNCTION grants_refuse_recused();
CREATE TRIGGER grants_application_recused BEFORE UPDATE OF officer_id ON grants_application
    FOR EACH ROW WHEN (NEW.officer_id IS NOT NULL AND NEW.officer_id IS DISTINCT FROM OLD.officer_id)
    EXECUTE FUNCTION grants_refuse_recused();
"""
BACKWARD = """
DROP TRIGGER grants_application_recused ON grants_application;
DROP TRIGGER grants_namedreader_recused ON grants_namedreader;
DROP TRIGGER grants_assignment_recused ON grants_assignment;
DROP FUNCTION grants_refuse_recused();
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0008_conflicts_and_assignments")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
