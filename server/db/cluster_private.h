/* The pieces of the embedded cluster, inside db/ only. */
#ifndef AMPHI_DB_CLUSTER_PRIVATE_H
#define AMPHI_DB_CLUSTER_PRIVATE_H

#include "db/cluster.h"
#include <limits.h>
#include <sys/types.h>

#define SOCKET_NAME      "/.s.PGSQL.5432"
#define SOCKET_PATH_MAX  106 /* bytes of a socket's path without its NUL, by sun_path */
#define CLUSTER_DATABASE "amphi"
/* The superuser, whom only this folder uses; the owner of the database; the application's role. */
#define CLUSTER_SUPERUSER   "amphi"
#define CLUSTER_OWNER       "amphi_owner"
#define CLUSTER_APPLICATION "amphi_app"

struct place {
    char folder[PATH_MAX - 64]; /* absolute; holds data/, run/, log, owner.lock */
    char data[PATH_MAX], log[PATH_MAX];
    char run[PATH_MAX]; /* of the socket: may lie elsewhere */
    char bin[128];      /* of the PostgreSQL that fits the data */
    bool drop;          /* this process is root: children become uid and gid */
    uid_t uid;
    gid_t gid;
    char *why;
    size_t why_size;
    void (*say)(const char *line);
};

/* All return false with one line in place->why. */
bool place_find(struct place *place, const struct cluster_config *config);
/* The folder for the socket, short enough for a socket's path. */
bool place_socket(struct place *place);
/* The newest PostgreSQL from 14, or the one that made the data. */
bool place_binaries(struct place *place);
bool place_has_data(const struct place *place);
/* Enough room to start (or, for a new cluster, to be made). */
bool place_has_space(struct place *place, bool fresh);
bool place_fail(const struct place *place, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Any thread. Starts a program of the cluster with a clean environment, as its user, in a session
 * of its own, output to the log; it gets a fast shutdown when the calling thread ends. -1: not
 * started. Only async-signal-safe work happens between fork and exec. */
pid_t cluster_spawn(const struct place *place, char *const argv[]);
bool cluster_init(struct place *place);
pid_t cluster_spawn_postgres(const struct place *place);
/* Ends whatever still runs on the data, cleanly if it can, and removes its stale lock file. */
bool cluster_end_leftover(struct place *place);
/* As the superuser: the roles, the database and whose it is. Any number of times; what an earlier
 * release made is given to the owner. */
bool cluster_roles(const struct place *place, const char *admin_url, const char *database_url);
/* The last line of the log that says why, or "". */
const char *cluster_last_fault(const struct place *place, char *text, size_t size);

#endif
