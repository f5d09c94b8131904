/* Many people behind one address open their links at once; whoever guesses there gets no more. */
#include "integration/registration_calls.h"

#define CROWD 200

/* Registered people with a link each; the token of the nth is 43 times its letter and its number.
 */
static void register_crowd(void)
{
    char sql[1024];
    open_page(CROWD * 2);
    for (int i = 0; i < CROWD; i++) {
        char token[TOKEN_TEXT_SIZE], hex[2 * TOKEN_HASH_SIZE + 1] = "";
        uint8_t hash[TOKEN_HASH_SIZE];
        snprintf(token, sizeof token, "%042d0", i);
        ck_assert(token_hash(token, hash));
        for (int b = 0; b < TOKEN_HASH_SIZE; b++)
            snprintf(hex + 2 * b, 3, "%02x", hash[b]);
        snprintf(sql, sizeof sql,
                 "WITH h AS (INSERT INTO hcp (organisation_id, email, first_name, last_name,"
                 "     created_at) SELECT id, 'p%d@hcp.test', 'P', 'Q', now() FROM organisation"
                 "     RETURNING id), r AS (INSERT INTO registration (organisation_id, congress_id,"
                 "     hcp_id, link_id, channel, language, state, profession, practice_setting,"
                 "     region, age_band, registered_at, confirmed_at)"
                 "   SELECT l.organisation_id, l.congress_id, h.id, l.id, 'email', 'fr',"
                 "     'registered', '21', 'SA07', '11', '45_54', now(), now()"
                 "     FROM h, registration_link l RETURNING id)"
                 "SELECT join_link_add(id, '\\x%s', '2026-11-21') FROM r",
                 i, hex);
        value(sql);
    }
}

static json_t *nth_link(int i)
{
    char token[TOKEN_TEXT_SIZE];
    snprintf(token, sizeof token, "%042d0", i);
    return json_pack("{s:s}", "token", token);
}

static json_t *guess(int i)
{
    char token[TOKEN_TEXT_SIZE];
    snprintf(token, sizeof token, "%042d0", CROWD + i);
    return json_pack("{s:s}", "token", token);
}

START_TEST(a_hospital_opens_its_links_at_once)
{
    static const char *const paths[] = {"/api/join/preview", "/api/join", "/api/join/cancel"};
    register_crowd();
    rest_address = "192.0.2.1";
    for (size_t p = 0; p < 3; p++)
        for (int i = 0; i < CROWD; i++)
            ck_assert_int_eq(rest_status(NULL, "POST", paths[p], nth_link(i)), p < 2 ? 200 : 204);
    rest_address = NULL;
    rest_close();
}
END_TEST

START_TEST(guesses_from_there_are_limited_all_the_same)
{
    register_crowd();
    rest_address = "192.0.2.1";
    for (int i = 0; i < 80; i++) {
        ck_assert_int_eq(rest_status(NULL, "POST", "/api/join", nth_link(i)), i < 60 ? 200 : 429);
        ck_assert_int_eq(rest_status(NULL, "POST", "/api/join", guess(i)), i < 60 ? 410 : 429);
    }
    rest_advance(1); /* one more for everybody there */
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/join", nth_link(0)), 200);
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/join", guess(0)), 410);
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/join", guess(0)), 429);
    rest_address = NULL;
    rest_close();
}
END_TEST

START_TEST(one_link_is_not_opened_for_ever)
{
    register_crowd();
    rest_address = "192.0.2.1";
    for (int i = 0; i < 70; i++)
        ck_assert_int_eq(rest_status(NULL, "POST", "/api/join", nth_link(7)), i < 60 ? 200 : 429);
    ck_assert_str_eq(value("SELECT count(*) FROM sign_in WHERE registration_id IS NOT NULL"), "60");
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/join", nth_link(8)), 200);
    rest_address = NULL;
    rest_close();
}
END_TEST

REST_TESTS("registration_crowd", a_hospital_opens_its_links_at_once,
           guesses_from_there_are_limited_all_the_same, one_link_is_not_opened_for_ever)
