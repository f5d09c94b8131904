#include "base/id.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void random_fill(void *out, size_t len)
{
    /* Up to 256 bytes come whole and uninterrupted once the kernel's pool is ready. */
    ssize_t got;
    do
        got = getrandom(out, len, 0);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)len)
        abort();
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool dash_before(size_t byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

bool id_parse(const char *text, struct id *out)
{
    struct id id;
    for (size_t i = 0; i < sizeof id.bytes; i++) {
        if (dash_before(i) && *text++ != '-')
            return false;
        int high = hex_value(text[0]);
        int low = high < 0 ? -1 : hex_value(text[1]);
        if (low < 0)
            return false;
        id.bytes[i] = (uint8_t)(high << 4 | low);
        text += 2;
    }
    if (*text)
        return false;
    *out = id;
    return true;
}

const char *id_text(const struct id *id, char text[static ID_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    char *p = text;
    for (size_t i = 0; i < sizeof id->bytes; i++) {
        if (dash_before(i))
            *p++ = '-';
        *p++ = digits[id->bytes[i] >> 4];
        *p++ = digits[id->bytes[i] & 15];
    }
    *p = '\0';
    return text;
}

bool id_equal(const struct id *a, const struct id *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static uint64_t hash_key[2];
static void make_hash_key(void)
{
    random_fill(hash_key, sizeof hash_key);
}

/* Keyed anew in each process: some ids are made by clients, who must not be able to make them
 * collide in a map. */
uint64_t id_hash(const struct id *id)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_hash_key);
    uint64_t half[2];
    memcpy(half, id->bytes, sizeof half);
    unsigned __int128 product =
        (unsigned __int128)(half[0] ^ hash_key[0]) * (half[1] ^ hash_key[1]);
    uint64_t mixed = (uint64_t)product ^ (uint64_t)(product >> 64);
    mixed = (mixed ^ hash_key[0]) * 0x9e3779b97f4a7c15ULL;
    return mixed ^ mixed >> 32;
}

struct id id_random(void)
{
    struct id id;
    random_fill(id.bytes, sizeof id.bytes);
    id.bytes[6] = (uint8_t)((id.bytes[6] & 0x0f) | 0x40); /* version 4 */
    id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3f) | 0x80); /* RFC 9562 variant */
    return id;
}
