"""The database refuses to change or delete what belongs to a published rubric version, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION reviews_refuse_published_rubric() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid;
BEGIN
    IF TG_TABLE_NAME = 'reviews_rubricanchor' THEN
        IF TG_OP = 'INSERT' THEN
            SELECT version_id INTO touched FROM reviews_rubriccriterion WHERE id = NEW.criterion_id;
        ELSE
            SELECT version_id INTO touched FROM reviews_rubriccriterion WHERE id = OLD.criterion_id;
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        touched := NEW.version_id;
    ELSE
        touched := OLD.version_id;
    END IF;
    IF EXISTS (SELECT FROM reviews_rubricversion WHERE id = touched AND status = 'published') THEN
        RAISE EXCEPTION 'a published rubric version does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER reviews_rubriccriterion_published BEFORE INSERT OR UPDATE OR DELETE ON reviews_rubriccriterion
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_published_rubric();
CREATE TRIGGER reviews_rubricanchor_published BEFORE INSERT OR UPDATE OR DELETE ON reviews_rubricanchor
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_published_rubric();
CREATE FUNCTION reviews_refuse_unpublishing_rubric() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'published' THEN
        RAISE EXCEPTION 'a published rubric version does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER reviews_rubricversion_published BEFORE UPDATE OR DELETE ON reviews_rubricversion
    FOR EACH ROW EXECUTE FUNCTION reviews_refuse_unpublishing_rubric();
"""
BACKWARD = """
DROP TRIGGER reviews_rubricversion_published ON reviews_rubricversion;
DROP TRIGGER reviews_rubricanchor_published ON reviews_rubricanchor;
DROP TRIGGER reviews_rubriccriterion_published ON reviews_rubriccriterion;
DROP FUNCTION reviews_refuse_unpublishing_rubric();
DROP FUNCTION reviews_refuse_published_rubric();
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0004_rubrics")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
