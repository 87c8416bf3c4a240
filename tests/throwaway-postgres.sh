#!/usr/bin/env bash
# A PostgreSQL of the tests' own. It prints the address of its superuser, obeys the lines `crash` and `start` (each answered
# with `done`), and when its standard input ends it stops and leaves nothing behind. It never touches another server.
set -euo pipefail

# Debian keeps the programs of each version apart and off the path; the newest is taken.
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$programs" ] || programs=$(dirname "$(command -v initdb)")

folder=$(mktemp -d "${TMPDIR:-/tmp}/throwaway-postgres.XXXXXX")
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

# The server refuses to be run by root.
as_user() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

server() {
    as_user "$programs/pg_ctl" --silent --wait --pgdata="$folder/data" --log="$folder/log" "$@" >&2 </dev/null
}

start() {
    server start --options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c max_connections=300"
}

clean_up() {
    server stop --mode=immediate || true
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

printf '%s' "$password" >"$folder/password"
if [ "$(id -u)" = 0 ]; then chown -R postgres: "$folder"; fi
as_user "$programs/initdb" --pgdata="$folder/data" --username=owner --pwfile="$folder/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }

# Another program may take a port between the choice and the start: choose again.
for attempt in 1 2 3 4 5 6 7 8 9 none; do
    [ "$attempt" != none ] || { cat "$folder/log" >&2; exit 1; }
    port=$((20000 + RANDOM % 20000))
    start && break
done

echo "postgres://owner:$password@127.0.0.1:$port/postgres"
while read -r line; do
    case $line in
        crash) server stop --mode=immediate ;;
        start) start ;;
    esac
    echo "done"
done
