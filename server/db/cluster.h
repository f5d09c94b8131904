/* The private PostgreSQL below the data folder: found, made once, run as a supervised child,
 * stopped with the server. One owner at a time, held by a lock; a postgres that a killed server
 * left behind is stopped cleanly before a new one starts, so there are never two on one folder.
 * Unix socket only, in a folder that nobody else may enter. Main thread. */
#ifndef AMPHI_DB_CLUSTER_H
#define AMPHI_DB_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>

struct cluster_config {
    const char *data; /* the server's data folder; the cluster lies in its folder "pg" */
    const char *user; /* whom postgres runs as when this process is root; NULL: postgres, or nobody
                       * where there is no such user */
    /* When another process owns the cluster: use it as long as that lasts, and leave it alone
     * (tools). Without it that is an error. */
    bool attach;
    /* One line without its end for people: where things went when not below data, what takes long.
     * NULL: silence. */
    void (*say)(const char *line);
};

struct cluster;

/* Returns when the database answers. NULL with one line in why[] when it cannot be had. Afterwards
 * a thread restarts postgres, with backoff, when it dies. When this process is root the child drops
 * to config->user; where that user cannot enter the data folder the cluster lies in
 * /var/lib/amphi/<name made from the data folder's path>. */
struct cluster *cluster_start(const struct cluster_config *config, char *why, size_t why_size);
/* Both live as long as the cluster. The application's role owns nothing and may only do what it was
 * given; the owner's is for migrations, dumps and restoring. Neither is a superuser. */
const char *cluster_url(const struct cluster *cluster);
const char *cluster_owner_url(const struct cluster *cluster);
/* Fast shutdown and wait; NULL is allowed. */
void cluster_stop(struct cluster *cluster);

/* Root only: the folder that a user gets instead of one that it cannot enter; see above. */
const char *cluster_fallback_folder(const char *data, char *folder, size_t size);

#endif
