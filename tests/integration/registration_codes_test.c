/* What somebody may declare when they register: codes that are offered, and a specialty that their
 * profession has. */
#include "features/registration/registration_store.h"
#include "harness/audience.h"
#include "integration/rest.h"

#define PAGE "/api/registration-pages/abcdefghjkmn"

static void begin(void)
{
    const struct http_route *tables[] = {registration_feature.routes, NULL};
    rest_open(tables);
    audience_make(rest.url);
}

/* A form with one attribute changed. */
static json_t *form_with(const char *profession, const char *specialty, const char *field,
                         const char *code)
{
    static int n;
    char email[32];
    snprintf(email, sizeof email, "p%d@hcp.test", n++);
    json_t *body = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s?,s:s,s:s,s:s,s:[]}", "email", email,
                             "first_name", "Anne", "last_name", "Martin", "language", "fr",
                             "profession", profession, "specialty", specialty, "practice_setting",
                             "SA07", "region", "11", "age_band", "45_54", "consents");
    if (field)
        json_object_set_new(body, field, json_string(code));
    return body;
}

static void refused(json_t *form, const char *field, const char *reason)
{
    json_t *problem = rest_body(NULL, 422, "POST", PAGE, form);
    ck_assert_str_eq(rest_text(problem, "field"), field);
    ck_assert_str_eq(rest_text(problem, "reason"), reason);
    json_decref(problem);
}

static void accepted(json_t *form)
{
    json_decref(rest_body(NULL, 202, "POST", PAGE, form));
}

START_TEST(a_specialty_belongs_to_its_profession)
{
    static const char *const wrong[][2] = {{"10", "SI01"},      {"10", "SCD01"},   {"21", "SM04"},
                                           {"60", "SM54"},      {"50", "SM20"},    {"93", "SM42"},
                                           {"student", "SM54"}, {"other", "other"}};
    static const char *const right[][2] = {{"10", "other"}, {"10", "SM26"},     {"21", "SM03"},
                                           {"21", NULL},    {"60", "SI01"},     {"40", "SCD01"},
                                           {"93", NULL},    {"intern", "SM41"}, {"student", NULL}};
    begin();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        refused(form_with(wrong[i][0], wrong[i][1], NULL, NULL), "specialty",
                "not a specialty of this profession");
    refused(form_with("99999", "SM54", NULL, NULL), "profession", "unknown code");
    refused(form_with("10", NULL, NULL, NULL), "specialty", "missing");
    refused(form_with("10", "XX99", NULL, NULL), "specialty", "unknown code");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM hcp"), "0");
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        accepted(form_with(right[i][0], right[i][1], NULL, NULL));
    rest_close();
}
END_TEST

START_TEST(codes_that_have_ended_are_refused_and_places_outside_france_taken)
{
    begin();
    refused(form_with("10", "SM54", "practice_setting", "SA58"), "practice_setting",
            "unknown code");
    refused(form_with("21", "SP01", NULL, NULL), "specialty", "unknown code");
    refused(form_with("10", "SM54", "region", "FR"), "region", "unknown code");
    static const char *const places[] = {"94", "06", "987", "BE", "CD", "US"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        accepted(form_with("10", "SM54", "region", places[i]));
    accepted(form_with("71", NULL, "practice_setting", "retired"));
    rest_close();
}
END_TEST

REST_TESTS("registration_codes", a_specialty_belongs_to_its_profession,
           codes_that_have_ended_are_refused_and_places_outside_france_taken)
