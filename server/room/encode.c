#include "room/encode.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/frame.h"
#include "room/dispatch.h"
#include <stdlib.h>
#include <string.h>

/* What we encode was made by us: it fails for want of memory, or for text that is not UTF-8, which
 * the strict readers keep out. */
static char *dump(const json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    if (!text)
        abort();
    return text;
}

struct payload *encode_json(json_t *whole)
{
    char *text = dump(whole);
    struct payload *frame = frame_text(text, strlen(text));
    free(text);
    json_decref(whole);
    return frame;
}

struct payload *encode_hello(const char *build, int64_t now, int ping_ms)
{
    char at[TIME_TEXT_SIZE];
    return encode_json(json_pack("{s:{s:i,s:s,s:s,s:i}}", "hello", "protocol", PROTOCOL_VERSION,
                                 "build", build, "now", time_text(now, at), "ping_ms", ping_ms));
}

struct payload *encode_bye(const char *code, int64_t retry_ms)
{
    return encode_json(
        json_pack("{s:{s:s,s:I}}", "bye", "code", code, "retry_ms", (json_int_t)retry_ms));
}

struct payload *encode_event(const char *place, const char *type, int64_t seq, int64_t at,
                             json_t *data)
{
    char text[TIME_TEXT_SIZE];
    return encode_json(json_pack("{s:s,s:s,s:I,s:s,s:O}", "event", type, "place", place, "seq",
                                 (json_int_t)seq, "at", time_text(at, text), "data", data));
}

struct payload *encode_state(const char *place, const char *type, const char *key, int64_t version,
                             json_t *data)
{
    return encode_json(json_pack("{s:s,s:s,s:s,s:I,s:O}", "state", type, "place", place, "key", key,
                                 "version", (json_int_t)version, "data", data));
}

struct payload *encode_keyframe(int own)
{
    return encode_json(
        json_pack("{s:s,s:{s:i}}", "notice", "media.keyframe", "data", "stream", own));
}

struct payload *encode_ok(int64_t request, json_t *result)
{
    return encode_json(
        json_pack("{s:I,s:o}", "id", (json_int_t)request, "ok", result ? result : json_object()));
}

struct payload *encode_error(int64_t request, const char *code)
{
    return encode_json(
        json_pack("{s:I,s:{s:s}}", "id", (json_int_t)request, "error", "code", code));
}

struct payload *encode_field_error(int64_t request, const char *field, const char *reason)
{
    /* A peer chooses the name of an unknown field: never longer than this in an answer. */
    char name[65];
    size_t len = strnlen(field, sizeof name - 1);
    while (len > 0 && len == sizeof name - 1 && ((unsigned char)field[len] & 0xc0) == 0x80)
        len--;
    memcpy(name, field, len);
    name[len] = '\0';
    return encode_json(json_pack("{s:I,s:{s:s,s:s,s:s}}", "id", (json_int_t)request, "error",
                                 "code", err_code(ERR_INVALID), "field", name, "reason", reason));
}

struct payload *encode_joined(const struct joined *j)
{
    json_t *head =
        json_pack("{s:I,s:{s:s,s:s,s:I,s:b}}", "id", (json_int_t)j->request, "ok", "place",
                  j->place, "epoch", j->epoch, "seq", (json_int_t)j->seq, "resumed", !j->common);
    if (!j->common)
        return encode_json(head);
    struct buf before, after;
    char *open = dump(head), *own = dump(j->own);
    buf_init(&before, SIZE_MAX);
    buf_init(&after, SIZE_MAX);
    buf_add(&before, open, strlen(open) - 2); /* without the two closing braces */
    buf_adds(&before, ",\"snapshot\":{\"common\":");
    buf_adds(&after, ",\"own\":");
    buf_adds(&after, own);
    buf_adds(&after, "}}}");
    struct payload *frame =
        frame_text_around(before.data, before.len, j->common, after.data, after.len);
    buf_release(&before);
    buf_release(&after);
    free(own);
    free(open);
    json_decref(head);
    return frame;
}
