/* The half of rooms. Everything here is the home loop's. */
#ifndef AMPHI_ROOM_HOME_HOME_H
#define AMPHI_ROOM_HOME_HOME_H

#include "base/app.h"
#include "base/map.h"
#include "db/lane.h"
#include "media/record.h"
#include "media/stage.h"
#include "media/voices.h"
#include "nodes/node.h"
#include "room/change.h"
#include "room/home/ring.h"
#include "room/home/states.h"
#include "room/message.h"
#include "room/others.h"

#define ROOM_EMPTY_US (60 * US_PER_S) /* without members before a room closes */

#define ROOM_PUBLISHERS 10 /* of live media at once */

enum room_phase { ROOM_OPENING, ROOM_OPEN, ROOM_FAILED };

struct member_own {
    struct member member;
    int loop;
    struct list calls; /* struct call_message: commands that are not answered yet */
    bool crew;         /* it is sent what is behind the scenes */
    uint8_t rung;      /* the most it is sent */
};

/* Committed events on their way into the room (apply.c, heal.c). */
struct door {
    struct list pending;    /* committed, by seq, all after room->seq */
    struct list unanswered; /* struct lane_call whose events are not applied yet, by seq */
    int64_t gap_at;   /* since when an event is missing before the first pending; 0: none is */
    bool healing;     /* one read of the log is in the lane */
    bool look, count; /* wanted: another read; and the votes with it */
    int64_t retry_at;
    unsigned looks, looked; /* how many reads began; which was the last that brought all there is */
    struct list behind;     /* struct call_message that wait for one */
    struct call_message *deciding; /* by what the room knows */
};

/* A connection that publishes, at its slot: its streams are four from its slot times four on. */
struct publisher {
    uint64_t conn; /* 0: nobody */
    int loop;
    struct identity who;
    struct media_rights rights;
    enum media_scope scope; /* of what it sent last */
    int64_t last_us;        /* when something came last */
    bool silent;            /* nothing came for a while, as was said */
    bool closing;           /* it may not any more */
    uint32_t timestamp;     /* of its newest record */
    bool broken[2][2];      /* its camera, screen, by rung: passed on again from a key frame on */
    bool key_wanted[2];     /* of its camera, its screen */
    int64_t since;          /* Unix us */
    /* Of another node (far_media.c): */
    bool far;
    struct id node;
    uint16_t origin_stream;                  /* its first one by that node's numbers */
    uint16_t sequence[MEDIA_OWN_STREAMS][2]; /* of the newest record, by rung */
    int64_t key_us[2];                       /* when it was asked for last */
    /* What its streams begin with, by rung; NULL: none came. */
    struct payload *configs[MEDIA_OWN_STREAMS][2];
    bool told; /* features have them */
};

/* Who is in the session by way of other nodes (others.c). */
struct others {
    struct map by_span;
    struct list over;         /* of them those that have ended, oldest first */
    unsigned reading;         /* how many readings there were */
    bool wanted, under_way;   /* another one */
    struct others_range next; /* what it has to bring; xid: if it is wanted */
    bool whole;               /* it has to bring all */
    int64_t read_at;          /* Unix us: the last one */
};

#define ROOM_SHARES 8
#define ROOM_NODES  64

/* A node whose room of the session wants live streams. */
struct far_node {
    struct id node;
    int64_t until; /* monotonic us */
};

/* Rows for the other nodes, of one topic (share.c). */
struct share {
    const char *topic; /* NULL ends the table */
    json_t *rows;
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
    struct publisher publishers[ROOM_PUBLISHERS];
    struct media_voice voices[ROOM_PUBLISHERS]; /* by slot; group: the scope */
    struct media_speaker speaker;               /* by slot */
    uint16_t focus;
    struct map members;   /* handle → struct member_own */
    size_t *loop_members; /* by loop */
    struct out_list out;
    struct far_node far[ROOM_NODES];
    int far_n;
    int64_t here_at; /* monotonic us: when to say again that this room wants streams */
    struct others others;
    struct share shares[ROOM_SHARES + 1];
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
    struct other *others; /* from malloc(); NULL: none, or not read */
    size_t others_n;
    void *loaded[]; /* by feature */
};

