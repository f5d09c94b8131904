#include "base/json.h"
#include "unit/run.h"
#include <stdlib.h>
#include <string.h>

START_TEST(only_whole_shallow_unambiguous_utf8_is_parsed)
{
    static const struct {
        const char *text;
        size_t len; /* 0: strlen */
        bool ok;
    } cases[] = {
        {"{}", 0, true},
        {"[1,2,{\"a\":null}]", 0, true},
        {"{\"a\":\"\xc3\xa9\"}", 0, true},
        {"{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[\"}", 0, true}, /* brackets in a string */
        {"[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", 0, true},                /* 16 deep */
        {"[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", 0, false},             /* 17 deep */
        {"{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}", 0, false},
        {"", 0, false},
        {"1", 0, false},
        {"\"text\"", 0, false},
        {"{} {}", 0, false},
        {"{", 0, false},
        {"{\"a\":1,\"a\":2}", 0, false},
        {"{\"a\":1,\"\\u0061\":2}", 0, false},
        {"{\"a\":\"\xff\"}", 0, false},
        {"{\"a\":\"\xc0\xaf\"}", 0, false},     /* overlong */
        {"{\"a\":\"\xed\xa0\x80\"}", 0, false}, /* surrogate */
        {"{\"a\":\"\\ud800\"}", 0, false},
        {"{\"a\":\"\\u0000\"}", 0, false},
        {"{\"a\":\"x\0y\"}", 11, false},
        {"{}\0", 3, false},
        {"{\"a\":1e999}", 0, false},
        {"{\"a\":99999999999999999999}", 0, false},
        {"{\"a\":NaN}", 0, false},
        {"{\"a\\", 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = cases[i].len ? cases[i].len : strlen(cases[i].text);
        json_t *parsed = json_parse(cases[i].text, len);
        ck_assert_msg(!parsed == !cases[i].ok, "case %zu: %s", i, cases[i].text);
        json_decref(parsed);
    }
}
END_TEST

START_TEST(a_megabyte_of_brackets_is_refused_before_it_is_parsed)
{
    size_t len = 1 << 20;
    char *deep = malloc(len);
    memset(deep, '[', len);
    ck_assert_ptr_null(json_parse(deep, len));
    free(deep);
}
END_TEST

static const char *const colours[] = {"red", "green", NULL};

static void read_all(struct json_reader *r)
{
    json_read_string(r, "text", 1, 5);
    json_read_int(r, "n", -1, 9);
    json_read_bool(r, "flag");
    json_read_id(r, "id");
    json_read_time(r, "at");
    json_read_word(r, "colour", colours);
    json_read_number(r, "rate", 0, 1);
    json_read_array(r, "list", 2);
    json_read_object(r, "inner");
    json_read_optional_string(r, "note", 3);
}

#define ID "\"0f8fad5b-d9cb-469f-a165-70867728950e\""
#define GOOD                                                                                       \
    "\"text\":\"\xc3\xa9t\xc3\xa9\",\"n\":9,\"flag\":true,\"id\":" ID                              \
    ",\"at\":\"2026-11-21T20:30:00Z\",\"colour\":\"green\",\"rate\":0.5,\"list\":[1,2]"            \
    ",\"inner\":{}"

START_TEST(a_faultless_object_is_read)
{
    json_t *o = json_parse("{" GOOD "}", strlen("{" GOOD "}"));
    struct json_reader r = json_reader(o);
    ck_assert_str_eq(json_read_string(&r, "text", 3, 3), "\xc3\xa9t\xc3\xa9");
    ck_assert_int_eq(json_read_int(&r, "n", 9, 9), 9);
    ck_assert(json_read_bool(&r, "flag"));
    ck_assert_int_eq(json_read_id(&r, "id").bytes[0], 0x0f);
    ck_assert_int_eq(json_read_time(&r, "at"), 1795293000LL * 1000000);
    ck_assert_int_eq(json_read_word(&r, "colour", colours), 1);
    ck_assert_double_eq(json_read_number(&r, "rate", 0, 1), 0.5);
    ck_assert_uint_eq(json_array_size(json_read_array(&r, "list", 2)), 2);
    ck_assert_ptr_nonnull(json_read_object(&r, "inner"));
    ck_assert(!json_read_has(&r, "note"));
    ck_assert_ptr_null(json_read_optional_string(&r, "note", 3));
    ck_assert(json_reader_end(&r));
    json_decref(o);
}
END_TEST

/* Each case replaces or adds one field of the faultless object. */
START_TEST(the_first_fault_is_named)
{
    static const struct {
        const char *field, *value; /* value NULL: removed */
        const char *reason;        /* NULL: no fault */
    } cases[] = {
        {"note", "null", NULL},
        {"note", "\"abc\"", NULL},
        {"note", "\"abcd\"", "too long"},
        {"note", "5", "wrong type"},
        {"extra", "1", "unknown"},
        {"text", NULL, "missing"},
        {"text", "\"\"", "too short"},
        {"text", "\"abcdef\"", "too long"},
        {"text", "\"a\\u0001\"", "control character"},
        {"text", "\"a\\n\\tb\"", NULL},
        {"text", "null", "wrong type"},
        {"n", "10", "out of range"},
        {"n", "1.0", "wrong type"},
        {"n", "\"1\"", "wrong type"},
        {"flag", "1", "wrong type"},
        {"id", "\"0f8fad5b\"", "not an id"},
        {"id", "7", "wrong type"},
        {"at", "\"yesterday\"", "not a time"},
        {"colour", "\"blue\"", "unknown word"},
        {"rate", "1", NULL},
        {"rate", "1.1", "out of range"},
        {"rate", "\"1\"", "wrong type"},
        {"list", "[1,2,3]", "too long"},
        {"list", "{}", "wrong type"},
        {"inner", "[]", "wrong type"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *o = json_parse("{" GOOD "}", strlen("{" GOOD "}"));
        if (cases[i].value)
            json_object_set_new(o, cases[i].field,
                                json_loads(cases[i].value, JSON_DECODE_ANY, NULL));
        else
            json_object_del(o, cases[i].field);
        struct json_reader r = json_reader(o);
        read_all(&r);
        ck_assert_msg(json_reader_end(&r) == !cases[i].reason, "case %zu: %s", i, r.reason);
        if (cases[i].reason) {
            ck_assert_str_eq(r.reason, cases[i].reason);
            ck_assert_str_eq(r.field, cases[i].field);
        }
        json_decref(o);
    }
}
END_TEST

START_TEST(what_is_not_an_object_has_a_fault)
{
    json_t *array = json_array();
    struct json_reader r = json_reader(array);
    ck_assert_ptr_null(json_read_string(&r, "a", 0, 1));
    ck_assert(!json_reader_end(&r));
    ck_assert_str_eq(r.reason, "wrong type");
    json_decref(array);
}
END_TEST

START_TEST(an_object_of_too_many_fields_has_a_fault)
{
    json_t *o = json_object();
    char name[16];
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "f%d", i);
        json_object_set_new(o, name, json_null());
    }
    struct json_reader r = json_reader(o);
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "f%d", i);
        json_read_has(&r, name);
    }
    ck_assert(!json_reader_end(&r));
    ck_assert_str_eq(r.reason, "too many fields");
    json_decref(o);
}
END_TEST

