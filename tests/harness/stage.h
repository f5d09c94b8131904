/* A live session on a real database, with a fake clock and without sockets: the congress of
 * audience.h, its session in one loop, people 1 … STAGE_PEOPLE registered. */
#ifndef AMPHI_TESTS_STAGE_H
#define AMPHI_TESTS_STAGE_H

#include "db/db.h"
#include "harness/audience.h"
#include "harness/live.h"

#define STAGE_PEOPLE 40

struct stage {
    const char *url;
    struct db *db;
    struct db_conn *conn; /* for what HTTP does: change it through the stores */
    struct live *live;
};

void stage_open(struct stage *s, const struct feature *const *features);
/* The same in a database of a cluster of one's own. */
void stage_open_in(struct stage *s, const char *url, const struct feature *const *features);
/* The same database, the room opened afresh: what a restart leaves. */
void stage_restart(struct stage *s, const struct feature *const *features);
void stage_close(struct stage *s);

/* A change by the organiser, to be given to a store with stage->conn. */
void stage_change(struct stage *s, struct change *change);

/* Joined, frames so far forgotten. */
uint64_t stage_staff(struct stage *s, unsigned roles);
uint64_t stage_hcp(struct stage *s, int person);
/* Joined; the snapshot of the answer, borrowed. */
json_t *stage_snapshot(struct stage *s, unsigned roles, int person);

/* Sends a command, waits for the answer: "" or the code of its error. */
const char *stage_code(struct stage *s, uint64_t conn, const char *command, const char *data);
/* The same; what ok holds, borrowed, NULL when it failed. */
json_t *stage_ok(struct stage *s, uint64_t conn, const char *command, const char *data);
/* Lets ms pass with ticks, until nothing moves. */
void stage_pass(struct stage *s, int ms);
/* Waits until conn has its n-th frame of a kind ("event", "state") and name; its data, borrowed. */
json_t *stage_frame(struct stage *s, uint64_t conn, const char *kind, const char *name, size_t n);

#endif
