/* Which ID tokens are believed. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "crypto/base64url.h"
#include "features/oidc/oidc_token.h"
#include <check.h>
#include <cjose/cjose.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ISSUER "https://id.example.org"
#define NOW_S  1795293000

static cjose_jwk_t *rsa, *ec, *other;
static cjose_err jose;

static cjose_jwk_t *named(cjose_jwk_t *key, const char *kid)
{
    ck_assert_ptr_nonnull(key);
    ck_assert(cjose_jwk_set_kid(key, kid, strlen(kid), &jose));
    return key;
}

static void start(void)
{
    rsa = named(cjose_jwk_create_RSA_random(2048, NULL, 0, &jose), "r");
    ec = named(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &jose), "e");
    other = named(cjose_jwk_create_RSA_random(2048, NULL, 0, &jose), "r");
}

static void stop(void)
{
    cjose_jwk_release(rsa);
    cjose_jwk_release(ec);
    cjose_jwk_release(other);
}

/* A set of the public halves. */
static json_t *set_of(const cjose_jwk_t *a, const cjose_jwk_t *b)
{
    const cjose_jwk_t *keys[] = {a, b};
    json_t *list = json_array();
    for (int i = 0; i < 2; i++) {
        char *text = keys[i] ? cjose_jwk_to_json(keys[i], false, &jose) : NULL;
        if (text)
            json_array_append_new(list, json_loads(text, 0, NULL));
        free(text);
    }
    return json_pack("{s:o}", "keys", list);
}

static json_t *good_claims(void)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:I,s:I}", "iss", ISSUER, "sub", "anne", "aud", "amphi",
                     "nonce", "n", "exp", (json_int_t)NOW_S + 300, "iat", (json_int_t)NOW_S - 1);
}

/* Takes claims; the caller frees the token. */
static char *sign(const cjose_jwk_t *key, const char *alg, const char *kid, json_t *claims)
{
    const char *compact = NULL;
    cjose_header_t *header = cjose_header_new(&jose);
    ck_assert(cjose_header_set(header, CJOSE_HDR_ALG, alg, &jose));
    if (kid)
        ck_assert(cjose_header_set(header, CJOSE_HDR_KID, kid, &jose));
    char *text = json_dumps(claims, JSON_COMPACT);
    cjose_jws_t *jws = cjose_jws_sign(key, header, (const uint8_t *)text, strlen(text), &jose);
    ck_assert_ptr_nonnull(jws);
    ck_assert(cjose_jws_export(jws, &compact, &jose));
    char *token = strdup(compact);
    cjose_jws_release(jws);
    cjose_header_release(header);
    free(text);
    json_decref(claims);
    return token;
}

static const char *check_with(const json_t *keys, const char *token, enum jws_verdict *verdict)
{
    const struct id_token_wanted wanted = {.issuer = ISSUER,
                                           .client_id = "amphi",
                                           .nonce = "n",
                                           .acr_values = "eidas1",
                                           .now = NOW_S * (int64_t)US_PER_S};
    json_t *claims = NULL;
    const char *fault = NULL;
    *verdict = id_token_check(token, keys, &wanted, &claims, &fault);
    ck_assert((*verdict == JWS_GOOD) == (fault == NULL));
    ck_assert((claims != NULL) == (fault == NULL));
    json_decref(claims);
    return fault ? fault : "good";
}

/* Takes the token. */
static void expect(const char *fault, char *token)
{
    enum jws_verdict verdict;
    json_t *keys = set_of(rsa, ec);
    ck_assert_str_eq(check_with(keys, token, &verdict), fault);
    json_decref(keys);
    free(token);
}

START_TEST(a_token_signed_by_a_key_of_the_provider_is_good)
{
    expect("good", sign(rsa, "RS256", "r", good_claims()));
    expect("good", sign(ec, "ES256", "e", good_claims()));
    expect("good", sign(ec, "ES256", NULL, good_claims()));
}
END_TEST

START_TEST(a_token_that_was_tampered_with_is_refused)
{
    char *token = sign(rsa, "RS256", "r", good_claims());
    char *payload = strchr(token, '.') + 1;
    json_t *claims = good_claims();
    json_object_set_new(claims, "sub", json_string("mary"));
    char *text = json_dumps(claims, JSON_COMPACT), forged[600];
    base64url(forged, text, strlen(text));
    struct buf b;
    buf_init(&b, 8000);
    buf_add(&b, token, (size_t)(payload - token));
    buf_adds(&b, forged);
    buf_adds(&b, strchr(payload, '.'));
    expect("signature", buf_detach(&b, &(size_t){0}));
    free(text);
    json_decref(claims);
    char *last = token + strlen(token) - 10;
    *last = *last == 'A' ? 'B' : 'A';
    expect("signature", token);
}
END_TEST

START_TEST(only_two_algorithms_are_let_in_and_none_is_not_one)
{
    static const char *const headers[] = {"{\"alg\":\"none\"}", "{\"alg\":\"None\",\"kid\":\"r\"}",
                                          "{\"kid\":\"r\"}", "{\"alg\":\"HS256\",\"kid\":\"r\"}",
                                          "{\"alg\":\"RS256\",\"kid\":\"r\",\"crit\":[\"b64\"]}"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        char head[200], body[600], token[900];
        json_t *claims = good_claims();
        char *text = json_dumps(claims, JSON_COMPACT);
        base64url(head, headers[i], strlen(headers[i]));
        base64url(body, text, strlen(text));
        snprintf(token, sizeof token, "%s.%s.", head, body);
        expect("algorithm", strdup(token));
        free(text);
        json_decref(claims);
    }
    expect("algorithm", sign(rsa, "RS512", "r", good_claims()));
    expect("algorithm", sign(rsa, "PS256", "r", good_claims()));
}
END_TEST

