/* What a feature declares, all of it in one file: features/<x>/<x>_feature.c. Features are listed
 * in feature_list.c only; they meet through committed events and SQL views, never by calling each
 * other. `amphi tables` prints the declarations as JSON; PROTOCOL.md's tables, the browser's
 * decoders and the tests' checks of every frame are made from that. */
#ifndef AMPHI_ROOM_FEATURE_H
#define AMPHI_ROOM_FEATURE_H

#include "base/app.h"
#include "base/csv.h"
#include "room/event.h"
#include "room/media.h"
#include "room/room.h"

struct db_conn;
struct http_route;
struct job_kind;
struct mail_sampler;

/* clang-format off */
/* --- Forms: how data looks on the wire, as text ---
 *
 *   id  time  text  int  number  bool  object   a UUID; ISO 8601 UTC; any text; a whole number; any
 *                                               number; true or false; any object
 *   "open"  true                                this very value
 *   a?                                          a, or null
 *   [a]                                         a list of a
 *   {key: a, other?: b}                         these keys and no others; `other` may be absent
 *   a | b                                       one of them
 *   name                                        a shape of this feature
 *
 * As in "{poll: id, choices: [int]}". tests/e2e/lib/forms.mjs reads them. */
/* clang-format on */
struct shape {
    const char *name; /* NULL ends the table */
    const char *form;
};

/* A command of the live protocol. */
typedef void command_handler(struct call *call);
struct command {
    const char *name;      /* "poll.vote"; NULL ends the table */
    unsigned roles;        /* any of these */
    int burst, per_minute; /* per person; 0: the default of 20 and 240 */
    /* Fields of data that are ids of the session's things: the dispatcher reads them into
     * call->ids and removes them from call->data; a handler has no other way to read an id. */
    const char *ids[CALL_MAX_IDS];
    bool optional_ids;       /* absent or null is allowed: all-zero id */
    const char *what;        /* for PROTOCOL.md, plain text; NULL: the name says it */
    const char *data, *ok;   /* forms of the command's data and of the answer; ok NULL: {} */
    command_handler *handle; /* home loop */
};

/* What a room says beside the types of its events: a state (room_push_state), or an event that is
 * told in other words (room_tell_event). */
struct message_type {
    const char *name;  /* "poll.tally"; NULL ends the table */
    unsigned audience; /* all that are ever told */
    const char *key;   /* of a state: what the key names; "": there is one value only */
    const char *what;  /* for PROTOCOL.md: when it comes, plain text */
    const char *data;  /* form */
};

/* A part of the snapshot. */
struct snapshot_part {
    const char *name; /* "common.polls", "own.polls"; NULL ends the table */
    const char *what; /* for PROTOCOL.md, plain text; NULL: the form says it */
    const char *data; /* form */
};

/* What is kept of people: one row for each table and file store of the feature. Tests hold these
 * against the catalogue of a migrated database, erase a person and look for what is left. */
enum erasure {
    ERASURE_NONE,    /* there is nothing of a person in it */
    ERASURE_DELETED, /* the rows or files go */
    ERASURE_EMPTIED, /* the row stays, what names the person is emptied */
    ERASURE_KEPT,    /* it stays as it is: `why` says why it may */
};
struct store {
    const char *name;   /* "hcp"; a file store: "files: blobs". NULL ends the table */
    const char *person; /* how it names whom it is about: "registration_id"; NULL: nobody */
    const char *holds;  /* what of them, plain text; NULL: nothing */
    enum erasure erasure;
    const char *copy; /* where a person's copy of their data has it: "registrations"; NULL: not */
    const char *why;  /* why it is kept, is not in the copy, or holds nothing of a person */
};

/* A column of the attendance file, a number for each registration. */
struct export_count {
    struct csv_words head; /* "votes"; .machine NULL ends the table */
    /* Run once for the file: rows of registration_id and number in the session $1; 0 where it has
     * no row. */
    const char *sql;
};

