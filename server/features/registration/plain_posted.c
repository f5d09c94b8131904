/* What a form without scripts posts, and the request that it means. */
#include "base/json.h"
#include "base/mem.h"
#include "features/registration/plain_pages.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAIRS_MAX 400

static int hex(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c | 0x20) : NULL;
    return at && *at ? (int)(at - digits) : -1;
}

/* Decodes in place; false: not UTF-8, or a NUL inside. */
static bool decode(char *text)
{
    char *to = text;
    for (const char *at = text; *at; at++) {
        if (*at != '%') {
            *to++ = *at == '+' ? ' ' : *at;
            continue;
        }
        int high = hex(at[1]), low = high < 0 ? -1 : hex(at[2]);
        if (low < 0 || high + low == 0)
            return false;
        *to++ = (char)(high * 16 + low);
        at += 2;
    }
    *to = '\0';
    return utf8_valid(text, (size_t)(to - text));
}

/* A line that a browser sends ends with CR LF. */
static void drop_returns(char *text)
{
    char *to = text;
    for (; *text; text++)
        if (*text != '\r')
            *to++ = *text;
    *to = '\0';
}

static bool add_pair(json_t *read, char *pair)
{
    char *value = strchr(pair, '=');
    if (!value)
        return true;
    *value++ = '\0';
    if (!decode(pair) || !decode(value))
        return false;
    drop_returns(value);
    json_t *list = json_object_get(read, pair);
    if (!list)
        json_object_set_new(read, pair, list = json_array());
    return json_array_append_new(list, json_string(value)) == 0;
}

/* The body has no end of its own; NULL: it holds one in its middle. */
static char *body_text(const char *body, size_t len)
{
    if (!body || memchr(body, '\0', len))
        return NULL;
    char *text = mem_new(len + 1);
    memcpy(text, body, len);
    return text;
}

json_t *plain_read(const char *body, size_t len)
{
    char *text = body_text(body, len), *rest = text;
    json_t *read = text ? json_object() : NULL;
    int left = PAIRS_MAX;
    for (char *pair; read && (pair = strtok_r(rest, "&", &rest));)
        if (!left-- || !add_pair(read, pair)) {
            json_decref(read);
            read = NULL;
        }
    free(text);
    return read;
}

const char *plain_value(const json_t *typed, const char *name)
{
    const char *text = json_string_value(json_array_get(json_object_get(typed, name), 0));
    return text ? text : "";
}

/* A number as either language writes it; what is none stays text, and is refused. */
static json_t *number_of(const char *text)
{
    char plain[64], *end = plain;
    size_t n = 0;
    for (; *text && n + 1 < sizeof plain; text++)
        if (*text != ' ')
            plain[n++] = *text == ',' ? '.' : *text;
    plain[n] = '\0';
    bool digits = n > 0 && plain[strspn(plain, "+-.0123456789")] == '\0';
    double value = digits ? strtod(plain, &end) : 0;
    return digits && end != plain && *end == '\0' ? json_real(value) : json_string(plain);
}

static json_t *answers_of(const json_t *typed, const json_t *questions)
{
    json_t *answers = json_object(), *q;
    size_t i;
    json_array_foreach(questions, i, q)
    {
        char name[64];
        snprintf(name, sizeof name, "answers.%s", json_text_of(q, "key"));
        const char *kind = json_text_of(q, "kind"), *value = plain_value(typed, name);
        if (!*value)
            continue;
        json_t *answer = strcmp(kind, "choice") == 0   ? json_incref(json_object_get(typed, name))
                         : strcmp(kind, "number") == 0 ? number_of(value)
                                                       : json_string(value);
        json_object_set_new(answers, json_text_of(q, "key"), answer);
    }
    return answers;
}

static json_t *consents_of(const json_t *typed, const json_t *page)
{
    json_t *consents = json_array(), *c;
    size_t i;
    json_array_foreach(json_object_get(page, "consents"), i, c)
    {
        char name[64];
        snprintf(name, sizeof name, "consent_%s", json_text_of(c, "kind"));
        json_array_append_new(consents,
                              json_pack("{s:O,s:O,s:b}", "kind", json_object_get(c, "kind"),
                                        "version", json_object_get(c, "version"), "given",
                                        *plain_value(typed, name) != '\0'));
    }
    return consents;
}

static const char *const of_all[] = {"email", "first_name", "last_name", NULL};
static const char *const given[CATEGORIES][7] = {
    [CATEGORY_HCP] = {"rpps", "profession", "specialty", "practice_setting", "region", "age_band"},
    [CATEGORY_STUDENT] = {"profession", "affiliation"},
    [CATEGORY_INDUSTRY] = {"affiliation"},
    [CATEGORY_PRESS] = {"affiliation"},
};

static void add_given(json_t *body, const json_t *typed, const char *const *names)
{
    for (; *names; names++)
        if (*plain_value(typed, *names))
            json_object_set_new(body, *names, json_string(plain_value(typed, *names)));
}

json_t *plain_body(const json_t *typed, const json_t *page, const json_t *questions,
                   const char *language, enum category category)
{
    json_t *body = json_pack("{s:s,s:s,s:o,s:o}", "language", language, "category",
                             registration_categories[category], "consents",
                             consents_of(typed, page), "answers", answers_of(typed, questions));
    add_given(body, typed, of_all);
    add_given(body, typed, given[category]);
    return body;
}
