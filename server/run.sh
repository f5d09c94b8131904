#!/usr/bin/env bash
# make run: install what is missing, build, make a development certificate, serve the sample congress.
# One line a step. The server itself starts the private PostgreSQL, migrates and loads the sample.
set -euo pipefail
cd "$(dirname "$0")/.."
user=${AMPHI_USER:-postgres}
log=build/run.log
mkdir -p build && : >"$log"

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

missing_packages() { # node and npm may come from elsewhere than Debian
    local package
    while read -r package; do
        case $package in nodejs) command -v node >/dev/null && continue ;; npm) command -v npm >/dev/null && continue ;; esac
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done <.packages
}

install_packages() {
    local sudo=() missing
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} -gt 0 ] || return 0
    [ "$(id -u)" -eq 0 ] || sudo=(sudo)
    "${sudo[@]}" apt-get update -q
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends "${missing[@]}"
}

ensure_packages() {
    local missing
    missing=$(missing_packages | xargs)
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; } ||
            fail "Please install the missing packages as root, then run make again:
  apt-get update && apt-get install -y --no-install-recommends $missing"
    fi
    step "packages installed" install_packages
}

# Where root's unprivileged user cannot enter the checkout, the program and its data live in a folder
# of their own for this checkout.
place() {
    if [ "$(id -u)" -ne 0 ] || setpriv --reuid="$user" --regid="$user" --clear-groups test -r Makefile 2>/dev/null; then
        program=$PWD
        export AMPHI_DATA=${AMPHI_DATA:-$PWD/var}
        return
    fi
    local home
    home=/var/lib/amphi/$(pwd -P | sha256sum | cut -c1-12)
    program=$home/program
    export AMPHI_DATA=${AMPHI_DATA:-$home/var}
    mkdir -p "$program" && chmod 755 /var/lib/amphi "$home" "$program"
    cp -r --parents build/release/amphi build/release/amphi-render web/dist migrations certs "$program"
    echo "This checkout is closed to user $user: program and data are in $home"
}

ensure_packages
step "server built" make -j"$(nproc)" all
step "web built" make web
step "certificate" make certs
place
if [ "$(id -u)" -eq 0 ]; then
    chgrp "$(id -g "$user")" "$program"/certs/*.pem && chmod 640 "$program"/certs/*.key.pem
fi
cd "$program"
exec build/release/amphi serve --sample
