#!/usr/bin/env bash
# make check: every test. Installs what is missing, then runs the parts one after another, each with its
# time; of a failing part what it printed, and the others all the same, but for those of what cannot be
# built. `tests/check.sh native` leaves out the browser.
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."
jobs=$(nproc)
mkdir -p build/check
passed=0
failed=0

part() { # part NAME COMMAND…
    local name=$1 begin=$SECONDS out=build/check/$1.log
    shift
    printf '%-22s' "$name"
    if "$@" >"$out" 2>&1 </dev/null; then
        passed=$((passed + 1))
        printf '%5d s\n' $((SECONDS - begin))
    else
        printf ' FAILED after %d s\n' $((SECONDS - begin))
        grep -A 30 '^ *not ok ' "$out" | head -n 120 | cut -c1-300 || true # browser tests: in the middle, not at the end
        tail -n 60 "$out" | cut -c1-300
        failed=$((failed + 1))
    fi
}

finish() {
    echo "all in $SECONDS s"
    echo "$passed passed, $failed failed"
    exit $((failed > 0))
}

needed() { # as part; without it there is nothing to try
    part "$@"
    [ "$failed" = 0 ] || finish
}

export jobs asan=SAN=address,undefined

# What wants nothing but the processor: compilers and clang-tidy.
compile() {
    make -s -j"$jobs" $asan tests replay-bin &&
        make -s -j"$jobs" SAN=thread CC=clang tests &&
        make -s -k -j"$jobs" tidy
}
export -f compile

# They take what tests leave of it that measure seconds and mostly wait.
compile_beside() {
    setsid chrt --idle 0 bash -c compile >build/check/beside.log 2>&1 </dev/null &
    beside=$!
    trap 'kill -- "-$beside" 2>/dev/null || true' EXIT
}
compiled() {
    wait "$beside" || { cat build/check/beside.log; return 1; }
}

server/packages.sh
for also in nats-server haproxy chromium-headless-shell; do # what needs the first two is SKIPPED by name without them
    command -v "$also" >/dev/null || server/packages.sh "$also" || echo "going on without $also"
done
needed build make -s -j"$jobs" all
if [ "${1:-}" != native ]; then
    needed web make -s web
    part rules make -s rules format-check
    part web-check make -s web-check
    part e2e make -s e2e-shared
    compile_beside
    part e2e-alone make -s -k e2e-alone e2e-calm e2e-last
    part faults make -s faults SHORT=1
    grep SKIPPED build/check/faults.log || true
    part compile compiled
else
    part rules make -s rules format-check
    part compile compile
fi
# Twice as many as processors: they wait as much as they compute.
part asan make -s -k -j$((jobs * 2)) $asan unit
part fuzz-corpus make -s -j"$jobs" fuzz-corpus
part tsan make -s -k -j$((jobs * 2)) SAN=thread CC=clang unit
finish
