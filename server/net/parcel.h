/* What the bodies of a carried connection say (PROTOCOL.md "Where websockets are refused"): lines.
 * The first one is about the request or the answer, each other one is a text frame. Pure. */
#ifndef AMPHI_NET_PARCEL_H
#define AMPHI_NET_PARCEL_H

#include "base/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARCEL_FRAMES_MOST 64 /* of one request */

struct parcel {
    int64_t number;   /* of the first line's one field that must be there */
    int64_t wait_ms;  /* 0: not said */
    const char *next; /* in the body: the frames that were not taken yet */
    size_t left;
};

/* Reads a request. number: what its first line calls it; waits: it may say wait_ms, too. False: not
 * of that form, or too many frames. out refers to the body. */
bool parcel_read(const char *body, size_t len, const char *number, bool waits, struct parcel *out);
/* False: there is none left. */
bool parcel_take(struct parcel *p, const char **frame, size_t *len);

/* Adds one line for each of these complete websocket frames of our own making: a text frame as it
 * is, a close frame as {"close":{"code":…,"reason":…}}; others are left out. */
void parcel_add_frames(struct buf *out, const unsigned char *frames, size_t len);

#endif
