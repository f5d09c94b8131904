/* Writes CSV (RFC 4180: commas, CRLF, quotes where needed) into a buffer, safe to open in a
 * spreadsheet: text that a spreadsheet would take for a formula gets a leading apostrophe. The
 * caller empties the buffer as it goes. Text must be UTF-8. */
#ifndef AMPHI_BASE_CSV_H
#define AMPHI_BASE_CSV_H

#include "base/buf.h"
#include <stdbool.h>
#include <stdint.h>

#define CSV_BOM "\xEF\xBB\xBF"

struct csv {
    struct buf *out;
    bool inside; /* the row has a cell already */
};

struct csv csv_begin(struct buf *out, bool bom);
/* Whatever a person typed, and anything else; NULL or "" is an empty cell. */
void csv_text(struct csv *c, const char *text);
void csv_int(struct csv *c, int64_t value);
/* A fraction with four decimals; blank when the denominator is not positive. */
void csv_fraction(struct csv *c, double numerator, double denominator);
void csv_blank(struct csv *c);
void csv_end_row(struct csv *c);
/* A row of given cells, NULL-terminated: headers. */
void csv_header(struct csv *c, const char *const *names);

#endif
