/* SQL of the exports. Database workers only. */
#ifndef AMPHI_FEATURES_EXPORTS_STORE_H
#define AMPHI_FEATURES_EXPORTS_STORE_H

#include "base/csv.h"
#include "base/identity.h"
#include "db/query.h"
#include "room/feature.h"

#define EXPORT_TITLE_SIZE 801 /* 200 characters */

/* What the file is called after; session "": it is of a whole congress. */
struct export_about {
    char congress[EXPORT_TITLE_SIZE], session[EXPORT_TITLE_SIZE];
    char day[16]; /* of the start, in the congress's zone: "2026-11-26" */
};
/* Finds the session in the asking person's organisation. ERR_NOT_FOUND: no such session here. */
enum err export_find(struct db_conn *c, const struct identity *who, const struct id *session,
                     struct export_about *about) MUST_CHECK;
/* The same of a congress, on the day that it is now there. */
enum err export_find_congress(struct db_conn *c, const struct identity *who,
                              const struct id *congress, int64_t now,
                              struct export_about *about) MUST_CHECK;

struct export_of {
    struct id organisation;
    struct id id; /* of the session, */
    bool whole;   /* or of the congress, whose registrations are wanted without any attendance */
    const struct feature *const *features; /* whose columns are in it; NULL-terminated */
    const json_t *questions;               /* and those of export_questions() */
};
/* The organiser's own questions, whose answers are the last columns (exports_answers_store.c). A
 * new reference. ERR_NOT_FOUND: no such session or congress here. */
enum err export_questions(struct db_conn *c, const struct export_of *of,
                          json_t **questions) MUST_CHECK;
void answers_header(struct csv *csv, const json_t *questions);
/* answers: {key: text}, NULL: none. */
void answers_cells(struct csv *csv, const json_t *questions, const json_t *answers);
void export_header(struct csv *csv, const struct export_of *of);
/* A line for each registration, in the order of registration, with times in the congress's zone.
 * Labels are in the dialect's language, for machines in the congress's. line() is called after each
 * of them, and ends the export when it returns anything but ERR_OK. */
enum err export_lines(struct db_conn *c, const struct export_of *of, struct csv *csv,
                      enum err (*line)(void *arg), void *arg) MUST_CHECK;
/* Who took the file, and how many people are in it: before it leaves. */
enum err export_audit(struct db_conn *c, const struct identity *who, const struct export_of *of,
                      int people, int64_t now) MUST_CHECK;

#endif
