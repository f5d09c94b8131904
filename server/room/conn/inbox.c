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

/* Where the client asked to be let in, and nowhere else. */
static bool is_asked(const struct client *client, const struct id *session)
{
    return client->joining == JOIN_ASKING && id_equal(&client->joining_session, session);
}

/* NULL when it went away on the way. */
static struct client *take_joined(struct connections *cs, struct client *client,
                                  const struct out *entry)
{
    if (!client->home || !id_equal(&client->session, &client->joining_session)) {
        client = hub_move(cs, client, audience_get(cs, &client->joining_session));
        if (!client)
            return NULL;
    }
    client_enter(cs, client, entry->place);
    watch_as(cs, client, entry);
    return client;
}

static struct client *take_failed(struct connections *cs, struct client *client)
{
    client->joining = JOIN_NONE;
    client->joining_home = NULL;
    client_settle(cs, client);
    return client;
}

/* The client that gets the entry; NULL: nobody does. */
static struct client *reader_of(struct connections *cs, const struct id *session,
                                const struct out *entry)
{
    struct client *client = client_find(cs, entry->conn);
    if (!client || client->close_code)
        return NULL;
    switch (entry->kind) {
    case OUT_JOINED:
        return is_asked(client, session) ? take_joined(cs, client, entry) : NULL;
    case OUT_JOIN_FAILED:
        return is_asked(client, session) ? take_failed(cs, client) : NULL;
    case OUT_WATCH:
    case OUT_CONN: /* of a session that it left: too late */
        return client->home && id_equal(&client->session, session) ? client : NULL;
    default:
        return client;
    }
}

static void take_own(struct connections *cs, const struct id *session, const struct out *entry)
{
    struct client *client = reader_of(cs, session, entry);
    if (client && entry->kind == OUT_WATCH)
        watch_as(cs, client, entry);
    else if (client)
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
        if (entries[i].kind == OUT_RECORDS)
            watch_records(cs, session, &entries[i]);
        else if (entries[i].kind == OUT_AUDIENCE)
            take_shared(cs, session, &entries[i]);
        else
            take_own(cs, session, &entries[i]);
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
