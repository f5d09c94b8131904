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
    return fsync(fd) == 0;
}

static enum delivery failed(const char *what, const char *path, char *why)
{
    snprintf(why, WHY_SIZE, "cannot %s %.120s: %s", what, path, strerror(errno));
    return NO_SERVICE;
}

static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

enum delivery file_deliver(const char *folder, const struct id *id, int64_t at, const char *bytes,
                           size_t len, char why[static WHY_SIZE])
{
    char text[ID_TEXT_SIZE], stamp[32], path[PATH_MAX], temporary[PATH_MAX];
    time_t seconds = (time_t)(at / US_PER_S);
    struct tm t;
    gmtime_r(&seconds, &t);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%S", &t);
    id_text(id, text);
    snprintf(path, sizeof path, "%s/%s.%06dZ-%s.eml", folder, stamp, (int)(at % US_PER_S), text);
    snprintf(temporary, sizeof temporary, "%s/.%s.tmp", folder, text);
    if (mkdir(folder, 0750) != 0 && errno != EEXIST)
        return failed("make", folder, why);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0)
        return failed("open", temporary, why);
    bool written = write_all(fd, bytes, len);
    if (close(fd) != 0 || !written) {
        enum delivery result = failed("write", temporary, why);
        unlink(temporary);
        return result;
    }
    if (rename(temporary, path) != 0 || !sync_folder(folder))
        return failed("name", path, why);
    return DELIVERED;
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
