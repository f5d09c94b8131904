/* Downloads in CSV: the dialect that is asked for, and the name of the file. */
#ifndef AMPHI_HTTP_CSV_H
#define AMPHI_HTTP_CSV_H

#include "base/csv.h"
#include "http/http.h"

/* ?dialect=; without it the spreadsheet of the reader's language. False after having replied 422:
 * it names none. */
bool http_csv_dialect(struct http_exchange *x, enum csv_dialect *out);

/* What the file is about; titles are cut where they are long. */
struct http_csv_name {
    struct csv_words what; /* "Attendance" */
    const char *congress, *session;
    const char *day; /* of the session, in the congress's zone: "2026-11-26" */
};
/* Takes the file's descriptor, as http_reply_download(). */
void http_reply_csv(struct http_exchange *x, struct temp_file *file, enum csv_dialect dialect,
                    const struct http_csv_name *name);

#endif
