/* Immutable bytes shared by any number of owners on any thread: an event is encoded and framed
 * once and every connection's queue holds a reference. Written only before the first share.
 * A payload may be joined of others, which it refers to: its bytes are then read by payload_at().
 */
#ifndef AMPHI_BASE_PAYLOAD_H
#define AMPHI_BASE_PAYLOAD_H

#include <stddef.h>

#define PAYLOAD_COPIED 4096 /* payload_join() copies what is shorter */

struct payload {
    _Atomic unsigned refs;
    unsigned parts; /* 0: the bytes are its own */
    size_t len;     /* of all */
    unsigned char bytes[];
};

struct payload *payload_new(size_t len); /* uninitialised bytes, one reference */
struct payload *payload_copy(const void *bytes, size_t len);
/* n >= 1 in a row as one. Short neighbours are copied together, long ones referred to. */
struct payload *payload_join(struct payload *const *parts, size_t n);
struct payload *payload_ref(struct payload *p);
void payload_unref(struct payload *p); /* NULL is allowed */
/* The bytes at offset, as many as lie together; 0 at the end. */
size_t payload_at(const struct payload *p, size_t offset, const unsigned char **bytes);

#endif
