#include "features/audience/audience.h"
#include "base/text.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

static const char *const MODES[] = {"all_of", "any_of", "none_of", NULL};
static const char *const ATTRIBUTES[] = {"profession",
                                         "specialty",
                                         "skill_type",
                                         "practice_setting",
                                         "practice_mode",
                                         "professional_category",
                                         "region",
                                         "department",
                                         "country",
                                         "age_band",
                                         "segment",
                                         "tier",
                                         "language",
                                         "therapeutic_interest",
                                         "target_list",
                                         "target_profile",
                                         NULL};
static const char *const FIELDS[] = {"name",
                                     "goal_registrations",
                                     "goal_attendees",
                                     "goal_completions",
                                     "goal_coverage",
                                     "goal_registration_rate",
                                     "goal_participation_rate",
                                     "goal_completion_rate",
                                     "goal_due",
                                     "universe",
                                     "universe_source",
                                     "universe_from",
                                     "universe_list",
                                     "criteria",
                                     "places",
                                     NULL};
const char *const goal_names[GOALS] = {
    [GOAL_REGISTRATIONS] = "goal_registrations",
    [GOAL_ATTENDEES] = "goal_attendees",
    [GOAL_COMPLETIONS] = "goal_completions",
    [GOAL_COVERAGE] = "goal_coverage",
    [GOAL_REGISTRATION_RATE] = "goal_registration_rate",
    [GOAL_PARTICIPATION_RATE] = "goal_participation_rate",
    [GOAL_COMPLETION_RATE] = "goal_completion_rate",
};
const char *const universe_from_words[] = {"given", "registry", "target_list", NULL};

static bool is_code(const json_t *value)
{
    const char *text = json_string_value(value);
    size_t len = text ? json_string_length(value) : 0;
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '_')
            return false;
    return len >= 1 && len <= 20;
}

/* Attributes of which somebody has several values: their codes are ids of what the organisation
 * made. */
static bool of_things(const char *attribute)
{
    return strncmp(attribute, "target_", strlen("target_")) == 0;
}

/* As ids are written here: criteria are compared as text. */
static bool is_thing(const json_t *value)
{
    const char *text = json_string_value(value);
    struct id id;
    char written[ID_TEXT_SIZE];
    return text && id_parse(text, &id) && strcmp(id_text(&id, written), text) == 0;
}

/* Several all_of criteria over lists or profiles name one each: in A and in B. */
static const char *repeated_fault(const json_t *all_of)
{
    size_t i, k;
    json_t *a, *b;
    json_array_foreach(all_of, i, a)
    {
        const char *attribute = json_string_value(json_object_get(a, "attribute"));
        json_array_foreach(all_of, k, b)
        {
            if (k != i && of_things(attribute) &&
                json_array_size(json_object_get(a, "codes")) > 1 &&
                json_equal(json_object_get(a, "attribute"), json_object_get(b, "attribute")))
                return "repeated";
        }
    }
    return NULL;
}

/* NULL: good; else the reason. */
static const char *criterion_fault(json_t *criterion)
{
    if (!json_is_object(criterion))
        return "wrong type";
    struct json_reader r = json_reader(criterion);
    int attribute = json_read_word(&r, "attribute", ATTRIBUTES);
    bool things = attribute >= 0 && of_things(ATTRIBUTES[attribute]);
    json_t *codes = json_read_array(&r, "codes", CRITERION_CODES_MAX);
    size_t i;
    json_t *code;
    if (codes && json_array_size(codes) == 0)
        json_reader_fault(&r, "codes", "empty");
    json_array_foreach(codes, i, code)
    {
        if (things ? !is_thing(code) : !is_code(code))
            json_reader_fault(&r, "codes", "no such code");
    }
    return json_reader_end(&r) ? NULL : r.reason;
}

json_t *criteria_read(struct json_reader *r, const char *field)
{
    json_t *criteria = json_read_object(r, field);
    if (!criteria)
        return NULL;
    struct json_reader modes = json_reader(criteria);
    size_t total = 0;
    const char *fault = NULL;
    for (size_t m = 0; MODES[m]; m++) {
        json_t *list = json_read_array(&modes, MODES[m], CRITERIA_MAX), *criterion;
        size_t i;
        total += json_array_size(list);
        json_array_foreach(list, i, criterion)
        {
            if (!fault)
                fault = criterion_fault(criterion);
        }
    }
    if (!json_reader_end(&modes))
        fault = modes.reason;
    else if (!fault && total > CRITERIA_MAX)
        fault = "too long";
    else if (!fault)
        fault = repeated_fault(json_object_get(criteria, "all_of"));
    if (fault)
        json_reader_fault(r, field, fault);
    return fault ? NULL : criteria;
}

static int64_t optional_int(struct json_reader *r, const char *name, int64_t max)
{
    return json_read_has(r, name) ? json_read_int(r, name, 1, max) : 0;
}

/* Kept in thousandths, so that what is compared with a goal is a whole number. */
static int64_t read_rate(struct json_reader *r, const char *name)
{
    return json_read_has(r, name) ? llround(json_read_number(r, name, 0.001, 1) * 1000) : 0;
}

static void goals_read(struct json_reader *r, struct profile_input *out)
{
    for (int g = 0; g < GOALS; g++)
        out->goals[g] = g < GOAL_COUNTS ? optional_int(r, goal_names[g], 10000000)
                                        : read_rate(r, goal_names[g]);
    out->goal_due = json_read_has(r, "goal_due") ? json_read_day(r, "goal_due") : NULL;
}

void universe_from_read(struct json_reader *r, enum universe_from *from, struct id *list)
{
    int word = json_read_has(r, "universe_from")
                   ? json_read_word(r, "universe_from", universe_from_words)
                   : UNIVERSE_GIVEN;
    *from = word < 0 ? UNIVERSE_GIVEN : (enum universe_from)word;
    bool named = json_read_has(r, "universe_list");
    *list = (struct id){{0}};
    if (*from == UNIVERSE_TARGET_LIST || named)
        *list = json_read_id(r, "universe_list");
}

/* What is said of one that is counted is the last count, at most. */
static void universe_read(struct json_reader *r, struct profile_input *out)
{
    universe_from_read(r, &out->universe_from, &out->universe_list);
    out->universe = optional_int(r, "universe", 100000000);
    out->universe_source = json_read_optional_string(r, "universe_source", 300);
    if (out->universe_source && !*out->universe_source)
        out->universe_source = NULL;
    if (out->universe_from != UNIVERSE_GIVEN) {
        out->universe = 0;
        out->universe_source = NULL;
    }
    if (out->universe && !out->universe_source)
        json_reader_fault(r, "universe_source", "missing");
    if (!out->universe && out->universe_source)
        json_reader_fault(r, "universe", "missing");
}

void profile_input_read(struct json_reader *r, struct profile_input *out)
{
    out->name = read_line(r, "name", 1, 100);
    goals_read(r, out);
    out->places = optional_int(r, "places", 10000000);
    universe_read(r, out);
    out->criteria = criteria_read(r, "criteria");
}

json_t *profile_merge(const json_t *old, const json_t *change)
{
    json_t *merged = json_object();
    for (size_t i = 0; FIELDS[i]; i++) {
        json_t *value = json_object_get(old, FIELDS[i]);
        if (value)
            json_object_set(merged, FIELDS[i], value);
    }
    json_object_update(merged, (json_t *)change);
    return merged;
}
