/* Where the cluster lies and who owns it. */
#include "base/mem.h"
#include "db/cluster_private.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define FALLBACK     "/var/lib/amphi"
#define OLDEST_MAJOR 14
#define SPACE_FRESH  (192LL << 20) /* a new cluster is about 40 MB and its log grows first */
#define SPACE_START  (32LL << 20)

bool place_fail(const struct place *place, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(place->why, place->why_size, format, ap);
    va_end(ap);
    return false;
}

static void say(const struct place *place, const char *format, const char *a, const char *b)
{
    char line[PATH_MAX + 256];
    if (!place->say)
        return;
    snprintf(line, sizeof line, format, a, b);
    place->say(line);
}

/* Names a data folder in a few characters. */
static uint64_t path_hash(const char *path)
{
    uint64_t hash = 14695981039346656037u;
    for (; *path; path++)
        hash = (hash ^ (unsigned char)*path) * 1099511628211u;
    return hash;
}

const char *cluster_fallback_folder(const char *data, char *folder, size_t size)
{
    char path[PATH_MAX];
    const char *real = realpath(data, path);
    snprintf(folder, size, FALLBACK "/%016lx", (unsigned long)path_hash(real ? real : data));
    return folder;
}

static bool find_user(struct place *place, const char *wanted)
{
    place->drop = geteuid() == 0;
    place->uid = geteuid();
    place->gid = getegid();
    if (!place->drop)
        return true;
    const struct passwd *user = getpwnam(wanted ? wanted : "postgres");
    if (!user && !wanted)
        user = getpwnam("nobody");
    if (!user || user->pw_uid == 0)
        return place_fail(place, "the database cannot run as user '%s': %s",
                          wanted ? wanted : "nobody", user ? "that is root" : "no such user");
    place->uid = user->pw_uid;
    place->gid = user->pw_gid;
    return true;
}

/* A folder of the cluster's user that nobody else may enter. Never follows a link, never takes over
 * a folder that belongs to somebody else. */
static bool own_folder(struct place *place, const char *path)
{
    struct stat st;
    if (mkdir(path, 0700) == 0) {
        if (place->drop && lchown(path, place->uid, place->gid) != 0)
            return place_fail(place, "cannot give %s to the database's user: %s", path,
                              strerror(errno));
    } else if (errno == ENOSPC || errno == EDQUOT) {
        return place_fail(place, "no free space to make the folder %s", path);
    } else if (errno != EEXIST) {
        return place_fail(place, "cannot make the folder %s: %s", path, strerror(errno));
    }
    if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return place_fail(place, "%s is not a folder", path);
    if (st.st_uid != place->uid)
        return place_fail(place, "the folder %s belongs to another user (%u instead of %u)", path,
                          (unsigned)st.st_uid, (unsigned)place->uid);
    if ((st.st_mode & 07777) != 0700 && chmod(path, 0700) != 0)
        return place_fail(place, "cannot close the folder %s to others: %s", path, strerror(errno));
    return true;
}

/* Asked in a child that is the user, because only that is sure. */
static bool user_can_enter(const struct place *place, const char *path)
{
    pid_t child = fork();
    if (child == 0) {
        bool can = setgroups(0, NULL) == 0 && setgid(place->gid) == 0 && setuid(place->uid) == 0 &&
                   access(path, R_OK | W_OK | X_OK) == 0 && chdir(path) == 0;
        _exit(can ? 0 : 1);
    }
    int status = 1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return child > 0 && status == 0;
}

static bool use_fallback(struct place *place, const char *data)
{
    if (mkdir(FALLBACK, 0755) != 0 && errno != EEXIST)
        return place_fail(place, "cannot make the folder " FALLBACK ": %s", strerror(errno));
    cluster_fallback_folder(data, place->folder, sizeof place->folder);
    if (!own_folder(place, place->folder))
        return false;
    say(place, "the database lies in %s, because its user cannot enter %s", place->folder, data);
    return true;
}

