/* SQL of the exports. Database workers only. */
#ifndef AMPHI_FEATURES_EXPORTS_STORE_H
#define AMPHI_FEATURES_EXPORTS_STORE_H

#include "base/identity.h"
#include "db/query.h"
#include "features/exports/exports.h"

/* Finds the session in the asking person's organisation and writes the export into the audit log;
 * commits. starts_at names the file. ERR_NOT_FOUND: no such session here. */
enum err export_begin(struct db_conn *c, const struct identity *who, const struct id *session,
                      int64_t now, int64_t *starts_at) MUST_CHECK;
/* Every registration in the order of registration; labels in the congress's language. */
enum err export_attendance(struct db_conn *c, const struct id *organisation,
                           const struct id *session,
                           enum err (*each)(void *arg, const struct attendance_line *line),
                           void *arg) MUST_CHECK;

#endif
