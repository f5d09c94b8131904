#include "base/rpps.h"

#include <string.h>

/* Bytes of a blank at p: those of ASCII, and the no-break spaces U+00A0 and U+202F that pages and
 * word processors put between groups of digits. 0: it is none. */
static size_t blank(const char *p, size_t left)
{
    if (*p == ' ' || *p == '\t')
        return 1;
    if (left >= 2 && memcmp(p, "\xc2\xa0", 2) == 0)
        return 2;
    return left >= 3 && memcmp(p, "\xe2\x80\xaf", 3) == 0 ? 3 : 0;
}

/* Without blanks, letters as capitals. How many characters; 0: too many. */
static size_t close_up(const char *typed, size_t len, char out[static RPPS_SIZE])
{
    size_t n = 0;
    while (len > 0) {
        size_t skip = blank(typed, len);
        if (!skip && n == RPPS_SIZE)
            return 0;
        if (!skip)
            out[n++] = *typed >= 'a' && *typed <= 'z' ? (char)(*typed - 'a' + 'A') : *typed;
        len -= skip ? skip : 1;
        typed += skip ? skip : 1;
    }
    return n;
}

static bool digits(const char *p, size_t n)
{
    for (; n > 0; n--, p++)
        if (*p < '0' || *p > '9')
            return false;
    return true;
}

/* Every second digit from the right counts double, as the sum of its digits. */
static bool luhn(const char *p, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        int digit = p[n - 1 - i] - '0';
        int twice = 2 * digit > 9 ? 2 * digit - 9 : 2 * digit;
        sum += i % 2 ? twice : digit;
    }
    return sum % 10 == 0;
}

/* The department (of Corsica 2A and 2B, too) and seven digits. */
static bool adeli(const char *p)
{
    bool corsica = p[0] == '2' && (p[1] == 'A' || p[1] == 'B');
    return digits(p, 1) && (corsica || digits(p + 1, 1)) && digits(p + 2, ADELI_DIGITS - 2);
}

enum rpps_verdict rpps_parse(const char *typed, size_t len, char kept[static RPPS_SIZE])
{
    char text[RPPS_SIZE], *p = text;
    size_t n = close_up(typed, len, text);
    kept[0] = '\0';
    if ((n == RPPS_DIGITS + 1 && *p == '8') || (n == ADELI_DIGITS + 1 && *p == '0')) {
        p++;
        n--;
    }
    bool rpps = n == RPPS_DIGITS && digits(p, n) && *p != '0';
    if (!rpps && !(n == ADELI_DIGITS && adeli(p)))
        return RPPS_MALFORMED;
    memcpy(kept, p, n);
    kept[n] = '\0';
    return !rpps ? RPPS_ADELI : luhn(p, n) ? RPPS_GOOD : RPPS_CHECK_DIGIT;
}

const char *rpps_fault(enum rpps_verdict verdict, bool check)
{
    if (verdict == RPPS_MALFORMED)
        return "malformed";
    return verdict == RPPS_CHECK_DIGIT && check ? "check digit" : NULL;
}
