/* What the lanes see of the pools, and what distinguishes one pool from another. Inside db/ only.
 */
#ifndef AMPHI_DB_POOL_H
#define AMPHI_DB_POOL_H

#include "db/db.h"
#include <stdbool.h>
#include <stdint.h>

/* As db_submit(), without the queue's bound: for callers that bound themselves. job->since_us must
 * be set: the wait counts from there. ERR_BUSY only when the database is being taken down. */
enum err db_push(struct db *db, enum db_pool pool, struct db_job *job) MUST_CHECK;
/* Whether jobs wait for a worker of the pool. */
bool db_queued(struct db *db, enum db_pool pool);
/* A lane may outlive db_free() by the completions that are still in its mailbox. */
struct db *db_ref(struct db *db);
void db_unref(struct db *db);
int64_t db_busy_after_us(const struct db *db);
int64_t db_now_us(void); /* monotonic */

/* --- what distinguishes the pools (pool.c) --- */
int pool_workers(enum db_pool pool, const struct db_config *config);
size_t pool_queue_limit(enum db_pool pool);
/* Its jobs wait behind others of their kind, not behind a lost database alone. */
bool pool_waits_long(enum db_pool pool);

#endif
