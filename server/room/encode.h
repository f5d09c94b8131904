/* What the live protocol's frames look like (PROTOCOL.md, "Frames"): each function encodes and
 * frames once; the payload is then shared by everybody who gets it. Any thread. */
#ifndef AMPHI_ROOM_ENCODE_H
#define AMPHI_ROOM_ENCODE_H

#include "base/err.h"
#include "base/payload.h"
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct payload *encode_json(json_t *whole); /* takes the object */
struct payload *encode_hello(const char *build, int64_t now, int ping_ms);
struct payload *encode_bye(const char *code, int64_t retry_ms);
/* place: the tag of the session, which tells late frames of a session that was left. */
struct payload *encode_event(const char *place, const char *type, int64_t seq, int64_t at,
                             json_t *data); /* borrows data */
struct payload *encode_state(const char *place, const char *type, const char *key, int64_t version,
                             json_t *data); /* borrows data */
/* To a publisher: viewers wait for a key frame of this own stream of its. */
struct payload *encode_keyframe(int own);
struct payload *encode_ok(int64_t request, json_t *result); /* takes result; NULL: {} */
struct payload *encode_error(int64_t request, const char *code);
struct payload *encode_field_error(int64_t request, const char *field, const char *reason);

/* The answer to session.join. common: encoded JSON, shared as it is; NULL: resumed, no
 * snapshot. */
struct joined {
    int64_t request, seq;
    const char *epoch, *place;
    struct payload *common; /* borrowed */
    json_t *own;            /* borrowed */
};
struct payload *encode_joined(const struct joined *j);

#endif
