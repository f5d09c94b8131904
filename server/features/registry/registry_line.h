/* The lines of the register's open extraction: UTF-8, columns between bars, often one more bar at
 * the end. Columns are found by name, since the file has had 50 to 56 of them, and names that vary
 * in case, accents and what stands in brackets. Pure, any thread. */
#ifndef AMPHI_FEATURES_REGISTRY_LINE_H
#define AMPHI_FEATURES_REGISTRY_LINE_H

#include "features/registry/registry_person.h"
#include <stdbool.h>

#define REGISTRY_COLUMNS_MOST 128

enum registry_column {
    COLUMN_KIND,
    COLUMN_IDENTIFIER,
    COLUMN_LAST_NAME,
    COLUMN_FIRST_NAME,
    COLUMN_PROFESSION,
    COLUMN_CATEGORY,
    COLUMN_SKILL_TYPE,
    COLUMN_SKILL,
    COLUMN_MODE,
    COLUMN_POSTCODE,
    COLUMN_COMMUNE,
    COLUMN_DEPARTMENT,
    COLUMN_SETTING,
    REGISTRY_COLUMNS
};

/* Which column of ours each column of the file is; -1: none. */
struct registry_header {
    int column[REGISTRY_COLUMNS_MOST];
    int columns;                  /* without the empty one after the last bar */
    bool found[REGISTRY_COLUMNS]; /* of ours */
};

/* False with why, when it is not a header of such a file. */
bool registry_read_header(const char *line, size_t len, struct registry_header *out, char *why,
                          size_t why_size);

enum registry_fault {
    REGISTRY_GOOD,
    REGISTRY_TOO_LONG, /* as registry_reader.c finds */
    REGISTRY_ENCODING,
    REGISTRY_COLUMN_COUNT,
    REGISTRY_KIND,
    REGISTRY_IDENTIFIER,
    REGISTRY_CHECK_DIGIT,
    REGISTRY_NAME,
    REGISTRY_PROFESSION,
    REGISTRY_FAULTS
};
/* As people read it: "no last name". */
const char *registry_fault_text(enum registry_fault fault);

/* A line as the person it is about, as if it were their only one. number: its own in the file.
 * check: see rpps_fault().
 */
enum registry_fault registry_read_line(const struct registry_header *header, const char *line,
                                       size_t len, int64_t number, bool check,
                                       struct registry_person *out);

#endif
