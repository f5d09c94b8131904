#include "features/accounts/accounts_lookup.h"
#include "integration/accounts_calls.h"

static json_t *invitation(const char *email, const char *role)
{
    return json_pack("{s:s,s:s,s:s,s:[s]}", "email", email, "name", "Henri Hôte", "language", "fr",
                     "roles", role);
}

START_TEST(a_link_signs_in_once)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    json_t *me = rest_body(cookie, 200, "GET", "/api/me", NULL);
    ck_assert_str_eq(rest_text(me, "kind"), "staff");
    ck_assert_str_eq(rest_text(json_object_get(me, "account"), "email"), "olga@labo.test");
    json_decref(me);
    ck_assert_int_eq(rest_status(NULL, "GET", "/api/me", NULL), 401);
    rest_problem(NULL, 410, "link.expired", "POST", "/api/sign-in/token",
                 json_pack("{s:s}", "token", "nonsense"));
    ask_link("link", " Olga@Labo.test ");
    json_t *token = token_body("olga@labo.test");
    json_t *answer = rest_body(NULL, 200, "POST", "/api/sign-in/token", json_incref(token));
    ck_assert_str_eq(rest_text(answer, "purpose"), "sign_in");
    json_decref(answer);
    rest_problem(NULL, 410, "link.used", "POST", "/api/sign-in/token", token);
    rest_close();
}
END_TEST

START_TEST(a_link_expires)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    ask_link("link", "olga@labo.test");
    json_t *token = token_body("olga@labo.test");
    rest_advance(15 * 60);
    rest_problem(NULL, 410, "link.expired", "POST", "/api/sign-in/token", token);
    rest_close();
}
END_TEST

START_TEST(an_unknown_address_gets_the_same_answer_and_no_mail)
{
    open_rest();
    ask_link("link", "nobody@labo.test");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM outbox"), "0");
    rest_close();
}
END_TEST

START_TEST(a_staff_sign_in_ends_when_idle_and_in_any_case)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    for (int i = 0; i < 15; i++) { /* used every eleven hours, for nearly seven days */
        rest_advance(11 * 3600);
        ck_assert_int_eq(rest_status(cookie, "GET", "/api/me", NULL), 200);
    }
    rest_advance(4 * 3600);
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/me", NULL), 401); /* seven days */
    rest_organisation("Labo B", "bea@labo.test", cookie);
    rest_advance(12 * 3600);
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/me", NULL), 401);
    rest_close();
}
END_TEST

/* The path of the account's other sign-in, in a list of two. */
static void other_sign_in(const char *cookie, char path[128])
{
    json_t *list = rest_body(cookie, 200, "GET", "/api/me/sign-ins", NULL);
    json_t *items = json_object_get(list, "items");
    ck_assert_uint_eq(json_array_size(items), 2);
    int mine = json_is_true(json_object_get(json_array_get(items, 0), "current")) ? 0 : 1;
    json_t *other = json_array_get(items, (size_t)(1 - mine));
    ck_assert(!json_is_true(json_object_get(other, "current")));
    ck_assert_str_eq(rest_text(other, "via"), "sign_in");
    snprintf(path, 128, "/api/me/sign-ins/%s", rest_text(other, "id"));
    json_decref(list);
}

START_TEST(own_sign_ins_are_listed_and_ended_one_by_one)
{
    char cookie[256], stranger[256], path[128];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    rest_organisation("Labo B", "bea@labo.test", stranger);
    ask_link("link", "olga@labo.test");
    struct rest_reply in =
        rest_call(NULL, "POST", "/api/sign-in/token", token_body("olga@labo.test"));
    ck_assert_int_eq(in.status, 200);
    json_decref(in.body);
    other_sign_in(cookie, path);
    ck_assert_int_eq(rest_status(stranger, "DELETE", path, NULL), 404);
    ck_assert_int_eq(rest_status(in.cookie, "GET", "/api/me", NULL), 200);
    ck_assert_int_eq(rest_status(cookie, "DELETE", path, NULL), 204);
    ck_assert_int_eq(rest_status(in.cookie, "GET", "/api/me", NULL), 401);
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/me", NULL), 200);
    ck_assert_int_eq(rest_status(cookie, "DELETE", path, NULL), 404);
    rest_close();
}
END_TEST

START_TEST(sign_out_revokes_the_cookie)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    struct rest_reply out = rest_call(cookie, "POST", "/api/sign-out", json_object());
    ck_assert_int_eq(out.status, 204);
    ck_assert_ptr_nonnull(strstr(out.headers, "Clear-Site-Data: \"cache\", \"storage\"\r\n"));
    ck_assert_ptr_nonnull(strstr(out.headers, "__Host-amphi=; Path=/; Max-Age=0"));
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/me", NULL), 401);
    rest_close();
}
END_TEST

static json_t *listed(const char *cookie, const char *email)
{
    json_t *list = rest_body(cookie, 200, "GET", "/api/staff", NULL), *person, *found = NULL;
    size_t i;
    json_array_foreach(json_object_get(list, "items"), i, person)
    {
        if (strcmp(rest_text(person, "email"), email) == 0)
            found = json_incref(person);
    }
    json_decref(list);
    ck_assert_ptr_nonnull(found);
    return found;
}

