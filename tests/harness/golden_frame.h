/* Compares a whole frame with tests/golden/<name>.json; GOLDEN_WRITE=1 writes what is missing.
 * Tests run in the top folder. */
#ifndef AMPHI_TESTS_GOLDEN_FRAME_H
#define AMPHI_TESTS_GOLDEN_FRAME_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static inline bool golden_frame_is(const json_t *frame, const char *name)
{
    char path[200];
    snprintf(path, sizeof path, "tests/golden/%s.json", name);
    json_t *golden = json_load_file(path, 0, NULL);
    if (!golden && frame && getenv("GOLDEN_WRITE"))
        return json_dump_file(frame, path, JSON_INDENT(2)) == 0;
    bool same = golden && frame && json_equal(golden, frame);
    if (!same) {
        fprintf(stderr, "%s is not:\n", path);
        if (frame)
            json_dumpf(frame, stderr, JSON_INDENT(2));
    }
    json_decref(golden);
    return same;
}

#endif
