"""What the owner makes, the application role may read and write, but never alter, own or empty at one stroke."""

from django.db import migrations

GRANT = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mainstay_app') AND current_user <> 'mainstay_app' THEN
        GRANT USAGE ON SCHEMA public TO mainstay_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO mainstay_app;
        GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO mainstay_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO mainstay_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO mainstay_app;
    END IF;
END
$$;
"""
REVOKE = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mainstay_app') AND current_user <> 'mainstay_app' THEN
        ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM mainstay_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM mainstay_app;
    END IF;
END
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    run_before = [("contenttypes", "0001_initial"), ("sessions", "0001_initial"), ("account", "0001_initial")]
    operations = [migrations.RunSQL(GRANT, REVOKE)]