START_TEST(who_was_invited_is_told_from_who_was_here)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    json_decref(rest_body(cookie, 201, "POST", "/api/staff", invitation("host@labo.test", "host")));
    json_t *host = listed(cookie, "host@labo.test");
    ck_assert(json_is_null(json_object_get(host, "last_sign_in_at")));
    ck_assert_str_eq(rest_text(host, "invited_until"), "2026-11-28T20:30:00.000Z");
    json_decref(host);
    struct rest_reply in =
        rest_call(NULL, "POST", "/api/sign-in/token", token_body("host@labo.test"));
    ck_assert_int_eq(in.status, 200);
    json_decref(in.body);
    host = listed(cookie, "host@labo.test");
    ck_assert_str_eq(rest_text(host, "last_sign_in_at"), "2026-11-21T20:30:00.000Z");
    ck_assert(json_is_null(json_object_get(host, "invited_until")));
    json_decref(host);
    rest_close();
}
END_TEST

START_TEST(invited_staff_get_their_roles_and_no_more)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    json_t *host =
        rest_body(cookie, 201, "POST", "/api/staff", invitation("host@labo.test", "host"));
    rest_problem(cookie, 409, "staff.exists", "POST", "/api/staff",
                 invitation("host@labo.test", "host"));
    struct rest_reply in =
        rest_call(NULL, "POST", "/api/sign-in/token", token_body("host@labo.test"));
    ck_assert_int_eq(in.status, 200);
    ck_assert_int_eq(rest_status(in.cookie, "GET", "/api/organisation", NULL), 200);
    ck_assert_int_eq(rest_status(in.cookie, "GET", "/api/staff", NULL), 403);
    json_decref(in.body);
    char path[128];
    snprintf(path, sizeof path, "/api/staff/%s", rest_text(host, "id"));
    json_t *off = rest_body(cookie, 200, "PATCH", path, json_pack("{s:b}", "disabled", true));
    ck_assert_str_ne(rest_text(off, "disabled_at"), "");
    json_decref(off);
    ck_assert_int_eq(rest_status(in.cookie, "GET", "/api/me", NULL), 401);
    json_decref(host);
    rest_close();
}
END_TEST

START_TEST(a_name_of_staff_is_no_message)
{
    char cookie[256];
    const char *bad[] = {"Your account is locked: http://x.example",
                         "www.x.example",
                         "a\nb",
                         "casino-bonus.com",
                         "\u200b",
                         "Olga\u202e"};
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        json_t *person = invitation("host@labo.test", "host");
        json_object_set_new(person, "name", json_string(bad[i]));
        rest_problem(cookie, 422, "request.invalid", "POST", "/api/staff", person);
        rest_problem(cookie, 422, "request.invalid", "PATCH", "/api/me",
                     json_pack("{s:s}", "name", bad[i]));
    }
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM outbox"), "0");
    rest_close();
}
END_TEST

START_TEST(the_last_organiser_stays)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    json_t *list = rest_body(cookie, 200, "GET", "/api/staff", NULL);
    json_t *olga = json_array_get(json_object_get(list, "items"), 0);
    char path[128];
    snprintf(path, sizeof path, "/api/staff/%s", rest_text(olga, "id"));
    rest_problem(cookie, 409, "staff.last_organiser", "PATCH", path,
                 json_pack("{s:b}", "disabled", true));
    rest_problem(cookie, 409, "staff.last_organiser", "PATCH", path,
                 json_pack("{s:[s]}", "roles", "host"));
    json_decref(
        rest_body(cookie, 201, "POST", "/api/staff", invitation("two@labo.test", "organiser")));
    ck_assert_int_eq(rest_status(cookie, "PATCH", path, json_pack("{s:[s]}", "roles", "host")),
                     200);
    json_decref(list);
    rest_close();
}
END_TEST

START_TEST(staff_of_another_organisation_do_not_exist)
{
    char ours[256], theirs[256], path[128];
    open_rest();
    rest_organisation("Labo A", "a@labo.test", ours);
    rest_organisation("Labo B", "b@labo.test", theirs);
    json_t *host = rest_body(ours, 201, "POST", "/api/staff", invitation("host@labo.test", "host"));
    snprintf(path, sizeof path, "/api/staff/%s", rest_text(host, "id"));
    ck_assert_int_eq(rest_status(theirs, "PATCH", path, json_pack("{s:s}", "name", "X")), 404);
    snprintf(path, sizeof path, "/api/staff/%s/invite", rest_text(host, "id"));
    ck_assert_int_eq(rest_status(theirs, "POST", path, json_object()), 404);
    ck_assert_int_eq(rest_status(ours, "POST", path, json_object()), 202);
    json_decref(host);
    rest_close();
}
END_TEST

