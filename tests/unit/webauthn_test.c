/* What browsers send of passkeys: taken when all of it is right, refused when any part is not. */
#include "crypto/webauthn.h"
#include "harness/authenticator.h"
#include "unit/run.h"
#include <stdio.h>
#include <string.h>

#define ORIGIN "https://amphi.test:8443"

static struct webauthn_site site;
static struct authenticator device;
static struct said said;
static char challenge[TOKEN_TEXT_SIZE];

static void begin(bool rsa)
{
    uint8_t hash[TOKEN_HASH_SIZE];
    ck_assert_int_eq(crypto_start(), ERR_OK);
    ck_assert(webauthn_site_of(ORIGIN, &site));
    authenticator_init(&device, "amphi.test", ORIGIN, rsa);
    token_new(challenge, hash);
    authenticator_make(&device, challenge, &said);
}

static bool made(struct passkey *key)
{
    return webauthn_made(&site, said.object, said.object_len, key);
}

static bool used(const struct passkey *key, uint32_t *counter)
{
    bool backed_up;
    struct webauthn_use use = {.authenticator_data = said.data,
                               .authenticator_data_len = said.data_len,
                               .signature = said.signature,
                               .signature_len = said.signature_len,
                               .client_data = (const uint8_t *)said.client_data,
                               .client_data_len = said.client_data_len};
    return webauthn_used(&site, &use, key->key, key->key_len, counter, &backed_up);
}

START_TEST(a_passkey_is_made_and_used)
{
    for (int rsa = 0; rsa < 2; rsa++) {
        struct passkey key;
        uint32_t counter = 0;
        begin(rsa);
        ck_assert(made(&key));
        ck_assert_uint_eq(key.id_len, sizeof device.id);
        ck_assert_mem_eq(key.id, device.id, sizeof device.id);
        ck_assert_uint_eq(key.counter, 1);
        ck_assert(!key.backed_up);
        authenticator_use(&device, challenge, &said);
        ck_assert(used(&key, &counter));
        ck_assert_uint_eq(counter, 2);
        authenticator_free(&device);
    }
}
END_TEST

START_TEST(another_key_or_another_text_is_not_signed)
{
    struct passkey key;
    struct authenticator other;
    uint32_t counter;
    begin(false);
    ck_assert(made(&key));
    authenticator_init(&other, "amphi.test", ORIGIN, false);
    authenticator_use(&other, challenge, &said);
    ck_assert(!used(&key, &counter));
    authenticator_use(&device, challenge, &said);
    said.client_data[10] ^= 1;
    ck_assert(!used(&key, &counter));
    said.client_data[10] ^= 1;
    said.data[36] ^= 1; /* of the counter */
    ck_assert(!used(&key, &counter));
    said.data[36] ^= 1;
    ck_assert(used(&key, &counter));
    said.signature_len--;
    ck_assert(!used(&key, &counter));
    authenticator_free(&other);
    authenticator_free(&device);
}
END_TEST

START_TEST(the_person_must_have_been_verified)
{
    static const uint8_t flags[] = {0x00, 0x01, 0x04};
    struct passkey key;
    uint32_t counter;
    begin(false);
    ck_assert(made(&key));
    for (size_t i = 0; i < sizeof flags; i++) {
        device.flags = flags[i];
        authenticator_use(&device, challenge, &said);
        ck_assert(!used(&key, &counter));
        authenticator_make(&device, challenge, &said);
        ck_assert(!made(&key));
    }
    authenticator_free(&device);
}
END_TEST

START_TEST(a_passkey_of_another_site_is_none)
{
    struct passkey key;
    uint32_t counter;
    begin(false);
    ck_assert(made(&key));
    device.rp_id = "evil.test";
    authenticator_use(&device, challenge, &said);
    ck_assert(!used(&key, &counter));
    authenticator_make(&device, challenge, &said);
    ck_assert(!made(&key));
    authenticator_free(&device);
}
END_TEST

static bool reads(enum webauthn_act act, const char *json)
{
    char out[TOKEN_TEXT_SIZE] = "";
    return webauthn_client_data(&site, act, json, strlen(json), out) && strcmp(out, challenge) == 0;
}

