/* Writes CSV into a buffer, in the dialect of who reads it. The caller empties the buffer as it
 * goes. Text must be UTF-8.
 *
 *   machine    RFC 4180 to the letter: commas, CRLF, decimal points, no byte order mark, every text
 *              as it was typed; column names never change
 *   excel-en   for a spreadsheet in English: commas and decimal points
 *   excel-fr   for one in French: semicolons and decimal commas
 *
 * Both of the last begin with a byte order mark, and what people typed stays text in them: what a
 * spreadsheet would run, wherever a cell may begin for it, gets an apostrophe; what it would turn
 * into a number or a date ("0123", "12 mars", "1e5") is written as ="0123". */
#ifndef AMPHI_BASE_CSV_H
#define AMPHI_BASE_CSV_H

#include "base/buf.h"
#include <stdbool.h>
#include <stdint.h>

enum csv_dialect { CSV_MACHINE, CSV_EXCEL_EN, CSV_EXCEL_FR };
/* False when it is none of the names above. */
bool csv_dialect_parse(const char *name, enum csv_dialect *out);

struct csv {
    struct buf *out;
    enum csv_dialect dialect;
    bool inside; /* the row has a cell already */
};

/* One text in each dialect. */
struct csv_words {
    const char *machine, *en, *fr;
};

const char *csv_pick(enum csv_dialect dialect, const struct csv_words *words);

struct csv csv_begin(struct buf *out, enum csv_dialect dialect);
/* Whatever a person typed; NULL or "" is an empty cell. */
void csv_text(struct csv *c, const char *text);
/* Text of ours that no spreadsheet takes for anything else: ids, times, words. */
void csv_plain(struct csv *c, const char *text);
void csv_words(struct csv *c, const struct csv_words *words);
/* That of n whose machine text it is; where there is none, the machine's. */
void csv_word_of(struct csv *c, const struct csv_words *words, size_t n, const char *machine);
void csv_yes(struct csv *c, bool yes);
void csv_int(struct csv *c, int64_t value);
/* A number that is written out: a sign, digits, a decimal point. */
void csv_decimal(struct csv *c, const char *digits);
/* A share with four decimals, cut: never more than it is, so it is at or above a threshold of
 * thousandths exactly when the exact share is. Blank when the denominator is not positive;
 * numerator from 0 to 10^14. */
void csv_share(struct csv *c, int64_t numerator, int64_t denominator);
void csv_blank(struct csv *c);
void csv_end_row(struct csv *c);
/* The first row: n columns. */
void csv_header(struct csv *c, const struct csv_words *columns, size_t n);

#endif
