#!/usr/bin/env bash
# make cluster: three nodes, NATS, PostgreSQL with a synchronous standby and haproxy in front on this machine, for
# trying; Ctrl-C stops all of it. server/run.sh builds first and calls this in the folder of the program.
# Ports: CLUSTER_PORT (8450) haproxy, the next three the nodes, then NATS, then the nodes' metrics.
# Everything written is below AMPHI_DATA/cluster; the database and the key stay from one start to the next.
set -euo pipefail
export LC_ALL=C.UTF-8
user=${AMPHI_USER:-postgres}
port=${CLUSTER_PORT:-8450}
nodes=(a b c)
home=$AMPHI_DATA/cluster
as=()
[ "$(id -u)" -ne 0 ] || as=(setpriv --reuid="$user" --regid="$user" --init-groups)
bin=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 | sort -V | tail -n 1)/bin
declare -A pid # by name
sockets=

fail() {
    printf 'cluster: %s\n' "$*" >&2
    exit 1
}

# --- processes: each in a session of its own, so that Ctrl-C is ours alone; each ends when this script is killed ---

begin() { # begin NAME SIGNAL COMMAND…: SIGNAL ends it
    local name=$1 signal=$2
    shift 2
    setsid "${as[@]}" setpriv --pdeathsig "$signal" "$@" >"$home/$name.log" 2>&1 </dev/null &
    pid[$name]=$!
}

lives() { [ -n "${pid[$1]:-}" ] && kill -0 "${pid[$1]}" 2>/dev/null; }

until_true() { # until_true WHAT NAME COMMAND…: while process NAME lives, at most 30 s
    local what=$1 name=$2 deadline=$((SECONDS + 30))
    shift 2
    until "$@" >/dev/null 2>&1; do
        lives "$name" && [ $SECONDS -lt $deadline ] || fail "$what: not ready; see $home/$name.log"
        sleep 0.1
    done
}

