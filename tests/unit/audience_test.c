#include "features/audience/audience.h"
#include "unit/run.h"
#include <string.h>

static const char GOOD[] =
    "{\"name\":\"Cardiologists\",\"goal_registrations\":100,\"goal_attendees\":null,"
    "\"goal_participation_rate\":0.7,\"universe\":7000,\"universe_source\":\"Registry 2025\","
    "\"criteria\":{\"all_of\":[{\"attribute\":\"specialty\",\"codes\":[\"SM04\",\"SM61\"]}],"
    "\"any_of\":[],\"none_of\":[{\"attribute\":\"age_band\",\"codes\":[\"under_35\"]}]}}";

/* GOOD with `field` replaced by JSON text (NULL: removed) */
static json_t *with(const char *field, const char *text)
{
    json_t *body = json_loads(GOOD, 0, NULL);
    ck_assert_ptr_nonnull(body);
    if (text)
        json_object_set_new(body, field, json_loads(text, JSON_DECODE_ANY, NULL));
    else
        json_object_del(body, field);
    return body;
}

/* "" when taken, else the field and reason of the fault */
static const char *fault(const char *field, const char *text)
{
    static char said[100];
    json_t *body = with(field, text);
    struct json_reader r = json_reader(body);
    struct profile_input in;
    profile_input_read(&r, &in);
    if (json_reader_end(&r))
        said[0] = '\0';
    else
        snprintf(said, sizeof said, "%s: %s", r.field, r.reason);
    json_decref(body);
    return said;
}

START_TEST(a_whole_profile_is_taken)
{
    json_t *body = json_loads(GOOD, 0, NULL);
    struct json_reader r = json_reader(body);
    struct profile_input in;
    profile_input_read(&r, &in);
    ck_assert(json_reader_end(&r));
    ck_assert_str_eq(in.name, "Cardiologists");
    ck_assert_int_eq(in.goals[GOAL_REGISTRATIONS], 100);
    ck_assert_int_eq(in.goals[GOAL_ATTENDEES], 0);
    ck_assert_int_eq(in.goals[GOAL_PARTICIPATION_RATE], 700);
    ck_assert_int_eq(in.universe, 7000);
    ck_assert_str_eq(in.universe_source, "Registry 2025");
    ck_assert_uint_eq(json_array_size(json_object_get(in.criteria, "all_of")), 1);
    json_decref(body);
}
END_TEST

START_TEST(a_universe_needs_its_source_and_the_other_way_round)
{
    ck_assert_str_eq(fault("universe_source", "null"), "universe_source: missing");
    ck_assert_str_eq(fault("universe", "null"), "universe: missing");
}
END_TEST

START_TEST(goals_have_limits)
{
    ck_assert_str_eq(fault("goal_registrations", "0"), "goal_registrations: out of range");
    ck_assert_str_eq(fault("goal_participation_rate", "1.2"),
                     "goal_participation_rate: out of range");
    ck_assert_str_eq(fault("goal_participation_rate", "1"), "");
    ck_assert_str_ne(fault("goal_attendees", "\"5\""), "");
    ck_assert_str_eq(fault("goal_completions", "10000001"), "goal_completions: out of range");
    ck_assert_str_eq(fault("goal_coverage", "0"), "goal_coverage: out of range");
    ck_assert_str_eq(fault("goal_due", "\"2027-02-29\""), "goal_due: no such day");
    ck_assert_str_eq(fault("goal_due", "\"2028-02-29\""), "");
    ck_assert_str_ne(fault("name", "\"\""), "");
    ck_assert_str_ne(fault("colour", "1"), "");
}
END_TEST

START_TEST(criteria_have_exactly_their_three_modes_and_known_attributes)
{
    ck_assert_str_eq(fault("criteria", NULL), "criteria: missing");
    ck_assert_str_ne(fault("criteria", "{\"all_of\":[],\"any_of\":[]}"), "");
    ck_assert_str_ne(fault("criteria", "{\"all_of\":[],\"any_of\":[],\"none_of\":[],\"x\":[]}"),
                     "");
    ck_assert_str_ne(fault("criteria", "{\"all_of\":[{\"attribute\":\"shoe\",\"codes\":[\"1\"]}],"
                                       "\"any_of\":[],\"none_of\":[]}"),
                     "");
    ck_assert_str_eq(fault("criteria", "{\"all_of\":[],\"any_of\":[],\"none_of\":[]}"), "");
}
END_TEST

START_TEST(codes_are_words_and_never_none)
{
    static const char *const bad[] = {"[]",          "[1]",          "[\"\"]",
                                      "[\"SM 04\"]", "[\"x'; --\"]", "[\"123456789012345678901\"]",
                                      "\"SM04\""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[200];
        snprintf(text, sizeof text,
                 "{\"all_of\":[{\"attribute\":\"specialty\",\"codes\":%s}],\"any_of\":[],"
                 "\"none_of\":[]}",
                 bad[i]);
        ck_assert_msg(*fault("criteria", text), "taken: %s", bad[i]);
    }
}
END_TEST

START_TEST(there_are_at_most_fifty_criteria_over_all_modes)
{
    json_t *lists[2] = {json_array(), json_array()};
    for (int i = 0; i < 51; i++)
        json_array_append_new(lists[i % 2],
                              json_pack("{s:s,s:[s]}", "attribute", "region", "codes", "11"));
    json_t *criteria =
        json_pack("{s:o,s:o,s:[]}", "all_of", lists[0], "any_of", lists[1], "none_of");
    char *text = json_dumps(criteria, 0);
    ck_assert_str_eq(fault("criteria", text), "criteria: too long");
    free(text);
    json_array_remove(lists[0], 0);
    text = json_dumps(criteria, 0);
    ck_assert_str_eq(fault("criteria", text), "");
    free(text);
    json_decref(criteria);
}
END_TEST

START_TEST(a_change_keeps_what_it_does_not_name_and_may_not_bring_strangers)
{
    json_t *old = json_loads(GOOD, 0, NULL);
    json_object_set_new(old, "registered", json_integer(5)); /* shown, not written */
    json_t *change = json_pack("{s:s,s:n}", "name", "Other", "goal_registrations");
    json_t *merged = profile_merge(old, change);
    struct json_reader r = json_reader(merged);
    struct profile_input in;
    profile_input_read(&r, &in);
    ck_assert(json_reader_end(&r));
    ck_assert_str_eq(in.name, "Other");
    ck_assert_int_eq(in.goals[GOAL_REGISTRATIONS], 0);
    ck_assert_int_eq(in.universe, 7000);
    json_decref(merged);
    json_object_set_new(change, "id", json_string("x"));
    merged = profile_merge(old, change);
    r = json_reader(merged);
    profile_input_read(&r, &in);
    ck_assert(!json_reader_end(&r));
    json_decref(merged);
    json_decref(change);
    json_decref(old);
}
END_TEST

RUN_TESTS("audience", a_whole_profile_is_taken, a_universe_needs_its_source_and_the_other_way_round,
          goals_have_limits, criteria_have_exactly_their_three_modes_and_known_attributes,
          codes_are_words_and_never_none, there_are_at_most_fifty_criteria_over_all_modes,
          a_change_keeps_what_it_does_not_name_and_may_not_bring_strangers)
