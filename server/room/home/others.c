/* Who is in the session by way of other nodes. Told span by span; read whole when the room opens,
 * and again when something may have been missed. */
#include "base/app.h"
#include "base/mem.h"
#include "nodes/node.h"
#include "room/home/home.h"
#include <stdlib.h>
#include <string.h>

#define MARGIN_US (600 * US_PER_S) /* how late an end may have been written */
#define GONE_LATER                                                                                 \
    US_PER_S /* a dead node's spans: known to be gone when the next lease did not come */

#define OVER_US (60 * US_PER_S) /* how late a span's beginning may come after its end */

/* A span that has ended stays for a while: what was sent or read before its end, and comes later,
 * begins nothing. One that only seems to have ended, as its node is away, goes at once: it may be
 * back. */
struct entry {
    struct other other;
    unsigned reading; /* of the last reading that had it, or under way when it came */
    struct list node; /* in others.over, once it has ended */
    int64_t over_at;  /* monotonic us; 0: it has not ended */
};

struct reading {
    struct db_job job;
    struct room *room;
    struct id session;
    struct others_range range;
    struct other *rows;
    size_t n;
};

void others_init(struct others *o)
{
    map_init(&o->by_span);
    list_init(&o->over);
}

void others_release(struct others *o)
{
    size_t cursor = 0;
    struct entry *entry;
    while ((entry = map_next(&o->by_span, &cursor)))
        free(entry);
    map_release(&o->by_span);
}

/* --- what is told of here --- */

static json_t *row_json(const struct other *s)
{
    char span[ID_TEXT_SIZE], person[ID_TEXT_SIZE];
    return json_pack("[s,s,I,I,I,b,b]", id_text(&s->span, span), id_text(&s->person, person),
                     (json_int_t)s->joined_at, (json_int_t)s->left_at, (json_int_t)s->gone_at,
                     s->on_purpose, s->staff);
}

void others_tell(struct room *room, const struct id *session, const struct other *span)
{
    if (!home_has_others(room->own->home))
        return;
    if (id_equal(session, &room->session))
        room_share(room, OTHERS, "o", row_json(span));
    else
        tell_others(room->app, scope_session(session), OTHERS,
                    json_pack("{s:[o]}", "rows", row_json(span)));
}

/* --- what is told of others --- */

static void enter(struct room *room, const struct other *other)
{
    struct entry *entry = mem_new(sizeof *entry);
    entry->other = *other;
    entry->reading = room->own->others.reading;
    list_init(&entry->node);
    map_put(&room->own->others.by_span, &other->span, entry);
    for (const struct feature *const *f = room->own->home->config.features; *f; f++)
        if ((*f)->other_enter)
            (*f)->other_enter(room, &entry->other);
}

static void forget(struct others *o, struct entry *entry)
{
    list_remove(&entry->node);
    map_remove(&o->by_span, &entry->other.span);
    free(entry);
}

/* Whoever was taken off with a node that was away is read when it is back: nothing of them changes
 * by that. More nodes than are kept: all is read. */
static void remember_node(struct others *o, const struct id *node)
{
    struct others_range *next = &o->next;
    for (size_t i = 0; i < next->nodes_n; i++)
        if (id_equal(&next->nodes[i], node))
            return;
    if (next->nodes_n < OTHERS_NODES_MOST)
        next->nodes[next->nodes_n++] = *node;
    else
        o->whole = true;
}

/* How it ended is in entry->other. */
static void leave(struct room *room, struct entry *entry)
{
    struct others *o = &room->own->others;
    entry->over_at = home_mono(room->own->home);
    list_append(&o->over, &entry->node);
    for (const struct feature *const *f = room->own->home->config.features; *f; f++)
        if ((*f)->other_leave)
            (*f)->other_leave(room, &entry->other);
    if (entry->other.presumed) {
        remember_node(o, &entry->other.node);
        forget(o, entry);
    }
}

static void forget_over(struct room *room)
{
    struct others *o = &room->own->others;
    int64_t before = home_mono(room->own->home) - OVER_US;
    while (!list_empty(&o->over)) {
        struct entry *entry = container_of(o->over.next, struct entry, node);
        if (entry->over_at > before)
            return;
        forget(o, entry);
    }
}

static void take(struct room *room, const struct other *other)
{
    struct others *o = &room->own->others;
    struct entry *entry = map_get(&o->by_span, &other->span);
    if (entry && entry->over_at)
        return;
    if (!entry)
        enter(room, other);
    entry = map_get(&o->by_span, &other->span);
    entry->reading = o->reading;
    if (!other->left_at)
        return;
    entry->other.left_at = other->left_at;
    entry->other.gone_at = other->gone_at;
    entry->other.on_purpose = other->on_purpose;
    entry->other.presumed = other->presumed;
    leave(room, entry);
}

