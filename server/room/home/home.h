/* The half of rooms. Everything here is the home loop's. */
#ifndef AMPHI_ROOM_HOME_HOME_H
#define AMPHI_ROOM_HOME_HOME_H

#include "base/map.h"
#include "db/lane.h"
#include "media/record.h"
#include "room/change.h"
#include "room/home/ring.h"
#include "room/home/states.h"
#include "room/message.h"

#define ROOM_EMPTY_US (60 * US_PER_S) /* without members before a room closes */

#define ROOM_PUBLISHERS 6 /* of live media at once */

enum room_phase { ROOM_OPENING, ROOM_OPEN, ROOM_FAILED };

struct member_own {
    struct member member;
    int loop;
    struct list calls; /* struct call_message: commands that are not answered yet */
};

/* Committed events on their way into the room (apply.c, heal.c). */
struct door {
    struct list pending;    /* committed, by seq, all after room->seq */
    struct list unanswered; /* struct lane_call whose events are not applied yet, by seq */
    int64_t gap_at;   /* since when an event is missing before the first pending; 0: none is */
    bool healing;     /* one read of the log is in the lane */
    bool look, count; /* wanted: another read; and the votes with it */
    int64_t retry_at;
};

struct room_private {
    struct room *room;
    struct dispatch *home;
    struct list dirty; /* in rooms.dirty */
    enum room_phase phase;
    enum err open_err;            /* of a failed one */
    struct room_opening *opening; /* while it opens */
    struct list waiting;          /* struct join, while opening */
    struct list news;             /* struct news, while opening */
    size_t news_count;
    bool news_lost; /* more came than are kept: opens again */
    struct door door;
    struct id epoch;        /* of this opening */
    char place[PLACE_SIZE]; /* the tag of this opening's frames: the epoch's first characters */
    uint64_t publishers[ROOM_PUBLISHERS]; /* their connections; 0: none */
    struct map members;                   /* handle → struct member_own */
    size_t *loop_members;                 /* by loop */
    struct out_list out;
    struct ring ring;
    struct states states;
    struct payload *common[2]; /* encoded JSON for HCPs, for staff; NULL: stale */
    size_t holds;              /* calls, and what features hold */
    int64_t empty_since, retry_at, backoff;
    void *states_of[]; /* by feature, in their order */
};

struct rooms {
    size_t feature_count;
    struct map by_session; /* session → struct room */
    struct list all, dirty;
};

/* A room's state as it is read: by a worker, until it is handed back. */
struct room_opening {
    struct db_job job;
    struct dispatch *home;
    struct room *room;
    struct id session;
    int64_t seq; /* of the last event that is in what was read */
    enum err err;
    void *loaded[]; /* by feature */
};

/* publish.c: what goes out */
void room_mark(struct room *room);                         /* has something for this turn's end */
void room_out(struct room *room, const struct out *entry); /* takes the entry's reference */
void room_out_event(struct room *room, struct ring_event *event, struct payload *frame);
void room_flush(struct room *room);
/* members.c */
void room_admit(struct room *room, struct join *join); /* open rooms; borrows */
/* Whoever was admitted before leaving another session has left it now. */
void room_arrive(struct room *room, uint64_t conn, struct departure *departure);
void room_remove(struct room *room, struct member *member, struct departure *departure);
/* calls.c: these are answered no more; tell: with session.left */
void calls_left(struct room *room, struct list *calls, bool tell);
/* opening.c */
void room_open(struct room *room);
void room_opening_abandon(struct room_opening *opening); /* NULL is allowed */
void room_close_features(struct room *room);
/* rooms.c */
void room_is_open(struct room *room);
void room_failed(struct room *room, enum err err);
/* apply.c */
void door_init(struct door *door);
void door_release(struct door *door);
/* Takes committed events: applies those that are due, keeps those after a gap. */
void room_take(struct room *room, struct list *events);
/* Answers when the room has applied the call's last event. */
struct lane_call;
void room_answer_after(struct room *room, struct lane_call *lc);
/* heal.c: the room reads the log from its last applied seq; count: and the votes again. */
void room_look(struct room *room, bool count);
void heal_tick(struct room *room);
/* told.c: news */
void room_told(struct room *room, const struct news *news);

static inline int64_t home_mono(const struct dispatch *d)
{
    return clock_mono_us(d->config.clock);
}

#endif
