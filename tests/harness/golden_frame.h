/* Compares a whole frame with tests/golden/<name>.json, whatever place it names; GOLDEN_WRITE=1
 * writes what is missing.
 * Tests run in the top folder. */
#ifndef AMPHI_TESTS_GOLDEN_FRAME_H
#define AMPHI_TESTS_GOLDEN_FRAME_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* A copy: each opening of a room has a place of its own. */
static inline json_t *golden_placed(const json_t *frame)
{
    json_t *copy = json_deep_copy(frame);
    if (json_is_string(json_object_get(copy, "place")))
        json_object_set_new(copy, "place", json_string("5b6c7f2e"));
    return copy;
}

static inline bool golden_frame_is(const json_t *frame, const char *name)
{
    char path[200];
    snprintf(path, sizeof path, "tests/golden/%s.json", name);
    json_t *golden = json_load_file(path, 0, NULL), *placed = golden_placed(frame);
    bool same = golden && placed && json_equal(golden, placed);
    if (!golden && placed && getenv("GOLDEN_WRITE"))
        same = json_dump_file(placed, path, JSON_INDENT(2)) == 0;
    if (!same) {
        fprintf(stderr, "%s is not:\n", path);
        if (placed)
            json_dumpf(placed, stderr, JSON_INDENT(2));
    }
    json_decref(golden);
    json_decref(placed);
    return same;
}

#endif
