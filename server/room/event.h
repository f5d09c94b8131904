/* What was committed. Every change that a session's people or its replay can see appends an event
 * to the session's log, in the transaction that makes the change. The room applies committed events
 * strictly in the order of their seq, whoever committed them, and changes logged state nowhere
 * else. Texts and names that somebody may have erased are not in the log: the payload names them,
 * and the worker attaches what it names. */
#ifndef AMPHI_ROOM_EVENT_H
#define AMPHI_ROOM_EVENT_H

#include "base/err.h"
#include "base/id.h"
#include "base/identity.h"
#include "base/list.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db_conn;
struct feature;
struct room;
struct event;

/* What an event type is made of; see struct event_type. */
typedef enum err attach_event(struct db_conn *c, struct event *event);
typedef void release_event(void *attached);
typedef void apply_event(struct room *room, struct event *event);
typedef json_t *words_of_event(const struct room *room, const struct event *event);
typedef struct id person_of_event(const struct room *room, const struct event *event);
typedef json_t *notice_of_event(const struct event *event);

/* A feature declares the types of its events in a table. */
struct event_type {
    const char *name;    /* "poll.opened"; NULL ends the table */
    int version;         /* of the payload, from 1 */
    unsigned audience;   /* bits of enum role: who is told; 0: nobody */
    const char *what;    /* for PROTOCOL.md: when it happens, plain text */
    const char *data;    /* what those who are told get (feature.h, "Forms"); NULL: nobody is */
    const char *noticed; /* what those who follow the congress get; NULL: no notice */
    /* Worker, in the transaction that appends or reads the event: reads what the payload names into
     * event->attached. NULL: it names nothing that has to be read. */
    attach_event *attach;
    release_event *release; /* any thread; NULL: nothing is attached */
    /* Home loop. Brings the feature's state up to date; reads nothing but the event. */
    apply_event *apply;
    /* Home loop, after apply: what those who are told get, a new reference. NULL: the payload. A
     * function that returns NULL tells nobody. */
    words_of_event *encode;
    /* One person who is told besides the audience; all-zero: none. NULL: none. */
    person_of_event *person;
    /* Home loop. What everybody who follows the congress is told, wherever they are, a new
     * reference. A function that returns NULL tells nobody. NULL: no notice. */
    notice_of_event *notice;
};

struct event {
    struct list node;
    const struct event_type *type; /* NULL: a type this server does not know */
    struct id session, congress;
    int64_t seq, at; /* at: Unix us */
    int version;     /* 0: written before payloads had versions */
    unsigned audience;
    struct id actor; /* all-zero: the server itself */
    json_t *payload; /* owned */
    void *attached;  /* owned; see event_type.attach */
};

void event_free(struct event *event);
/* Frees every event of the list and leaves it empty. */
void events_free(struct list *events);

/* Whether this server can read it: its type is declared, in this version or a later one. Events
 * from before payloads had versions (0) and of a newer server are not. */
bool event_is_known(const struct event *event);

/* All types of all features by name. Built once before any thread starts, then constant. */
struct event_catalog;
struct event_catalog *event_catalog_new(const struct feature *const *features);
void event_catalog_free(struct event_catalog *catalog);
/* {type: version}: what a server with these reads; a new reference. */
json_t *event_catalog_reads(const struct event_catalog *catalog);
/* NULL: nobody declared it. */
const struct event_type *event_type_find(const struct event_catalog *catalog, const char *name);

#endif
