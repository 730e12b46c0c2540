"""The database refuses to change or delete what belongs to a published form version, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION grants_refuse_published_form() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version_status text;
    section_version uuid;
BEGIN
    IF TG_TABLE_NAME = 'grants_question' THEN
        IF TG_OP = 'INSERT' THEN
            SELECT version_id INTO section_version FROM grants_section WHERE id = NEW.section_id;
        ELSE
            SELECT version_id INTO section_version FROM grants_section WHERE id = OLD.section_id;
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        section_version := NEW.version_id;
    ELSE
        section_version := OLD.version_id;
    END IF;
    SELECT status INTO version_status FROM grants_formversion WHERE id = section_version;
    IF version_status = 'published' THEN
        RAISE EXCEPTION 'a published form version does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER grants_question_published BEFORE INSERT OR UPDATE OR DELETE ON grants_question
    FOR EACH ROW EXECUTE FUNCTION grants_refuse_published_form();
CREATE TRIGGER grants_section_published BEFORE INSERT OR UPDATE OR DELETE ON grants_section
    FOR EACH ROW EXECUTE FUNCTION grants_refuse_published_form();
CREATE FUNCTION grants_refuse_unpublishing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'published' THEN
        RAISE EXCEPTION 'a published form version does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER grants_formversion_published BEFORE UPDATE ON grants_formversion
    FOR EACH ROW EXECUTE FUNCTION grants_refuse_unpublishing();
"""
BACKWARD = """
DROP TRIGGER grants_formversion_published ON grants_formversion;
DROP TRIGGER grants_section_published ON grants_section;
DROP TRIGGER grants_question_published ON grants_question;
DROP FUNCTION grants_refuse_unpublishing();
DROP FUNCTION grants_refuse_published_form();
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
