#include "base/err.h"
#include "base/id.h"
#include "unit/run.h"
#include <string.h>

START_TEST(only_canonical_uuids_are_ids)
{
    static const struct {
        const char *text;
        bool ok;
    } cases[] = {
        {"0f8fad5b-d9cb-469f-a165-70867728950e", true},
        {"0F8FAD5B-D9CB-469F-A165-70867728950E", true},
        {"00000000-0000-0000-0000-000000000000", true},
        {"", false},
        {"0f8fad5b-d9cb-469f-a165-70867728950", false},
        {"0f8fad5b-d9cb-469f-a165-70867728950e0", false},
        {"0f8fad5bd9cb469fa16570867728950e", false},
        {"0f8fad5b-d9cb-469f-a165-70867728950g", false},
        {"{0f8fad5b-d9cb-469f-a165-70867728950e}", false},
        {"0f8fad5-bd9cb-469f-a165-70867728950e", false},
        {" 0f8fad5b-d9cb-469f-a165-70867728950e", false},
        {"0f8fad5b-", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct id id;
        ck_assert_msg(id_parse(cases[i].text, &id) == cases[i].ok, "%s", cases[i].text);
    }
}
END_TEST

START_TEST(text_and_id_are_each_others_inverse)
{
    for (int i = 0; i < 100; i++) {
        struct id a = id_random(), b;
        char text[ID_TEXT_SIZE];
        ck_assert_ptr_eq(id_text(&a, text), text);
        ck_assert_uint_eq(strlen(text), 36);
        ck_assert_int_eq(text[14], '4');
        ck_assert_ptr_nonnull(strchr("89ab", text[19]));
        ck_assert(id_parse(text, &b));
        ck_assert(id_equal(&a, &b));
        ck_assert_uint_eq(id_hash(&a), id_hash(&b));
        struct id c = id_random();
        ck_assert(!id_equal(&a, &c));
    }
}
END_TEST

START_TEST(every_outcome_has_a_code_and_a_status)
{
    for (int e = ERR_OK; e <= ERR_INTERNAL; e++) {
        ck_assert_uint_gt(strlen(err_code((enum err)e)), 0);
        ck_assert_int_ge(err_status((enum err)e), 200);
    }
    ck_assert_str_eq(err_code(ERR_BUSY), "server.busy");
    ck_assert_int_eq(err_status(ERR_BUSY), 503);
    ck_assert_str_eq(err_code((enum err)999), "server.error");
}
END_TEST

RUN_TESTS("id", only_canonical_uuids_are_ids, text_and_id_are_each_others_inverse,
          every_outcome_has_a_code_and_a_status)
