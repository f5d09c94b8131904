/* The programme of a session: its talks, and who gives them. What is amiss in it is told, never
 * refused (programme.c, pure). */
#ifndef AMPHI_FEATURES_PROGRAMME_H
#define AMPHI_FEATURES_PROGRAMME_H

#include "room/feature.h"

extern const struct feature programme_feature;

#define TALKS_MAX         40   /* of a session */
#define TALK_SPEAKERS_MAX 12   /* of a talk, and of a session as a whole */
#define SPEAKERS_MAX      2000 /* of a congress */
#define WARNINGS_MAX      100  /* told at once */

/* When somebody is wanted somewhere: in a talk, or (talk all-zero) in all of a session. */
struct slot {
    struct id session, talk;
    int64_t from, to; /* Unix us; to is not part of it */
};

/* Talks are told in minutes from their session's start. */
struct slot slot_make(const struct id *session, const struct id *talk, int64_t session_starts_at,
                      int64_t start_minute, int64_t minutes);
bool slots_overlap(const struct slot *a, const struct slot *b);
/* One person cannot be in both. Whoever chairs a session may speak in its talks. */
bool slots_clash(const struct slot *a, const struct slot *b);
/* It is not over when its session is planned to end. */
bool slot_overruns(const struct slot *talk, int64_t session_ends_at);

/* --- what programme_feature.c declares --- */
enum err programme_load(struct db_conn *c, const struct id *session, void **loaded);
void programme_take(struct room *room, void *loaded);
void programme_drop(void *loaded);
void programme_close(struct room *room);
void programme_snapshot(struct room *room, unsigned audience, json_t *common);
attach_event programme_attach;
release_event programme_release;
apply_event programme_apply;
words_of_event programme_encode;

#endif
