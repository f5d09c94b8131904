/* Reads a stranger's file of people: text with a person a line, as spreadsheets and CRMs write it.
 * What it is made of (encoding, delimiter) is found out, never trusted. In pieces of any size and
 * constant memory. Pure; one thread at a time. */
#ifndef AMPHI_FEATURES_LISTS_FILE_H
#define AMPHI_FEATURES_LISTS_FILE_H

#include "base/err.h"
#include "features/lists/lists_decode.h"

#define LIST_LINES_MAX   20 /* that a line goes over by its line breaks in quotes */
#define LIST_COLUMNS_MAX 100
#define LIST_HEAD_MAX    (64 * 1024) /* of which the delimiter is found */

/* --- what the file is --- */

struct list_sniffer {
    size_t len; /* of all */
    char *head;
    size_t head_len;
    /* in between: of a character in UTF-8 */
    int left;
    unsigned char least, most; /* that its next byte may be */
    bool high, bad;            /* the line has more than ASCII, is not UTF-8 */
    int64_t good_lines, bad_lines;
};
/* All bytes of the file, then list_sniffer_end(). */
void list_sniffer_init(struct list_sniffer *s);
void list_sniffer_feed(struct list_sniffer *s, const char *bytes, size_t len);
struct list_form {
    enum list_encoding encoding;
    char delimiter;
};
/* False: it is no text; *code says what it seems to be: "file.empty", "file.spreadsheet",
 * "file.binary". Releases s in any case. */
bool list_sniffer_end(struct list_sniffer *s, struct list_form *out, const char **code);

/* --- its lines --- */

/* A stable code: "line.quote"; NULL for LIST_GOOD. */
const char *list_fault_code(enum list_fault fault);

struct list_line {
    int64_t number; /* of its first, from 1 */
    enum list_fault fault;
    const char *const *cells; /* trimmed, without control characters; none with a fault */
    size_t cell_count;
};
/* Anything but ERR_OK ends it all. Lines without anything in them are not given. */
typedef enum err list_take(void *arg, const struct list_line *line);

struct list_reader;
struct list_reader *list_reader_new(struct list_form form, list_take *take, void *arg);
enum err list_reader_feed(struct list_reader *r, const char *bytes, size_t len) MUST_CHECK;
/* The last line. */
enum err list_reader_end(struct list_reader *r) MUST_CHECK;
void list_reader_free(struct list_reader *r);

#endif
