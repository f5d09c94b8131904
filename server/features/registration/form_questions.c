#include "features/registration/form_questions.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Whole numbers are exact in a double up to here. */
#define NUMBER_MOST 1e12

/* --- answers --- */

/* What was left empty is no answer. */
static bool blank(const json_t *value)
{
    const char *text = json_string_value(value);
    return !value || json_is_null(value) || (text && !text[strspn(text, " \t\n")]) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

static bool plain_text(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 && *text != '\n' && *text != '\t')
            return false;
    return true;
}

static const char *text_fault(const json_t *question, const json_t *value)
{
    const char *text = json_string_value(value);
    if (!text)
        return "wrong type";
    if (!plain_text(text))
        return "not text";
    json_int_t most = json_integer_value(json_object_get(question, "max_length"));
    return (json_int_t)utf8_length(text) > most ? "too long" : NULL;
}

static const char *number_fault(const json_t *question, const json_t *value)
{
    const json_t *least = json_object_get(question, "minimum"),
                 *most = json_object_get(question, "maximum");
    if (!json_is_number(value))
        return "wrong type";
    double number = json_number_value(value);
    if (json_is_true(json_object_get(question, "whole")) && floor(number) != number)
        return "not whole";
    if (fabs(number) > NUMBER_MOST ||
        (json_is_number(least) && number < json_number_value(least)) ||
        (json_is_number(most) && number > json_number_value(most)))
        return "out of range";
    return NULL;
}

static bool offered(const json_t *question, const char *key)
{
    size_t i;
    json_t *option;
    json_array_foreach(json_object_get(question, "options"), i,
                       option) if (strcmp(json_text_of(option, "key"), key) == 0) return true;
    return false;
}

static const char *choice_fault(const json_t *question, const json_t *value)
{
    if (!json_is_array(value))
        return "wrong type";
    if (json_array_size(value) > 1 && !json_is_true(json_object_get(question, "several")))
        return "too many";
    for (size_t i = 0; i < json_array_size(value); i++) {
        const char *key = json_string_value(json_array_get(value, i));
        if (!key || !offered(question, key))
            return "unknown option";
        for (size_t j = 0; j < i; j++)
            if (strcmp(json_string_value(json_array_get(value, j)), key) == 0)
                return "repeated";
    }
    return NULL;
}

static const char *answer_fault(const json_t *question, const json_t *value)
{
    if (blank(value))
        return json_is_true(json_object_get(question, "required")) ? "missing" : NULL;
    const char *kind = json_text_of(question, "kind");
    if (strcmp(kind, "text") == 0)
        return text_fault(question, value);
    return strcmp(kind, "number") == 0 ? number_fault(question, value)
                                       : choice_fault(question, value);
}

/* 3.0 is kept as 3. */
static json_t *kept_value(json_t *value)
{
    double number = json_number_value(value);
    return json_is_real(value) && floor(number) == number ? json_integer((json_int_t)number)
                                                          : json_incref(value);
}

json_t *form_answers_read(const json_t *questions, const json_t *typed, struct form_fault *fault)
{
    json_t *kept = json_object();
    size_t i;
    json_t *question;
    fault->reason = NULL;
    json_array_foreach(questions, i, question)
    {
        const char *key = json_text_of(question, "key");
        json_t *value = json_object_get(typed, key);
        fault->reason = answer_fault(question, value);
        if (fault->reason) {
            snprintf(fault->field, sizeof fault->field, "answers.%s", key);
            json_decref(kept);
            return NULL;
        }
        if (!blank(value))
            json_object_set_new(kept, key, kept_value(value));
    }
    if (json_dumpb(kept, NULL, 0, JSON_COMPACT) <= FORM_ANSWERS_BYTES)
        return kept;
    fault->reason = "too long";
    snprintf(fault->field, sizeof fault->field, "answers");
    json_decref(kept);
    return NULL;
}

/* --- questions --- */