START_TEST(lists_page_by_cursor_without_gaps)
{
    char cookie[256], path[256];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    for (int i = 0; i < 5; i++) {
        char email[64];
        snprintf(email, sizeof email, "p%d@labo.test", i);
        json_decref(rest_body(cookie, 201, "POST", "/api/staff", invitation(email, "speaker")));
    }
    /* one query argument a call is all that the harness speaks, so the pages come from the store's
     * default size and the cursor of the third person */
    json_t *all = rest_body(cookie, 200, "GET", "/api/staff?limit=3", NULL);
    json_t *items = json_object_get(all, "items");
    ck_assert_uint_eq(json_array_size(items), 3);
    snprintf(path, sizeof path, "/api/staff?cursor=%s", rest_text(all, "next"));
    json_t *rest_of = rest_body(cookie, 200, "GET", path, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(rest_of, "items")), 3);
    ck_assert(json_is_null(json_object_get(rest_of, "next")));
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/staff?cursor=zzz", NULL), 422);
    json_decref(all);
    json_decref(rest_of);
    rest_close();
}
END_TEST

START_TEST(consent_wordings_are_versions)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    json_t *added = rest_body(
        cookie, 201, "POST", "/api/organisation/consents",
        json_pack("{s:s,s:s,s:s}", "kind", "contact", "text_fr", "Nouveau", "text_en", "New"));
    ck_assert_int_eq(json_integer_value(json_object_get(added, "version")), 2);
    json_decref(added);
    json_t *list = rest_body(cookie, 200, "GET", "/api/organisation/consents", NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(list, "items")), 3);
    json_decref(list);
    json_t *changed = rest_body(cookie, 200, "PATCH", "/api/organisation",
                                json_pack("{s:s}", "privacy_notice_en", "We keep little."));
    ck_assert_str_eq(rest_text(changed, "privacy_notice_en"), "We keep little.");
    ck_assert_str_eq(rest_text(changed, "name"), "Labo");
    json_decref(changed);
    rest_close();
}
END_TEST

static int answered;

static void on_answer(struct message *message)
{
    (void)message;
    answered++;
}

static void ask(struct sign_in_check *check, const char *cookie, const char *session)
{
    *check = (struct sign_in_check){.reply_to = &rest.mailbox, .message = {.deliver = on_answer}};
    ck_assert(token_hash(strchr(cookie, '=') + 1, check->token));
    ck_assert(id_parse(session, &check->session));
    accounts_lookup(&rest.app, check);
}

START_TEST(live_look_ups_answer_each_check_of_a_batch)
{
    char cookie[256], other[256], session[ID_TEXT_SIZE];
    open_rest();
    rest_organisation("Labo A", "a@labo.test", cookie);
    rest_organisation("Labo B", "b@labo.test", other);
    snprintf(session, sizeof session, "%s",
             pg_sql(rest.url,
                    "WITH o AS (SELECT id FROM organisation WHERE name = 'Labo A'),"
                    " c AS (INSERT INTO congress (organisation_id, title, language, time_zone,"
                    "  created_at) SELECT id, 'C', 'fr', 'Europe/Paris', now() FROM o RETURNING *),"
                    " r AS (INSERT INTO hall (organisation_id, congress_id, name)"
                    "  SELECT organisation_id, id, 'R' FROM c RETURNING *)"
                    " INSERT INTO session (organisation_id, congress_id, hall_id, title, language,"
                    "  starts_at, planned_minutes, capacity, created_at) SELECT organisation_id,"
                    "  congress_id, id, 'S', 'fr', now(), 60, 10, now() FROM r RETURNING id"));
    char unknown[TOKEN_TEXT_SIZE + 12], token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    token_new(token, hash);
    snprintf(unknown, sizeof unknown, "x=%s", token);
    struct sign_in_check checks[3];
    answered = 0;
    ask(&checks[0], cookie, session);
    ask(&checks[1], other, session);
    ask(&checks[2], unknown, session);
    while (answered < 3)
        rest_deliver();
    ck_assert_int_eq(checks[0].err, ERR_OK);
    ck_assert_uint_eq(checks[0].who.roles, ROLE_ORGANISER);
    ck_assert_int_eq(checks[1].err, ERR_NOT_FOUND);
    ck_assert_int_eq(checks[2].err, ERR_UNAUTHENTICATED);
    for (int i = 0; i < 3; i++)
        free(checks[i].name);
    rest_close();
}
END_TEST

REST_TESTS("accounts", a_name_of_staff_is_no_message,
           a_staff_sign_in_ends_when_idle_and_in_any_case,
           own_sign_ins_are_listed_and_ended_one_by_one, a_link_signs_in_once, a_link_expires,
           an_unknown_address_gets_the_same_answer_and_no_mail, sign_out_revokes_the_cookie,
           who_was_invited_is_told_from_who_was_here, invited_staff_get_their_roles_and_no_more,
           the_last_organiser_stays, staff_of_another_organisation_do_not_exist,
           lists_page_by_cursor_without_gaps, consent_wordings_are_versions,
           live_look_ups_answer_each_check_of_a_batch)
