"""The audit: a table that a trigger fills and nobody changes, and the chain over it (docs/decisions/0005-audit.md).

The triggers on the tables of the apps are no part of this: `core.audit_triggers` puts them there after each `migrate`.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

TABLES = """
CREATE TABLE core_auditentry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    transaction bigint NOT NULL,
    label text NOT NULL,
    row_key text NOT NULL,
    operation text NOT NULL CHECK (operation IN ('insert', 'update', 'delete')),
    before jsonb,
    after jsonb,
    withheld text[],
    about uuid,
    also uuid,
    actor uuid,
    page text NOT NULL,
    request text NOT NULL
);
CREATE INDEX core_auditentry_about ON core_auditentry (about, id) WHERE about IS NOT NULL;
CREATE INDEX core_auditentry_also ON core_auditentry (also, id) WHERE also IS NOT NULL;
CREATE INDEX core_auditentry_actor ON core_auditentry (actor, id) WHERE actor IS NOT NULL;
CREATE INDEX core_auditentry_label ON core_auditentry (label, id);
CREATE INDEX core_auditentry_at ON core_auditentry USING brin (at) WITH (autosummarize = on);

CREATE TABLE core_auditseal (
    id bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    horizon bigint NOT NULL,
    floor bigint NOT NULL,
    last_id bigint NOT NULL,
    entries bigint[] NOT NULL,
    digests bytea NOT NULL,
    previous bytea NOT NULL,
    digest bytea NOT NULL UNIQUE
);
CREATE INDEX core_auditseal_last ON core_auditseal (last_id);

CREATE FUNCTION core_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit only grows' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER core_audit_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON core_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse();
CREATE TRIGGER core_audit_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON core_auditseal
    FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse();
ALTER TABLE core_auditentry ENABLE ALWAYS TRIGGER core_audit_grows;
ALTER TABLE core_auditseal ENABLE ALWAYS TRIGGER core_audit_grows;
"""

# Arguments of a trigger: label of the model, column of the key, columns whose values are told (of any other, one that is new or was
# renamed too, only that it changed), columns not watched, events, then for `about` and for `also` a column and, where the row only leads to the object, the statement that finds it.
WRITE = r"""
CREATE FUNCTION core_audit_write() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    open_ text[] := TG_ARGV[2]::text[];
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
         nullif(told[1], '-')::uuid, coalesce(nullif(told[2], '-'), ''), coalesce(nullif(told[3], '-'), ''));
    RETURN NULL;
END
$$;
"""

# A link takes every entry that is there and in no link yet. Entries of a transaction that ended late have lower numbers
# than some that are sealed; at and below `floor` nothing can appear any more. It is the highest entry of an earlier link
# whose `horizon` lies behind: every transaction that had begun when that link was made was over when this one looked.
SEAL = """
CREATE FUNCTION core_audit_line(entry core_auditentry) RETURNS text LANGUAGE sql STABLE
    SET search_path = pg_catalog, public AS $$
    SELECT jsonb_build_array(
        entry.id, (extract(epoch FROM entry.at) * 1000000)::bigint, entry.transaction, entry.label, entry.row_key,
        entry.operation, entry.before, entry.after, to_jsonb(entry.withheld), entry.about, entry.also, entry.actor,
        entry.page, entry.request)::text
$$;

