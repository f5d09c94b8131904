/* Content-Disposition of downloads (RFC 6266). Pure; any thread. */
#ifndef AMPHI_HTTP_DISPOSITION_H
#define AMPHI_HTTP_DISPOSITION_H

#include "base/buf.h"

#define FILENAME_MAX_BYTES 240

/* Adds text as part of a file name: without control and invisible characters, and without what no
 * file system takes (`: / \ |` become hyphens); at most `most` bytes, cut between characters. Text
 * must be UTF-8. */
void filename_add(struct buf *out, const char *text, size_t most);
/* The header's value for a name in UTF-8, which is made safe as above: in ASCII for what knows no
 * better, then exactly (RFC 8187). */
void disposition_add(struct buf *out, const char *filename);

#endif
