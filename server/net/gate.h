/* What a connection's peer sends, looked at before libwebsockets has it: its parser takes more than
 * RFC 9112 and RFC 6455 allow, and a proxy in front may read that otherwise. Only the framing is
 * looked at, nothing is kept of a body or a message. Pure; the loop's thread. */
#ifndef AMPHI_NET_GATE_H
#define AMPHI_NET_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GATE_NAME    17  /* of the longest header that matters, transfer-encoding */
#define GATE_DIGITS  20  /* of a length */
#define GATE_CONTROL 125 /* bytes of a control frame, at most */

enum gate_at { /* of a request's head, before this byte */
               GATE_START,
               GATE_START_LF,
               GATE_LINE,
               GATE_LINE_LF,
               GATE_FIELD,
               GATE_FIELD_NAME,
               GATE_VALUE,
               GATE_VALUE_LF,
               GATE_END_LF,
               GATE_BODY,
               GATE_FRAMES, /* it asked for a websocket */
               GATE_OFF,    /* this request is refused by its exchange: nothing follows */
};

struct gate {
    enum gate_at at;
    /* of the head */
    uint8_t name_len, value_len, lengths; /* more than their buffers hold: not of interest */
    bool coded, upgrade;
    char name[GATE_NAME];
    char value[GATE_DIGITS];
    uint64_t left; /* of the body, or of a frame's payload */
    /* Of heads that are here and have not been asked for: a bit each, the oldest first. */
    uint64_t bodies;
    uint8_t heads;
    /* of the frame */
    uint8_t head_len, head[14], control_len;
    bool in_message; /* after a fragment that was not the last */
    unsigned char control[GATE_CONTROL];
};

/* Bytes of HTTP, until one asks for a websocket; *used: so many. False: a malformed request. */
bool gate_http(struct gate *g, const unsigned char *bytes, size_t len, size_t *used);
/* Of the oldest head that was not asked for yet: whether a body follows. `otherwise` when there is
 * none. */
bool gate_body_follows(struct gate *g, bool otherwise);
/* False after the head that was asked for last when nothing behind it is looked at: it has to be
 * refused. */
bool gate_lets_pass(const struct gate *g);
/* What frames ask for. */
struct gate_seen {
    int pings;
    size_t ping_len; /* of the last one, */
    unsigned char ping[GATE_CONTROL];
};
/* Bytes of a websocket. 0, or the code to close with. */
uint16_t gate_frames(struct gate *g, const unsigned char *bytes, size_t len,
                     struct gate_seen *seen);

#endif