CREATE FUNCTION core_audit_seal(most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    last core_auditseal;
    oldest bigint;
    made core_auditseal;
BEGIN
    LOCK TABLE core_auditseal IN EXCLUSIVE MODE;
    SELECT * INTO last FROM core_auditseal ORDER BY id DESC LIMIT 1;
    last.floor := coalesce(last.floor, 0);
    -- One statement, so that what it says of transactions and the entries are of one snapshot.
    SELECT array_agg(id ORDER BY id), string_agg(line, ''::bytea ORDER BY id),
           pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_snapshot_xmin(pg_current_snapshot())::text::bigint
      INTO made.entries, made.digests, made.horizon, oldest
      FROM (
        SELECT entry.id, sha256(convert_to(core_audit_line(entry), 'UTF8')) AS line
          FROM core_auditentry entry
         WHERE entry.id > last.floor AND NOT EXISTS (
            SELECT FROM core_auditseal seal WHERE seal.last_id > last.floor AND entry.id = ANY (seal.entries))
         ORDER BY entry.id LIMIT most
      ) open_entries;
    IF made.entries IS NULL THEN
        RETURN 0;
    END IF;
    made.id := coalesce(last.id, 0) + 1;
    made.at := clock_timestamp();
    made.last_id := greatest(last.last_id, made.entries[array_upper(made.entries, 1)]);
    SELECT last_id INTO made.floor FROM core_auditseal WHERE horizon <= oldest ORDER BY id DESC LIMIT 1;
    -- A full link may have left some for the next, all of them above its own.
    made.floor := greatest(last.floor, CASE WHEN array_length(made.entries, 1) < most THEN made.floor
        ELSE least(made.floor, made.entries[array_upper(made.entries, 1)]) END);
    made.previous := coalesce(last.digest, ''::bytea);
    made.digest := sha256(made.previous || convert_to(
        concat_ws('|', made.id, (extract(epoch FROM made.at) * 1000000)::bigint, made.horizon, made.floor,
                  made.last_id, array_to_string(made.entries, ',')) || '|', 'UTF8') || made.digests);
    INSERT INTO core_auditseal SELECT (made).*;
    RETURN array_length(made.entries, 1);
END
$$;
REVOKE ALL ON FUNCTION core_audit_write(), core_audit_seal(integer), core_audit_line(core_auditentry) FROM PUBLIC;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mainstay_app') AND current_user <> 'mainstay_app' THEN
        REVOKE ALL ON core_auditentry, core_auditseal FROM mainstay_app;
        REVOKE ALL ON SEQUENCE core_auditentry_id_seq FROM mainstay_app;
        GRANT SELECT ON core_auditentry, core_auditseal TO mainstay_app;
        GRANT EXECUTE ON FUNCTION core_audit_seal(integer) TO mainstay_app;
    END IF;
END
$$;
"""
BACKWARD = """
DROP FUNCTION core_audit_write() CASCADE;
DROP FUNCTION core_audit_seal(integer);
DROP FUNCTION core_audit_line(core_auditentry);
DROP TABLE core_auditentry, core_auditseal;
DROP FUNCTION core_audit_refuse();
"""

ENTRY = [
    ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
    ("at", models.DateTimeField(verbose_name="when")),
    ("transaction", models.BigIntegerField(verbose_name="transaction")),
    ("label", models.TextField(verbose_name="kind of record")),
    ("row_key", models.TextField(verbose_name="record")),
    (
        "operation",
        models.TextField(
            choices=[("insert", "Made"), ("update", "Changed"), ("delete", "Deleted")], verbose_name="what"
        ),
    ),
    ("before", models.JSONField(null=True, verbose_name="before")),
    ("after", models.JSONField(null=True, verbose_name="after")),
    (
        "withheld",
        django.contrib.postgres.fields.ArrayField(
            base_field=models.TextField(), null=True, size=None, verbose_name="changed without its words"
        ),
    ),
    ("about", models.UUIDField(null=True, verbose_name="belongs to")),
    ("also", models.UUIDField(null=True, verbose_name="tells of")),
    ("actor", models.UUIDField(null=True, verbose_name="who")),
    ("page", models.TextField(blank=True, verbose_name="page")),
    ("request", models.TextField(blank=True, verbose_name="request")),
]
LINK = [
    ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
    ("at", models.DateTimeField(verbose_name="sealed at")),
    ("horizon", models.BigIntegerField(verbose_name="horizon")),
    ("floor", models.BigIntegerField(verbose_name="complete up to")),
    ("last_id", models.BigIntegerField(verbose_name="highest entry")),
    (
        "entries",
        django.contrib.postgres.fields.ArrayField(
            base_field=models.BigIntegerField(), size=None, verbose_name="entries"
        ),
    ),
    ("digests", models.BinaryField(verbose_name="digests of the entries")),
    ("previous", models.BinaryField(verbose_name="digest before")),
    ("digest", models.BinaryField(verbose_name="digest")),
]


class Migration(migrations.Migration):
    dependencies = [("core", "0003_keys_and_outbox")]
    operations = [
        migrations.RunSQL(TABLES + WRITE + SEAL, BACKWARD),
        migrations.CreateModel(
            name="AuditEntry",
            fields=ENTRY,
            options={
                "verbose_name": "change of a record",
                "verbose_name_plural": "changes of records",
                "db_table": "core_auditentry",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=LINK,
            options={
                "verbose_name": "link of the audit's chain",
                "verbose_name_plural": "links of the audit's chain",
                "db_table": "core_auditseal",
                "managed": False,
            },
        ),
    ]
