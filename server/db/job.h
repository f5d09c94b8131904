/* Work for a database worker. Any thread submits; run() is called on a worker with a connection of
 * its own; then `done` is delivered to reply_to. When no connection is to be had within the bound
 * (database away), run() is not called and err is ERR_BUSY. */
#ifndef AMPHI_DB_JOB_H
#define AMPHI_DB_JOB_H

#include "base/err.h"
#include "base/id.h"
#include "loop/mailbox.h"
#include <stdbool.h>
#include <stdint.h>

struct db;
struct db_conn;

enum db_pool {
    DB_SHORT, /* one request, tens of milliseconds at most; what a route gets that names no other */
    DB_HOT,   /* group commits of live sessions */
    DB_LONG,  /* exports and the like: seconds, or minutes. Shared out among owners */
    DB_UPLOAD, /* waits until an uploaded file is on the disk. Shared out among owners */
    DB_RENDER, /* jobs that run the render helper (jobs/jobs.h) */
    DB_JOB,    /* all other jobs */
    /* Hashes a password: tenths of a second, so that nothing else waits behind it. Its queue is
     * short: better refused at once than late. */
    DB_PASSWORD,
    DB_PROVIDER, /* asks another server over the network: seconds, at worst. None where there is
                    none */
    DB_POOLS
};

struct db_job {
    struct list node;
    void (*run)(struct db_job *, struct db_conn *);
    /* NULL: done is delivered on the thread of db that ran or refused the job, as the last thing
     * that db does with it. */
    struct mailbox *reply_to;
    struct message done; /* set done.deliver; recover the job with container_of */
    enum err err;
    bool first; /* before those that are not, in DB_PASSWORD; it may have twice as many waiting */
    /* The organisation that asks. Where a pool is shared out, owners take turns and none has all
     * workers at once. All zeros: nobody's. */
    struct id owner;
    int64_t since_us; /* db's own: when the wait began, and */
    uint64_t turn;    /* its turn in a pool that is shared out */
};

/* ERR_BUSY when the pool's bounded queue is full: neither run nor done will be called. */
enum err db_submit(struct db *db, enum db_pool pool, struct db_job *job) MUST_CHECK;

#endif
