/* Live media to the connections of this loop: each session with media has a stage (media/stage.h),
 * whose viewers are the session's members here. */
#include "base/mem.h"
#include "media/stage.h"
#include "room/conn/clients.h"

#define SLICE_US      (2 * US_PER_MS)
#define STAGE_IDLE_US (60 * US_PER_S) /* without a record: the stage goes */

static bool is_open(void *arg, uint64_t conn)
{
    struct connections *cs = arg;
    return !cs->wire.open || cs->wire.open(cs->wire.net, conn);
}

static void send_frames(void *arg, uint64_t conn, struct payload *frames)
{
    struct connections *cs = arg;
    cs->wire.tell(cs->wire.net, conn, FRAME_MEDIA, 0, frames);
}

static void expect(void *arg, uint64_t soon, uint64_t later)
{
    struct connections *cs = arg;
    if (cs->wire.expect)
        cs->wire.expect(cs->wire.net, soon, later);
}

static void enter(struct connections *cs, struct client *client)
{
    struct audience *audience = client->audience;
    enum media_rung most = (enum media_rung)client->rung;
    if (!audience->stage || audience == &cs->lobby)
        return;
    if (client->viewer) {
        media_watch(audience->stage, client->viewer, client->crew, most);
        return;
    }
    client->viewer = media_join(audience->stage, client->handle, client->crew, most);
    cs->viewers++;
}

void watch_as(struct connections *cs, struct client *client, const struct out *entry)
{
    client->crew = entry->crew;
    client->rung = entry->rung;
    enter(cs, client);
}

void watch_leave(struct connections *cs, struct client *client)
{
    if (!client->viewer)
        return;
    media_leave(client->audience->stage, client->viewer);
    client->viewer = NULL;
    cs->viewers--;
}

void watch_free(struct connections *cs, struct audience *audience)
{
    if (!audience->stage)
        return;
    list_for_each(node, &audience->clients)
        watch_leave(cs, container_of(node, struct client, node));
    media_stage_free(audience->stage);
    audience->stage = NULL;
    list_remove(&audience->staged);
}

/* What came before nobody kept here: the home loop says again what the streams begin with. */
static void ask_for_configs(struct dispatch *d, const struct audience *audience)
{
    struct stage_begun *begun = mem_new(sizeof *begun);
    begun->message.deliver = rooms_stage_begun;
    begun->home = dispatch_home(d->peers, d->loops, &audience->session);
    begun->session = audience->session;
    dispatch_post(d, begun->home, &begun->message);
}

static void begin(struct connections *cs, struct audience *audience, const char *place)
{
    audience->stage = media_stage_new(cs->dispatch->config.clock, place);
    list_append(&cs->staged, &audience->staged);
    list_for_each(node, &audience->clients) enter(cs, container_of(node, struct client, node));
    ask_for_configs(cs->dispatch, audience);
}

void watch_records(struct connections *cs, const struct id *session, const struct out *entry)
{
    struct audience *audience = map_get(&cs->audiences, session);
    if (audience && audience->stage && strcmp(media_place(audience->stage), entry->place) != 0)
        watch_free(cs, audience); /* of the room's last opening */
    if (audience && !audience->stage)
        begin(cs, audience, entry->place);
    if (audience) {
        media_focus(audience->stage, entry->focus);
        media_put_all(audience->stage, entry->frame, entry->crew);
        audience->media_at = connections_mono(cs);
    }
    payload_unref(entry->frame);
}

void watch_tick(struct connections *cs)
{
    list_for_each_safe(node, &cs->staged)
    {
        struct audience *audience = container_of(node, struct audience, staged);
        if (connections_mono(cs) - audience->media_at > STAGE_IDLE_US)
            watch_free(cs, audience);
    }
}

/* Somebody waits for a key frame: the publisher is asked, by way of the home loop. */
static void ask_for_keys(struct connections *cs, struct audience *audience)
{
    struct dispatch *d = cs->dispatch;
    uint16_t stream;
    while (media_key_wanted(audience->stage, &stream)) {
        struct key_ask *ask = mem_new(sizeof *ask);
        ask->message.deliver = rooms_key;
        ask->home = dispatch_home(d->peers, d->loops, &audience->session);
        ask->session = audience->session;
        ask->stream = stream;
        dispatch_post(d, ask->home, &ask->message);
    }
}

/* True: some of its viewers are to be served in the next turn; else *due is when the next round is,
 * if that is earlier. A viewer whose write fails leaves inside of it, and the audience may go when
 * this returns. */
static bool serve(struct connections *cs, struct audience *audience, int64_t until, int64_t *due)
{
    struct media_wire wire = {is_open, send_frames, expect, cs};
    audience->serving = true;
    bool more = media_serve(audience->stage, &wire, cs->viewers, until);
    audience->serving = false;
    ask_for_keys(cs, audience);
    int64_t next = media_due(audience->stage);
    if (!more) {
        list_remove(&audience->staged);
        list_append(&cs->staged, &audience->staged);
        *due = next < *due ? next : *due;
    }
    hub_free_if_empty(cs, audience);
    return more;
}

/* A session that was served goes to the end of the list, so that none starves another. */
int64_t dispatch_media(struct dispatch *d)
{
    struct connections *cs = d->connections;
    int64_t until = connections_mono(cs) + SLICE_US, due = INT64_MAX;
    size_t n = 0;
    list_for_each(node, &cs->staged) n++;
    for (; n > 0 && !list_empty(&cs->staged); n--) {
        if (serve(cs, container_of(cs->staged.next, struct audience, staged), until, &due))
            return 0;
    }
    return due;
}
