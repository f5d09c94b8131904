/* Passkeys of staff: made, used to sign in, beside a password, and to show that it is oneself. */
#include "crypto/base64url.h"
#include "harness/authenticator.h"
#include "integration/factor_calls.h"

static struct authenticator device;
static struct said said;
static json_t *asked; /* what the page got to ask the browser for */

static json_t *blob(const void *bytes, size_t len)
{
    char text[4096];
    return json_string(base64url(text, bytes, len));
}

static const char *ask(const char *cookie, const char *path)
{
    json_decref(asked);
    asked = rest_body(cookie, 200, "POST", path, json_object());
    ck_assert_str_eq(rest_text(asked, "rp_id"), "amphi.test");
    return rest_text(asked, "challenge");
}

static json_t *made_body(const char *name)
{
    return json_pack("{s:s,s:o,s:o}", "name", name, "client_data",
                     blob(said.client_data, said.client_data_len), "attestation",
                     blob(said.object, said.object_len));
}

static json_t *used_body(void)
{
    return json_pack("{s:o,s:o,s:o,s:o}", "id", blob(device.id, sizeof device.id), "client_data",
                     blob(said.client_data, said.client_data_len), "authenticator_data",
                     blob(said.data, said.data_len), "signature",
                     blob(said.signature, said.signature_len));
}

/* Makes one for who is signed in; the reply with the recovery codes. */
static json_t *make(const char *cookie)
{
    authenticator_make(&device, ask(cookie, "/api/me/passkeys/challenge"), &said);
    return rest_body(cookie, 201, "POST", "/api/me/passkeys", made_body("Téléphone"));
}

static void open_with_passkey(char cookie[256])
{
    open_olga(cookie);
    authenticator_init(&device, "amphi.test", REST_BASE, false);
    json_decref(make(cookie));
}

static void close_all(void)
{
    authenticator_free(&device);
    json_decref(asked);
    asked = NULL;
    rest_close();
}

/* The body that answers a challenge to sign in. */
static json_t *answer(const char *cookie)
{
    authenticator_use(&device, ask(cookie, "/api/sign-in/passkey/challenge"), &said);
    return used_body();
}

START_TEST(a_passkey_signs_in_by_itself)
{
    char cookie[256];
    open_with_passkey(cookie);
    struct rest_reply in = rest_call(NULL, "POST", "/api/sign-in/passkey", answer(NULL));
    ck_assert_int_eq(in.status, 200);
    ck_assert_str_eq(rest_text(in.body, "purpose"), "sign_in");
    json_decref(in.body);
    json_t *list = rest_body(in.cookie, 200, "GET", "/api/me/sign-ins", NULL);
    const char *via = NULL;
    for (size_t i = 0; i < 2; i++) {
        json_t *item = json_array_get(json_object_get(list, "items"), i);
        if (json_is_true(json_object_get(item, "current")))
            via = rest_text(item, "via");
    }
    ck_assert_str_eq(via, "passkey");
    json_decref(list);
    json_t *factors = rest_body(in.cookie, 200, "GET", "/api/me/factors", NULL);
    json_t *key = json_array_get(json_object_get(factors, "passkeys"), 0);
    ck_assert_str_eq(rest_text(key, "name"), "Téléphone");
    ck_assert(json_is_string(json_object_get(key, "used_at")));
    ck_assert_int_eq(json_integer_value(json_object_get(factors, "recovery_codes")), 10);
    json_decref(factors);
    close_all();
}
END_TEST

START_TEST(a_challenge_is_answered_once_and_within_minutes)
{
    char cookie[256];
    open_with_passkey(cookie);
    json_t *first = answer(NULL);
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/sign-in/passkey", json_incref(first)), 200);
    rest_problem(NULL, 409, "auth.passkey_over", "POST", "/api/sign-in/passkey", first);
    json_t *late = answer(NULL);
    rest_advance(5 * 60);
    rest_problem(NULL, 409, "auth.passkey_over", "POST", "/api/sign-in/passkey", late);
    /* one that was asked for something else */
    authenticator_use(&device, ask(cookie, "/api/me/proof/passkey/challenge"), &said);
    rest_problem(NULL, 409, "auth.passkey_over", "POST", "/api/sign-in/passkey", used_body());
    close_all();
}
END_TEST

