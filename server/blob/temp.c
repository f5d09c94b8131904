#include "blob/temp.h"
#include "base/log.h"
#include "blob/disk.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CHECK_BYTES (4u << 20) /* how much is written between two looks at the free space */

static enum err disk_err(const char *doing)
{
    log_error("temp.disk", "{s:s,s:s}", "doing", doing, "why", strerror(errno));
    return ERR_BUSY;
}

enum err temp_open(struct temp_file *t, struct blob_store *s, uint64_t max)
{
    *t = (struct temp_file){.max = max, .store = s};
    t->fd = open(blob_temp_folder(s), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return t->fd >= 0 ? ERR_OK : disk_err("create");
}

enum err temp_add(struct temp_file *t, const void *bytes, size_t len)
{
    if (len > t->max - t->len)
        return ERR_TOO_LARGE;
    if (t->len + len > t->checked) {
        if (!blob_has_room(t->store, CHECK_BYTES + len)) {
            errno = ENOSPC;
            return disk_err("grow");
        }
        t->checked = t->len + len + CHECK_BYTES;
    }
    t->len += len;
    return disk_write(t->fd, bytes, len) ? ERR_OK : disk_err("write");
}

void temp_close(struct temp_file *t)
{
    if (t->fd >= 0)
        close(t->fd);
    t->fd = -1;
}