START_TEST(what_the_browser_says_is_of_this_site_and_act)
{
    char json[512];
    begin(false);
    ck_assert(reads(WEBAUTHN_CREATE, said.client_data));
    ck_assert(!reads(WEBAUTHN_GET, said.client_data));
    static const char *const wrong[] = {
        "{\"type\":\"webauthn.create\",\"challenge\":\"%s\",\"origin\":\"https://amphi.test\"}",
        "{\"type\":\"webauthn.create\",\"challenge\":\"%s\",\"origin\":\"http://amphi.test:8443\"}",
        "{\"type\":\"webauthn.create\",\"challenge\":\"%s\",\"origin\":\"" ORIGIN "/\"}",
        "{\"type\":\"webauthn.create\",\"challenge\":\"%s\",\"origin\":\"" ORIGIN
        "\",\"crossOrigin\":true}",
        "{\"type\":\"webauthn.create\",\"challenge\":\"%s=\",\"origin\":\"" ORIGIN "\"}",
        "{\"type\":\"webauthn.create\",\"challenge\":[\"%s\"],\"origin\":\"" ORIGIN "\"}",
        "{\"type\":\"webauthn.create\",\"type\":\"webauthn.create\",\"challenge\":\"%s\","
        "\"origin\":\"" ORIGIN "\"}",
        "[\"%s\"]"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(json, sizeof json, wrong[i], challenge);
        ck_assert_msg(!reads(WEBAUTHN_CREATE, json), "%s", json);
    }
    ck_assert(!reads(WEBAUTHN_CREATE, ""));
    authenticator_free(&device);
}
END_TEST

/* Whatever is cut off or put behind: no more is read than there is, and nothing is taken. */
START_TEST(every_cut_of_an_object_is_refused)
{
    struct passkey key;
    begin(true);
    for (size_t len = 0; len < said.object_len; len++) {
        uint8_t *exact = malloc(len ? len : 1); /* a sanitiser sees what is read beyond */
        memcpy(exact, said.object, len);
        ck_assert(!webauthn_made(&site, exact, len, &key));
        free(exact);
    }
    said.object[said.object_len++] = 0;
    ck_assert(!made(&key));
    authenticator_free(&device);
}
END_TEST

START_TEST(a_point_off_the_curve_is_no_key)
{
    struct passkey key;
    begin(false);
    said.object[said.object_len - 1] ^= 1; /* the last byte of y */
    ck_assert(!made(&key));
    authenticator_free(&device);
}
END_TEST

START_TEST(passkeys_need_a_name)
{
    struct webauthn_site other;
    ck_assert(webauthn_site_of("https://localhost:8443", &other));
    ck_assert_str_eq(other.rp_id, "localhost");
    ck_assert(webauthn_site_of("https://amphi.example.org", &other));
    ck_assert_str_eq(other.rp_id, "amphi.example.org");
    ck_assert(!webauthn_site_of("http://localhost", &other));
    ck_assert(!webauthn_site_of("https://192.0.2.1:8443", &other));
    ck_assert(!webauthn_site_of("https://[::1]:8443", &other));
    ck_assert(!webauthn_site_of("https://", &other));
}
END_TEST

static bool passes(const char *hex)
{
    uint8_t bytes[64];
    size_t n = strlen(hex) / 2;
    for (size_t i = 0; i < n; i++)
        sscanf(hex + 2 * i, "%2hhx", &bytes[i]);
    struct cbor_reader r = {.at = bytes, .end = bytes + n};
    return cbor_pass(&r) && r.at == r.end;
}

START_TEST(cbor_is_read_to_its_end_and_no_further)
{
    static const char *const good[] = {"00",
                                       "1903e8",
                                       "3903e7",
                                       "4401020304",
                                       "6449455446",
                                       "80",
                                       "83010203",
                                       "a0",
                                       "a201020304",
                                       "c249010000000000000000",
                                       "f4",
                                       "f6",
                                       "fb3ff199999999999a",
                                       "8182818080"};
    static const char *const bad[] = {"",
                                      "19",
                                      "1903",
                                      "44010203",
                                      "8301",
                                      "a201",
                                      "5f42010243030405ff",
                                      "9f01ff",
                                      "bf01ff",
                                      "ff",
                                      "1c",
                                      "5b7fffffffffffffff",
                                      "9b7fffffffffffffff",
                                      "bbffffffffffffffff",
                                      "8181818181818181818180",
                                      "c0"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(passes(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!passes(bad[i]), "%s", bad[i]);
}
END_TEST

RUN_TESTS("webauthn", a_passkey_is_made_and_used, another_key_or_another_text_is_not_signed,
          the_person_must_have_been_verified, a_passkey_of_another_site_is_none,
          what_the_browser_says_is_of_this_site_and_act, every_cut_of_an_object_is_refused,
          a_point_off_the_curve_is_no_key, passkeys_need_a_name,
          cbor_is_read_to_its_end_and_no_further)
