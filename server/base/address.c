#include "base/address.h"
#include <ctype.h>
#include <string.h>

#define ADDRESS_MAX 254
#define LOCAL_MAX   64
#define LABEL_MAX   63

/* Dot-string of RFC 5321: atoms of ASCII with single dots between. */
static bool local_valid(const char *at, size_t len)
{
    if (len == 0 || len > LOCAL_MAX || at[0] == '.' || at[len - 1] == '.')
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)at[i];
        if (c == '.' ? at[i + 1] == '.'
                     : !(c < 0x80 && isalnum(c)) && !strchr("!#$%&'*+-/=?^_`{|}~", c))
            return false;
    }
    return true;
}

static bool label_valid(const char *at, size_t len)
{
    if (len == 0 || len > LABEL_MAX || at[0] == '-' || at[len - 1] == '-')
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)at[i];
        if (c != '-' && !(c < 0x80 && isalnum(c)))
            return false;
    }
    return true;
}

static bool domain_valid(const char *at)
{
    size_t len;
    for (;; at += len + 1) {
        len = strcspn(at, ".");
        if (!label_valid(at, len))
            return false;
        if (!at[len])
            break;
    }
    return strspn(at, "0123456789") < len; /* the last label is not a number */
}

bool address_valid(const char *address)
{
    const char *at = address ? strchr(address, '@') : NULL;
    return at && strlen(address) <= ADDRESS_MAX && local_valid(address, (size_t)(at - address)) &&
           domain_valid(at + 1);
}

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
    return address_valid(out);
}
