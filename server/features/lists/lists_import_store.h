/* SQL of imports of target lists: see migration 0073. Database workers only. Each writing function
 * is one transaction. ERR_NOT_FOUND also for another list's or organisation's. */
#ifndef AMPHI_FEATURES_LISTS_IMPORT_STORE_H
#define AMPHI_FEATURES_LISTS_IMPORT_STORE_H

#include "base/csv.h"
#include "base/identity.h"
#include "blob/blob.h"
#include "db/query.h"
#include "features/lists/lists.h"
#include "features/lists/lists_file.h"

#define IMPORT_LINES_MAX     200000
#define IMPORT_FILE_NAME_MAX 200
#define IMPORTS_MAX          10 /* of an organisation that wait for somebody */

struct list_import {
    const struct id *list, *id;
};

struct list_upload {
    const struct id *list;
    const char *file_name;
    const struct blob_draft *file; /* NULL: there is nothing in it */
};
/* ERR_INVALID and ERR_CONFLICT with a stable code in *why: nothing is kept. */
enum err list_import_create(struct db_conn *c, const struct identity *who,
                            const struct list_upload *in, int64_t now, json_t **out,
                            const char **why) MUST_CHECK;
/* How it stands: columns, the first lines, what is refused. */
enum err list_import_read(struct db_conn *c, const struct identity *who,
                          const struct list_import *import, json_t **out) MUST_CHECK;

/* A field for each column, or NULL: it is left out. */
struct list_mapping {
    const char *fields[LIST_COLUMNS_MAX];
    size_t n;
    const char *duplicates; /* keep, merge, replace */
};
/* False: there is no such field. */
bool list_field_known(const char *name);
/* Everything is to be checked anew by the job target_list.check. ERR_INVALID: the file has another
 * number of columns; ERR_CONFLICT: it is being stored, or is. */
enum err list_import_map(struct db_conn *c, const struct identity *who,
                         const struct list_import *import, const struct list_mapping *mapping,
                         int64_t now) MUST_CHECK;
/* To be stored by the job target_list.store. ERR_CONFLICT with *why. */
enum err list_import_confirm(struct db_conn *c, const struct identity *who,
                             const struct list_import *import, int64_t now,
                             const char **why) MUST_CHECK;
/* ERR_CONFLICT: it is being stored. */
enum err list_import_cancel(struct db_conn *c, const struct identity *who,
                            const struct list_import *import, int64_t now) MUST_CHECK;

/* Calls each after every refused line, a row of csv. ERR_CONFLICT: it is not checked. */
enum err list_import_report(struct db_conn *c, const struct identity *who,
                            const struct list_import *import, struct csv *csv,
                            enum err (*each)(void *arg), void *arg) MUST_CHECK;

/* --- for jobs, whose object is the work --- */
/* The next lines; *more false: there are none, or it is not wanted any more. */
enum err list_import_check(struct db_conn *c, const struct id *work, bool rpps_check,
                           bool *more) MUST_CHECK;
enum err list_import_settle(struct db_conn *c, const struct id *work) MUST_CHECK;
/* ERR_INVALID: the list would have too many people. */
enum err list_import_store(struct db_conn *c, const struct id *work, int64_t now) MUST_CHECK;
enum err list_import_fail(struct db_conn *c, const struct id *work, const char *code) MUST_CHECK;
/* With all that waits. *storing: it was confirmed, and stays until it is stored. */
enum err list_import_forget(struct db_conn *c, const struct id *import, bool *storing) MUST_CHECK;

#endif
