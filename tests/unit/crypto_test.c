#include "crypto/crypto.h"
#include "crypto/secrets.h"
#include "crypto/sha256.h"
#include "unit/run.h"
#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(a_token_is_known_by_its_hash_only)
{
    ck_assert_int_eq(crypto_start(), ERR_OK);
    char text[TOKEN_TEXT_SIZE], other[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE], again[TOKEN_HASH_SIZE];
    token_new(text, hash);
    token_new(other, again);
    ck_assert_str_ne(text, other);
    ck_assert_uint_eq(strlen(text), 43);
    ck_assert(token_hash(text, again));
    ck_assert_mem_eq(hash, again, sizeof hash);
}
END_TEST

START_TEST(what_has_not_the_form_of_a_token_is_refused)
{
    static const char *const texts[] = {
        "",
        "short",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",   /* 42 */
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", /* 44 */
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB", /* a second text of the same bytes */
        "AAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAA",
    };
    ck_assert_int_eq(crypto_start(), ERR_OK);
    uint8_t hash[TOKEN_HASH_SIZE];
    ck_assert(token_hash("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", hash));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(!token_hash(texts[i], hash), "%s", texts[i]);
}
END_TEST

START_TEST(codes_use_their_alphabet)
{
    ck_assert_int_eq(crypto_start(), ERR_OK);
    char text[13];
    for (int i = 0; i < 100; i++) {
        code_new(text, 12);
        ck_assert_uint_eq(strlen(text), 12);
        ck_assert_uint_eq(strspn(text, "abcdefghijklmnopqrstuvwxyz23456789"), 12);
    }
}
END_TEST

START_TEST(a_password_opens_only_with_itself)
{
    char one[PASSWORD_HASH_SIZE], two[PASSWORD_HASH_SIZE];
    ck_assert_int_eq(crypto_start(), ERR_OK);
    ck_assert_int_eq(password_hash("correct horse battery", NULL, one), ERR_OK);
    ck_assert_int_eq(password_hash("another good password", one, two), ERR_OK);
    ck_assert_ptr_nonnull(strstr(one, "$argon2id$"));
    ck_assert_int_eq(crypto_pwhash_str_verify(one, "correct horse battery", 21), 0);
    const char *hashes[] = {one, two}, *rubbish[] = {"rubbish"};
    ck_assert_int_eq(password_match(hashes, 2, "correct horse battery"), 0);
    ck_assert_int_eq(password_match(hashes, 2, "another good password"), 1);
    ck_assert_int_eq(password_match(hashes, 2, "correct horse batterx"), -1);
    ck_assert_int_eq(password_match(hashes, 0, "correct horse battery"), -1);
    ck_assert_int_eq(password_match(rubbish, 1, "correct horse battery"), -1);
}
END_TEST

START_TEST(the_file_of_keys_is_made_once_and_is_nobody_elses)
{
    char path[64];
    struct secrets made, again;
    struct stat info;
    ck_assert_int_eq(crypto_start(), ERR_OK);
    snprintf(path, sizeof path, "/tmp/amphi-secret-%d", getpid());
    ck_assert_int_eq(secrets_open(path, &made), ERR_OK);
    ck_assert_int_eq(secrets_open(path, &again), ERR_OK);
    ck_assert_mem_eq(&made, &again, sizeof made);
    uint8_t mac[MAC_SIZE];
    mac_sign(made.devices, "x", 1, mac);
    ck_assert(mac_good(again.devices, "x", 1, mac));
    ck_assert(!mac_good(again.devices, "y", 1, mac));
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_uint_eq(info.st_mode & 0777, 0600);
    ck_assert_int_eq(truncate(path, 7), 0);
    ck_assert_int_eq(secrets_open(path, &again), ERR_INTERNAL);
    unlink(path);
}
END_TEST

#define TOGETHER 8
static char shared_path[64];

static void *open_shared(void *secrets)
{
    ck_assert_int_eq(secrets_open(shared_path, secrets), ERR_OK);
    return NULL;
}

START_TEST(servers_that_start_together_have_one_file_of_keys)
{
    pthread_t threads[TOGETHER];
    struct secrets opened[TOGETHER];
    ck_assert_int_eq(crypto_start(), ERR_OK);
    snprintf(shared_path, sizeof shared_path, "/tmp/amphi-shared-%d", getpid());
    for (int round = 0; round < 20; round++, unlink(shared_path)) {
        for (int i = 0; i < TOGETHER; i++)
            ck_assert_int_eq(pthread_create(&threads[i], NULL, open_shared, &opened[i]), 0);
        for (int i = 0; i < TOGETHER; i++)
            pthread_join(threads[i], NULL);
        for (int i = 1; i < TOGETHER; i++)
            ck_assert_mem_eq(&opened[i], &opened[0], sizeof opened[0]);
    }
}
END_TEST

START_TEST(passwords_have_a_least_and_a_greatest_length)
{
    ck_assert_int_eq(crypto_start(), ERR_OK);
    char hash[PASSWORD_HASH_SIZE], longest[PASSWORD_MAX_BYTES + 2];
    memset(longest, 'x', sizeof longest);
    longest[PASSWORD_MAX_BYTES + 1] = '\0';
    ck_assert_int_eq(password_hash("elevenchars", NULL, hash), ERR_INVALID);
    ck_assert_int_eq(password_hash(longest, NULL, hash), ERR_INVALID);
    ck_assert_int_eq(password_hash("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", NULL, hash),
                     ERR_INVALID); /* characters count, not bytes */
    ck_assert_int_eq(password_match(NULL, 0, longest), -1);
}
END_TEST

START_TEST(sha256_is_sha256)
{
    static const uint8_t abc[SHA256_SIZE] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
                                             0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
                                             0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c,
                                             0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    uint8_t hash[SHA256_SIZE];
    sha256("abc", 3, hash);
    ck_assert_mem_eq(hash, abc, sizeof abc);
}
END_TEST

RUN_TESTS("crypto", a_token_is_known_by_its_hash_only, what_has_not_the_form_of_a_token_is_refused,
          codes_use_their_alphabet, a_password_opens_only_with_itself,

          the_file_of_keys_is_made_once_and_is_nobody_elses,
          servers_that_start_together_have_one_file_of_keys,
          passwords_have_a_least_and_a_greatest_length, sha256_is_sha256)
