/* Numbers as bytes, the most significant first. */
#ifndef AMPHI_BASE_BYTES_H
#define AMPHI_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* n: 1 to 8 bytes; what does not fit is cut. */
static inline void bytes_put(void *out, uint64_t value, size_t n)
{
    unsigned char *byte = out;
    for (size_t i = 0; i < n; i++)
        byte[i] = (unsigned char)(value >> (8 * (n - 1 - i)));
}

static inline uint64_t bytes_get(const void *in, size_t n)
{
    const unsigned char *byte = in;
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value << 8 | byte[i];
    return value;
}

#endif
