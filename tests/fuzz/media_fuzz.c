/* Frames of a publisher: u16 length and bytes, one after the other, through the inlet into a stage
 * with a viewer that takes some of it. What the inlet lets through is well formed, has the
 * session's numbers, and is no more than what came. */
#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "media/inlet.h"
#include "media/stage.h"
#include <string.h>

#define FIRST_STREAM 8

static bool takes;

static bool is_open(void *arg, uint64_t conn)
{
    (void)arg, (void)conn;
    takes = !takes;
    return takes;
}

static void count_bytes(void *arg, uint64_t conn, struct payload *frames)
{
    (void)arg, (void)conn;
    const unsigned char *bytes;
    size_t n = 0, len = 0;
    for (; (n = payload_at(frames, len, &bytes)) > 0; len += n)
        MUST(bytes[0] == 0x82);
    MUST(len == frames->len && len <= 2 * MEDIA_BUNDLE_MOST);
}

static void check_records(const struct payload *records)
{
    struct media_record r;
    size_t at = 0, size;
    for (; (size = media_own(records->bytes + at, records->len - at, &r)) > 0; at += size)
        MUST(r.type < MEDIA_TYPES && r.stream >= FIRST_STREAM &&
             r.stream < FIRST_STREAM + MEDIA_OWN_STREAMS && r.len <= MEDIA_FRAME_MOST &&
             !(r.flags & MEDIA_MORE));
    MUST(at == records->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct media_wire wire = {is_open, count_bytes, NULL, NULL};
    struct clock clock;
    struct media_inlet in;
    clock_init_fake(&clock, US_PER_S);
    struct media_stage *stage = media_stage_new(&clock, "5b6c7f2e");
    media_join(stage, 1, false, MEDIA_RUNG_HIGH);
    media_join(stage, 2, true, MEDIA_RUNG_HIGH);
    media_inlet_begin(&in, FIRST_STREAM, clock_mono_us(&clock));
    for (size_t at = 0; size - at > 2;) {
        size_t len = (size_t)(data[at] << 8 | data[at + 1]), left = size - at - 2;
        struct payload *records;
        len = len < left ? len : left;
        enum err err = media_inlet_take(&in, data + at + 2, len, clock_mono_us(&clock), &records);
        MUST(err == ERR_OK || !records);
        if (records) {
            MUST(records->len + MEDIA_FRAME_HEAD == len);
            check_records(records);
            media_put_all(stage, records, at % 3 == 0);
            payload_unref(records);
        }
        at += 2 + len;
        clock_advance(&clock, 40000);
        media_serve(stage, &wire, 2, INT64_MAX);
    }
    payload_unref(media_inlet_end(&in));
    media_stage_free(stage);
    return 0;
}