START_TEST(a_rule_of_the_caller_counts_as_a_fault)
{
    json_t *o = json_object();
    struct json_reader r = json_reader(o);
    json_reader_fault(&r, "choices", "not ascending");
    json_reader_fault(&r, "later", "ignored");
    ck_assert(!json_reader_end(&r));
    ck_assert_str_eq(r.field, "choices");
    json_decref(o);
}
END_TEST

START_TEST(utf8_is_judged_by_rfc_3629)
{
    static const struct {
        const char *bytes;
        bool ok;
    } cases[] = {
        {"", true},
        {"a\x7f", true},
        {"\xc2\x80\xdf\xbf", true},
        {"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", true},
        {"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", true},
        {"\x80", false},
        {"\xc1\xbf", false},
        {"\xc3", false},
        {"\xe0\x9f\xbf", false},
        {"\xed\xa0\x80", false},
        {"\xe2\x82", false},
        {"\xf0\x8f\xbf\xbf", false},
        {"\xf4\x90\x80\x80", false},
        {"\xf5\x80\x80\x80", false},
        {"\xf0\x9f\x98", false},
        {"\xe2\x28\xa1", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(utf8_valid(cases[i].bytes, strlen(cases[i].bytes)) == cases[i].ok, "%zu", i);
    ck_assert_uint_eq(utf8_length("d\xc3\xa9j\xc3\xa0 \xf0\x9f\x98\x80"), 6);
}
END_TEST

RUN_TESTS("json", only_whole_shallow_unambiguous_utf8_is_parsed,
          a_megabyte_of_brackets_is_refused_before_it_is_parsed, a_faultless_object_is_read,
          the_first_fault_is_named, what_is_not_an_object_has_a_fault,
          an_object_of_too_many_fields_has_a_fault, a_rule_of_the_caller_counts_as_a_fault,
          utf8_is_judged_by_rfc_3629)
