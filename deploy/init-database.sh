#!/bin/sh
# Makes Storyreel's database and its two roles: the schema's owner, and the application, which is no superuser and owns nothing,
# so that row security holds for it. Runs once, as the server's administrator, while an empty server sets itself up.
set -eu

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set owner_password="$STORYREEL_OWNER_PASSWORD" --set app_password="$STORYREEL_APP_PASSWORD" <<'SQL'
create role storyreel login nosuperuser nocreatedb nocreaterole nobypassrls password :'owner_password';
create role storyreel_app login nosuperuser nocreatedb nocreaterole nobypassrls password :'app_password';
create database storyreel owner storyreel;
revoke all on database storyreel from public;
grant connect, temporary on database storyreel to storyreel, storyreel_app;
\connect storyreel
create extension if not exists vector;
alter default privileges for role storyreel grant usage on schemas to storyreel_app;
alter default privileges for role storyreel grant select, insert, update, delete on tables to storyreel_app;
alter default privileges for role storyreel grant usage, select on sequences to storyreel_app;
SQL
