/* The live figures of a room. Everything is loaded once when the room opens; members coming and
 * going and changes of registrations and profiles keep it current; a refresh is a walk over memory.
 */
#include "features/participation/participation_room.h"
#include "base/mem.h"
#include "db/job.h"
#include "features/participation/participation_store.h"
#include <string.h>

#define REFRESH_US  US_PER_S
#define PENDING_MAX 256 /* changed registrations waiting; more than these: everybody again */

/* Shared by the room and a load under way, which may outlast the room. */
struct live {
    unsigned refs;
    struct room *room; /* NULL: closed meanwhile, or not open yet */
    bool loading, whole_wanted;
    struct id pending[PENDING_MAX];
    size_t n_pending;
    struct span_rules rules;
    struct participation shape;
    struct people people;
    int staff;    /* members who see the figures */
    bool changed; /* since the last refresh */
    int64_t refreshed_at, retry_at;
    json_t *shown;
};

struct load {
    struct db_job job;
    struct live *live;
    struct id session;
    enum load_what what;
    struct id ids[PENDING_MAX];
    size_t n_ids;
    struct span_rules rules;
    struct participation shape;
    struct people people;
};

static void live_unref(struct live *l)
{
    if (--l->refs)
        return;
    participation_release(&l->shape);
    people_release(&l->people);
    json_decref(l->shown);
    free(l);
}

static void run_load(struct db_job *job, struct db_conn *conn)
{
    struct load *load = container_of(job, struct load, job);
    job->err = participation_load(conn, &load->session, load->what, load->ids, load->n_ids,
                                  &load->rules, &load->shape, &load->people);
}

static void load_free(struct load *load)
{
    if (load->what == LOAD_SOME) /* its shape only borrowed ids */
        load->shape.n = 0;
    participation_release(&load->shape);
    people_release(&load->people);
    live_unref(load->live);
    free(load);
}

static void want(struct live *l, const struct id *registration)
{
    for (size_t i = 0; i < l->n_pending; i++)
        if (id_equal(&l->pending[i], registration))
            return;
    if (l->n_pending == PENDING_MAX)
        l->whole_wanted = true;
    else
        l->pending[l->n_pending++] = *registration;
}

static void apply(struct live *l, struct load *load)
{
    l->rules = load->rules;
    if (load->what != LOAD_SOME) {
        participation_release(&l->shape);
        l->shape = load->shape;
        load->shape = (struct participation){0};
    }
    people_update(&l->people, &load->people, load->what == LOAD_WHOLE);
    l->changed = true;
}

static void on_loaded(struct message *message)
{
    struct load *load = container_of(message, struct load, job.done);
    struct live *l = load->live;
    l->loading = false;
    if (l->room && load->job.err == ERR_OK) {
        apply(l, load);
    } else if (l->room) {
        l->retry_at = room_now(l->room) + REFRESH_US;
        l->whole_wanted |= load->what == LOAD_WHOLE;
        for (size_t i = 0; load->what == LOAD_SOME && i < load->n_ids; i++)
            want(l, &load->ids[i]);
    }
    load_free(load);
}

static enum err start_load(struct live *l, enum load_what what)
{
    struct load *load = mem_new(sizeof *load);
    load->live = l;
    l->refs++;
    load->session = l->room->session;
    load->what = what;
    people_init(&load->people);
    if (what == LOAD_SOME) {
        memcpy(load->ids, l->pending, l->n_pending * sizeof *load->ids);
        load->n_ids = l->n_pending;
        load->shape.n = l->shape.n;
        for (int i = 0; i < l->shape.n; i++)
            load->shape.profiles[i].id = l->shape.profiles[i].id;
    }
    load->job = (struct db_job){
        .run = run_load, .reply_to = l->room->mailbox, .done = {.deliver = on_loaded}};
    enum err err = db_submit(l->room->db, DB_SHORT, &load->job);
    if (err != ERR_OK) {
        load_free(load);
        return err;
    }
    l->loading = true;
    return ERR_OK;
}

static void load_what_is_wanted(struct live *l, int64_t now)
{
    if (l->loading || now < l->retry_at || (!l->whole_wanted && !l->n_pending))
        return;
    if (start_load(l, l->whole_wanted ? LOAD_WHOLE : LOAD_SOME) != ERR_OK) {
        l->retry_at = now + REFRESH_US;
        return;
    }
    l->whole_wanted = false;
    l->n_pending = 0;
}

static struct live *live_of(const struct room *room)
{
    return room_get(room, &participation_feature);
}

