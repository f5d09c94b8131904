/* The code lists: what is sent of them, and that they hold together. */
#include "db/db.h"
#include "features/audience/audience_store.h"
#include "harness/pg.h"
#include "unit/run.h"
#include <string.h>

static const char *url;
static struct db_conn *conn;

static void make(void)
{
    const char *why = "";
    url = pg_test_database();
    conn = db_connect(url, &why);
    ck_assert_msg(conn != NULL, "%s", why);
}

static void done(void)
{
    db_disconnect(conn);
}

static json_t *code_in(json_t *lists, const char *list, const char *section, const char *code)
{
    size_t i, k;
    json_t *part, *found;
    json_array_foreach(json_object_get(lists, list), i, part)
    {
        if (strcmp(json_string_value(json_object_get(part, "section")), section) != 0)
            continue;
        json_array_foreach(json_object_get(part, "codes"), k, found)
        {
            if (strcmp(json_string_value(json_object_get(found, "code")), code) == 0)
                return found;
        }
    }
    ck_abort_msg("%s, %s has no %s", list, section, code);
}

static const char *text_of(const json_t *code, const char *key)
{
    const char *text = json_string_value(json_object_get(code, key));
    return text ? text : "";
}

START_TEST(code_lists_say_what_is_offered_first_to_whom_and_what_has_ended)
{
    make();
    json_t *lists = NULL;
    ck_assert_int_eq(codes_list(conn, CODES_FORM, &lists), ERR_OK);
    ck_assert_uint_eq(json_object_size(lists), 6);
    json_t *first = json_array_get(json_object_get(lists, "specialty"), 0);
    ck_assert_str_eq(text_of(first, "section"), "usual");
    ck_assert_uint_eq(json_array_size(json_object_get(first, "codes")), 1);
    json_t *general = code_in(lists, "specialty", "usual", "SM54");
    ck_assert_str_eq(text_of(general, "grouped_as"), "");
    ck_assert_ptr_null(json_object_get(general, "active"));
    ck_assert_uint_eq(json_array_size(json_object_get(general, "professions")), 2);
    json_t *ended = code_in(lists, "practice_setting", "more", "SA58");
    ck_assert(json_is_false(json_object_get(ended, "active")));
    ck_assert_str_eq(text_of(ended, "en"), "Taxi company");
    json_t *psychologist = code_in(lists, "profession", "usual", "93");
    ck_assert_ptr_null(json_object_get(psychologist, "active"));
    ck_assert_uint_eq(json_array_size(json_object_get(lists, "region")), 2);
    json_decref(lists);
    ck_assert_int_eq(codes_list(conn, CODES_COUNTRIES, &lists), ERR_OK);
    ck_assert_uint_eq(json_object_size(lists), 1);
    ck_assert_str_eq(text_of(code_in(lists, "region", "abroad", "BE"), "fr"), "Belgique");
    ck_assert_str_eq(text_of(code_in(lists, "region", "abroad", "CA"), "en"), "");
    json_decref(lists);
    ck_assert_int_eq(codes_list(conn, CODES_MORE, &lists), ERR_OK);
    ck_assert_uint_eq(json_object_size(lists), 6);
    ck_assert_str_eq(text_of(code_in(lists, "department", "france", "2A"), "region"), "94");
    ck_assert_str_eq(text_of(code_in(lists, "country", "france", "FR"), "fr"), "France");
    json_decref(lists);
    done();
}
END_TEST

/* Each of these finds the codes that contradict the rest, or are not written as people write. */
START_TEST(code_lists_hold_together)
{
    static const char *const faults[] = {
        "SELECT code FROM code a WHERE grouped_as IS NOT NULL AND NOT EXISTS (SELECT FROM code b"
        "  WHERE b.list = a.list AND b.code = a.grouped_as AND b.active AND b.grouped_as IS NULL"
        "    AND b.professions IS NOT DISTINCT FROM a.professions)",
        "SELECT p FROM code, unnest(professions) p WHERE NOT EXISTS (SELECT FROM code x"
        "  WHERE x.list = 'profession' AND x.code = p AND x.active)",
        "SELECT code FROM code WHERE label_fr ~ '^(Etab|Epi|Etudi)|''|PSPH' OR label_en ~ ''''",
        "SELECT min(code) FROM code WHERE active AND grouped_as IS NULL GROUP BY list, label_fr"
        "  HAVING count(*) > 1",
        "SELECT min(code) FROM code WHERE active AND grouped_as IS NULL GROUP BY list, label_en"
        "  HAVING count(*) > 1",
        "SELECT code FROM code d WHERE list = 'department' AND NOT EXISTS (SELECT FROM code r"
        "  WHERE r.list = 'region' AND r.code = d.region AND r.section = d.section)",
        "SELECT list FROM code WHERE section = 'usual' GROUP BY list, position HAVING count(*) > 1",
        "SELECT list FROM code GROUP BY list, position HAVING count(DISTINCT section) > 1"};
    make();
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char sql[1024];
        snprintf(sql, sizeof sql, "SELECT coalesce(string_agg(x.v, ' '), '') FROM (%s) x (v)",
                 faults[i]);
        ck_assert_str_eq(pg_sql(url, sql), "");
    }
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM code WHERE list = 'practice_setting'"
                                 " AND section = 'usual'"),
                     "8");
    done();
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests(
        "code lists",
        (const TTest *const[]){code_lists_say_what_is_offered_first_to_whom_and_what_has_ended,
                               code_lists_hold_together, NULL});
}