START_TEST(what_is_not_signed_by_the_passkey_is_refused)
{
    char cookie[256];
    open_with_passkey(cookie);
    json_t *body = answer(NULL);
    said.signature[10] ^= 1;
    json_object_set_new(body, "signature", blob(said.signature, said.signature_len));
    rest_problem(NULL, 403, "auth.passkey", "POST", "/api/sign-in/passkey", body);
    device.id[0] ^= 1; /* of nobody */
    rest_problem(NULL, 403, "auth.passkey_unknown", "POST", "/api/sign-in/passkey", answer(NULL));
    device.id[0] ^= 1;
    device.origin = "https://evil.test";
    rest_problem(NULL, 403, "auth.passkey", "POST", "/api/sign-in/passkey", answer(NULL));
    device.origin = REST_BASE;
    device.flags = 0x01; /* present, not verified */
    rest_problem(NULL, 403, "auth.passkey", "POST", "/api/sign-in/passkey", answer(NULL));
    device.flags = 0x05;
    body = answer(NULL); /* it names somebody else */
    struct id other = id_random();
    json_object_set_new(body, "user", blob(other.bytes, sizeof other));
    rest_problem(NULL, 403, "auth.passkey_unknown", "POST", "/api/sign-in/passkey", body);
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/sign-in/passkey", answer(NULL)), 200);
    close_all();
}
END_TEST

START_TEST(a_copy_of_a_passkey_is_seen)
{
    char cookie[256];
    open_with_passkey(cookie);
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/sign-in/passkey", answer(NULL)), 200);
    device.counter -= 1; /* the copy has counted no further */
    rest_problem(NULL, 403, "auth.passkey", "POST", "/api/sign-in/passkey", answer(NULL));
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM audit_log"
                                      " WHERE action = 'account.passkey_copied'"),
                     "1");
    close_all();
}
END_TEST

START_TEST(beside_a_password_it_is_the_second_factor)
{
    char cookie[256], half[256];
    open_with_passkey(cookie);
    half_by_password(EMAIL, "code", half);
    json_t *shown = rest_body(half, 200, "GET", "/api/sign-in/half", NULL);
    char *ways = json_dumps(json_object_get(json_object_get(shown, "half"), "ways"), JSON_COMPACT);
    ck_assert_str_eq(ways, "[\"passkey\",\"recovery\"]");
    free(ways);
    json_decref(shown);
    ck_assert_int_eq(rest_status(half, "POST", "/api/sign-in/passkey", answer(half)), 200);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM half_sign_in"), "0");
    close_all();
}
END_TEST

START_TEST(a_link_for_a_new_password_keeps_its_purpose)
{
    char cookie[256], half[256];
    open_with_passkey(cookie);
    ask_link("password-link", EMAIL);
    struct rest_reply reply = rest_call(NULL, "POST", "/api/sign-in/token", token_body(EMAIL));
    cookie_of(&reply, "__Host-amphi-half", half);
    json_decref(reply.body);
    json_t *in = rest_body(half, 200, "POST", "/api/sign-in/passkey", answer(half));
    ck_assert_str_eq(rest_text(in, "purpose"), "password");
    json_decref(in);
    close_all();
}
END_TEST

START_TEST(it_shows_that_it_is_oneself)
{
    char cookie[256], other[256];
    open_with_passkey(cookie);
    rest_organisation("Labo B", "bea@labo.test", other);
    rest_advance(601);
    rest_problem(cookie, 403, "auth.fresh", "POST", "/api/me/passkeys/challenge", json_object());
    authenticator_use(&device, ask(cookie, "/api/me/proof/passkey/challenge"), &said);
    ck_assert_uint_eq(json_array_size(json_object_get(asked, "allow")), 1);
    rest_problem(other, 409, "auth.passkey_over", "POST", "/api/me/proof/passkey", used_body());
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/passkey", used_body()), 204);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/passkeys/challenge", json_object()), 200);
    authenticator_use(&device, ask(other, "/api/me/proof/passkey/challenge"), &said);
    rest_problem(other, 403, "auth.passkey_unknown", "POST", "/api/me/proof/passkey", used_body());
    close_all();
}
END_TEST