static bool read_row(const json_t *json, struct other *out)
{
    const char *span, *person;
    json_int_t joined, left, gone;
    int on_purpose, staff;
    if (json_unpack((json_t *)json, "[s,s,I,I,I,b,b!]", &span, &person, &joined, &left, &gone,
                    &on_purpose, &staff) ||
        !id_parse(span, &out->span) || !id_parse(person, &out->person) || joined < 0 || left < 0 ||
        gone < left)
        return false;
    out->joined_at = joined;
    out->left_at = left;
    out->gone_at = gone;
    out->on_purpose = on_purpose;
    out->staff = staff;
    return true;
}

void others_told(struct room *room, const json_t *data)
{
    struct other other = {0};
    const char *node = json_string_value(json_object_get(data, "node"));
    const json_t *row;
    size_t i;
    if (!node || !id_parse(node, &other.node))
        return;
    json_array_foreach(json_object_get(data, "rows"), i, row)
    {
        if (read_row(row, &other))
            take(room, &other);
    }
}

bool others_have(const struct room *room, const struct id *person)
{
    size_t cursor = 0;
    const struct entry *entry;
    while ((entry = map_next(&room->own->others.by_span, &cursor)))
        if (!entry->over_at && id_equal(&entry->other.person, person))
            return true;
    return false;
}

/* Entries that are not (of the node) any more, as `lease` says. */
static void end_all(struct room *room, const struct id *node, unsigned before, int64_t lease)
{
    struct others *o = &room->own->others;
    struct entry **over = mem_new_array(o->by_span.len, sizeof *over), *entry;
    size_t n = 0, cursor = 0;
    while ((entry = map_next(&o->by_span, &cursor)))
        if (!entry->over_at &&
            (node ? id_equal(&entry->other.node, node) : entry->reading < before))
            over[n++] = entry;
    while (n > 0) {
        entry = over[--n];
        int64_t at = lease > entry->other.joined_at ? lease : entry->other.joined_at;
        entry->other.left_at = at;
        entry->other.gone_at = at + GONE_LATER;
        entry->other.presumed = true;
        leave(room, entry);
    }
    free(over);
}

void others_node_gone(struct room *room, const json_t *data)
{
    const char *text = json_string_value(json_object_get(data, "node"));
    struct id node;
    if (!text || !id_parse(text, &node))
        return;
    far_media_node_gone(room, &node);
    end_all(room, &node, 0, json_integer_value(json_object_get(data, "lease")));
}

/* --- reading --- */

void others_loaded(struct room *room, const struct other *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        take(room, &rows[i]);
    room->own->others.read_at = room_now(room);
}

static void run(struct db_job *job, struct db_conn *c)
{
    struct reading *r = container_of(job, struct reading, job);
    job->err = others_read(c, &r->session, &r->range, &r->rows, &r->n);
}

static void on_read(struct message *message)
{
    struct reading *r = container_of(message, struct reading, job.done);
    struct room *room = r->room;
    struct others *o = &room->own->others;
    o->under_way = false;
    if (r->job.err == ERR_OK) {
        others_loaded(room, r->rows, r->n);
        if (!r->range.xid)
            end_all(room, NULL, o->reading, 0);
        free(r->rows);
    } else {
        others_want(room, r->range.xid);
        for (size_t i = 0; i < r->range.nodes_n; i++)
            remember_node(o, &r->range.nodes[i]);
    }
    free(r);
    room_let_go(room);
}

void others_want(struct room *room, int64_t xid)
{
    struct others *o = &room->own->others;
    if (!o->wanted || xid < o->next.xid)
        o->next.xid = xid;
    o->wanted = true;
}

static struct reading *reading_new(struct room *room)
{
    const struct others *o = &room->own->others;
    struct reading *r = mem_new(sizeof *r);
    r->room = room;
    r->session = room->session;
    r->range = o->next;
    r->range.gone = o->read_at - MARGIN_US;
    if (o->whole)
        r->range.xid = 0;
    r->job = (struct db_job){.run = run, .reply_to = room->mailbox, .done = {.deliver = on_read}};
    return r;
}

/* Called at each tick. */
void others_read_again(struct room *room)
{
    struct others *o = &room->own->others;
    forget_over(room);
    if (!o->wanted || o->under_way || !room->db)
        return;
    struct reading *r = reading_new(room);
    o->reading++;
    if (db_submit(room->db, DB_SHORT, &r->job) != ERR_OK) {
        free(r);
        return;
    }
    o->next = (struct others_range){0};
    o->wanted = o->whole = false;
    o->under_way = true;
    room_hold(room);
}
