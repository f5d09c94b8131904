/* SQL of participation. Database workers only. */
#ifndef AMPHI_FEATURES_PARTICIPATION_STORE_H
#define AMPHI_FEATURES_PARTICIPATION_STORE_H

#include "db/query.h"
#include "features/participation/participation_live.h"

/* --- for the live room --- */
enum load_what {
    LOAD_OPENING, /* everybody, with the spans so far */
    LOAD_WHOLE,   /* everybody */
    LOAD_SOME,    /* these registrations only; profiles as `shape` has them already */
};
/* rules: gap and threshold only. people must be empty; shape, too, but for LOAD_SOME. */
enum err participation_load(struct db_conn *c, const struct id *session, enum load_what what,
                            const struct id *ids, size_t n_ids, struct span_rules *rules,
                            struct participation *shape, struct people *people) MUST_CHECK;

/* --- for REST --- */
#define TITLE_SIZE 801 /* 200 characters */
struct participation_session {
    char state[16]; /* as in SQL and JSON */
    char congress[TITLE_SIZE], title[TITLE_SIZE];
    char day[16]; /* of the start, in the congress's zone: "2026-11-26" */
};
/* ERR_NOT_FOUND: no such session in this organisation. out: participation_release() always. */
enum err participation_read(struct db_conn *c, const struct id *organisation,
                            const struct id *session, struct participation_session *about,
                            struct participation *out) MUST_CHECK;
/* profiles: how many are in the file; it has no people. */
enum err participation_audit_export(struct db_conn *c, const struct identity *who,
                                    const struct id *session, int profiles, int64_t now) MUST_CHECK;

#endif
