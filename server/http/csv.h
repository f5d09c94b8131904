/* Downloads in CSV: the dialect that is asked for, and the name of the file. */
#ifndef AMPHI_HTTP_CSV_H
#define AMPHI_HTTP_CSV_H

#include "base/csv.h"
#include "blob/temp.h"
#include "http/http.h"

/* ?dialect=; without it the spreadsheet of the reader's language. False after having replied 422:
 * it names none. */
bool http_csv_dialect(struct http_exchange *x, enum csv_dialect *out);

/* A file of rows, filled by a worker: its reader may be slow, and the worker is not his then. Rows
 * of at most 256 KB, 512 MB in all: more than a million lines. */
struct http_csv_file {
    struct temp_file file;
    struct csv csv;
    struct buf chunk; /* private */
};
enum err http_csv_open(struct http_csv_file *f, struct http_exchange *x,
                       enum csv_dialect dialect) MUST_CHECK;
/* After each row; ERR_TOO_LARGE: it is too long, or the file. ERR_BUSY: no room on the disk. */
enum err http_csv_row(struct http_csv_file *f) MUST_CHECK;
/* After the last: before the file is sent. */
enum err http_csv_end(struct http_csv_file *f) MUST_CHECK;
/* Of an opened one, and of one that could not be. */
void http_csv_close(struct http_csv_file *f);

/* What the file is about; titles are cut where they are long. */
struct http_csv_name {
    struct csv_words what;          /* "Attendance" */
    const char *congress, *session; /* session "": of the whole congress */
    const char *day;                /* of the session, in the congress's zone: "2026-11-26" */
};
/* Takes the file's descriptor, as http_reply_download(). */
void http_reply_csv(struct http_exchange *x, struct temp_file *file, enum csv_dialect dialect,
                    const struct http_csv_name *name);

#endif
