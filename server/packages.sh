#!/usr/bin/env bash
# Installs the Debian packages of .packages that are missing: as root, or with sudo; without either it
# prints the exact command and fails. Prints nothing when all is there.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."

missing_packages() { # node and npm may come from elsewhere than Debian
    local package
    while read -r package; do
        case $package in nodejs) command -v node >/dev/null && continue ;; npm) command -v npm >/dev/null && continue ;; esac
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done <.packages
}

mapfile -t missing < <(missing_packages)
[ ${#missing[@]} -gt 0 ] || exit 0
sudo=()
if [ "$(id -u)" -ne 0 ]; then
    sudo=(sudo)
    if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; then
        echo "Please install the missing packages as root, then run make again:
  apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
fi
begin=$EPOCHREALTIME
out=$(mktemp)
trap 'rm -f "$out"' EXIT
if ! { "${sudo[@]}" apt-get update -q && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -yq --no-install-recommends "${missing[@]}"; } >"$out" 2>&1 </dev/null; then
    tail -n 20 "$out" >&2
    exit 1
fi
awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%-28s %6.1f s\n", "packages installed", b - a }'
