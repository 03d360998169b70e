#!/bin/sh
# PostgreSQL for Dagster's records, of one user with a password (KPOP_POSTGRES_PASSWORD).
set -eu
programs=$(echo /usr/lib/postgresql/*/bin)
if [ ! -s /data/base/PG_VERSION ]; then
    : "${KPOP_POSTGRES_PASSWORD:?is not set}"
    rm -rf /data/base.new
    umask 077
    # From a file: no password on a command line, which every process of a machine may read.
    printf '%s' "$KPOP_POSTGRES_PASSWORD" > /tmp/password
    "$programs/initdb" -D /data/base.new -U kpop -A scram-sha-256 --pwfile=/tmp/password >/dev/null
    rm /tmp/password
    echo 'host all all all scram-sha-256' >> /data/base.new/pg_hba.conf
    # Whole or not at all: a start that was killed begins anew.
    mv /data/base.new /data/base
fi
exec "$programs/postgres" -D /data/base -c listen_addresses='*' -k /tmp