static const char *read_key(struct json_reader *r)
{
    const char *key = json_read_string(r, "key", 1, FORM_KEY_MAX);
    if (key &&
        (key[0] < 'a' || key[0] > 'z' || key[strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_")]))
        json_reader_fault(r, "key", "not a key");
    return key;
}

static bool comes_before(const json_t *list, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(json_text_of(json_array_get(list, i), "key"), key) == 0)
            return true;
    return false;
}

/* A text that a blank one does not do for. */
static void read_said(struct json_reader *r, const char *name, size_t most)
{
    const char *text = json_read_string(r, name, 1, most);
    if (text && !text[strspn(text, " \t\n")])
        json_reader_fault(r, name, "missing");
}

static void read_options(struct json_reader *r)
{
    json_t *list = json_read_array(r, "options", FORM_CHOICES_MAX);
    size_t i, shown = 0;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        struct json_reader o = json_reader(item);
        const char *key = read_key(&o);
        read_said(&o, "text_fr", 200);
        read_said(&o, "text_en", 200);
        shown += !json_read_bool(&o, "hidden");
        if (key && comes_before(list, i, key))
            json_reader_fault(&o, "key", "repeated");
        if (!json_reader_end(&o)) {
            json_reader_fault(r, "options", o.reason);
            return;
        }
    }
    if (list && (shown < 1 || shown > FORM_OPTIONS_MAX))
        json_reader_fault(r, "options", shown < 1 ? "missing" : "too many");
}

static void read_bounds(struct json_reader *r)
{
    bool from = json_read_has(r, "minimum"), to = json_read_has(r, "maximum");
    double least = from ? json_read_number(r, "minimum", -NUMBER_MOST, NUMBER_MOST) : 0,
           most = to ? json_read_number(r, "maximum", -NUMBER_MOST, NUMBER_MOST) : 0;
    json_read_bool(r, "whole");
    if (from && to && least > most)
        json_reader_fault(r, "maximum", "out of range");
}

static void read_profiles(struct json_reader *r)
{
    json_t *list = json_read_array(r, "profiles", 100), *item;
    size_t i;
    json_array_foreach(list, i, item) json_item_id(r, "profiles", item);
}

/* *asked counts those that are not hidden. */
static const char *question_fault(const json_t *list, size_t n, int *asked)
{
    static const char *const kinds[] = {"text", "choice", "number", NULL};
    struct json_reader r = json_reader(json_array_get(list, n));
    const char *key = read_key(&r);
    int kind = json_read_word(&r, "kind", kinds);
    read_said(&r, "label_fr", 300);
    read_said(&r, "label_en", 300);
    json_read_string(&r, "help_fr", 0, 500);
    json_read_string(&r, "help_en", 0, 500);
    json_read_bool(&r, "required");
    *asked += !json_read_bool(&r, "hidden");
    json_read_bool(&r, "limited");
    read_profiles(&r);
    if (kind == 0)
        json_read_int(&r, "max_length", 1, FORM_TEXT_MAX);
    if (kind == 1) {
        json_read_bool(&r, "several");
        read_options(&r);
    }
    if (kind == 2)
        read_bounds(&r);
    if (key && comes_before(list, n, key))
        json_reader_fault(&r, "key", "repeated");
    return json_reader_end(&r) ? NULL : r.reason;
}

bool form_questions_check(json_t *questions, struct form_fault *fault)
{
    int asked = 0;
    fault->reason = NULL;
    for (size_t i = 0; i < json_array_size(questions) && !fault->reason; i++) {
        fault->reason = question_fault(questions, i, &asked);
        snprintf(fault->field, sizeof fault->field, "questions.%zu", i + 1);
    }
    if (!fault->reason && asked > FORM_QUESTIONS_MAX) {
        fault->reason = "too many";
        snprintf(fault->field, sizeof fault->field, "questions");
    }
    return !fault->reason;
}
