/* Tries at passwords and links: a stranger's close nothing for the owner. */
#include "integration/accounts_calls.h"

#define PASSWORD "correct horse battery"
#define EMAIL    "olga@labo.test"

static const char *OURS = "192.0.2.10", *THEIRS = "198.51.100.7";

static void open_with_password(char cookie[256])
{
    open_rest();
    rest_address = NULL;
    rest_organisation("Labo", EMAIL, cookie);
    ck_assert_int_eq(
        rest_status(cookie, "PUT", "/api/me/password", json_pack("{s:s}", "password", PASSWORD)),
        204);
}

/* The cookie that makes a browser known, of a reply. */
static const char *device_of(const struct rest_reply *reply, char out[256])
{
    const char *set = strstr(reply->headers, "__Host-amphi-device=");
    snprintf(out, 256, "%.*s", set ? (int)strcspn(set, ";") : 0, set ? set : "");
    return out;
}

/* Signs in from our address; the browser's cookie. */
static void sign_in(char device[256])
{
    rest_address = OURS;
    struct rest_reply in = rest_call(NULL, "POST", "/api/sign-in", credentials(EMAIL, PASSWORD));
    ck_assert_int_eq(in.status, 200);
    ck_assert(*device_of(&in, device));
    json_decref(in.body);
}

static int try_from(const char *address, const char *cookie, const char *password)
{
    rest_address = address;
    return rest_status(cookie, "POST", "/api/sign-in", credentials(EMAIL, password));
}

START_TEST(a_strangers_wrong_passwords_lock_nobody_out)
{
    char cookie[256];
    open_with_password(cookie);
    for (int i = 0; i < 12; i++)
        ck_assert_int_eq(try_from(THEIRS, NULL, "not the password"), i < 10 ? 401 : 429);
    ck_assert_int_eq(try_from("198.51.100.99", NULL, PASSWORD), 429); /* the same network */
    ck_assert_int_eq(try_from(OURS, NULL, PASSWORD), 200);
    rest_advance(61);
    ck_assert_int_eq(try_from(THEIRS, NULL, PASSWORD), 200);
    rest_close();
}
END_TEST

START_TEST(right_passwords_are_not_counted)
{
    char cookie[256], other[256];
    open_with_password(cookie);
    rest_organisation("Labo B", "bea@labo.test", other);
    rest_address = NULL;
    ck_assert_int_eq(
        rest_status(other, "PUT", "/api/me/password", json_pack("{s:s}", "password", PASSWORD)),
        204);
    for (int i = 0; i < 15; i++) { /* two of one office, at one address */
        ck_assert_int_eq(try_from(OURS, NULL, PASSWORD), 200);
        ck_assert_int_eq(
            rest_status(NULL, "POST", "/api/sign-in", credentials("bea@labo.test", PASSWORD)), 200);
    }
    rest_close();
}
END_TEST

/* Another address each time, so that nothing but the network tells that it is one client. */
static int stranger_tries(int n)
{
    char email[64];
    snprintf(email, sizeof email, "stranger%d@labo.test", n);
    return rest_status(NULL, "POST", "/api/sign-in", credentials(email, "not the password"));
}

static int asks(const char *cookie, const char *path, const char *email)
{
    return rest_status(cookie, "POST", path, json_pack("{s:s}", "email", email));
}

START_TEST(whoever_tries_from_the_same_address_locks_out_no_known_browser)
{
    static const char *const paths[] = {"/api/sign-in/link", "/api/sign-in/password-link"};
    char cookie[256], device[256];
    open_with_password(cookie);
    sign_in(device);
    int tries = 0;
    while (tries < 40 && stranger_tries(tries) != 429)
        tries++;
    ck_assert_int_lt(tries, 40); /* the network address has none left */
    ck_assert_int_eq(try_from(OURS, NULL, PASSWORD), 429);
    ck_assert_int_eq(try_from(OURS, device, PASSWORD), 200);
    for (int i = 0; i < 2; i++) {
        for (int n = 0; n < 20; n++)
            asks(NULL, paths[i], "stranger@labo.test");
        ck_assert_int_eq(asks(NULL, paths[i], EMAIL), 429);
        ck_assert_int_eq(asks(device, paths[i], EMAIL), 202);
        ck_assert_int_eq(asks(device, paths[i], "stranger@labo.test"), 429);
    }
    for (int i = 0; i < 40; i++) /* what it has of its own has an end, too */
        try_from(OURS, device, "not the password");
    ck_assert_int_eq(try_from(OURS, device, PASSWORD), 429);
    rest_close();
}
END_TEST

