/* Whole reads and writes. Private to blob/. */
#ifndef AMPHI_BLOB_DISK_H
#define AMPHI_BLOB_DISK_H

#include <stdbool.h>
#include <stddef.h>

/* False with errno. */
bool disk_write(int fd, const void *bytes, size_t len);
/* False with errno, 0 at the end of the file. */
bool disk_read(int fd, void *bytes, size_t len);

#endif
