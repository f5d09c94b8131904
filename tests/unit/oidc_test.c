/* Which ID tokens are believed, and what is made of what a provider says. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "crypto/base64url.h"
#include "features/oidc/oidc.h"
#include "features/oidc/oidc_http.h"
#include "features/oidc/oidc_token.h"
#include "features/oidc/oidc_trip.h"
#include <check.h>
#include <cjose/cjose.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* --- what is configured --- */

static char secret_file[] = "/tmp/amphi-oidc-XXXXXX";

static struct config config_of(const char *issuer, const char *preset)
{
    return (struct config){.oidc_issuer = (char *)issuer,
                           .oidc_client_id = (char *)"amphi",
                           .oidc_client_secret_file = secret_file,
                           .oidc_preset = (char *)preset,
                           .oidc_name = (char *)"Exemple",
                           .oidc_scopes = (char *)"",
                           .oidc_acr_values = (char *)"",
                           .oidc_claims = (char *)"",
                           .oidc_ca = (char *)"",
                           .oidc_userinfo = true,
                           .rpps_check = true};
}

static void refused(const struct config *c, const char *why)
{
    struct oidc_settings s;
    char said[300] = "";
    ck_assert(!oidc_settings_read(c, &s, said, sizeof said));
    ck_assert_msg(strstr(said, why) != NULL, "%s: %s", why, said);
}

static void write_secret(void)
{
    int fd = mkstemp(secret_file);
    ck_assert_int_eq(write(fd, "s3cret\n", 7), 7);
    close(fd);
}

START_TEST(half_a_configuration_is_named)
{
    write_secret();
    struct config c = config_of(ISSUER, "");
    c.oidc_client_id = (char *)"";
    refused(&c, "oidc_client_id is not");
    c = config_of(ISSUER, "");
    c.oidc_client_secret_file = (char *)"";
    refused(&c, "oidc_client_secret_file is not");
    c.oidc_client_secret_file = (char *)"/nowhere";
    refused(&c, "/nowhere: No such file");
    c = config_of("", "");
    refused(&c, "oidc_issuer is not");
    c = config_of("http://id.example.org", "");
    refused(&c, "https://");
    c = config_of(ISSUER, "google");
    refused(&c, "pro_sante_connect");
    c = config_of(ISSUER, "");
    c.oidc_scopes = (char *)"profile openidx";
    refused(&c, "openid");
    c = config_of(ISSUER, "");
    c.oidc_claims = (char *)"name=x";
    refused(&c, "given_name=");
    unlink(secret_file);
}
END_TEST

static struct oidc_settings settings_of(struct config *c)
{
    struct oidc_settings s;
    char why[300] = "";
    write_secret();
    ck_assert_msg(oidc_settings_read(c, &s, why, sizeof why), "%s", why);
    unlink(secret_file);
    ck_assert_str_eq(s.secret, "s3cret");
    return s;
}

static void expect_claims(const char *preset, const char *claims, const char *userinfo,
                          const char *id_claims, const char *expected)
{
    snprintf(secret_file, sizeof secret_file, "/tmp/amphi-oidc-XXXXXX");
    struct config c = config_of(ISSUER, preset);
    c.oidc_claims = (char *)claims;
    struct oidc_settings s = settings_of(&c);
    json_t *said = json_loads(userinfo, 0, NULL), *id = json_loads(id_claims, 0, NULL);
    json_t *out = oidc_claims_read(&s, said, id), *wanted = json_loads(expected, 0, NULL);
    ck_assert_ptr_nonnull(wanted);
    json_object_set_new(wanted, "source", json_string(ISSUER));
    json_object_set_new(wanted, "provider", json_string("Exemple"));
    char *text = json_dumps(out, 0);
    ck_assert_msg(json_equal(out, wanted), "%s", text);
    free(text);
    json_decref(said);
    json_decref(id);
    json_decref(out);
    json_decref(wanted);
    oidc_settings_release(&s);
}

START_TEST(pro_sante_connect_says_who_somebody_is_by_its_own_names)
{
    expect_claims("pro_sante_connect", "",
                  "{\"SubjectNameID\":\"810000001916\",\"given_name\":\"ANNE\","
                  "\"family_name\":\"LEFÈVRE\",\"SubjectRefPro\":{\"exercices\":["
                  "{\"codeProfession\":\"10\",\"codeSavoirFaire\":\"SM04\"}]}}",
                  "{}",
                  "{\"first_name\":\"ANNE\",\"last_name\":\"LEFÈVRE\",\"email\":null,"
                  "\"rpps\":\"10000001916\",\"profession\":\"10\",\"specialty\":\"SM04\"}");
    expect_claims("pro_sante_connect", "", "{\"SubjectNameID\":\"ANS20231122132732\"}",
                  "{\"given_name\":\"Anne\"}",
                  "{\"first_name\":\"Anne\",\"last_name\":null,\"email\":null,"
                  "\"rpps\":null,\"profession\":null,\"specialty\":null}");
}
END_TEST

