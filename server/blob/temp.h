/* A file without a name, for what is made to be sent once: an export. It is gone when its
 * descriptor is closed, also after a crash. It grows up to its bound, and not below the floor of
 * free space on the disk. Blocks on the disk; one thread at a time. */
#ifndef AMPHI_BLOB_TEMP_H
#define AMPHI_BLOB_TEMP_H

#include "blob/blob.h"

struct temp_file {
    int fd;       /* the owner may take it: then it is his to close, and -1 here */
    uint64_t len; /* bytes so far */
    /* private */
    uint64_t max, checked;
    struct blob_store *store;
};

enum err temp_open(struct temp_file *t, struct blob_store *s, uint64_t max) MUST_CHECK;
/* ERR_TOO_LARGE: above max; ERR_BUSY: there is no room on the disk. */
enum err temp_add(struct temp_file *t, const void *bytes, size_t len) MUST_CHECK;
void temp_close(struct temp_file *t);

#endif
