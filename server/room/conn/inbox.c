/* What comes from rooms to the connections of this loop. */
#include "base/mem.h"
#include "room/conn/clients.h"
#include <stdlib.h>
#include <string.h>

struct batch {
    struct message message;
    struct connections *to;
    struct id session;
    size_t len;
    struct out entries[];
};

static struct audience *audience_get(struct connections *cs, const struct id *session)
{
    struct audience *audience = map_get(&cs->audiences, session);
    if (audience)
        return audience;
    audience = mem_new(sizeof *audience);
    audience_init(audience);
    audience->session = *session;
    map_put(&cs->audiences, session, audience);
    return audience;
}

/* NULL when it went away on the way. */
static struct client *become_member(struct connections *cs, struct client *client)
{
    uint64_t handle = client->handle;
    if (!list_empty(&client->touched))
        hub_serve(cs, client); /* what it got in the lobby comes first */
    client = client_find(cs, handle);
    if (!client)
        return NULL;
    struct audience *audience = audience_get(cs, &client->session);
    client->audience = audience;
    client->from = audience->shared.len;
    list_append(&audience->clients, &client->node);
    client_become(cs, client, CLIENT_MEMBER, CHECK_AGAIN_US);
    return client;
}

static void take_own(struct connections *cs, const struct out *entry)
{
    struct client *client = client_find(cs, entry->conn);
    if (!client || client->close_code) {
        payload_unref(entry->frame);
        return;
    }
    if (entry->kind == OUT_JOINED) {
        client = become_member(cs, client);
    } else if (entry->kind == OUT_JOIN_FAILED) {
        client->home = NULL;
        client_become(cs, client, CLIENT_GREETED, JOIN_AGAIN_US);
    }
    if (client)
        hub_add_own(cs, client, entry);
    else
        payload_unref(entry->frame);
}

static void take_shared(struct connections *cs, const struct id *session, const struct out *entry)
{
    struct audience *audience = map_get(&cs->audiences, session);
    if (audience)
        hub_add_shared(cs, audience, entry);
    else
        payload_unref(entry->frame);
}

static void take_entries(struct connections *cs, const struct id *session,
                         const struct out *entries, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (entries[i].kind == OUT_AUDIENCE)
            take_shared(cs, session, &entries[i]);
        else
            take_own(cs, &entries[i]);
    }
}

static void on_batch(struct message *message)
{
    struct batch *batch = container_of(message, struct batch, message);
    take_entries(batch->to, &batch->session, batch->entries, batch->len);
    free(batch);
}

void connections_post(struct dispatch *home, int loop, const struct id *session,
                      const struct out *entries, size_t n)
{
    if (loop == home->index) {
        take_entries(home->connections, session, entries, n);
        return;
    }
    struct dispatch *to = home->peers[loop];
    struct batch *batch = mem_new(sizeof *batch + n * sizeof *entries);
    batch->message.deliver = on_batch;
    batch->to = to->connections;
    batch->session = *session;
    batch->len = n;
    memcpy(batch->entries, entries, n * sizeof *entries);
    dispatch_post(home, to, &batch->message);
}
