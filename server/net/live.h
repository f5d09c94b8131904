/* The state of one live websocket. Private to upgrade.c and live.c. */
#ifndef AMPHI_NET_LIVE_H
#define AMPHI_NET_LIVE_H

#include "net/internal.h"

struct net_live {
    bool established;         /* lws-10: CLOSED also comes to those that never were */
    bool outdated, has_token; /* for the greeting */
    bool closing;      /* a close frame is queued or sent: nothing else is taken in or queued */
    bool entered;      /* counts against person */
    int64_t choked_us; /* since when the kernel takes no more; 0: nothing waits */
    struct outq out;
    struct id person;
    uint8_t token[TOKEN_HASH_SIZE];
    char *message; /* pieces of a command that came in several */
    size_t message_len;
    int64_t opened_us, last_rx_us, next_ping_us; /* monotonic */
    int64_t last_rx_wall_us;                     /* the end of its span */
};

#endif
