/* A chunk of a recording, as a crash or a bad disk leaves it; and the film that is made of it. */
#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "recording/chunk.h"
#include "recording/film.h"
#include <zlib.h>

struct given {
    const uint8_t *data;
    size_t size;
    bool done;
    uint64_t written;
};

static enum err give(void *arg, int lane, const void **bytes, size_t *len)
{
    struct given *g = arg;
    if (g->done || lane > 0)
        return ERR_NOT_FOUND;
    g->done = true;
    *bytes = g->data;
    *len = g->size;
    return ERR_OK;
}

static enum err add(void *arg, const void *bytes, size_t len)
{
    (void)bytes;
    ((struct given *)arg)->written += len;
    return ERR_OK;
}

static enum err patch(void *arg, uint64_t at, const void *bytes, size_t len)
{
    (void)bytes;
    MUST(at + len <= ((struct given *)arg)->written);
    return ERR_OK;
}

/* As somebody would write it: checksums that are right. */
static void sign(uint8_t *bytes, size_t len)
{
    for (size_t at = CHUNK_HEAD, size; len - at >= CHUNK_ENTRY_HEAD;
         at += CHUNK_ENTRY_HEAD + size) {
        size = (size_t)bytes[at + 4] << 24 | (size_t)bytes[at + 5] << 16 |
               (size_t)bytes[at + 6] << 8 | bytes[at + 7];
        if (size > len - at - CHUNK_ENTRY_HEAD)
            return;
        uLong crc = crc32(0, bytes + at + 4, (uInt)(CHUNK_ENTRY_HEAD - 4 + size));
        for (int i = 0; i < 4; i++)
            bytes[at + (size_t)i] = (uint8_t)(crc >> (24 - 8 * i));
    }
}

static void look(const uint8_t *data, size_t size)
{
    int64_t last, ms;
    struct film *film;
    struct given g = {.data = data, .size = size};
    size_t whole = chunk_whole(data, size, &last);
    MUST(whole <= size && (whole == 0 || whole >= CHUNK_HEAD));
    struct film_config config = {
        .lanes = 2, .source = give, .arg = &g, .width = 64, .height = 36, .sink = {add, patch, &g}};
    if (film_begin(&config, &film) != ERR_OK)
        return;
    enum err err = film_go_on(film, 10000);
    MUST(err == ERR_OK || err == ERR_NOT_FOUND);
    MUST(film_end(film, &ms) == ERR_OK && ms <= 10000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    look(data, size);
    uint8_t *copy = mem_new(size);
    if (size)
        memcpy(copy, data, size);
    if (size > CHUNK_HEAD)
        sign(copy, size);
    look(copy, size);
    free(copy);
    return 0;
}