end() { # end SIGNAL NAME…: all at once; again after a second, as nodes then wait for nobody; kills after 15
    local signal=$1 name tenths=0 left
    shift
    for name; do lives "$name" && kill -s "$signal" "${pid[$name]}"; done
    while left=() && for name; do lives "$name" && left+=("$name"); done; [ ${#left[@]} -gt 0 ]; do
        tenths=$((tenths + 1))
        for name in "${left[@]}"; do
            [ $((tenths % 10)) -ne 0 ] || kill -s "$signal" "${pid[$name]}" 2>/dev/null || true
            [ $tenths -lt 150 ] || kill -KILL "${pid[$name]}" 2>/dev/null || true
        done
        sleep 0.1
    done
}

stop() {
    trap '' INT TERM HUP
    set +e
    end TERM haproxy # who is connected is cut: the nodes wait for nobody
    end TERM "${nodes[@]}"
    end TERM nats
    end INT primary
    end INT standby
    [ -z "$sockets" ] || rm -rf "$sockets"
    wait
}

# --- PostgreSQL: whichever of db1 and db2 was the last to take writes is the primary, the other is copied from it ---

timeline() { # 0: no database, or one that only followed
    [ -f "$1/PG_VERSION" ] && [ ! -f "$1/standby.signal" ] || { echo 0; return; }
    "${as[@]}" "$bin/pg_controldata" "$1" | awk '/^Latest checkpoint.s TimeLineID/ { print $NF }'
}

postgres() { # postgres NAME FOLDER SETTING…
    local name=$1 folder=$2
    shift 2
    mkdir "$sockets/$name"
    own "$sockets/$name"
    begin "$name" INT "$bin/postgres" -D "$folder" -c listen_addresses= -c "unix_socket_directories=$sockets/$name" \
        -c max_connections=200 "$@"
    until_true PostgreSQL "$name" "${as[@]}" "$bin/pg_isready" -q -h "$sockets/$name" -d postgres -U postgres
}

# Of its own: what is set up before the standby follows does not wait for it.
sql() { PGOPTIONS='-c synchronous_commit=local' "${as[@]}" psql -XqAt -h "$sockets/primary" -U postgres -d postgres "$@"; }

follows() { [ "$(sql -c "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")" = 1 ]; }

start_postgres() {
    local primary=$home/db1 standby=$home/db2
    [ "$(timeline "$standby")" -le "$(timeline "$primary")" ] || { primary=$home/db2 standby=$home/db1; }
    [ -f "$primary/PG_VERSION" ] || "${as[@]}" "$bin/initdb" -N -D "$primary" -A trust -U postgres -E UTF8 --locale=C.UTF-8 >"$home/initdb.log"
    postgres primary "$primary" -c synchronous_standby_names=standby
    [ "$(sql -c "SELECT count(*) FROM pg_database WHERE datname = 'amphi'")" = 1 ] ||
        sql -c "CREATE ROLE amphi_owner LOGIN" -c "CREATE ROLE amphi_app LOGIN" -c "CREATE DATABASE amphi OWNER amphi_owner"
    rm -rf "$standby"
    "${as[@]}" "$bin/pg_basebackup" -N -R -c fast -D "$standby" -d "host=$sockets/primary user=postgres application_name=copy"
    postgres standby "$standby" -c synchronous_standby_names= \
        -c "primary_conninfo=host=$sockets/primary user=postgres application_name=standby"
    until_true "the standby" standby follows
}

# --- the rest ---

own() { [ "$(id -u)" -ne 0 ] || chown "$user:" "$@"; }

url() { echo "postgresql:///amphi?host=$sockets/primary,$sockets/standby&user=$1"; }

start_nats() {
    printf 'host: 127.0.0.1\nport: %s\n' $((port + 4)) >"$home/nats.conf"
    begin nats TERM nats-server -c "$home/nats.conf"
    until_true NATS nats grep -q "Server is ready" "$home/nats.log"
}

start_node() { # start_node NAME NUMBER OPTION…
    local name=$1 number=$2 data=$home/$1
    shift 2
    mkdir -p "$data"
    ln -sfn ../mail "$data/mail"
    own "$data"
    AMPHI_NODE_NAME=$name AMPHI_PORT=$((port + number)) AMPHI_METRICS_PORT=$((port + 4 + number)) AMPHI_DATA=$data \
        AMPHI_ADDRESS=127.0.0.1 AMPHI_TRUSTED_PROXIES=127.0.0.1 AMPHI_BASE_URL=https://localhost:$port \
        AMPHI_BLOBS=$home/blobs AMPHI_SECRET_KEY_FILE=$home/secret.key AMPHI_NATS_URL=nats://127.0.0.1:$((port + 4)) \
        AMPHI_DRAIN_SPREAD_MS=5000 DATABASE_URL=$(url amphi_app) AMPHI_DATABASE_OWNER_URL=$(url amphi_owner) \
        begin "$name" TERM build/release/amphi serve "$@"
}

answers() {
    printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' |
        timeout 2 openssl s_client -quiet -connect "localhost:$port" 2>/dev/null | grep -q '^HTTP/1.1 200'
}

# By the least connections, so that one machine's browsers are at all nodes; where websockets may be refused an address
# has to stay at one node (README.md, "Three nodes").
start_haproxy() {
    local i
    {
        printf 'global\n  stats socket %s/haproxy.sock level admin\n' "$sockets"
        printf 'defaults\n  mode tcp\n  timeout connect 3s\n  timeout client 60s\n  timeout server 60s\n  retries 3\n  option redispatch\n'
        printf 'frontend web\n  bind 127.0.0.1:%s\n  default_backend amphi\n' "$port"
        printf 'backend amphi\n  balance leastconn\n  option httpchk\n'
        printf '  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host localhost\n'
        for i in "${!nodes[@]}"; do
            printf '  server %s 127.0.0.1:%s send-proxy-v2 check check-ssl verify none inter 500ms fall 1 rise 1\n' "${nodes[i]}" $((port + i + 1))
        done
    } >"$home/haproxy.cfg"
    begin haproxy TERM haproxy -db -q -f "$home/haproxy.cfg"
    until_true haproxy haproxy answers
}

announce() {
    local name
    printf '\namphi serves on https://localhost:%s\n  files, logs and mails are in %s\n' "$port" "$home"
    printf '\nWhat may be killed, frozen or stopped (SIGTERM drains a node), to see that the others go on:\n'
    for name in "${nodes[@]}" nats haproxy primary standby; do printf '  %-9s process %s\n' "$name" "${pid[$name]}"; done
    printf '  haproxy is told things by %s/haproxy.sock; another primary: psql -h %s/standby -U postgres -c "SELECT pg_promote()"\n' "$sockets" "$sockets"
    printf '  which nodes live: DATABASE_URL="%s" build/release/amphi nodes\n' "$(url amphi_app)"
    echo
    sed -n '/^Sign-in links/,/^$/p' "$home/a.log"
    printf 'Ctrl-C stops everything.\n'
}

# Says what ends meanwhile.
watch() {
    local name ended
    while [ ${#pid[@]} -gt 0 ]; do
        wait -n -p ended || true
        for name in "${!pid[@]}"; do
            [ "${pid[$name]}" != "${ended:-}" ] || { echo "$name has ended; the log is $home/$name.log"; unset "pid[$name]"; }
        done
    done
}

[ -z "${DATABASE_URL:-}" ] || fail "DATABASE_URL is set; the cluster has a database of its own"
for command in nats-server haproxy; do
    PATH=$PATH:/usr/sbin command -v "$command" >/dev/null || fail "$command is not installed: apt-get install $command"
done
PATH=$PATH:/usr/sbin
mkdir -p "$home" "$home/mail" "$home/blobs"
own "$AMPHI_DATA" "$home" "$home/mail" "$home/blobs"
exec 9>"$home/lock"
flock -n 9 || fail "another cluster runs in $home"
trap stop EXIT
trap 'exit 0' INT TERM HUP
sockets=$(mktemp -d /tmp/amphi-cluster-XXXXXX)
own "$sockets"
began=$EPOCHREALTIME
start_postgres
start_nats
start_node a 1 --sample
until_true "node a" a grep -q "Ctrl-C stops" "$home/a.log"
start_node b 2
start_node c 3
until_true "node b" b grep -q server.ready "$home/b.log"
until_true "node c" c grep -q server.ready "$home/c.log"
start_haproxy
awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { printf "%-28s %6.1f s\n", "cluster started", b - a }'
announce
watch
