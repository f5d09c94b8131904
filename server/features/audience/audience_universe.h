/* The universe of a profile, counted in the register or in a target list: by the job
 * `universe.count` whenever something it depends on has changed (migration 0075 says what), and for
 * an organiser who edits the profile. The job also matches registrations with profiles whose target
 * lists have changed (migration 0076). */
#ifndef AMPHI_FEATURES_AUDIENCE_UNIVERSE_H
#define AMPHI_FEATURES_AUDIENCE_UNIVERSE_H

#include "features/audience/audience_store.h"
#include "jobs/jobs.h"

extern const struct job_kind universe_count;

/* The next profile that this job counts, after *profile. ERR_NOT_FOUND: there is none. */
enum err universe_next(struct db_conn *c, const struct id *work, struct id *profile,
                       struct id *congress) MUST_CHECK;
/* Matches registrations with it again, if its lists have changed. In one statement of its own:
 * registrations of the congress wait for it. */
enum err universe_match(struct db_conn *c, const struct id *work,
                        const struct id *profile) MUST_CHECK;
/* Counts it, where it is counted, and writes what came of it, in one statement. */
enum err universe_write(struct db_conn *c, const struct id *work, const struct id *profile,
                        int64_t now) MUST_CHECK;
/* No universe of this job is said to be being counted any more: its number stands with its date,
 * and nothing takes it for today's. */
enum err universe_give_up(struct db_conn *c, const struct id *work) MUST_CHECK;

/* What somebody thinks of. */
struct universe_ask {
    enum universe_from from; /* not UNIVERSE_GIVEN */
    struct id list;          /* with UNIVERSE_TARGET_LIST */
    json_t *criteria;
    struct id profile; /* that would have them; the zero id: a new one */
};
/* {"count":…, "lacks":[…], "source":…}; count null: it cannot be counted there. ERR_NOT_FOUND:
 * another organisation's congress. */
enum err universe_preview(struct db_conn *c, const struct identity *who, const struct id *congress,
                          const struct universe_ask *ask, int64_t now, struct profile_result *out,
                          json_t **counted) MUST_CHECK;

#endif
