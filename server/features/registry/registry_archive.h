/* A file of the register as it is downloaded: text, or a ZIP archive with it, or text that was
 * compressed; what it is shows in its bytes, not in its name. Blocks; one thread at a time. */
#ifndef AMPHI_FEATURES_REGISTRY_ARCHIVE_H
#define AMPHI_FEATURES_REGISTRY_ARCHIVE_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What comes out of one file at most: ten times what the real one has. */
#define REGISTRY_BYTES_MAX (INT64_C(8) << 30)

struct registry_archive;

/* "-": what comes in. NULL with one line in why. */
struct registry_archive *registry_archive_open(const char *path, char *why, size_t why_size);
/* Up to size bytes of the text; 0: the end; -1: it is broken, or larger than it may be: one line in
 * why. */
ptrdiff_t registry_archive_read(struct registry_archive *a, char *out, size_t size, char *why,
                                size_t why_size);
/* The text's own name, without folders. */
const char *registry_archive_name(const struct registry_archive *a);
/* The instant of the data: what the name says (AAAAMMJJHHMM, in French time), else when the text
 * was last written; Unix seconds, 0: not known. */
int64_t registry_archive_at(const struct registry_archive *a);
/* Of the file, not of the text: read so far, and in all; 0: not known. */
int64_t registry_archive_position(const struct registry_archive *a, int64_t *size);
void registry_archive_close(struct registry_archive *a);

/* The instant that a name says; 0: none. */
int64_t registry_name_at(const char *name);

#endif