bool place_find(struct place *place, const struct cluster_config *config)
{
    char data[PATH_MAX];
    if (!find_user(place, config->user))
        return false;
    if (mkdir(config->data, 0750) == 0) {
        if (place->drop &&
            chmod(config->data, 0751) != 0) /* the user must get through to its own */
            return place_fail(place, "cannot open the folder %s: %s", config->data,
                              strerror(errno));
    } else if (errno != EEXIST)
        return place_fail(place, "cannot make the folder %s: %s", config->data, strerror(errno));
    if (!realpath(config->data, data) || strlen(data) + 4 > sizeof place->folder)
        return place_fail(place, "cannot use the folder %s: %s", config->data, strerror(errno));
    snprintf(place->folder, sizeof place->folder, "%.*s/pg", (int)sizeof place->folder - 4, data);
    bool fresh = access(place->folder, F_OK) != 0;
    if (!own_folder(place, place->folder))
        return false;
    if (place->drop && !user_can_enter(place, place->folder)) {
        if (fresh)
            rmdir(place->folder);
        if (!use_fallback(place, data))
            return false;
    }
    snprintf(place->data, sizeof place->data, "%s/data", place->folder);
    snprintf(place->log, sizeof place->log, "%s/log", place->folder);
    return true;
}

bool place_socket(struct place *place)
{
    snprintf(place->run, sizeof place->run, "%s/run", place->folder);
    if (strlen(place->run) + strlen(SOCKET_NAME) <= SOCKET_PATH_MAX)
        return own_folder(place, place->run);
    snprintf(place->run, sizeof place->run, "%s/amphi-%u-%016lx",
             place->drop && access("/run", W_OK) == 0 ? "/run" : "/tmp", (unsigned)place->uid,
             (unsigned long)path_hash(place->folder));
    if (!own_folder(place, place->run))
        return false;
    say(place, "the database's socket lies in %s, because the path of %s is too long", place->run,
        place->folder);
    return true;
}

bool place_has_data(const struct place *place)
{
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/PG_VERSION", place->data);
    return access(path, F_OK) == 0;
}

static long made_by(const struct place *place)
{
    char path[PATH_MAX + 16], text[16] = "";
    snprintf(path, sizeof path, "%s/PG_VERSION", place->data);
    FILE *f = fopen(path, "re");
    if (!f)
        return 0;
    if (!fgets(text, sizeof text, f))
        text[0] = 0;
    fclose(f);
    return strtol(text, NULL, 10);
}

bool place_binaries(struct place *place)
{
    long wanted = place_has_data(place) ? made_by(place) : 0, best = 0;
    glob_t found = {0};
    if (glob("/usr/lib/postgresql/*/bin/postgres", 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++) {
            long major = strtol(found.gl_pathv[i] + strlen("/usr/lib/postgresql/"), NULL, 10);
            if (major >= OLDEST_MAJOR && (wanted ? major == wanted : major > best))
                best = major;
        }
    globfree(&found);
    if (best) {
        snprintf(place->bin, sizeof place->bin, "/usr/lib/postgresql/%ld/bin", best);
        return true;
    }
    if (wanted)
        return place_fail(place,
                          "the database in %s was made by PostgreSQL %ld, which is not "
                          "installed",
                          place->data, wanted);
    return place_fail(place, "PostgreSQL %d or later is not installed (Debian package postgresql)",
                      OLDEST_MAJOR);
}

bool place_has_space(struct place *place, bool fresh)
{
    struct statvfs fs;
    long long needed = fresh ? SPACE_FRESH : SPACE_START;
    if (statvfs(place->folder, &fs) != 0)
        return place_fail(place, "cannot read the free space of %s: %s", place->folder,
                          strerror(errno));
    long long available = (long long)fs.f_bavail * (long long)fs.f_frsize;
    if (available >= needed)
        return true;
    return place_fail(place, "no free space: %s has %lld MB left and the database needs %lld MB",
                      place->folder, available >> 20, needed >> 20);
}