START_TEST(a_key_is_used_for_what_it_is_alone)
{
    enum jws_verdict verdict;
    json_t *keys = set_of(rsa, ec);
    char *token = sign(rsa, "RS256", "e", good_claims()); /* the other kind has this name */
    ck_assert_str_eq(check_with(keys, token, &verdict), "key");
    free(token);
    json_object_set_new(json_array_get(json_object_get(keys, "keys"), 0), "use",
                        json_string("enc"));
    token = sign(rsa, "RS256", "r", good_claims());
    ck_assert_str_eq(check_with(keys, token, &verdict), "key");
    json_decref(keys);
    cjose_jwk_t *weak = named(cjose_jwk_create_RSA_random(1024, NULL, 0, &jose), "r");
    free(token);
    keys = set_of(weak, NULL);
    token = sign(weak, "RS256", "r", good_claims());
    ck_assert_str_eq(check_with(keys, token, &verdict), "key");
    json_decref(keys);
    free(token);
    cjose_jwk_release(weak);
}
END_TEST

START_TEST(a_key_that_is_not_known_asks_for_newer_ones)
{
    enum jws_verdict verdict;
    char *token = sign(ec, "ES256", "e", good_claims());
    json_t *before = set_of(rsa, NULL), *after = set_of(rsa, ec);
    check_with(before, token, &verdict);
    ck_assert_int_eq(verdict, JWS_NO_KEY);
    ck_assert_str_eq(check_with(after, token, &verdict), "good");
    json_decref(before);
    json_decref(after);
    free(token);
    expect("signature", sign(other, "RS256", "r", good_claims())); /* its name is taken */
}
END_TEST

static void expect_with(const char *fault, const char *name, json_t *value)
{
    json_t *claims = good_claims();
    if (value)
        json_object_set_new(claims, name, value);
    else
        json_object_del(claims, name);
    expect(fault, sign(ec, "ES256", "e", claims));
}

START_TEST(a_token_of_another_provider_client_or_trip_is_refused)
{
    expect_with("iss", "iss", json_string(ISSUER "/"));
    expect_with("iss", "iss", NULL);
    expect_with("aud", "aud", json_string("other"));
    expect_with("aud", "aud", json_pack("[s]", "other"));
    expect_with("aud", "aud", NULL);
    expect_with("good", "aud", json_pack("[s]", "amphi"));
    expect_with("azp", "aud", json_pack("[s,s]", "amphi", "other"));
    expect_with("azp", "azp", json_string("other"));
    expect_with("good", "azp", json_string("amphi"));
    expect_with("nonce", "nonce", json_string("m"));
    expect_with("nonce", "nonce", NULL);
    expect_with("sub", "sub", NULL);
    expect_with("acr", "acr", json_string("eidas0"));
    expect_with("good", "acr", json_string("eidas1"));
}
END_TEST

START_TEST(a_token_is_good_for_a_while_alone)
{
    expect_with("exp", "exp", json_integer(NOW_S - 61));
    expect_with("good", "exp", json_integer(NOW_S - 59)); /* clocks differ */
    expect_with("exp", "exp", json_string("2100-01-01"));
    expect_with("exp", "exp", NULL);
    expect_with("iat", "iat", json_integer(NOW_S + 61));
    expect_with("iat", "iat", json_integer(NOW_S - 601));
    expect_with("iat", "iat", NULL);
    expect_with("nbf", "nbf", json_integer(NOW_S + 61));
}
END_TEST

START_TEST(what_is_no_token_is_refused)
{
    static const char *const texts[] = {"",
                                        ".",
                                        "..",
                                        "a.b",
                                        "a.b.c.d",
                                        "e30.e30.",
                                        "!.e30.e30",
                                        "eyJhbGciOiJFUzI1NiJ9.e30.e=30",
                                        "eyJhbGciOiJFUzI1NiJ9.e30.\377\377MiQ",
                                        "eyJhbGciOiJFUzI1NiJ9.e.e30",
                                        "eyJhbGciOiJFUzI1NiJ9.e30."};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        enum jws_verdict verdict;
        json_t *keys = set_of(rsa, ec);
        check_with(keys, texts[i], &verdict);
        ck_assert_int_ne(verdict, JWS_GOOD);
        json_decref(keys);
    }
}
END_TEST

int main(void)
{
    TCase *tokens = tcase_create("tokens");
    tcase_add_unchecked_fixture(tokens, start, stop);
    tcase_set_timeout(tokens, 60);
    tcase_add_test(tokens, a_token_signed_by_a_key_of_the_provider_is_good);
    tcase_add_test(tokens, a_token_that_was_tampered_with_is_refused);
    tcase_add_test(tokens, only_two_algorithms_are_let_in_and_none_is_not_one);
    tcase_add_test(tokens, a_key_is_used_for_what_it_is_alone);
    tcase_add_test(tokens, a_key_that_is_not_known_asks_for_newer_ones);
    tcase_add_test(tokens, a_token_of_another_provider_client_or_trip_is_refused);
    tcase_add_test(tokens, a_token_is_good_for_a_while_alone);
    tcase_add_test(tokens, what_is_no_token_is_refused);
    Suite *suite = suite_create("oidc_token");
    suite_add_tcase(suite, tokens);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
