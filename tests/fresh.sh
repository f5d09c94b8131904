#!/usr/bin/env bash
# A newcomer's machine: makes a minimal Debian with nothing but make and git, clones this checkout into
# it, and runs the README's two commands there. Needs root, debootstrap and the network.
#   tests/fresh.sh [bookworm|trixie] [folder that is kept]
# Where the network is only reached through a certificate authority of one's own, NODE_EXTRA_CA_CERTS
# names its file; it is handed through.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."
suite=${1:-bookworm}
root=${2:-$(mktemp -d /var/tmp/amphi-fresh-XXXXXX)}
server=

finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    umount -R "$root/proc" "$root/dev" "$root/sys" 2>/dev/null || true
    [ $# -gt 0 ] || rm -rf --one-file-system "$root"
}
if [ $# -lt 2 ]; then trap 'finish' EXIT; else trap 'finish keep' EXIT; fi

[ "$(id -u)" -eq 0 ] || { echo "needs root" >&2; exit 1; }
[ -x "$root/usr/bin/git" ] || debootstrap --variant=minbase --include=make,git,ca-certificates "$suite" "$root"
chmod 755 "$root" # a temporary folder is closed to others, and this one is their /
mkdir -p "$root/proc" "$root/dev" "$root/sys"
mount --rbind --make-rslave /dev "$root/dev"
mount -t proc proc "$root/proc"
mount --rbind --make-rslave /sys "$root/sys"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/hosts "$root/etc/hosts"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d"

extra=()
if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
    cp "$NODE_EXTRA_CA_CERTS" "$root/etc/extra-ca.pem"
    extra=(NODE_EXTRA_CA_CERTS=/etc/extra-ca.pem npm_config_cafile=/etc/extra-ca.pem)
fi
rm -rf "$root/srv/amphi"
git clone -q . "$root/srv/amphi"

# Everything that runs inside ends by SIGTERM to make, as a terminal or a service manager would do it.
stop_server() {
    local process
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/root")" = "$root" ] && [ "$(cat "$process/comm")" = make ]; then
            kill -TERM "${process#/proc/}"
        fi
    done 2>/dev/null
    wait "$server" || true
    server=
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/root" 2>/dev/null)" = "$root" ]; then
            echo "still running: $(cat "$process/comm")" >&2
            exit 1
        fi
    done
}

inside() {
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "${extra[@]}" sh -c "cd /srv/amphi && $1"
}

echo "== $suite: make run"
(inside "exec make run" </dev/null >"$root/srv/run.log" 2>&1) &
server=$!
deadline=$((SECONDS + 1200))
until grep -q 'Sign-in links' "$root/srv/run.log" 2>/dev/null; do
    kill -0 "$server" 2>/dev/null || { cat "$root/srv/run.log"; echo "make run ended" >&2; exit 1; }
    [ $SECONDS -lt $deadline ] || { cat "$root/srv/run.log"; echo "make run did not get ready" >&2; exit 1; }
    sleep 1
done
cat "$root/srv/run.log"
inside "python3 - <<'P'
import ssl, urllib.request
c = ssl._create_unverified_context()
for path, part in (('/readyz', 'ready'), ('/', '<html')):
    body = urllib.request.urlopen('https://localhost:8443' + path, context=c).read().decode()
    assert part in body, (path, body[:200])
print('served')
P"
stop_server
echo "== $suite: second make run is ready in under 10 s"
begin=$EPOCHREALTIME
(inside "exec make run" </dev/null >"$root/srv/run2.log" 2>&1) &
server=$!
until grep -q 'Sign-in links' "$root/srv/run2.log" 2>/dev/null; do
    kill -0 "$server" 2>/dev/null || { cat "$root/srv/run2.log"; exit 1; }
    sleep 0.1
done
awk -v a="$begin" -v b="$EPOCHREALTIME" 'BEGIN { printf "ready after %.1f s\n", b - a; exit b - a >= 10 }'
stop_server

echo "== $suite: make check"
inside "make check"
