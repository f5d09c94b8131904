/* The state of one live websocket. Private to upgrade.c and live.c. */
#ifndef AMPHI_NET_LIVE_H
#define AMPHI_NET_LIVE_H

#include "net/internal.h"

struct net_live {
    bool established;   /* lws-10: CLOSED also comes to those that never were */
    bool outdated;      /* for the greeting */
    bool publishes;     /* came by the door for media */
    bool admitted;      /* and may send them */
    bool binary;        /* what is under way */
    bool closing;       /* a close frame is queued or sent: nothing else is taken in or queued */
    bool entered;       /* counts against person */
    int64_t choked_us;  /* since when the kernel takes no more; 0: nothing waits */
    int64_t doubted_us; /* until when it is asked before media are written; 0: it took all */
    struct outq out;
    struct id person;
    struct sign_ins sign_ins;
    char *message; /* pieces of a command, or of media, that came in several */
    size_t message_len, message_cap;
    int message_fragments;                       /* websocket frames of it so far */
    int64_t message_since_us;                    /* when it began; 0: none is under way */
    int64_t opened_us, last_rx_us, next_ping_us; /* monotonic */
    int64_t last_rx_wall_us;                     /* the end of its span */
    int64_t asked_wall_us; /* of the first ping since then: not answered yet; 0: none */
};

/* live.c: what the wire does to a websocket. NULL: gone, or about to go. */
struct conn *net_live_find(struct net_loop *l, uint64_t handle);
void net_live_send(struct conn *c, enum frame_class class, uint64_t coalesce_key,
                   struct payload *frame);
void net_live_tell(struct conn *c, enum frame_class class, uint64_t coalesce_key,
                   struct payload *frame);
/* Whether live media may be written now. */
bool net_live_open(struct conn *c);
/* A close frame after what is queued; nothing else is taken in from here on. */
void net_live_close(struct conn *c, uint16_t code, const char *reason);
/* live_in.c: whether a message takes too long to come; it is closed then. */
bool net_live_stalls(struct conn *c, int64_t now);

#endif
