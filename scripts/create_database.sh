#!/bin/sh
# Makes the two roles and the database, as a superuser of PostgreSQL; safe to run again. The container of PostgreSQL
# runs it on its first start; by hand: OWNER_PASSWORD=… APP_PASSWORD=… PGHOST=… PGUSER=postgres scripts/create_database.sh
set -eu
: "${OWNER_PASSWORD:?}" "${APP_PASSWORD:?}"
export PGUSER="${PGUSER:-${POSTGRES_USER:-postgres}}"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname postgres \
    --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
SELECT 'CREATE ROLE mainstay_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mainstay_owner') \gexec
SELECT 'CREATE ROLE mainstay_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mainstay_app') \gexec
ALTER ROLE mainstay_owner LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'owner_password';
ALTER ROLE mainstay_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'app_password';
-- The type of characters is what trigrams are made of: with plain C, search knows no Arabic and no Hebrew letters.
SELECT 'CREATE DATABASE mainstay OWNER mainstay_owner TEMPLATE template0 LC_CTYPE ''C.UTF-8'''
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'mainstay') \gexec
REVOKE ALL ON DATABASE mainstay FROM PUBLIC;
GRANT CONNECT ON DATABASE mainstay TO mainstay_app;
SQL