/* Something that a worker reads and the home loop takes over. */
struct room_loader {
    /* Worker. On ERR_OK *loaded is what take() or drop() gets, else nothing is left behind. NULL:
     * there is nothing to read. */
    enum err (*load)(struct db_conn *c, const struct id *session, void **loaded);
    /* Home loop. loaded is the feature's from here on; NULL: nothing was read. */
    void (*take)(struct room *room, void *loaded);
    void (*drop)(void *loaded); /* any thread: nobody takes it */
};

struct other; /* others.h */

struct feature {
    const char *name;
    /* Tables: each ends with an entry that is zero, each may be NULL. */
    const struct http_route *routes;
    const struct command *commands;
    const struct event_type *events;
    const struct message_type *tells;  /* other words for events */
    const struct message_type *states; /* newest values */
    const struct snapshot_part *snapshots;
    const struct shape *shapes; /* that the forms of this feature name */
    const struct job_kind *const *jobs;
    const struct store *stores;
    const struct export_count *exported;
    const struct mail_sampler *mails; /* how kinds of mail look: mail/sample.h */

    /* Worker, in the transaction that erases the person hcp: empties or deletes what the stores say
     * of them. NULL: nothing. The transaction holds the rows of the person's sessions. */
    enum err (*erase)(struct db_conn *c, const struct id *hcp);

    /* Process: start runs before the loops, with a connection of its own; tick once a second on
     * the main thread (post jobs from it, do not block). */
    enum err (*start)(struct app *app, struct db_conn *conn);
    void (*tick)(struct app *app);
    void (*stop)(struct app *app);

    /* Room, on its home loop but for the loaders' load and drop. All features' opening states are
     * read in one transaction, as of one moment of the log; take() makes the feature's state and
     * sets it with room_set(). A room whose opening failed answers its joins with server.busy and
     * is tried again later. */
    struct room_loader opening;
    /* Reads again what is counted but not logged (votes), after an outcome that nobody knows. */
    struct room_loader count;
    /* The last member left a minute ago, the server drains, or the opening failed: frees the state.
     */
    void (*room_close)(struct room *room);
    void (*room_tick)(struct room *room); /* about every 100 ms */
    /* A member that moves here from another session (member->moves) joins first, and arrives once
     * it has left there; what the features of the other room packed comes along. member NULL: it
     * was gone before it arrived, or what was packed here comes back, as its new room is gone. */
    void (*member_join)(struct room *room, struct member *member);
    void (*member_arrive)(struct room *room, struct member *member, struct departure *departure);
    void (*member_leave)(struct room *room, struct member *member, struct departure *departure);
    /* A connection at another node (others.h): its span has begun, has ended. */
    void (*other_enter)(struct room *room, const struct other *other);
    void (*other_leave)(struct room *room, const struct other *other);
    /* What of this person's live media is passed on, and what they are sent (media.h). One feature
     * has it; without one nobody publishes, and staff are the crew. */
    struct media_rights (*media_rights)(struct room *room, const struct identity *who);
    /* The person publishes, from this stream on; -1: no more, or nothing has come for a while. */
    void (*publishing)(struct room *room, const struct id *person, int stream);
    /* Who speaks, or spoke last; NULL: nobody. */
    void (*speaking)(struct room *room, const struct id *person, int stream);
    /* What a publisher sent that everybody in the session is given: records one after the other. */
    void (*records)(struct room *room, const struct identity *who, struct payload *records);
    /* What a (re)joining client needs. audience: the role bits it is encoded for; common parts are
     * encoded once for HCPs and once for staff and shared. own: this person's things, small. */
    void (*snapshot)(struct room *room, unsigned audience, json_t *common);
    void (*snapshot_own)(struct room *room, const struct member *member, json_t *own);
    /* An event of any feature was applied, after its own feature's apply(). What is logged changes
     * here and in apply() only. */
    void (*event)(struct room *room, const struct event *event);
    /* News that is in no log: tell() reached this room. "nodes.missed": news of other nodes may
     * have been lost, so what is known by news alone is to be read again. */
    void (*told)(struct room *room, const char *topic, const json_t *data);
};

#endif
