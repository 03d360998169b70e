#!/bin/sh
# Redis for lists that the API's processes share, with a password (KPOP_REDIS_PASSWORD).
set -eu
: "${KPOP_REDIS_PASSWORD:?is not set}"
# By standard input: no password on a command line. What it holds is made anew at any time, so it
# may forget the oldest, and a copy of it each minute is enough.
exec redis-server - <<END
bind 0.0.0.0
dir /data
requirepass $KPOP_REDIS_PASSWORD
maxmemory 256mb
maxmemory-policy allkeys-lru
save 60 1
END
