/* What an authenticator app does with a secret that was typed into it. */
#ifndef AMPHI_TESTS_TOTP_H
#define AMPHI_TESTS_TOTP_H

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define TOTP_APP_BYTES 20

/* secret: in base32. code: six digits. */
static inline const char *totp_app(const char *secret, int64_t at_us, char code[static 7])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint8_t key[TOTP_APP_BYTES] = {0}, counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    for (size_t bit = 0; bit < 8 * sizeof key; bit++) {
        const char *digit = strchr(digits, secret[bit / 5]);
        int on = digit ? (int)(digit - digits) >> (4 - bit % 5) & 1 : 0;
        key[bit / 8] = (uint8_t)(key[bit / 8] | on << (7 - bit % 8));
    }
    uint64_t step = (uint64_t)at_us / 30000000;
    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)(step >> (56 - 8 * i));
    HMAC(EVP_sha1(), key, sizeof key, counter, sizeof counter, mac, &len);
    int at = mac[19] & 15;
    uint32_t n = (mac[at] & 127u) << 24 | mac[at + 1] << 16 | mac[at + 2] << 8 | mac[at + 3];
    snprintf(code, 7, "%06u", n % 1000000u);
    return code;
}

#endif