/* publish.c: what goes out */
void room_mark(struct room *room);                         /* has something for this turn's end */
void room_out(struct room *room, const struct out *entry); /* takes the entry's reference */
void room_out_event(struct room *room, struct ring_event *event, struct payload *frame);
void room_flush(struct room *room);
/* members.c */
void room_admit(struct room *room, struct join *join); /* open rooms; borrows */
/* Whoever was admitted before leaving another session has left it now. member NULL: is gone again.
 */
void room_arrive(struct room *room, struct member *member, struct departure *departure);
void room_remove(struct room *room, struct member *member, struct departure *departure);
/* calls.c: these are answered no more; tell: with session.left */
void calls_left(struct room *room, struct list *calls, bool tell);
/* opening.c */
void room_open(struct room *room);
void room_opening_abandon(struct room_opening *opening); /* NULL is allowed */
void room_close_features(struct room *room);
/* rooms.c */
/* Opens it, though nobody joins here. */
void room_want(struct dispatch *d, const struct id *session);
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
/* behind.c */
/* Has the command decided. */
void behind_decide(struct room *room, struct call_message *own);
/* It would be refused with the code: whether it waits for a look into the log instead. */
bool behind_keep(struct call *call, const char *code);
void behind_tick(struct room *room); /* those whose look is over */
void behind_release(struct door *door);
/* publishers.c */
struct media_rights room_rights(struct room *room, const struct identity *who);
void publishers_init(struct room *room);
void publishers_free(struct room *room);
void publishers_tick(struct room *room);
/* records.c: what of a publisher's records is passed on; takes a reference of none. */
struct payload *records_filter(struct room *room, int slot, const struct payload *records,
                               int64_t now);
/* configs.c */
/* Of what is passed on, what streams begin with. */
void configs_keep(struct publisher *p, const struct payload *passed);
/* One after the other; NULL: there are none. The caller's own. */
struct payload *configs_all(const struct publisher *p);
void configs_drop(struct publisher *p);
int publisher_far(struct room *room, int slot, const struct publisher *far);
void publisher_records(struct room *room, int slot, const struct payload *records);
/* To the viewers, as what the publisher sent last; takes the records. */
void publisher_out(struct room *room, const struct publisher *p, struct payload *records);
void publisher_end(struct room *room, int slot);
/* far_media.c */
#define FAR_HERE "streams.wanted" /* the topic */
void far_media_here(struct room *room, const json_t *data);
void far_media_send(struct room *room, int slot, const struct payload *records); /* NULL: it ends */
void far_media_ask_key(struct room *room, int slot, int own);
void far_media_tick(struct room *room);
void far_media_node_gone(struct room *room, const struct id *node);
/* Whether connections here publish what other nodes want. */
bool far_media_publishes(const struct room *room);
/* share.c */
void shares_flush(struct room *room);
void shares_release(struct room_private *own);
/* others.c */
#define OTHERS "others" /* the topic */
void others_init(struct others *o);
void others_release(struct others *o);
void others_told(struct room *room, const json_t *data);      /* by another node */
void others_node_gone(struct room *room, const json_t *data); /* {"node", "lease"} */
void others_loaded(struct room *room, const struct other *rows, size_t n);
/* What transactions from xid on wrote is to be read; 0: all. */
void others_want(struct room *room, int64_t xid);
void others_read_again(struct room *room); /* at each tick: if it is wanted */
/* speaking.c */
void speaking_tick(struct room *room);
/* told.c: news */
void room_told(struct room *room, const struct news *news);

/* Whether other nodes may have the session, too. */
static inline bool home_has_others(const struct dispatch *d)
{
    return d->config.app && node_has_bus(d->config.app->node_here);
}

static inline int64_t home_mono(const struct dispatch *d)
{
    return clock_mono_us(d->config.clock);
}

#endif
