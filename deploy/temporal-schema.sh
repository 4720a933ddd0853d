#!/bin/sh
# Brings Temporal's two databases up to date; nothing happens when they are. SQL_HOST and its like say where the server is.
set -eu

prepare() {
    database=$1
    schema=$2
    # Making them again fails, harmlessly; what matters is that the update at the end passes.
    temporal-sql-tool --database "$database" create || true
    temporal-sql-tool --database "$database" setup-schema --version 0.0 || true
    temporal-sql-tool --database "$database" update-schema --schema-name "postgresql/v12/$schema"
}

prepare temporal temporal
prepare temporal_visibility visibility
