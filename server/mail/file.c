#include "base/address.h"
#include "base/clock.h"
#include "mail/deliver.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

static enum delivery failed(const char *what, const char *path, char *why)
{
    snprintf(why, WHY_SIZE, "cannot %s %.120s: %s", what, path, strerror(errno));
    return NO_SERVICE;
}

static void temporary_name(char path[static PATH_MAX], const char *folder, const struct id *id)
{
    char text[ID_TEXT_SIZE];
    snprintf(path, PATH_MAX, "%s/.%s.tmp", folder, id_text(id, text));
}

static void final_name(char path[static PATH_MAX], const char *folder, const struct mail_file *file)
{
    char text[ID_TEXT_SIZE], stamp[32];
    time_t seconds = (time_t)(file->at / US_PER_S);
    struct tm t;
    gmtime_r(&seconds, &t);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%S", &t);
    snprintf(path, PATH_MAX, "%s/%s.%06dZ-%s.eml", folder, stamp, (int)(file->at % US_PER_S),
             id_text(&file->id, text));
}

enum delivery file_write(const char *folder, const struct mail_file *file, const char *bytes,
                         size_t len, char why[static WHY_SIZE])
{
    char path[PATH_MAX];
    temporary_name(path, folder, &file->id);
    if (mkdir(folder, 0750) != 0 && errno != EEXIST)
        return failed("make", folder, why);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0)
        return failed("open", path, why);
    bool written = write_all(fd, bytes, len);
    if (close(fd) == 0 && written)
        return DELIVERED;
    enum delivery result = failed("write", path, why);
    unlink(path);
    return result;
}

static bool sync_path(const char *path, int flags, int (*sync_fd)(int))
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    bool ok = fd >= 0 && sync_fd(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

#define FEW                                                                                        \
    3 /* files that the disk is asked for one by one; for more, for the whole of its own           \
       */

static bool sync_contents(const char *folder, const struct mail_file *files, size_t n)
{
    char path[PATH_MAX];
    bool ok = n <= FEW || sync_path(folder, O_DIRECTORY, syncfs);
    for (size_t i = 0; i < n && n <= FEW; i++) {
        temporary_name(path, folder, &files[i].id);
        ok &= sync_path(path, O_NOFOLLOW, fsync);
    }
    return ok;
}

enum delivery file_name_all(const char *folder, const struct mail_file *files, size_t n,
                            char why[static WHY_SIZE])
{
    char from[PATH_MAX], to[PATH_MAX];
    if (!sync_contents(folder, files, n))
        return failed("write into", folder, why);
    for (size_t i = 0; i < n; i++) {
        temporary_name(from, folder, &files[i].id);
        final_name(to, folder, &files[i]);
        if (rename(from, to) != 0)
            return failed("name", to, why);
    }
    return sync_path(folder, O_DIRECTORY, fsync) ? DELIVERED : failed("name files in", folder, why);
}

#define HEAD_MAX 4096 /* of a message: To comes before its subject, which may be long */

/* 1: the message is to this address; 0: it is not; -1: it cannot be read. */
static int is_to(int folder, const char *name, const char *address)
{
    char head[HEAD_MAX + 1], line[ADDRESS_SIZE + 16];
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? 0 : -1;
    ssize_t n = pread(fd, head, HEAD_MAX, 0);
    close(fd);
    if (n < 0)
        return -1;
    head[n] = '\0';
    snprintf(line, sizeof line, "\r\nTo: <%s>\r\n", address);
    return strcasestr(head, line) != NULL;
}

bool file_forget(const char *folder, const char *address)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return errno == ENOENT; /* no mail was ever written */
    bool ok = true;
    const struct dirent *entry;
    while ((entry = readdir(dir))) {
        if (entry->d_type != DT_REG && entry->d_type != DT_UNKNOWN)
            continue;
        int found = is_to(dirfd(dir), entry->d_name, address);
        ok &= found >= 0 && (!found || unlinkat(dirfd(dir), entry->d_name, 0) == 0);
    }
    ok &= fsync(dirfd(dir)) == 0;
    closedir(dir);
    return ok;
}
