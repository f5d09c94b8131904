/* SQL of the exports. Database workers only. */
#ifndef AMPHI_FEATURES_EXPORTS_STORE_H
#define AMPHI_FEATURES_EXPORTS_STORE_H

#include "base/csv.h"
#include "base/identity.h"
#include "db/query.h"
#include "room/feature.h"

/* Finds the session in the asking person's organisation and writes the export into the audit log;
 * commits. starts_at names the file. ERR_NOT_FOUND: no such session here. */
enum err export_begin(struct db_conn *c, const struct identity *who, const struct id *session,
                      int64_t now, int64_t *starts_at) MUST_CHECK;

struct export_of {
    struct id organisation, session;
    const struct feature *const *features; /* whose columns are in it; NULL-terminated */
};
void attendance_header(struct csv *csv, const struct feature *const *features);
/* A line for each registration, in the order of registration; labels in the congress's language.
 * line() is called after each of them, and ends the export
 * when it returns anything but ERR_OK. */
enum err export_attendance(struct db_conn *c, const struct export_of *of, struct csv *csv,
                           enum err (*line)(void *arg), void *arg) MUST_CHECK;

#endif
