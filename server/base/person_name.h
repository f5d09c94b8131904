/* Names that people type of themselves and of each other, and that mails carry to strangers. */
#ifndef AMPHI_BASE_PERSON_NAME_H
#define AMPHI_BASE_PERSON_NAME_H

#include <stdbool.h>

/* A person's name, not a message: no control characters, no line breaks, nothing that makes a link.
 */
bool person_name_valid(const char *name);

#endif
