#!/usr/bin/env bash
# Installs the Debian packages of .packages that are missing, and brings those that are older than what this
# machine's package lists offer (security updates) to that version: as root, or with sudo. Without either it
# prints the exact command; it fails for missing packages only. Prints nothing when all is there.
#   server/packages.sh            by the lists as they are: asks the network only when there is something to do
#   server/packages.sh --upgrade  fetches the lists first: for a scheduled run on a server
#   server/packages.sh PACKAGE…   these too, unless their programs come from elsewhere
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin
upgrade=false
[ "${1:-}" != --upgrade ] || { upgrade=true && shift; }
also=("$@")

wanted_packages() { # node, npm and what is asked for besides may come from elsewhere than Debian
    local package installed
    installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' 2>/dev/null)
    while read -r package; do
        case $package in nodejs | npm)
            ! grep -qx "$package installed" <<<"$installed" && command -v "${package%js}" >/dev/null && continue ;;
        esac
        echo "$package"
    done <.packages
    for package in "${also[@]}"; do
        command -v "$package" >/dev/null || echo "$package"
    done
}

# "package installed candidate"; "(none)" where there is none.
versions() { apt-cache policy "$@" | awk '/^[^ ].*:$/ { p = substr($1, 1, length($1) - 1); sub(/:.*/, "", p) }
    $1 == "Installed:" { i = $2 } $1 == "Candidate:" { print p, i, $2 }'; }

mapfile -t wanted < <(wanted_packages)
missing=()
outdated=()
sort_out() {
    local package installed candidate known=""
    missing=()
    outdated=()
    while read -r package installed candidate; do
        if [ "$installed" = "(none)" ]; then
            missing+=("$package")
        elif [ "$installed" != "$candidate" ] && dpkg --compare-versions "$installed" lt "$candidate"; then
            outdated+=("$package")
        fi
        known+="$package "
    done < <(versions "${wanted[@]}")
    for package in "${wanted[@]}"; do # of which apt has not heard yet
        [[ " $known " == *" $package "* ]] || missing+=("$package")
    done
}

sort_out
$upgrade || [ $((${#missing[@]} + ${#outdated[@]})) -gt 0 ] || exit 0
sudo=()
if [ "$(id -u)" -ne 0 ]; then
    sudo=(sudo)
    if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || { [ -t 0 ] && [ ${#missing[@]} -gt 0 ] && sudo -v; }; }; then
        if [ ${#missing[@]} -eq 0 ]; then
            echo "There are updates of what the server uses. As root: apt-get update && apt-get install -y --no-install-recommends ${outdated[*]:-${wanted[*]}}" >&2
            exit 0
        fi
        echo "Please install the missing packages as root, then run make again:
  apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
fi
begin=$EPOCHREALTIME
out=$(mktemp)
trap 'rm -f "$out"' EXIT
run() { "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive "$@" >>"$out" 2>&1 </dev/null; }
if run apt-get update -q; then
    sort_out
    [ $((${#missing[@]} + ${#outdated[@]})) -gt 0 ] || exit 0
    if run apt-get install -yq --no-install-recommends "${missing[@]}" "${outdated[@]}"; then
        awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "%-28s %6.1f s\n", "packages installed", b - a }'
        exit 0
    fi
fi
tail -n 20 "$out" >&2
[ ${#missing[@]} -eq 0 ] || exit 1
echo "The updates could not be installed; going on with what is there." >&2
