/* A browser of several people: staff and HCPs side by side, and asking for a link without any. */
#include "integration/registration_calls.h"

/* Both cookies, and of whom the HCP's is. */
static void both(const char *email, char cookies[600], char registration[ID_TEXT_SIZE])
{
    char hcp[256], sql[200];
    ask(email);
    join(email, hcp);
    snprintf(sql, sizeof sql,
             "SELECT r.id FROM registration r JOIN hcp h ON h.id = r.hcp_id WHERE h.email = '%s'",
             email);
    snprintf(registration, ID_TEXT_SIZE, "%s", value(sql));
    ck_assert(strncmp(hcp, HTTP_COOKIE_HCP "=", strlen(HTTP_COOKIE_HCP) + 1) == 0);
    snprintf(cookies, 600, "%s; %s", organiser, hcp);
}

static const char *as(const char *path, const char *person)
{
    static char target[200];
    snprintf(target, sizeof target, "%s?person=%s", path, person);
    return target;
}

START_TEST(an_hcp_s_link_leaves_staff_signed_in)
{
    char cookies[600], anne[ID_TEXT_SIZE];
    open_page(10);
    both("anne@hcp.test", cookies, anne);
    json_t *me = rest_body(cookies, 200, "GET", "/api/me", NULL);
    ck_assert_str_eq(rest_text(me, "kind"), "staff");
    json_t *mine = rest_body(cookies, 200, "GET", "/api/my/registration", NULL);
    ck_assert_str_eq(rest_text(mine, "id"), anne);
    json_t *hers = rest_body(cookies, 200, "GET", as("/api/me", anne), NULL);
    ck_assert_str_eq(rest_text(hers, "kind"), "hcp");
    json_decref(me);
    json_decref(mine);
    json_decref(hers);
    rest_close();
}
END_TEST

START_TEST(each_side_signs_out_by_itself)
{
    char cookies[600], anne[ID_TEXT_SIZE];
    open_page(10);
    both("anne@hcp.test", cookies, anne);
    struct rest_reply out = rest_call(cookies, "POST", as("/api/sign-out", anne), json_object());
    ck_assert_int_eq(out.status, 204);
    ck_assert_ptr_nonnull(strstr(out.headers, HTTP_COOKIE_HCP "=; Path=/; Max-Age=0"));
    ck_assert_ptr_null(strstr(out.headers, HTTP_COOKIE "=;"));
    ck_assert_ptr_nonnull(strstr(out.headers, "Clear-Site-Data: \"cache\"\r\n"));
    ck_assert_int_eq(rest_status(cookies, "GET", "/api/my/registration", NULL), 403);
    ck_assert_int_eq(rest_status(cookies, "GET", "/api/congresses", NULL), 200);
    out = rest_call(cookies, "POST", "/api/sign-out", json_object());
    ck_assert_ptr_nonnull(strstr(out.headers, HTTP_COOKIE "=; Path=/; Max-Age=0"));
    ck_assert_ptr_nonnull(strstr(out.headers, "Clear-Site-Data: \"cache\", \"storage\"\r\n"));
    ck_assert_int_eq(rest_status(cookies, "GET", "/api/me", NULL), 401);
    rest_close();
}
END_TEST

START_TEST(nothing_is_changed_as_somebody_else)
{
    char annes[600], brunos[600], anne[ID_TEXT_SIZE], bruno[ID_TEXT_SIZE];
    open_page(10);
    both("anne@hcp.test", annes, anne);
    both("bruno@hcp.test", brunos, bruno);
    static const struct {
        const char *method, *path;
    } calls[] = {{"POST", "/api/my/cancel"},
                 {"GET", "/api/my/data"},
                 {"GET", "/api/my/registration"},
                 {"POST", "/api/sign-out"}};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        rest_problem(brunos, 409, "auth.other_person", calls[i].method, as(calls[i].path, anne),
                     json_object());
    rest_problem(brunos, 409, "auth.other_person", "PATCH", as("/api/my/registration", anne),
                 json_pack("{s:s,s:s}", "first_name", "X", "last_name", "Y"));
    ck_assert_str_eq(value("SELECT count(*) FROM registration WHERE state = 'registered'"), "2");
    ck_assert_str_eq(value("SELECT count(*) FROM hcp WHERE first_name = 'X'"), "0");
    struct rest_reply gone = rest_call(brunos, "POST", as("/api/my/cancel", bruno), json_object());
    ck_assert_int_eq(gone.status, 204);
    ck_assert_ptr_nonnull(strstr(gone.headers, HTTP_COOKIE_HCP "=; Path=/; Max-Age=0"));
    ck_assert_int_eq(rest_status(brunos, "GET", "/api/congresses", NULL), 200);
    ck_assert_int_eq(rest_status(annes, "GET", "/api/my/registration", NULL), 200);
    rest_close();
}
END_TEST

static void send_links(const char *email)
{
    json_decref(rest_body(NULL, 202, "POST", "/api/send-link", json_pack("{s:s}", "email", email)));
    links_mailed();
}

START_TEST(whoever_has_no_link_at_hand_gets_those_of_what_is_to_come)
{
    open_page(10);
    register_person("anne@hcp.test");
    const char *mails = "SELECT count(*) FROM outbox WHERE to_address = 'anne@hcp.test'";
    int before = atoi(value(mails));
    send_links("nobody@hcp.test");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE to_address LIKE 'nobody%'"), "0");
    send_links("Anne@HCP.test");
    ck_assert_int_eq(atoi(value(mails)), before + 1);
    json_t *again = join_body("anne@hcp.test");
    json_decref(rest_body(NULL, 200, "POST", "/api/join", again));
    value("UPDATE session SET state = 'ended', live_at = now(), ended_at = now() RETURNING 1");
    send_links("anne@hcp.test");
    value("UPDATE session SET state = 'lobby', live_at = NULL, ended_at = NULL RETURNING 1");
    value("UPDATE registration SET state = 'cancelled', cancelled_at = now() RETURNING 1");
    send_links("anne@hcp.test");
    ck_assert_int_eq(atoi(value(mails)), before + 1);
    rest_problem(NULL, 422, "request.invalid", "POST", "/api/send-link",
                 json_pack("{s:s}", "email", "anne"));
    rest_close();
}
END_TEST

RUN_TESTS("registration_browser", an_hcp_s_link_leaves_staff_signed_in,
          each_side_signs_out_by_itself, nothing_is_changed_as_somebody_else,
          whoever_has_no_link_at_hand_gets_those_of_what_is_to_come)
