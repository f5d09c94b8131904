/* The body of a carried connection's request, and the lines of an answer: what was taken apart is
 * put together again. */
#include "base/frame.h"
#include "fuzz/fuzz.h"
#include "net/parcel.h"
#include <string.h>

static void put_together(const char *frame, size_t len)
{
    struct buf line;
    struct payload *whole = frame_text(frame, len);
    buf_init(&line, len + 2);
    parcel_add_frames(&line, whole->bytes, whole->len);
    MUST(line.len == len + 1 && memcmp(line.data, frame, len) == 0 && line.data[len] == '\n');
    buf_release(&line);
    payload_unref(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *body = (const char *)data, *frame;
    struct parcel p;
    struct frame_view view;
    size_t len, n = 0;
    if (parcel_read(body, size, "ack", true, &p) || parcel_read(body, size, "number", false, &p)) {
        MUST(p.number >= 0 && p.wait_ms >= 0);
        for (; parcel_take(&p, &frame, &len); n++) {
            MUST(frame >= body && frame + len <= body + size && !memchr(frame, '\n', len));
            put_together(frame, len);
        }
        MUST(n <= PARCEL_FRAMES_MOST);
    }
    len = frame_read(data, size, &view);
    MUST(len <= size && (len == 0 || view.bytes + view.len == data + len));
    return 0;
}
