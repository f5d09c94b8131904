/* Rows of programmes. Worker thread. */
#ifndef AMPHI_FEATURES_PROGRAMME_STORE_H
#define AMPHI_FEATURES_PROGRAMME_STORE_H

#include "features/programme/programme.h"
#include "room/change.h"

/* As a live room shows it: a new reference. */
enum err programme_shown(struct db_conn *c, const struct id *session, json_t **out) MUST_CHECK;

/* As those who write it see it, with what is amiss (programme_warnings.c). */
enum err programme_get(struct db_conn *c, const struct id *session, json_t **out) MUST_CHECK;
/* Adds "warnings" to what programme_get() read of the session. */
enum err programme_warn(struct db_conn *c, const struct id *session, json_t *programme) MUST_CHECK;

/* All of a programme, checked by the caller: lists of talks and of speakers as the route has
 * them. ERR_CONFLICT: it is not the version that `version` names. ERR_INVALID: it names a talk of
 * another session, a speaker of another congress, or somebody twice in one place. */
struct programme_body {
    const char *version;
    json_t *talks, *speakers; /* borrowed */
};
enum err programme_set(struct db_conn *c, struct change *change, const struct id *session,
                       const struct programme_body *body, json_t **out) MUST_CHECK;

/* --- speakers of a congress (speaker_store.c) --- */
struct speaker_fields {
    const char *name, *affiliation, *country, *biography; /* NULL: as it is; new: "" */
};
enum err speakers_list(struct db_conn *c, const struct id *congress, json_t **items) MUST_CHECK;
/* ERR_TOO_LARGE: the congress has SPEAKERS_MAX. */
enum err speaker_add(struct db_conn *c, struct change *change, const struct id *congress,
                     const struct speaker_fields *fields, json_t **out) MUST_CHECK;
enum err speaker_set(struct db_conn *c, struct change *change, const struct id *congress,
                     const struct id *speaker, const struct speaker_fields *fields,
                     json_t **out) MUST_CHECK;
/* Their name goes out of every programme. */
enum err speaker_delete(struct db_conn *c, struct change *change, const struct id *congress,
                        const struct id *speaker) MUST_CHECK;

#endif
