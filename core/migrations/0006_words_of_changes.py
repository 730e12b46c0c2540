"""What personal columns said goes to the audit too, sealed: it waits without rights for a minute until somebody who has
the keys comes by (docs/decisions/0005-audit.md).
"""

from importlib import import_module

from django.db import migrations, models

WAITING = """
CREATE TABLE core_auditpending (
    entry_id bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    about uuid NOT NULL,
    before jsonb,
    after jsonb
);
CREATE INDEX core_auditpending_about ON core_auditpending (about);
CREATE INDEX core_auditentry_words ON core_auditentry (row_key) WHERE label = 'core.AuditWords';

-- What waited for the entry is replaced, in the same transaction, by an entry that holds it sealed. False when it waits
-- no more: somebody else was there before, or its key was destroyed.
CREATE FUNCTION core_audit_keep(entry bigint, words jsonb) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    DELETE FROM core_auditpending WHERE entry_id = entry;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO core_auditentry (at, transaction, label, row_key, operation, after, page, request)
    VALUES (clock_timestamp(), pg_current_xact_id()::text::bigint, 'core.AuditWords', entry::text, 'insert', words, '', '');
    RETURN true;
END
$$;

CREATE FUNCTION core_audit_forget(subject uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    gone integer;
BEGIN
    DELETE FROM core_auditpending WHERE about = subject;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END
$$;
REVOKE ALL ON FUNCTION core_audit_keep(bigint, jsonb), core_audit_forget(uuid) FROM PUBLIC;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mainstay_app') AND current_user <> 'mainstay_app' THEN
        REVOKE ALL ON core_auditpending FROM mainstay_app;
        GRANT SELECT ON core_auditpending TO mainstay_app;
        GRANT EXECUTE ON FUNCTION core_audit_keep(bigint, jsonb), core_audit_forget(uuid) TO mainstay_app;
    END IF;
END
$$;
"""

# The arguments of a trigger as before (0004), and one more at the end: columns whose words wait to be sealed.
WRITE = r"""
CREATE OR REPLACE FUNCTION core_audit_write() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    open_ text[] := TG_ARGV[2]::text[];
    kept_ text[] := coalesce(TG_ARGV[9]::text[], '{}');
    entry_ bigint;
    was jsonb;
    is_now jsonb;
    row_ jsonb;
    had jsonb;
    has jsonb;
    hidden text[];
    about_ uuid;
    also_ uuid;
    -- Who, page and request stand in a comment before the statement that the application sent.
    told text[] := string_to_array(
        substring(left(current_query(), 400) FROM '^/\*mainstay ([^*]*)\*/'), ' ');
BEGIN
    IF TG_OP = 'UPDATE' THEN
        was := to_jsonb(OLD) - TG_ARGV[3]::text[];
        is_now := to_jsonb(NEW) - TG_ARGV[3]::text[];
        IF was = is_now THEN
            RETURN NULL;
        END IF;
        row_ := is_now;
        SELECT jsonb_object_agg(key, o.value) FILTER (WHERE key = ANY (open_)),
               jsonb_object_agg(key, n.value) FILTER (WHERE key = ANY (open_)),
               array_agg(key ORDER BY key) FILTER (WHERE key <> ALL (open_))
          INTO had, has, hidden
          FROM jsonb_each(was) o JOIN jsonb_each(is_now) n USING (key)
         WHERE o.value IS DISTINCT FROM n.value;
    ELSE
        row_ := CASE TG_OP WHEN 'INSERT' THEN to_jsonb(NEW) ELSE to_jsonb(OLD) END - TG_ARGV[3]::text[];
        SELECT array_agg(key ORDER BY key) INTO hidden FROM jsonb_each(row_ - open_)
         WHERE value NOT IN ('null', '""', '{}', '[]');
        IF TG_OP = 'INSERT' THEN
            has := row_ - coalesce((SELECT array_agg(key) FROM jsonb_object_keys(row_ - open_) key), '{}');
        ELSE
            had := row_ - coalesce((SELECT array_agg(key) FROM jsonb_object_keys(row_ - open_) key), '{}');
        END IF;
    END IF;
    about_ := nullif(row_ ->> TG_ARGV[5], '')::uuid;
    IF TG_ARGV[6] <> '' AND about_ IS NOT NULL THEN
        EXECUTE TG_ARGV[6] INTO about_ USING about_;
    END IF;
    also_ := nullif(row_ ->> TG_ARGV[7], '')::uuid;
    IF TG_ARGV[8] <> '' AND also_ IS NOT NULL THEN
        EXECUTE TG_ARGV[8] INTO also_ USING also_;
    END IF;
    INSERT INTO public.core_auditentry
        (at, transaction, label, row_key, operation, before, after, withheld, about, also, actor, page, request)
    VALUES
        (clock_timestamp(), pg_current_xact_id()::text::bigint, TG_ARGV[0], coalesce(row_ ->> TG_ARGV[1], ''),
         lower(TG_OP), had, has, hidden, about_, also_,
         nullif(told[1], '-')::uuid, coalesce(nullif(told[2], '-'), ''), coalesce(nullif(told[3], '-'), ''))
    RETURNING id INTO entry_;
    IF about_ IS NOT NULL AND hidden && kept_ THEN
        INSERT INTO public.core_auditpending (entry_id, at, about, before, after)
        SELECT entry_, clock_timestamp(), about_,
               jsonb_object_agg(key, coalesce(was, row_) -> key) FILTER (WHERE TG_OP <> 'INSERT'),
               jsonb_object_agg(key, row_ -> key) FILTER (WHERE TG_OP <> 'DELETE')
          FROM unnest(hidden) key WHERE key = ANY (kept_);
    END IF;
    RETURN NULL;
END
$$;
"""

WRITE_BEFORE = import_module("core.migrations.0004_audit").WRITE.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
BACKWARD = (
    WRITE_BEFORE
    + """
DROP FUNCTION core_audit_keep(bigint, jsonb);
DROP FUNCTION core_audit_forget(uuid);
DROP TABLE core_auditpending;
DROP INDEX core_auditentry_words;
"""
)


class Migration(migrations.Migration):
    dependencies = [("core", "0005_failed_tasks")]
    operations = [
        migrations.RunSQL(WAITING + WRITE, BACKWARD),
        migrations.CreateModel(
            name="AuditPending",
            fields=[
                ("entry_id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="when")),
                ("about", models.UUIDField(verbose_name="belongs to")),
                ("before", models.JSONField(null=True, verbose_name="before")),
                ("after", models.JSONField(null=True, verbose_name="after")),
            ],
            options={
                "verbose_name": "words of a change that wait to be sealed",
                "verbose_name_plural": "words of changes that wait to be sealed",
                "db_table": "core_auditpending",
                "managed": False,
            },
        ),
    ]
