#include "harness/golden.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *golden(const char *feature, const char *message)
{
    char path[256];
    json_error_t error;
    snprintf(path, sizeof path, "tests/golden/%s/%s.json", feature, message);
    json_t *frame = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!frame) {
        fprintf(stderr, "%s: %s\n", path, error.text);
        abort();
    }
    return frame;
}

static json_t *member_of(json_t *object, const char *member)
{
    char copy[64], *rest = copy;
    snprintf(copy, sizeof copy, "%s", member);
    for (char *name; object && (name = strsep(&rest, "."));)
        object = json_object_get(object, name);
    return object;
}

int golden_is(const char *feature, const char *message, const char *member, json_t *actual)
{
    json_t *frame = golden(feature, message);
    json_t *expected = member_of(frame, member);
    int same = expected && actual && json_equal(expected, actual);
    if (!same) {
        char *want = json_dumps(expected, JSON_INDENT(1) | JSON_ENCODE_ANY);
        char *have = json_dumps(actual, JSON_INDENT(1) | JSON_ENCODE_ANY);
        fprintf(stderr, "%s/%s.json %s: expected %s\nhave %s\n", feature, message, member,
                want ? want : "nothing", have ? have : "nothing");
        free(want);
        free(have);
    }
    json_decref(frame);
    json_decref(actual);
    return same;
}
