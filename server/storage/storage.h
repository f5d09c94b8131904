/* Which blobs the database refers to, and how much of the disk an organisation may take. A blob
 * that nothing refers to any more is removed: by the job that follows a removal, and by a sweep
 * through all blobs after each start and once a day, which finds what a crash left.
 *
 * Nothing is removed that somebody is about to refer to: who writes holds the blob's hash in the
 * transaction that will refer to it, before the blob gets its name; who removes wants that hash
 * alone, looks at what is committed, and only then takes the file (locks of PostgreSQL, so that
 * several servers may share a folder). The SQL function blob_used() knows all references: a table
 * with a new one changes it. */
#ifndef AMPHI_STORAGE_STORAGE_H
#define AMPHI_STORAGE_STORAGE_H

#include "base/app.h"
#include "blob/blob.h"

struct db_conn;

typedef uint8_t blob_hash[BLOB_HASH_SIZE];

/* Until the transaction ends nobody removes these. It must not fail between this and blob_keep().
 * Worker. */
enum err storage_hold(struct db_conn *c, const blob_hash *hashes, size_t n) MUST_CHECK;
/* Removes those that nobody refers to or holds, in transactions of its own. After a reference that
 * failed, or was taken away. Worker. */
enum err storage_collect(struct db_conn *c, struct blob_store *blobs, const blob_hash *hashes,
                         size_t n) MUST_CHECK;
/* Once more through all blobs; about 0.1 s of it. *shelf: where to go on, BLOB_SHELVES at the end.
 * Worker. */
enum err storage_sweep(struct db_conn *c, struct blob_store *blobs, const struct clock *clock,
                       int *shelf) MUST_CHECK;
/* Main thread, about once a second. */
void storage_tick(struct app *app);

/* What an organisation's decks take: the files as they came, and the images of their pages. */
struct storage_use {
    int64_t used, quota; /* bytes; quota 0: there is none */
};
enum err storage_use_read(struct db_conn *c, const struct config *config,
                          const struct id *organisation, struct storage_use *out) MUST_CHECK;
/* For administrators: calls each with every organisation by name; own: it has a quota of its own.
 */
typedef void storage_each(void *arg, const char *name, const struct storage_use *use, bool own);
enum err storage_list(struct db_conn *c, const struct config *config, storage_each *each,
                      void *arg) MUST_CHECK;
/* In MB; 0: no bound. ERR_NOT_FOUND: nobody has that name; ERR_CONFLICT: several have. */
enum err storage_set_quota(struct db_conn *c, const char *organisation, int64_t mb) MUST_CHECK;
/* In the transaction that adds so many bytes: locks the organisation, so that what is added at once
 * is counted. ERR_CONFLICT: it would be above the quota. */
enum err storage_admit(struct db_conn *c, const struct config *config,
                       const struct id *organisation, int64_t bytes) MUST_CHECK;

#endif
