/* The folder of the tapes: what files are called, and what a crash left. */
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "recording/chunk.h"
#include "recording/tape.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

#define ID_TEXT (ID_TEXT_SIZE - 1)

static bool read_id(const char *text, struct id *out)
{
    char copy[ID_TEXT_SIZE];
    snprintf(copy, sizeof copy, "%.*s", ID_TEXT, text);
    return text[ID_TEXT] == '.' && id_parse(copy, out);
}

bool tape_name_read(const char *file, const char *ending, struct tape_name *out)
{
    size_t ids = 2 * (ID_TEXT + 1), len = strlen(file), tail = strlen(ending);
    char *end;
    if (len <= ids + tail || !read_id(file, &out->recording) ||
        !read_id(file + ID_TEXT + 1, &out->person))
        return false;
    out->from_us = strtoll(file + ids, &end, 10);
    return end > file + ids && strcmp(end, ending) == 0;
}

static void recover_file(const char *folder, const char *file)
{
    char path[PATH_MAX], whole[PATH_MAX];
    struct buf bytes;
    int64_t last = 0;
    size_t stem = strlen(file) - strlen(TAPE_OPEN);
    if (snprintf(path, sizeof path, "%s/%s", folder, file) >= PATH_MAX ||
        snprintf(whole, sizeof whole, "%s/%.*s%s", folder, (int)stem, file, TAPE_WHOLE) >= PATH_MAX)
        return;
    buf_init(&bytes, CHUNK_MOST);
    bool read = buf_add_file(&bytes, path);
    size_t good = read ? chunk_whole(bytes.data, bytes.len, &last) : 0;
    buf_release(&bytes);
    bool kept = last && truncate(path, (off_t)good) == 0 && rename(path, whole) == 0;
    if (!kept && read && !last)
        unlink(path); /* nothing had come */
    log_info("recording.recovered", "{s:s,s:I,s:b}", "file", file, "bytes", (json_int_t)good,
             "kept", kept);
}

void tape_recover(const char *folder)
{
    struct tape_name name;
    DIR *d = opendir(folder);
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
        if (tape_name_read(e->d_name, TAPE_OPEN, &name))
            recover_file(folder, e->d_name);
    if (d)
        closedir(d);
}
