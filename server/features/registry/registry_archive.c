#include "features/registry/registry_archive.h"
#include "base/mem.h"
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BLOCK       (64 * 1024)
#define ENTRIES_MAX 100
/* The archive has other files beside the one with people and their activities. */
#define WANTED "Personne_activite"

struct registry_archive {
    struct archive *archive;
    int fd;
    int64_t size, written_at, bytes;
    char name[256];
};

static bool refuse(char *why, size_t size, const char *text, const char *detail)
{
    snprintf(why, size, "%s%s", text, detail ? detail : "");
    return false;
}

static void take_name(struct registry_archive *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    snprintf(a->name, sizeof a->name, "%s", slash ? slash + 1 : path);
}

static bool open_file(struct registry_archive *a, const char *path, char *why, size_t size)
{
    struct stat st;
    bool standard = strcmp(path, "-") == 0;
    a->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (a->fd < 0 || fstat(a->fd, &st) != 0)
        return refuse(why, size, "it cannot be read: ", strerror(errno));
    if (S_ISDIR(st.st_mode))
        return refuse(why, size, "it is a folder", NULL);
    if (S_ISREG(st.st_mode)) {
        a->size = st.st_size;
        a->written_at = standard ? 0 : st.st_mtime;
    }
    take_name(a, path);
    return true;
}

/* ZIP, else plain text, which gzip may have compressed. Nothing else of what the library reads is
 * let near a file of strangers. */
static bool open_archive(struct registry_archive *a, char *why, size_t size)
{
    a->archive = archive_read_new();
    if (a->archive && archive_read_support_filter_gzip(a->archive) == ARCHIVE_OK &&
        archive_read_support_format_zip(a->archive) == ARCHIVE_OK &&
        archive_read_support_format_raw(a->archive) == ARCHIVE_OK &&
        archive_read_support_format_empty(a->archive) == ARCHIVE_OK &&
        archive_read_open_fd(a->archive, a->fd, BLOCK) == ARCHIVE_OK)
        return true;
    return refuse(why, size,
                  "it cannot be read: ", a->archive ? archive_error_string(a->archive) : NULL);
}

static bool is_zip(const struct registry_archive *a)
{
    return (archive_format(a->archive) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP;
}

/* Plain text is one entry without a name of its own. Of an archive it is the file with people, or
 * its only one. */
static bool find_text(struct registry_archive *a, char *why, size_t size)
{
    struct archive_entry *entry;
    for (int i = 0; i < ENTRIES_MAX; i++) {
        int rc = archive_read_next_header(a->archive, &entry);
        if (rc == ARCHIVE_EOF)
            return refuse(why, size, i ? "the archive has no file " WANTED : "it is empty", NULL);
        if (rc < ARCHIVE_WARN)
            return refuse(why, size, "it is broken: ", archive_error_string(a->archive));
        if (!is_zip(a))
            return true;
        const char *path = archive_entry_pathname(entry);
        if (!path || !strcasestr(path, WANTED))
            continue;
        take_name(a, path);
        if (archive_entry_mtime_is_set(entry))
            a->written_at = archive_entry_mtime(entry);
        return true;
    }
    return refuse(why, size, "the archive has too many files", NULL);
}

struct registry_archive *registry_archive_open(const char *path, char *why, size_t size)
{
    struct registry_archive *a = mem_new(sizeof *a);
    if (open_file(a, path, why, size) && open_archive(a, why, size) && find_text(a, why, size))
        return a;
    registry_archive_close(a);
    return NULL;
}

ptrdiff_t registry_archive_read(struct registry_archive *a, char *out, size_t size, char *why,
                                size_t why_size)
{
    la_ssize_t n = archive_read_data(a->archive, out, size);
    if (n < 0) {
        refuse(why, why_size, "it is broken: ", archive_error_string(a->archive));
        return -1;
    }
    a->bytes += n;
    if (a->bytes <= REGISTRY_BYTES_MAX)
        return n;
    refuse(why, why_size, "it holds more than 8 GB", NULL);
    return -1;
}

const char *registry_archive_name(const struct registry_archive *a)
{
    return a->name;
}

int64_t registry_archive_at(const struct registry_archive *a)
{
    int64_t at = registry_name_at(a->name);
    return at ? at : a->written_at;
}

int64_t registry_archive_position(const struct registry_archive *a, int64_t *size)
{
    *size = a->size;
    return archive_filter_bytes(a->archive, -1);
}

void registry_archive_close(struct registry_archive *a)
{
    if (a->archive)
        archive_read_free(a->archive);
    if (a->fd > STDERR_FILENO)
        close(a->fd);
    free(a);
}

static int number(const char *p, int n)
{
    int value = 0;
    for (; n > 0; n--)
        value = 10 * value + (*p++ - '0');
    return value;
}

/* An hour before UTC all year: a file of summer counts as an hour later than it is, which changes
 * nothing of which file is newer. 0: no day of the calendar. */
static int64_t instant(const char *digits, bool with_time)
{
    struct tm tm = {.tm_year = number(digits, 4) - 1900,
                    .tm_mon = number(digits + 4, 2) - 1,
                    .tm_mday = number(digits + 6, 2),
                    .tm_hour = with_time ? number(digits + 8, 2) : 0,
                    .tm_min = with_time ? number(digits + 10, 2) : 0};
    struct tm asked = tm;
    time_t at = timegm(&tm);
    bool real = tm.tm_year >= 100 && tm.tm_mon == asked.tm_mon && tm.tm_mday == asked.tm_mday &&
                tm.tm_hour == asked.tm_hour && tm.tm_min == asked.tm_min;
    return real ? at - 3600 : 0;
}

int64_t registry_name_at(const char *name)
{
    for (const char *p = name; *p;) {
        size_t n = strspn(p, "0123456789");
        int64_t at = n == 12 || n == 8 ? instant(p, n == 12) : 0;
        if (at)
            return at;
        p += n ? n : 1;
    }
    return 0;
}
