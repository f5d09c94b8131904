#include "recording/recorder.h"
#include "base/list.h"
#include "base/log.h"
#include "base/mem.h"
#include "recording/tape.h"
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#define ROOM_US US_PER_S /* between two looks at the free space */

struct entry {
    struct list node;
    struct id recording, person;
    bool everybody; /* ends all of the recording's */
    int64_t at_us;
    struct payload *records; /* NULL: it ends */
};

/* A recording that failed, until it is ended. */
struct failure {
    struct list node;
    struct id recording;
};

struct recorder {
    struct recorder_config config;
    char folder[PATH_MAX];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct list queue; /* under the lock */
    size_t waiting;    /* bytes of it */
    bool overrun, stopping;
    /* its own thread's */
    struct list tapes, failures;
    int64_t looked_us;
    bool room;
};

/* --- what waits --- */

static void post(struct recorder *r, struct entry *entry)
{
    size_t len = entry->records ? entry->records->len : 0;
    pthread_mutex_lock(&r->lock);
    bool taken = !len || r->waiting + len <= r->config.queue_bytes;
    if (taken) {
        list_append(&r->queue, &entry->node);
        r->waiting += len;
    }
    r->overrun |= !taken;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
    if (taken)
        return;
    payload_unref(entry->records);
    free(entry);
}

static struct entry *entry_new(const struct id *recording, const struct id *person)
{
    struct entry *e = mem_new(sizeof *e);
    e->recording = *recording;
    e->everybody = !person;
    if (person)
        e->person = *person;
    return e;
}

void recorder_put(struct recorder *r, const struct id *recording, const struct id *person,
                  int64_t at_us, struct payload *records)
{
    struct entry *e = entry_new(recording, person);
    e->at_us = at_us;
    e->records = payload_ref(records);
    post(r, e);
}

void recorder_end(struct recorder *r, const struct id *recording, const struct id *person)
{
    post(r, entry_new(recording, person));
}

/* --- writing --- */

static struct tape *tape_of(struct recorder *r, const struct entry *e)
{
    list_for_each(node, &r->tapes)
    {
        struct tape *t = container_of(node, struct tape, node);
        if (id_equal(&t->recording, &e->recording) && id_equal(&t->person, &e->person))
            return t;
    }
    struct tape *t = tape_new(r->folder, &e->recording, &e->person);
    if (r->config.chunk_us)
        t->chunk_us = r->config.chunk_us;
    list_append(&r->tapes, &t->node);
    return t;
}

static void drop_tape(struct tape *t)
{
    list_remove(&t->node);
    tape_free(t);
}

/* The tapes of a recording, or of one person of it. */
static void end_tapes(struct recorder *r, const struct id *recording, const struct id *person)
{
    list_for_each_safe(node, &r->tapes)
    {
        struct tape *t = container_of(node, struct tape, node);
        if (id_equal(&t->recording, recording) && (!person || id_equal(&t->person, person)))
            drop_tape(t);
    }
}

static struct failure *failure_of(const struct recorder *r, const struct id *recording)
{
    list_for_each(node, &r->failures)
    {
        struct failure *f = container_of(node, struct failure, node);
        if (id_equal(&f->recording, recording))
            return f;
    }
    return NULL;
}

static void fail(struct recorder *r, const struct id *recording)
{
    struct id failed = *recording;
    struct failure *f = mem_new(sizeof *f);
    f->recording = failed;
    list_append(&r->failures, &f->node);
    end_tapes(r, &failed, NULL);
    r->config.failed(r->config.arg, &failed);
}

static bool has_room(struct recorder *r)
{
    int64_t now = clock_mono_us(r->config.clock);
    if (!r->looked_us || now - r->looked_us >= ROOM_US) {
        r->looked_us = now;
        r->room = r->config.has_room(r->config.arg, RECORDER_ROOM);
    }
    return r->room;
}

static enum err write_records(struct recorder *r, const struct entry *e)
{
    struct media_record record;
    struct tape *t = tape_of(r, e);
    enum err err = has_room(r) ? ERR_OK : ERR_BUSY;
    size_t size;
    for (size_t at = 0; err == ERR_OK; at += size) {
        size = media_own(e->records->bytes + at, e->records->len - at, &record);
        if (size == 0)
            break;
        err = tape_put(t, e->at_us, &record);
    }
    return err;
}

static void take(struct recorder *r, struct entry *e)
{
    struct failure *failed = failure_of(r, &e->recording);
    if (e->records && !failed && write_records(r, e) != ERR_OK)
        fail(r, &e->recording);
    if (!e->records)
        end_tapes(r, &e->recording, e->everybody ? NULL : &e->person);
    if (e->everybody && failed) {
        list_remove(&failed->node);
        free(failed);
    }
    payload_unref(e->records);
    free(e);
}

static void sync_tapes(struct recorder *r)
{
    int64_t now = clock_now_us(r->config.clock);
    list_for_each_safe(node, &r->tapes)
    {
        struct tape *t = container_of(node, struct tape, node);
        if (tape_sync(t, now) != ERR_OK) {
            fail(r, &t->recording); /* frees more than this one: the others' turn is the next */
            return;
        }
    }
}

/* The disk is too slow for what comes: nobody knows what is missing of whom. */
static void fail_all(struct recorder *r)
{
    log_error("recording.overrun", "{s:I}", "bytes", (json_int_t)r->config.queue_bytes);
    while (!list_empty(&r->tapes))
        fail(r, &container_of(r->tapes.next, struct tape, node)->recording);
}

/* --- the thread --- */

/* Waits for something to write, a second at most. False: it is to stop, and nothing waits. */
static bool next_entries(struct recorder *r, struct list *out, bool *overrun)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec++;
    list_init(out);
    pthread_mutex_lock(&r->lock);
    while (list_empty(&r->queue) && !r->stopping && !r->overrun)
        if (pthread_cond_timedwait(&r->wake, &r->lock, &until) != 0)
            break;
    list_splice(out, &r->queue);
    bool more = !list_empty(out) || !r->stopping;
    *overrun = r->overrun;
    r->overrun = false;
    r->waiting = 0;
    pthread_mutex_unlock(&r->lock);
    return more;
}

static void *run(void *arg)
{
    struct recorder *r = arg;
    struct list entries;
    bool overrun;
    while (next_entries(r, &entries, &overrun)) {
        while (!list_empty(&entries)) {
            struct entry *e = container_of(entries.next, struct entry, node);
            list_remove(&e->node);
            take(r, e);
        }
        if (overrun)
            fail_all(r);
        sync_tapes(r);
    }
    return NULL;
}

struct recorder *recorder_new(const struct recorder_config *config)
{
    struct recorder *r = mem_new(sizeof *r);
    pthread_condattr_t monotonic;
    r->config = *config;
    snprintf(r->folder, sizeof r->folder, "%s", config->folder);
    list_init(&r->queue);
    list_init(&r->tapes);
    list_init(&r->failures);
    pthread_mutex_init(&r->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&r->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    tape_recover(r->folder);
    if (pthread_create(&r->thread, NULL, run, r) != 0)
        abort();
    pthread_setname_np(r->thread, "recorder");
    return r;
}

void recorder_free(struct recorder *r)
{
    if (!r)
        return;
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    while (!list_empty(&r->tapes))
        drop_tape(container_of(r->tapes.next, struct tape, node));
    list_for_each_safe(node, &r->failures) free(container_of(node, struct failure, node));
    pthread_cond_destroy(&r->wake);
    pthread_mutex_destroy(&r->lock);
    free(r);
}
