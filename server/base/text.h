/* Texts that people type for other people to read. What is kept of them is in Unicode's normal form
 * C, without blanks at the ends; in texts of one line what cannot be seen is refused, as nobody
 * could find it. */
#ifndef AMPHI_BASE_TEXT_H
#define AMPHI_BASE_TEXT_H

#include "base/json.h"
#include <unicode/utypes.h>

/* A text of one line: a title, a label. Runs of blanks become one. NULL when it is refused, *fault
 * is then "control character", "line break" or "invisible character"; the caller frees the result.
 */
char *text_line(const char *typed, const char **fault);
/* Several lines: blanks and line breaks at its ends go, nothing is refused; the caller frees it. */
char *text_trimmed(const char *typed);
/* Whether anything of it can be seen. */
bool text_shows(const char *text);
/* Whether a mail program would make a link of some of it: an address, a domain, a URL. */
bool text_links(const char *text);

/* Fields of a form as json_read_string() reads them: what is kept replaces what was typed. Nothing
 * to be seen counts as too short. */
const char *read_line(struct json_reader *r, const char *name, size_t min, size_t max);
const char *read_text(struct json_reader *r, const char *name, size_t min, size_t max);
/* One item of the array `name`. */
const char *item_line(struct json_reader *r, const char *name, json_t *item, size_t min,
                      size_t max);
/* A line that signs mails to strangers: "link" when text_links(). */
const char *read_signature(struct json_reader *r, const char *name, size_t min, size_t max);

/* For the rules of other texts. UTF-16 in normal form C, or as identifiers are compared (NFKC, case
 * folded, nothing invisible); the caller frees it. */
enum text_form { TEXT_KEPT, TEXT_FOLDED };
UChar *text_units(const char *text, enum text_form form, int32_t *units);
/* Takes `kept`, which the caller frees, in place of the string of a form. */
const char *text_replace(json_t *value, char *kept);
/* What separates the parts of a domain. */
bool text_is_dot(UChar32 c);

#endif
