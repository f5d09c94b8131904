/* A payload's bytes together, as a peer would see them. */
#ifndef AMPHI_TESTS_PAYLOAD_H
#define AMPHI_TESTS_PAYLOAD_H

#include "base/mem.h"
#include "base/payload.h"
#include <string.h>

/* All of them, NUL behind; free(). */
static inline unsigned char *payload_whole(const struct payload *p)
{
    const unsigned char *bytes;
    unsigned char *whole = mem_new(p->len + 1);
    size_t done = 0;
    for (size_t n; (n = payload_at(p, done, &bytes)) > 0; done += n)
        memcpy(whole + done, bytes, n);
    return whole;
}

#endif
