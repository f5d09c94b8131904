#include "crypto/totp.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <string.h>

#define NEIGHBOURS 1 /* steps to each side */

void totp_secret_new(uint8_t secret[static TOTP_SECRET_SIZE])
{
    randombytes_buf(secret, TOTP_SECRET_SIZE);
}

_Static_assert(TOTP_SECRET_SIZE % 5 == 0 && TOTP_TEXT_SIZE == TOTP_SECRET_SIZE / 5 * 8 + 1,
               "whole groups of five bytes need no padding");

const char *totp_secret_text(const uint8_t secret[static TOTP_SECRET_SIZE],
                             char text[static TOTP_TEXT_SIZE])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char *out = text;
    for (int group = 0; group < TOTP_SECRET_SIZE; group += 5) {
        uint64_t bits = 0;
        for (int i = 0; i < 5; i++)
            bits = bits << 8 | secret[group + i];
        for (int shift = 35; shift >= 0; shift -= 5)
            *out++ = digits[bits >> shift & 31];
    }
    *out = '\0';
    return text;
}

/* RFC 4226, 5.3; -1 when the library fails. */
static int code_of(const uint8_t secret[static TOTP_SECRET_SIZE], int64_t step)
{
    uint8_t counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret, TOTP_SECRET_SIZE, counter, sizeof counter, mac, &len) ||
        len != 20)
        return -1;
    const uint8_t *at = mac + (mac[19] & 15);
    uint32_t number = (uint32_t)(at[0] & 127) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
                      (uint32_t)at[3];
    return (int)(number % 1000000);
}

static int digits_of(const char *code)
{
    int number = 0;
    if (strlen(code) != TOTP_DIGITS)
        return -1;
    for (; *code; code++) {
        if (*code < '0' || *code > '9')
            return -1;
        number = 10 * number + (*code - '0');
    }
    return number;
}

int64_t totp_step(const uint8_t secret[static TOTP_SECRET_SIZE], const char *code, int64_t now_us)
{
    int typed = digits_of(code);
    int64_t present = now_us / TOTP_STEP_US, found = -1;
    for (int64_t step = present - NEIGHBOURS; step <= present + NEIGHBOURS; step++)
        if (typed >= 0 && code_of(secret, step) == typed)
            found = step;
    return found;
}
