/* E-mail addresses as people type them. */
#ifndef AMPHI_MAIL_ADDRESS_H
#define AMPHI_MAIL_ADDRESS_H

#include <stdbool.h>

#define ADDRESS_SIZE 255
/* Surrounding spaces off, lower case; false when that is no valid address. */
bool address_normal(const char *typed, char out[static ADDRESS_SIZE]);

#endif
