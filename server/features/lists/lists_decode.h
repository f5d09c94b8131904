/* Bytes of a file in any encoding, as lines in UTF-8. Private to the reader of lists. */
#ifndef AMPHI_FEATURES_LISTS_DECODE_H
#define AMPHI_FEATURES_LISTS_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIST_LINE_MAX (16 * 1024) /* bytes in UTF-8, of all lines that a cell goes over */

enum list_encoding { LIST_UTF_8, LIST_UTF_16LE, LIST_UTF_16BE, LIST_WINDOWS_1252 };

enum list_fault {
    LIST_GOOD,
    LIST_TOO_LONG,
    LIST_ENCODING,
    LIST_NUL,
    LIST_QUOTE,        /* a quote that nothing ends */
    LIST_COLUMN_COUNT, /* more than LIST_COLUMNS_MAX */
};

struct list_decoder {
    enum list_encoding encoding;
    char *line;
    size_t len;
    enum list_fault fault; /* of the line so far */
    bool begun, after_cr;
    /* in between, of UTF-16 */
    bool has_byte;
    unsigned char byte;
    uint32_t high;
};
void list_decoder_init(struct list_decoder *d, enum list_encoding encoding);
/* True: a line is whole; the caller takes it and calls list_decoder_next(). */
bool list_decoder_put(struct list_decoder *d, unsigned char byte);
/* At the end of the file; true: there is a last line. */
bool list_decoder_end(struct list_decoder *d);
/* The line's fault, which what was put says only now. */
enum list_fault list_decoder_fault(const struct list_decoder *d);
void list_decoder_next(struct list_decoder *d);
void list_decoder_release(struct list_decoder *d);

#endif
