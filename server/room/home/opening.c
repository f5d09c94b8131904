/* A room opens: all features' states are read in one transaction, as of one moment of the log, and
 * taken over in one turn of the home loop. */
#include "base/app.h"
#include "base/mem.h"
#include "nodes/node.h"
#include "room/home/home.h"
#include <stdio.h>
#include <stdlib.h>

static void drop(struct room_opening *o)
{
    const struct feature *const *features = o->home->config.features;
    for (size_t i = 0; features[i]; i++) {
        if (o->loaded[i])
            features[i]->opening.drop(o->loaded[i]);
        o->loaded[i] = NULL;
    }
    free(o->others);
    o->others = NULL;
}

static enum err load_features(struct room_opening *o, struct db_conn *c)
{
    const struct feature *const *features = o->home->config.features;
    enum err err = log_last(c, &o->session, &o->seq);
    for (size_t i = 0; !err && features[i]; i++) {
        if (features[i]->opening.load)
            err = features[i]->opening.load(c, &o->session, &o->loaded[i]);
    }
    if (!err && home_has_others(o->home))
        err = others_read(c, &o->session, &(struct others_range){.gone = INT64_MAX}, &o->others,
                          &o->others_n);
    return err;
}

static void run(struct db_job *job, struct db_conn *c)
{
    struct room_opening *o = container_of(job, struct room_opening, job);
    enum err err = log_snapshot_begin(c);
    if (!err)
        err = load_features(o, c);
    o->err = log_snapshot_end(c, err);
}

void room_opening_abandon(struct room_opening *o)
{
    if (!o)
        return;
    drop(o);
    free(o);
}

/* The features' states are set, or none is. */
static void take(struct room *room, struct room_opening *o)
{
    const struct feature *const *features = o->home->config.features;
    room->seq = o->seq;
    for (size_t i = 0; features[i]; i++) {
        if (features[i]->opening.take)
            features[i]->opening.take(room, o->loaded[i]);
        o->loaded[i] = NULL;
    }
    others_loaded(room, o->others, o->others_n);
    free(o->others);
}

void room_opening_done(struct room_opening *o, enum err err)
{
    struct room *room = o->room;
    room->own->opening = NULL;
    if (err == ERR_OK)
        take(room, o);
    else
        drop(o);
    free(o);
    if (err == ERR_OK)
        room_is_open(room);
    else
        room_failed(room, err);
}

static void on_done(struct message *message)
{
    struct db_job *job = container_of(message, struct db_job, done);
    struct room_opening *o = container_of(job, struct room_opening, job);
    room_opening_done(o, job->err ? job->err : o->err);
}

static void read_from_database(struct room_opening *o)
{
    o->job.run = run;
    o->job.reply_to = o->home->mailbox;
    o->job.done.deliver = on_done;
    enum err err = db_submit(o->room->db, DB_SHORT, &o->job);
    if (err)
        room_opening_done(o, err);
}

void room_open(struct room *room)
{
    struct room_private *own = room->own;
    struct dispatch *home = own->home;
    own->phase = ROOM_OPENING;
    own->news_lost = false;
    own->epoch = id_random();
    char epoch[ID_TEXT_SIZE];
    snprintf(own->place, sizeof own->place, "%.8s", id_text(&own->epoch, epoch));
    states_release(&own->states); /* of an opening that failed */
    states_init(&own->states, own->place, clock_now_us(home->config.clock));
    struct room_opening *o = mem_new(sizeof *o + home->rooms->feature_count * sizeof o->loaded[0]);
    own->opening = o;
    o->home = home;
    o->room = room;
    o->session = room->session;
    if (home->config.open)
        home->config.open(o);
    else
        read_from_database(o);
}

void room_close_features(struct room *room)
{
    for (const struct feature *const *f = room->own->home->config.features; *f; f++) {
        if ((*f)->room_close && room_get(room, *f))
            (*f)->room_close(room);
        room_set(room, *f, NULL);
    }
}
