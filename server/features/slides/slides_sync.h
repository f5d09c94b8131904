/* One piece of database work for a thread that is neither a worker nor a loop and may wait. */
#ifndef AMPHI_FEATURES_SLIDES_SYNC_H
#define AMPHI_FEATURES_SLIDES_SYNC_H

#include "db/job.h"

/* The outcome of work(), or why it could not be begun. */
enum err slides_db(struct db *db, enum err (*work)(struct db_conn *c, void *arg),
                   void *arg) MUST_CHECK;

#endif
