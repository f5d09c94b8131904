#include "start.h"

#include "db/cluster.h"
#include "db/migrate.h"
#include "room/change.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define OLDEST_POSTGRESQL 140000

static bool make_folder(const char *path, char *why)
{
    if (mkdir(path, 0750) == 0 || errno == EEXIST)
        return true;
    snprintf(why, WHY_SIZE, "cannot make the folder %s: %s", path, strerror(errno));
    return false;
}

static bool become(const struct config *config, char *why)
{
    const struct passwd *p = getpwnam(config->user);
    if (!p || p->pw_uid == 0) {
        snprintf(why, WHY_SIZE, "started by root, and user '%s' is %s", config->user,
                 p ? "root again" : "not known");
        return false;
    }
    if (chown(config->data, p->pw_uid, p->pw_gid) || initgroups(p->pw_name, p->pw_gid) ||
        setgid(p->pw_gid) || setuid(p->pw_uid) || setuid(0) == 0) {
        snprintf(why, WHY_SIZE, "cannot become user '%s': %s", config->user, strerror(errno));
        return false;
    }
    return true;
}

bool start_data(const struct config *config, char why[static WHY_SIZE])
{
    umask(027);
    if (!make_folder(config->data, why) || (geteuid() == 0 && !become(config, why)))
        return false;
    if (access(config->data, R_OK | W_OK | X_OK) == 0)
        return true;
    snprintf(why, WHY_SIZE, "cannot write to the folder %s: %s", config->data, strerror(errno));
    return false;
}

bool start_lock(const struct config *config, char why[static WHY_SIZE])
{
    char path[512];
    snprintf(path, sizeof path, "%s/lock", config->data);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return true; /* never closed: held as long as the process lives */
    if (errno == EWOULDBLOCK)
        snprintf(why, WHY_SIZE, "another amphi is running on the data folder %s", config->data);
    else
        snprintf(why, WHY_SIZE, "cannot lock %.300s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return false;
}

void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        /* above ten million libwebsockets falls back to a tiny table */
        limit.rlim_cur = limit.rlim_max > 1000000 ? 1000000 : limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

bool start_supports(int version, char why[static WHY_SIZE])
{
    if (version >= OLDEST_POSTGRESQL)
        return true;
    char name[32]; /* 13, and before 10 also the second number: 9.6 */
    if (version >= 100000)
        snprintf(name, sizeof name, "%d", version / 10000);
    else
        snprintf(name, sizeof name, "%d.%d", version / 10000, version / 100 % 100);
    snprintf(why, WHY_SIZE,
             "database: PostgreSQL %s is too old; amphi needs PostgreSQL %d or later", name,
             OLDEST_POSTGRESQL / 10000);
    return false;
}

bool start_database(const struct config *config, bool attach, void (*say)(const char *line),
                    struct database *database, char why[static WHY_SIZE])
{
    const char *owner = config->database_owner_url;
    *database = (struct database){.url = config->database_url,
                                  .owner_url = owner[0] ? owner : config->database_url};
    if (database->url[0])
        return true;
    struct cluster_config c = {.data = config->data, .attach = attach, .say = say};
    if (!(database->cluster = cluster_start(&c, why, WHY_SIZE)))
        return false;
    database->url = cluster_url(database->cluster);
    database->owner_url = cluster_owner_url(database->cluster);
    return true;
}

static struct db_conn *connect_to(const char *url, const char *whose, char *why)
{
    const char *reason = "";
    struct db_conn *conn = db_connect(url, &reason);
    if (!conn)
        snprintf(why, WHY_SIZE, "%s: %s", whose, reason);
    else if (start_supports(db_server_version(conn), why))
        return conn;
    db_disconnect(conn);
    return NULL;
}

struct db_conn *start_look(const struct database *database, char why[static WHY_SIZE])
{
    return connect_to(database->url, "database", why);
}

struct db_conn *start_owner(const struct database *database, char why[static WHY_SIZE])
{
    return connect_to(database->owner_url, "database as its owner", why);
}

struct db_conn *start_connect(const struct config *config, const struct database *database,
                              char why[static WHY_SIZE])
{
    struct db_conn *conn = connect_to(database->url, "database", why), *owner = conn;
    const char *application = NULL;
    if (conn && strcmp(database->owner_url, database->url) != 0) {
        owner = connect_to(database->owner_url, "database as its owner", why);
        if (owner && strcmp(db_role(owner), db_role(conn)) != 0)
            application = db_role(conn);
    }
    bool good =
        owner && db_migrate(owner, config->migrations, true, application, why, WHY_SIZE) == ERR_OK;
    if (owner != conn)
        db_disconnect(owner);
    if (good)
        return conn;
    db_disconnect(conn);
    return NULL;
}

/* A room that passed over what it cannot read would show something else than its log. */
bool start_reads_events(struct db_conn *conn, const struct event_catalog *catalog,
                        char why[static WHY_SIZE])
{
    char type[LOG_TYPE_SIZE];
    if (log_unread_type(conn, catalog, type) != ERR_OK) {
        snprintf(why, WHY_SIZE, "cannot read the log of events; the log says why");
        return false;
    }
    if (type[0])
        snprintf(why, WHY_SIZE,
                 "the database is of a newer version: sessions have the event %s, which this one "
                 "does not read",
                 type);
    return !type[0];
}

const char *start_helper(const struct config *config, char *path, size_t size)
{
    if (config->render_helper[0])
        return config->render_helper;
    ssize_t n = readlink("/proc/self/exe", path, size - sizeof "-render");
    if (n <= 0)
        return "amphi-render";
    memcpy(path + n, "-render", sizeof "-render");
    return path;
}
