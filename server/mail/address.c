#include "mail/address.h"
#include "mail/mail.h"
#include <string.h>

bool address_normal(const char *typed, char out[static ADDRESS_SIZE])
{
    while (*typed == ' ' || *typed == '\t')
        typed++;
    size_t len = strlen(typed);
    while (len && (typed[len - 1] == ' ' || typed[len - 1] == '\t' || typed[len - 1] == '\n'))
        len--;
    if (len == 0 || len >= ADDRESS_SIZE)
        return false;
    for (size_t i = 0; i < len; i++)
        out[i] = (char)(typed[i] >= 'A' && typed[i] <= 'Z' ? typed[i] + ('a' - 'A') : typed[i]);
    out[len] = '\0';
    return mail_address_valid(out);
}
