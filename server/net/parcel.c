#include "net/parcel.h"
#include "base/frame.h"
#include "base/json.h"
#include <string.h>

#define NUMBER_MOST ((int64_t)1 << 53)
#define WAIT_MOST   (60 * 1000)

static size_t line_length(const char *bytes, size_t len)
{
    const char *end = memchr(bytes, '\n', len);
    return end ? (size_t)(end - bytes) : len;
}

/* The line and what ends it; that may be missing at the very end. */
static void skip_line(struct parcel *p, size_t line)
{
    size_t skipped = line < p->left ? line + 1 : line;
    p->next += skipped;
    p->left -= skipped;
}

static bool read_first(const char *line, size_t len, const char *number, bool waits,
                       struct parcel *out)
{
    json_t *object = json_parse(line, len);
    if (!json_is_object(object)) {
        json_decref(object);
        return false;
    }
    struct json_reader r = json_reader(object);
    out->number = json_read_int(&r, number, 0, NUMBER_MOST);
    if (waits && json_read_has(&r, "wait_ms"))
        out->wait_ms = json_read_int(&r, "wait_ms", 1, WAIT_MOST);
    bool read = json_reader_end(&r);
    json_decref(object);
    return read;
}

static size_t count_frames(struct parcel p)
{
    const char *frame;
    size_t len, n = 0;
    while (n <= PARCEL_FRAMES_MOST && parcel_take(&p, &frame, &len))
        n++;
    return n;
}

bool parcel_read(const char *body, size_t len, const char *number, bool waits, struct parcel *out)
{
    size_t first = line_length(body, len);
    *out = (struct parcel){.next = body, .left = len};
    if (!read_first(body, first, number, waits, out))
        return false;
    skip_line(out, first);
    return count_frames(*out) <= PARCEL_FRAMES_MOST;
}

bool parcel_take(struct parcel *p, const char **frame, size_t *len)
{
    if (p->left == 0)
        return false;
    *frame = p->next;
    *len = line_length(p->next, p->left);
    skip_line(p, *len);
    return true;
}

static void add_close(struct buf *out, const struct frame_view *frame)
{
    unsigned code = frame->len < 2 ? 1005 : frame->bytes[0] << 8 | frame->bytes[1];
    const char *reason = frame->len < 2 ? "" : (const char *)frame->bytes + 2;
    size_t len = frame->len < 2 ? 0 : frame->len - 2;
    json_t *line = json_pack("{s:{s:i,s:s%}}", "close", "code", (int)code, "reason", reason, len);
    char *text = json_dumps(line, JSON_COMPACT);
    if (text)
        buf_addf(out, "%s\n", text);
    free(text);
    json_decref(line);
}

void parcel_add_frames(struct buf *out, const unsigned char *frames, size_t len)
{
    struct frame_view frame;
    for (size_t n; (n = frame_read(frames, len, &frame)) > 0; frames += n, len -= n) {
        if (frame.kind == FRAME_IS_CLOSE)
            add_close(out, &frame);
        if (frame.kind != FRAME_IS_TEXT)
            continue;
        buf_add(out, frame.bytes, frame.len);
        buf_adds(out, "\n");
    }
}
