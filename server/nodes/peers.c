#include "nodes/peers.h"
#include "base/mem.h"
#include <stdlib.h>
#include <string.h>

void peers_init(struct peers *peers)
{
    *peers = (struct peers){0};
    map_init(&peers->by_id);
}

void peers_release(struct peers *peers)
{
    size_t cursor = 0;
    struct peer *peer;
    while ((peer = map_next(&peers->by_id, &cursor)))
        free(peer);
    map_release(&peers->by_id);
}

/* NULL: there are as many as can be. */
static struct peer *peer_of(struct peers *peers, const struct id *id)
{
    struct peer *peer = map_get(&peers->by_id, id);
    if (peer || peers->by_id.len == NODES_MOST)
        return peer;
    peer = mem_new(sizeof *peer);
    peer->id = *id;
    map_put(&peers->by_id, id, peer);
    return peer;
}

bool peers_heard(struct peers *peers, const struct id *from, uint64_t number, int64_t now)
{
    struct peer *peer = peer_of(peers, from);
    if (!peer || number <= peer->last)
        return false;
    if (number != peer->last + 1)
        peers->lost = true;
    peer->last = number;
    peer->heard_at = now;
    return true;
}

void peers_list_begin(struct peers *peers)
{
    size_t cursor = 0;
    struct peer *peer;
    while ((peer = map_next(&peers->by_id, &cursor)))
        peer->listed = false;
}

void peers_list(struct peers *peers, const struct peer_row *row, int64_t now)
{
    struct peer *peer = peer_of(peers, &row->id);
    if (!peer)
        return;
    if (!peer->since)
        peer->since = now;
    peer->listed = true;
    peer->lease = row->lease;
    peer->leased_at = now - row->age;
    peer->bus = row->bus;
}

/* One that is not listed may be so new that its first message was faster than its row. */
static bool is_over(const struct peer *peer, int64_t now)
{
    return !peer->listed && now - peer->heard_at > NODE_SILENT_US;
}

void peers_list_end(struct peers *peers, int64_t now, peer_gone *gone, void *arg)
{
    struct peer *over[NODES_MOST], *peer;
    size_t n = 0, cursor = 0;
    while ((peer = map_next(&peers->by_id, &cursor))) {
        bool away = is_over(peer, now) || (peer->listed && now - peer->leased_at > NODE_AWAY_US);
        if (away && gone) /* again each time: what was read meanwhile may have had it */
            gone(arg, &peer->id, peer->lease);
        if (!away && peer->away)
            peers->lost = true; /* it is back: what it has is counted again */
        peer->away = away;
        if (is_over(peer, now))
            over[n++] = peer;
    }
    while (n > 0) {
        peer = over[--n];
        map_remove(&peers->by_id, &peer->id);
        free(peer);
    }
}

bool peers_missed(struct peers *peers, int64_t now)
{
    bool missed = peers->lost;
    size_t cursor = 0;
    struct peer *peer;
    peers->lost = false;
    while ((peer = map_next(&peers->by_id, &cursor)))
        missed |= peer->listed && !peer->away && now - peer->heard_at > NODE_SILENT_US;
    return missed;
}

static bool is_apart(const struct peer *peer, bool with_bus, bool connected, int64_t now)
{
    int64_t last = peer->heard_at > peer->since ? peer->heard_at : peer->since;
    if (!peer->listed || peer->away || now - last <= NODE_APART_US)
        return false;
    return !with_bus || peer->bus == PEER_BUS_NONE || (connected && peer->bus == PEER_BUS_WHOLE);
}

size_t peers_apart(const struct peers *peers, bool with_bus, bool connected, int64_t now)
{
    size_t n = 0, cursor = 0;
    const struct peer *peer;
    while ((peer = map_next(&peers->by_id, &cursor)))
        n += is_apart(peer, with_bus, connected, now);
    return n;
}

bool peers_is_heard(const struct peers *peers, const struct id *id)
{
    const struct peer *peer = map_get(&peers->by_id, id);
    return peer && peer->last > 0;
}

bool peers_find(const struct peers *peers, const uint8_t *mark, size_t size, struct id *out)
{
    size_t cursor = 0;
    const struct peer *peer;
    while ((peer = map_next(&peers->by_id, &cursor))) {
        if (!peer->listed || peer->away || memcmp(peer->id.bytes, mark, size) != 0)
            continue;
        *out = peer->id;
        return true;
    }
    return false;
}

size_t peers_count(const struct peers *peers)
{
    size_t n = 0, cursor = 0;
    struct peer *peer;
    while ((peer = map_next(&peers->by_id, &cursor)))
        n += peer->listed && !peer->away;
    return n;
}
