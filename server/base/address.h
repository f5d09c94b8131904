/* E-mail addresses as people type them. */
#ifndef AMPHI_BASE_ADDRESS_H
#define AMPHI_BASE_ADDRESS_H

#include "base/json.h"
#include <stdbool.h>

#define ADDRESS_SIZE 255 /* with the final NUL */

/* Whether mail may be sent there: an ASCII mailbox of RFC 5321 without quotes. NULL: false. */
bool address_valid(const char *address);
/* As it is kept: in lower case, the domain in its ASCII form (IDNA, UTS 46), without what came
 * along when it was pasted: blanks and invisible characters, "mailto:", the name in "Anne
 * <a@b.fr>". False when that is no valid address. */
bool address_normal(const char *typed, char out[static ADDRESS_SIZE]);
/* A field of a form; the fault is "not an e-mail address", or "not ASCII before the @":
 * such mailboxes need SMTPUTF8, which mail here does not speak. */
void read_address(struct json_reader *r, const char *field, char out[static ADDRESS_SIZE]);

#endif
