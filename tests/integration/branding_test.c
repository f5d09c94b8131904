/* The colour and the logo of an organisation's own pages. */
#include "features/accounts/branding.h"
#include "features/registration/registration.h"
#include "integration/rest.h"

static char organiser[256];

static void open_rest(void)
{
    const struct http_route *tables[] = {accounts_feature.routes, registration_feature.routes,
                                         NULL};
    rest_open(tables);
    rest_organisation("Labo", "olga@labo.test", organiser);
}

static json_t *set_accent(json_t *accent)
{
    return json_pack("{s:o}", "accent", accent);
}

START_TEST(a_colour_is_six_hexadecimal_digits_or_none)
{
    static const char *const bad[] = {"red", "#0B5D59", "#0b5d5", "#0b5d599", "url(x", ""};
    open_rest();
    json_t *now = rest_body(organiser, 200, "PATCH", "/api/organisation/branding",
                            set_accent(json_string("#7a1f5c")));
    ck_assert_str_eq(rest_text(now, "accent"), "#7a1f5c");
    json_decref(now);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        rest_problem(organiser, 422, "request.invalid", "PATCH", "/api/organisation/branding",
                     set_accent(json_string(bad[i])));
    now = rest_body(organiser, 200, "PATCH", "/api/organisation/branding", set_accent(json_null()));
    ck_assert(json_is_null(json_object_get(now, "accent")));
    json_decref(now);
    rest_close();
}
END_TEST

START_TEST(a_logo_is_what_its_first_bytes_say)
{
    ck_assert_str_eq(logo_type("\x89PNG\r\n\x1a\n....", 12), "image/png");
    ck_assert_str_eq(logo_type("\xff\xd8\xff\xe0", 4), "image/jpeg");
    ck_assert_str_eq(logo_type("RIFF....WEBPVP8 ", 16), "image/webp");
    ck_assert_ptr_null(logo_type("<svg onload=alert(1)>", 21));
    ck_assert_ptr_null(logo_type("GIF89a", 6));
    ck_assert_ptr_null(logo_type("\x89PNG", 4));
    ck_assert_ptr_null(logo_type("", 0));
}
END_TEST

START_TEST(each_logo_has_an_address_of_its_own)
{
    char path[128];
    open_rest();
    static const char *const sql =
        "INSERT INTO organisation_branding (organisation_id, logo_id, logo_type, logo)"
        " SELECT id, '11111111-1111-4111-8111-111111111111', 'image/png',"
        "        '\\x89504e470d0a1a0a00' FROM organisation WHERE name = 'Labo'";
    pg_sql(rest.url, sql);
    json_t *now = rest_body(organiser, 200, "GET", "/api/organisation/branding", NULL);
    snprintf(path, sizeof path, "%s", rest_text(now, "logo"));
    ck_assert_str_eq(path, "/api/logos/11111111-1111-4111-8111-111111111111");
    json_decref(now);
    ck_assert_int_eq(rest_status(NULL, "GET", path, NULL), 200);
    json_decref(rest_body(organiser, 200, "DELETE", "/api/organisation/logo", NULL));
    ck_assert_int_eq(rest_status(NULL, "GET", path, NULL), 404);
    rest_problem(organiser, 415, "logo.type", "POST", "/api/organisation/logo", json_object());
    rest_close();
}
END_TEST

START_TEST(only_organisers_choose_the_look)
{
    open_rest();
    ck_assert_int_eq(rest_status(NULL, "GET", "/api/organisation/branding", NULL), 401);
    rest_problem(NULL, 401, "auth.required", "DELETE", "/api/organisation/logo", NULL);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM organisation_branding"), "0");
    rest_close();
}
END_TEST

REST_TESTS("branding", a_colour_is_six_hexadecimal_digits_or_none,
           a_logo_is_what_its_first_bytes_say, each_logo_has_an_address_of_its_own,
           only_organisers_choose_the_look)
