/* Names that people type of themselves and of each other, and that mails carry to strangers. */
#ifndef AMPHI_BASE_PERSON_NAME_H
#define AMPHI_BASE_PERSON_NAME_H

#include "base/json.h"

/* A person's name as it is kept, as text_line() makes it; the caller frees it. NULL, and *fault
 * says why: beside text_line()'s faults "empty", "not a name" (letters of any script, digits,
 * apostrophes, hyphens, dots and commas make names), "link" (what mail programs would make one of).
 * A dot between an initial and a name gets its blank: "M.Dupont" would be a domain. */
char *person_name(const char *typed, const char **fault);
/* The same as a field of a form. */
const char *read_person_name(struct json_reader *r, const char *field, size_t max);

#endif
