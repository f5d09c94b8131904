/* Spreads the bits of a number over all of it (the finaliser of splitmix64, Steele, Lea and Flood
 * 2014). No secret: what must not be guessed is keyed first. */
#ifndef AMPHI_BASE_MIX_H
#define AMPHI_BASE_MIX_H

#include <stdint.h>

static inline uint64_t mix64(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

#endif
