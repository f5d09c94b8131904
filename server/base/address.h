/* E-mail addresses as people type them. */
#ifndef AMPHI_BASE_ADDRESS_H
#define AMPHI_BASE_ADDRESS_H

#include <stdbool.h>

#define ADDRESS_SIZE 255 /* with the final NUL */

/* Whether mail may be sent there: an ASCII mailbox of RFC 5321 without quotes. NULL: false. */
bool address_valid(const char *address);
/* Surrounding spaces off, lower case; false when that is no valid address. */
bool address_normal(const char *typed, char out[static ADDRESS_SIZE]);

#endif
