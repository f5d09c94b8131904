/* The jobs that wait for one pool. Where a pool is shared out (share > 0), owners take turns and
 * none runs more than its share at once; else the oldest job comes first. The caller holds the
 * pools' lock. */
#ifndef AMPHI_DB_QUEUE_H
#define AMPHI_DB_QUEUE_H

#include "db/job.h"

struct db_queue {
    struct list jobs; /* oldest first, by since_us */
    size_t len;
    size_t firsts; /* of them: job->first */
    int share;     /* jobs of one owner that may run at once; 0: not shared out */
    uint64_t turn; /* of the job taken last */
};

void queue_init(struct db_queue *q, int share);
/* A job that comes back (a lane's batch that is tried again) keeps its age. */
void queue_add(struct db_queue *q, struct db_job *job);
/* NULL when the queue is empty. */
struct db_job *queue_oldest(const struct db_queue *q);
/* Takes the oldest one, whoever owns it. NULL when the queue is empty. */
struct db_job *queue_take_oldest(struct db_queue *q);
/* Takes the job whose turn it is, one of the `first` if there is any; NULL when there is none that
 * may run beside those running. running: their owners, the zero id where there is none. */
struct db_job *queue_take(struct db_queue *q, const struct id *running, size_t n);

#endif
