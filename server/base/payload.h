/* Immutable bytes shared by any number of owners on any thread: an event is encoded and framed
 * once and every connection's queue holds a reference. Written only before the first share. */
#ifndef AMPHI_BASE_PAYLOAD_H
#define AMPHI_BASE_PAYLOAD_H

#include <stddef.h>

struct payload {
    _Atomic unsigned refs;
    size_t len;
    unsigned char bytes[];
};

struct payload *payload_new(size_t len); /* uninitialised bytes, one reference */
struct payload *payload_copy(const void *bytes, size_t len);
struct payload *payload_ref(struct payload *p);
void payload_unref(struct payload *p); /* NULL is allowed */

#endif
