/* What is configured of a provider, and what is made of what it says. */
#include "base/buf.h"
#include "features/oidc/oidc.h"
#include "features/oidc/oidc_http.h"
#include "features/oidc/oidc_trip.h"
#include "unit/run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ISSUER "https://id.example.org"

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
    return run_tests("oidc",
                     (const TTest *const[]){
                         half_a_configuration_is_named,
                         pro_sante_connect_says_who_somebody_is_by_its_own_names,
                         what_a_provider_says_is_taken_as_the_form_takes_it,
                         addresses_of_the_provider_are_https, metadata_are_those_of_the_issuer,
                         a_trip_is_made_again_from_its_cookie, forms_are_escaped, NULL});
}
