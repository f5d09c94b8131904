/* What a client makes of the live protocol: the snapshot, brought up to date by each event and
 * state as PROTOCOL.md says. Written from the document, not from the server's code, so that a test
 * can hold what clients see against a fresh snapshot. */
#ifndef AMPHI_TESTS_VIEW_H
#define AMPHI_TESTS_VIEW_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct view {
    bool staff;
    json_t *common, *own; /* as in the snapshot */
    json_t *tallies;      /* poll → the newest poll.tally */
    long long seq;        /* of the last event */
};

void view_init(struct view *v, bool staff);
void view_release(struct view *v);
/* One frame from the server. Asserts that events come in order. */
void view_take(struct view *v, const json_t *frame);
/* Both as text, for a message; NULL when they are the same. The caller's to free. */
char *view_difference(const struct view *v, const struct view *fresh);

#endif
