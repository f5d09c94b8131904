#!/usr/bin/env bash
# make run: install what is missing, build, make a development certificate, serve the sample congress.
# One line a step. The server itself starts the private PostgreSQL, migrates and loads the sample.
# make speaker is `server/run.sh speaker`: the sample's synthetic speaker, beside make run.
# make cluster is `server/run.sh cluster`: server/cluster.sh instead of one server.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."
user=${AMPHI_USER:-postgres}
log=build/run.log

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

step() { # step NAME COMMAND…: runs quietly, prints the time; on failure the end of what it printed
    local name=$1 begin=$EPOCHREALTIME
    shift
    if ! "$@" >>"$log" 2>&1 </dev/null; then
        tail -n 30 "$log" >&2
        fail "$name failed; the whole output is in $log"
    fi
    awk -v n="$name" -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%-28s %6.1f s\n", n, b - a }'
}

# Where root's unprivileged user cannot enter the checkout, the program and its data live in a folder
# of their own for this checkout.
place() {
    if [ "$(id -u)" -ne 0 ] || setpriv --reuid="$user" --regid="$user" --clear-groups test -r "$PWD/Makefile" 2>/dev/null; then
        program=$PWD
        export AMPHI_DATA=${AMPHI_DATA:-$PWD/var}
        return
    fi
    local home
    home=/var/lib/amphi/$(pwd -P | sha256sum | cut -c1-12)
    program=$home/program
    export AMPHI_DATA=${AMPHI_DATA:-$home/var}
}

copy() {
    [ "$program" = "$PWD" ] && return
    rm -rf "$program"
    mkdir -p "$program" && chmod 755 /var/lib/amphi "$(dirname "$program")" "$program"
    cp -r --parents build/release/amphi build/release/amphi-render web/dist migrations sample certs "$program"
    echo "This checkout is closed to user $user: program and data are in $(dirname "$program")"
}

if [ "${1:-}" = speaker ]; then
    [ -x build/release/amphi ] && [ -d web/node_modules/ws ] || fail "make run comes first: this plays into what it serves"
    place
    speaker=$PWD/sample/speaker.mjs
    cd "$program"
    exec node "$speaker" build/release/amphi
fi

mkdir -p build && : >"$log"

[ "${1:-}" = cluster ] && also=(nats-server haproxy) || also=()
server/packages.sh "${also[@]}"
step "server built" make -j"$(nproc)" all
step "web built" make web
step "certificate" make certs
place
copy
if [ "$(id -u)" -eq 0 ]; then
    chgrp "$(id -g "$user")" "$program"/certs/*.pem && chmod 640 "$program"/certs/*.key.pem
fi
cluster=$PWD/server/cluster.sh
cd "$program"
[ "${1:-}" != cluster ] || exec "$cluster"
exec build/release/amphi serve --sample
