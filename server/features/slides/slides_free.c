/* Removes the files of a deck that was removed. */
#include "base/app.h"
#include "features/slides/slides_jobs.h"
#include "features/slides/slides_store.h"
#include "storage/storage.h"
#include <stdlib.h>

#define AT_ONCE 64 /* files between two looks at whether others wait */

enum job_result deck_free_run(struct job *job)
{
    struct deck_files files = {0};
    enum job_result result = JOB_FAILED;
    enum err err = deck_files_read(job->db, &job->object, &files);
    for (size_t at = 0; !err && at < files.n; at += AT_ONCE) {
        size_t n = files.n - at < AT_ONCE ? files.n - at : AT_ONCE;
        err = storage_collect(job->db, job->app->blobs, files.hashes + at, n);
        if (!err && at + n < files.n && job_gives_way(job)) {
            result = JOB_LATER;
            err = ERR_BUSY;
        }
    }
    if (!err)
        err = deck_forget_pages(job->db, &job->object);
    free(files.hashes);
    return !err || err == ERR_NOT_FOUND ? JOB_DONE : result;
}

/* Not before it is done: the disk is to be freed, however long the trouble lasts. */
enum err deck_free_give_up(struct job *job)
{
    (void)job;
    return ERR_BUSY;
}
