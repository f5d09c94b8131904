/* Codes of authenticator apps, against the vectors of RFC 6238 (their last six digits). */
#include "crypto/crypto.h"
#include "crypto/secrets.h"
#include "crypto/totp.h"
#include "unit/run.h"
#include <string.h>

static const uint8_t secret[TOTP_SECRET_SIZE] = "12345678901234567890";

static const struct {
    int64_t at_s;
    const char *code;
} vectors[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
               {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};

START_TEST(the_codes_of_the_standard)
{
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        ck_assert_int_eq(totp_step(secret, vectors[i].code, vectors[i].at_s * 1000000),
                         vectors[i].at_s / 30);
}
END_TEST

START_TEST(a_code_counts_in_its_step_and_the_next_ones)
{
    int64_t step = 1111111109 / 30, begin = step * 30;
    const struct {
        int64_t at_s, found;
    } cases[] = {
        {begin - 31, -1}, {begin - 30, step}, {begin, step}, {begin + 59, step}, {begin + 60, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_int_eq(totp_step(secret, "081804", cases[i].at_s * 1000000), cases[i].found);
}
END_TEST

START_TEST(what_is_not_six_digits_is_no_code)
{
    static const char *const texts[] = {"",       "28708",   "2870821", " 287082",
                                        "28708x", "+287082", "-1",      "２８７０８２"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_int_eq(totp_step(secret, texts[i], 59 * 1000000), -1);
}
END_TEST

START_TEST(a_secret_is_written_as_apps_read_it)
{
    char text[TOTP_TEXT_SIZE];
    ck_assert_str_eq(totp_secret_text(secret, text), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    uint8_t one[TOTP_SECRET_SIZE], two[TOTP_SECRET_SIZE];
    ck_assert_int_eq(crypto_start(), ERR_OK);
    totp_secret_new(one);
    totp_secret_new(two);
    ck_assert_mem_ne(one, two, sizeof one);
}
END_TEST

START_TEST(a_seal_opens_where_it_was_made_only)
{
    ck_assert_int_eq(crypto_start(), ERR_OK);
    uint8_t key[SECRET_KEY_SIZE] = {1}, other[SECRET_KEY_SIZE] = {2};
    uint8_t sealed[TOTP_SECRET_SIZE + SEAL_EXTRA], again[sizeof sealed], open[TOTP_SECRET_SIZE];
    secret_seal(key, "anne", 4, secret, sizeof secret, sealed);
    secret_seal(key, "anne", 4, secret, sizeof secret, again);
    ck_assert_mem_ne(sealed, again, sizeof sealed);
    ck_assert(secret_unseal(key, "anne", 4, sealed, sizeof sealed, open, sizeof open));
    ck_assert_mem_eq(open, secret, sizeof open);
    ck_assert(!secret_unseal(key, "bruno", 5, sealed, sizeof sealed, open, sizeof open));
    ck_assert(!secret_unseal(other, "anne", 4, sealed, sizeof sealed, open, sizeof open));
    ck_assert(!secret_unseal(key, "anne", 4, sealed, sizeof sealed - 1, open, sizeof open));
    sealed[sizeof sealed - 1] ^= 1;
    ck_assert(!secret_unseal(key, "anne", 4, sealed, sizeof sealed, open, sizeof open));
}
END_TEST

RUN_TESTS("totp", the_codes_of_the_standard, a_code_counts_in_its_step_and_the_next_ones,
          what_is_not_six_digits_is_no_code, a_secret_is_written_as_apps_read_it,
          a_seal_opens_where_it_was_made_only)