/* --- opening --- */

void participation_drop_opening(void *loaded)
{
    live_unref(loaded);
}

enum err participation_load_opening(struct db_conn *c, const struct id *session, void **loaded)
{
    struct live *l = mem_new(sizeof *l);
    l->refs = 1;
    people_init(&l->people);
    enum err err =
        participation_load(c, session, LOAD_OPENING, NULL, 0, &l->rules, &l->shape, &l->people);
    if (err == ERR_OK)
        *loaded = l;
    else
        participation_drop_opening(l);
    return err;
}

void participation_open(struct room *room, void *loaded)
{
    struct live *l = loaded;
    l->room = room;
    l->changed = true;
    room_set(room, &participation_feature, l);
}

void participation_close(struct room *room)
{
    struct live *l = live_of(room);
    l->room = NULL;
    live_unref(l);
}

static void refresh(struct live *l, int64_t now)
{
    l->rules.live_at = l->room->live_at;
    l->rules.ended_at = l->room->ended_at;
    people_figures(&l->people, &l->rules, now, &l->shape);
    l->refreshed_at = now;
    l->changed = false;
    json_t *figures = participation_json(&l->shape);
    if (l->shown && json_equal(l->shown, figures)) {
        json_decref(figures);
        return;
    }
    json_decref(l->shown);
    l->shown = figures;
    room_push_state(l->room, "participation", "", ROLE_STAFF, json_deep_copy(figures));
}

/* While live the figures move with time alone. Nobody looking: nothing to do. */
void participation_tick(struct room *room)
{
    struct live *l = live_of(room);
    int64_t now = room_now(room);
    load_what_is_wanted(l, now);
    bool moving = l->changed || room->state == SESSION_LIVE;
    if (l->staff > 0 && moving && now - l->refreshed_at >= REFRESH_US)
        refresh(l, now);
}

static struct person *person_of(struct live *l, const struct id *id)
{
    struct person *person = people_get(&l->people, id);
    if (!person) { /* registered a moment ago, or since the room opened */
        want(l, id);
        person = people_put(&l->people, id);
    }
    l->changed = true;
    return person;
}

void participation_join(struct room *room, struct member *member)
{
    struct live *l = live_of(room);
    l->changed = true;
    if (!(member->who.roles & ROLE_HCP)) {
        l->staff++;
        return;
    }
    struct person *person = person_of(l, &member->who.person);
    if (member->joined_at)
        times_open(&person->times, member->joined_at);
}

/* Who moves here is present from then on. */
void participation_arrive(struct room *room, struct member *member, struct departure *departure)
{
    struct live *l = live_of(room);
    struct person *person = member && (member->who.roles & ROLE_HCP)
                                ? people_get(&l->people, &member->who.person)
                                : NULL;
    if (!person)
        return;
    times_open(&person->times, departure->at);
    l->changed = true;
}

void participation_leave(struct room *room, struct member *member, struct departure *departure)
{
    struct live *l = live_of(room);
    l->changed = true;
    if (!(member->who.roles & ROLE_HCP)) {
        l->staff--;
        return;
    }
    struct person *person = people_get(&l->people, &member->who.person);
    if (person)
        times_close(&person->times, member->joined_at, departure->at,
                    span_bridge(&l->rules, departure->at, departure->gone, departure->on_purpose));
}

void participation_other_enter(struct room *room, const struct other *other)
{
    if (!other->staff)
        times_open(&person_of(live_of(room), &other->person)->times, other->joined_at);
}

void participation_other_leave(struct room *room, const struct other *other)
{
    struct live *l = live_of(room);
    if (other->staff)
        return;
    times_close(&person_of(l, &other->person)->times, other->joined_at, other->left_at,
                span_bridge(&l->rules, other->left_at, other->gone_at, other->on_purpose));
}

void participation_event(struct room *room, const struct event *event)
{
    if (!strncmp(event->type->name, "session.", 8))
        live_of(room)->changed = true;
}

void participation_told(struct room *room, const char *topic, const json_t *data)
{
    struct live *l = live_of(room);
    const char *text = json_string_value(json_object_get(data, "registration"));
    struct id registration;
    if (!strcmp(topic, "registration") && text && id_parse(text, &registration))
        want(l, &registration);
    else if (!strcmp(topic, "registration") || !strcmp(topic, "profiles") ||
             !strcmp(topic, "session") || !strcmp(topic, "nodes.missed"))
        l->whole_wanted = true;
}