START_TEST(what_a_provider_says_is_taken_as_the_form_takes_it)
{
    expect_claims("", "rpps=a.1, profession=b.c",
                  "{\"given_name\":\"http://evil.example\",\"family_name\":7,"
                  "\"email\":\"Anne@Example.org\",\"a\":[\"x\",\"10000001917\"],"
                  "\"b\":{\"c\":\"10'; --\"}}",
                  "{\"family_name\":\"Lefèvre\"}",
                  "{\"first_name\":null,\"last_name\":\"Lefèvre\",\"email\":\"anne@example.org\","
                  "\"rpps\":null,\"profession\":null,\"specialty\":null}");
}
END_TEST

START_TEST(addresses_of_the_provider_are_https)
{
    static const char *const bad[] = {"http://id.example.org/x",
                                      "https://",
                                      "https:///x",
                                      "ftp://id.example.org",
                                      "",
                                      "https://a@b.org/",
                                      "https://a.org/#x",
                                      "https://a.org/ x",
                                      "http://localhost.evil.org/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!oidc_url_good(bad[i], true), "%s", bad[i]);
    ck_assert(oidc_url_good("https://id.example.org/x?y=z", false));
    ck_assert(oidc_url_good("http://localhost:80/x", true));
    ck_assert(!oidc_url_good("http://localhost:80/x", false));
}
END_TEST

START_TEST(metadata_are_those_of_the_issuer)
{
    snprintf(secret_file, sizeof secret_file, "/tmp/amphi-oidc-XXXXXX");
    struct config c = config_of(ISSUER, "");
    struct oidc_settings s = settings_of(&c);
    struct oidc_metadata m;
    json_t *said =
        json_pack("{s:s,s:s,s:s,s:s,s:s,s:[s],s:b}", "issuer", ISSUER, "authorization_endpoint",
                  ISSUER "/a", "token_endpoint", ISSUER "/t", "jwks_uri", ISSUER "/k",
                  "userinfo_endpoint", ISSUER "/u", "token_endpoint_auth_methods_supported",
                  "client_secret_post", "authorization_response_iss_parameter_supported", 1);
    ck_assert_ptr_null(oidc_metadata_read(said, &s, &m));
    ck_assert(m.says_issuer && m.secret_in_body);
    json_object_set_new(said, "token_endpoint", json_string("http://id.example.org/t"));
    ck_assert_str_eq(oidc_metadata_read(said, &s, &m), "token_endpoint");
    json_object_set_new(said, "issuer", json_string("https://evil.example.org"));
    ck_assert_str_eq(oidc_metadata_read(said, &s, &m), "issuer");
    json_decref(said);
    oidc_settings_release(&s);
}
END_TEST

START_TEST(a_trip_is_made_again_from_its_cookie)
{
    struct oidc_trip a, b;
    oidc_trip_new(&a);
    ck_assert(oidc_trip_of(&b, a.token));
    ck_assert_mem_eq(&a, &b, sizeof a);
    ck_assert_str_ne(a.state, a.nonce);
    ck_assert_str_ne(a.state, a.token);
    ck_assert_uint_eq(strlen(a.verifier), 43);
    ck_assert(!oidc_trip_of(&b, "x"));
}
END_TEST

START_TEST(forms_are_escaped)
{
    struct buf b;
    buf_init(&b, 100);
    oidc_form_add(&b, "a", "x y&é");
    oidc_form_add(&b, "b", "-._~");
    ck_assert_str_eq(b.data, "a=x%20y%26%C3%A9&b=-._~");
    buf_release(&b);
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
    tcase_add_test(tokens, half_a_configuration_is_named);
    tcase_add_test(tokens, pro_sante_connect_says_who_somebody_is_by_its_own_names);
    tcase_add_test(tokens, what_a_provider_says_is_taken_as_the_form_takes_it);
    tcase_add_test(tokens, addresses_of_the_provider_are_https);
    tcase_add_test(tokens, metadata_are_those_of_the_issuer);
    tcase_add_test(tokens, a_trip_is_made_again_from_its_cookie);
    tcase_add_test(tokens, forms_are_escaped);
    Suite *suite = suite_create("oidc");
    suite_add_tcase(suite, tokens);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
