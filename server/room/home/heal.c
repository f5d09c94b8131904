/* How a room learns what it missed: one read of the session's log from the last applied seq, in the
 * lane, one at a time. It heals a gap whose events did not come by themselves, and a commit whose
 * outcome nobody knows; then what is counted but not logged is read again, too. */
#include "base/mem.h"
#include "room/home/home.h"
#include <stdlib.h>

#define GAP_WAIT_US (100 * US_PER_MS) /* for the local answer of what is missing */
#define RETRY_US    US_PER_S
#define READ_MOST   1000

struct healing {
    struct lane_item item;
    struct room *room;
    const struct event_catalog *catalog;
    const struct feature *const *features;
    struct id session;
    int64_t after; /* the last applied seq */
    bool count;
    struct list events;
    void *counted[]; /* by feature */
};

static void drop(struct healing *h)
{
    events_free(&h->events);
    for (size_t i = 0; h->features[i]; i++) {
        if (h->counted[i])
            h->features[i]->count.drop(h->counted[i]);
        h->counted[i] = NULL;
    }
}

/* Worker. The log first: what is counted afterwards is not older than what it says. */
static enum err run(struct db_conn *c, struct lane_item *item)
{
    struct healing *h = container_of(item, struct healing, item);
    drop(h); /* of a try that was rolled back */
    enum err err = log_read(c, h->catalog, &h->session, h->after, READ_MOST, &h->events);
    for (size_t i = 0; !err && h->count && h->features[i]; i++) {
        if (h->features[i]->count.load)
            err = h->features[i]->count.load(c, &h->session, &h->counted[i]);
    }
    return err ? err : log_show_durable(c);
}

static const struct lane_kind heal_kind = {.name = "room.heal", .run_each = run};

static bool was_cut(const struct healing *h)
{
    if (list_empty(&h->events))
        return false;
    return container_of(h->events.prev, struct event, node)->seq >= h->after + READ_MOST;
}

static void take(struct room *room, struct healing *h)
{
    struct door *door = &room->own->door;
    bool more = was_cut(h);
    door->look |= more;
    door->count |= more && h->count; /* what is counted may be of what comes yet */
    room_take(room, &h->events);
    for (size_t i = 0; h->features[i]; i++) { /* the events brought what is counted */
        if (h->counted[i])
            h->features[i]->count.take(room, h->counted[i]);
        h->counted[i] = NULL;
    }
    if (h->count)
        room_touch(room);
    if (!more)
        door->looked = door->looks;
}

static void on_done(struct lane_item *item)
{
    struct healing *h = container_of(item, struct healing, item);
    struct room *room = h->room;
    struct door *door = &room->own->door;
    door->healing = false;
    if (item->err == ERR_OK) {
        take(room, h);
    } else {
        door->look = true;
        door->count |= h->count;
        door->retry_at = home_mono(room->own->home) + RETRY_US;
    }
    drop(h);
    free(h);
    heal_tick(room);
    behind_tick(room);
    room_let_go(room);
}

static void start(struct room *room)
{
    struct door *door = &room->own->door;
    const struct dispatch *home = room->own->home;
    struct healing *h = mem_new(sizeof *h + home->rooms->feature_count * sizeof(void *));
    h->item.kind = &heal_kind;
    h->item.done = on_done;
    h->room = room;
    h->catalog = room->app->events;
    h->features = home->config.features;
    h->session = room->session;
    h->after = room->seq;
    h->count = door->count;
    list_init(&h->events);
    if (!room->lane || lane_submit(room->lane, &h->item) != ERR_OK) {
        free(h);
        return; /* the next tick tries again */
    }
    door->look = door->count = false;
    door->looks++;
    door->healing = true;
    room_hold(room);
}

void room_look(struct room *room, bool count)
{
    struct door *door = &room->own->door;
    door->look = true;
    door->count |= count;
    heal_tick(room);
}

void room_count_again(struct room *room)
{
    room_look(room, true);
}

void heal_tick(struct room *room)
{
    struct door *door = &room->own->door;
    int64_t now = home_mono(room->own->home);
    if (door->gap_at && now - door->gap_at >= GAP_WAIT_US)
        door->look = true;
    if (room->own->phase == ROOM_OPEN && door->look && !door->healing && now >= door->retry_at)
        start(room);
}