START_TEST(a_browser_that_signed_in_before_has_tries_of_its_own)
{
    char cookie[256], device[256], network[32];
    open_with_password(cookie);
    sign_in(device);
    for (int i = 0; i < 60; i++) { /* from many networks, until strangers have none left */
        snprintf(network, sizeof network, "203.0.%d.1", i);
        try_from(network, NULL, "not the password");
    }
    ck_assert_int_eq(try_from("203.0.113.77", NULL, PASSWORD), 429);
    ck_assert_int_eq(try_from("203.0.113.77", device, PASSWORD), 200);
    for (int i = 0; i < 12; i++)
        ck_assert_int_eq(try_from(OURS, device, "not the password"), i < 10 ? 401 : 429);
    rest_close();
}
END_TEST

START_TEST(a_device_cookie_counts_for_its_address_alone)
{
    char cookie[256], other[256], device[256], changed[256];
    open_with_password(cookie);
    rest_organisation("Labo B", "bea@labo.test", other);
    sign_in(device);
    snprintf(changed, sizeof changed, "%s", device);
    char *c = strchr(changed, '=') + 1;
    *c = *c == 'A' ? 'B' : 'A';
    for (int i = 0; i < 10; i++)
        try_from(THEIRS, NULL, "not the password");
    ck_assert_int_eq(try_from(THEIRS, changed, PASSWORD), 429);
    ck_assert_int_eq(try_from(THEIRS, device, PASSWORD), 200);
    rest_address = "203.0.113.1"; /* to another address it is no device */
    for (int i = 0; i < 10; i++)
        rest_status(NULL, "POST", "/api/sign-in", credentials("bea@labo.test", "not it"));
    ck_assert_int_eq(
        rest_status(device, "POST", "/api/sign-in", credentials("bea@labo.test", "not it")), 429);
    rest_close();
}
END_TEST

START_TEST(an_unknown_address_is_counted_as_a_known_one)
{
    open_rest();
    rest_address = THEIRS;
    for (int i = 0; i < 12; i++)
        ck_assert_int_eq(rest_status(NULL, "POST", "/api/sign-in",
                                     credentials("nobody@labo.test", "not the password")),
                         i < 10 ? 401 : 429);
    rest_close();
}
END_TEST

START_TEST(a_strangers_link_requests_stop_no_invitation_and_no_owner)
{
    char cookie[256], device[256], path[128];
    open_with_password(cookie);
    sign_in(device);
    rest_address = THEIRS;
    for (int i = 0; i < 7; i++)
        ck_assert_int_eq(
            rest_status(NULL, "POST", "/api/sign-in/link", json_pack("{s:s}", "email", EMAIL)),
            i < 5 ? 202 : 429);
    rest_address = "203.0.113.5";
    for (int i = 0; i < 30; i++) /* a botnet: many networks, past what one mailbox gets */
        pg_sql(rest.url, "INSERT INTO one_time_link SELECT sha256(random()::text::bytea),"
                         " organisation_id, 'sign_in', id, NULL, to_timestamp(1795293000),"
                         " to_timestamp(1795293900) FROM account LIMIT 1");
    int before = atoi(pg_sql(rest.url, "SELECT count(*) FROM outbox"));
    ck_assert_int_eq(
        rest_status(device, "POST", "/api/sign-in/link", json_pack("{s:s}", "email", EMAIL)), 202);
    rest_until("SELECT NOT EXISTS (SELECT 1 FROM link_request)", false);
    ck_assert_int_eq(atoi(pg_sql(rest.url, "SELECT count(*) FROM outbox")), before + 1);
    rest_advance(3601); /* her own invitation is long ago */
    json_t *me = rest_body(cookie, 200, "GET", "/api/me", NULL);
    snprintf(path, sizeof path, "/api/staff/%s/invite",
             rest_text(json_object_get(me, "account"), "id"));
    for (int i = 0; i < INVITES_PER_HOUR + 1; i++)
        ck_assert_int_eq(rest_status(cookie, "POST", path, json_object()),
                         i < INVITES_PER_HOUR ? 202 : 429);
    json_decref(me);
    rest_close();
}
END_TEST

START_TEST(the_answer_to_a_link_request_touches_no_account)
{
    char cookie[256];
    open_with_password(cookie);
    jobs_stop(rest.app.jobs); /* what is left is what the answer itself did */
    pg_sql(rest.url, "DELETE FROM outbox");
    rest_address = OURS;
    const char *addresses[] = {EMAIL, "nobody@labo.test"};
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(rest_status(NULL, "POST", "/api/sign-in/link",
                                     json_pack("{s:s}", "email", addresses[i])),
                         202);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM link_request"), "2");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM job"), "2");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM outbox"), "0");
    rest_close();
}
END_TEST

REST_TESTS("accounts_guard", a_strangers_wrong_passwords_lock_nobody_out,
           right_passwords_are_not_counted,
           whoever_tries_from_the_same_address_locks_out_no_known_browser,
           a_browser_that_signed_in_before_has_tries_of_its_own,
           a_device_cookie_counts_for_its_address_alone,
           an_unknown_address_is_counted_as_a_known_one,
           a_strangers_link_requests_stop_no_invitation_and_no_owner,
           the_answer_to_a_link_request_touches_no_account)
