/* SQL of the exports. Database workers only. */
#ifndef AMPHI_FEATURES_EXPORTS_STORE_H
#define AMPHI_FEATURES_EXPORTS_STORE_H

#include "base/csv.h"
#include "base/identity.h"
#include "db/query.h"
#include "room/feature.h"

#define EXPORT_TITLE_SIZE 801 /* 200 characters */

/* What the file is called after. */
struct export_about {
    char congress[EXPORT_TITLE_SIZE], session[EXPORT_TITLE_SIZE];
    char day[16]; /* of the start, in the congress's zone: "2026-11-26" */
};
/* Finds the session in the asking person's organisation. ERR_NOT_FOUND: no such session here. */
enum err export_find(struct db_conn *c, const struct identity *who, const struct id *session,
                     struct export_about *about) MUST_CHECK;
/* Who took the file, and how many people are in it: before it leaves. */
enum err export_audit(struct db_conn *c, const struct identity *who, const struct id *session,
                      int people, int64_t now) MUST_CHECK;

struct export_of {
    struct id organisation, session;
    const struct feature *const *features; /* whose columns are in it; NULL-terminated */
    const json_t *questions;               /* and those of export_questions() */
};
/* The organiser's own questions, whose answers are the last columns (exports_answers_store.c). A
 * new reference. ERR_NOT_FOUND: no such session here. */
enum err export_questions(struct db_conn *c, const struct export_of *of,
                          json_t **questions) MUST_CHECK;
void answers_header(struct csv *csv, const json_t *questions);
/* answers: {key: text}, NULL: none. */
void answers_cells(struct csv *csv, const json_t *questions, const json_t *answers);
void attendance_header(struct csv *csv, const struct export_of *of);
/* A line for each registration, in the order of registration, with times in the congress's zone.
 * Labels are in the dialect's language, for machines in the congress's. line() is called after each
 * of them, and ends the export when it returns anything but ERR_OK. */
enum err export_attendance(struct db_conn *c, const struct export_of *of, struct csv *csv,
                           enum err (*line)(void *arg), void *arg) MUST_CHECK;

#endif