START_TEST(passkeys_are_named_told_and_removed)
{
    char cookie[256], other[256], path[128];
    open_with_passkey(cookie);
    rest_organisation("Labo B", "bea@labo.test", other);
    authenticator_make(&device, ask(cookie, "/api/me/passkeys/challenge"), &said);
    ck_assert_uint_eq(json_array_size(json_object_get(asked, "exclude")), 1);
    rest_problem(cookie, 409, "passkey.exists", "POST", "/api/me/passkeys", made_body("Encore"));
    authenticator_make(&device, ask(cookie, "/api/me/passkeys/challenge"), &said);
    rest_problem(cookie, 422, "request.invalid", "POST", "/api/me/passkeys",
                 made_body("see www.evil.test"));
    json_t *factors = rest_body(cookie, 200, "GET", "/api/me/factors", NULL);
    json_t *key = json_array_get(json_object_get(factors, "passkeys"), 0);
    snprintf(path, sizeof path, "/api/me/passkeys/%s", rest_text(key, "id"));
    json_decref(factors);
    ck_assert_int_eq(rest_status(other, "DELETE", path, NULL), 404);
    ck_assert_int_eq(rest_status(cookie, "DELETE", path, NULL), 204);
    ck_assert_str_eq(pg_sql(rest.url,
                            "SELECT string_agg(split_part(message->>'subject', ' – ', 1), ', '"
                            " ORDER BY created_at, ctid) FROM outbox"
                            " WHERE message->>'text' LIKE '%Nom%Téléphone%'"),
                     "Une clé d’accès a été ajoutée, Une clé d’accès a été retirée");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM recovery_code"), "0");
    struct rest_reply in = rest_call(NULL, "POST", "/api/sign-in", credentials(EMAIL, PASSWORD));
    ck_assert_str_ne(in.cookie, "");
    json_decref(in.body);
    rest_problem(NULL, 403, "auth.passkey_unknown", "POST", "/api/sign-in/passkey", answer(NULL));
    close_all();
}
END_TEST

START_TEST(rsa_and_a_second_one_beside_an_app)
{
    char cookie[256], secret[64];
    open_olga(cookie);
    authenticator_init(&device, "amphi.test", REST_BASE, true);
    json_decref(set_up_app(cookie, secret));
    json_t *made = make(cookie);
    ck_assert(json_is_null(json_object_get(made, "recovery_codes")));
    json_decref(made);
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/sign-in/passkey", answer(NULL)), 200);
    json_decref(rest_body(cookie, 200, "PUT", "/api/organisation/second-factor",
                          json_pack("{s:b}", "required", true)));
    ck_assert_int_eq(rest_status(cookie, "DELETE", "/api/me/totp", NULL), 204);
    json_t *factors = rest_body(cookie, 200, "GET", "/api/me/factors", NULL);
    char path[128];
    snprintf(path, sizeof path, "/api/me/passkeys/%s",
             rest_text(json_array_get(json_object_get(factors, "passkeys"), 0), "id"));
    json_decref(factors);
    rest_problem(cookie, 409, "factor.required", "DELETE", path, NULL);
    close_all();
}
END_TEST

REST_TESTS("passkey", a_passkey_signs_in_by_itself, a_challenge_is_answered_once_and_within_minutes,
           what_is_not_signed_by_the_passkey_is_refused, a_copy_of_a_passkey_is_seen,
           beside_a_password_it_is_the_second_factor, a_link_for_a_new_password_keeps_its_purpose,
           it_shows_that_it_is_oneself, passkeys_are_named_told_and_removed,
           rsa_and_a_second_one_beside_an_app)
