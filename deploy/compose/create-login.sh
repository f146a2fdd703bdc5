#!/bin/sh
# Run once, when PostgreSQL makes its files. The proxy's login owns its database and is no superuser: a superuser sees through
# the wall that row-level security puts between tenants.
psql --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
create role colloquy login nosuperuser password :'password';
create database colloquy owner colloquy;
SQL
