/* HTTP routes of an organisation's own codes. */
#include "base/text.h"
#include "features/audience/audience_codes.h"
#include "http/cursor.h"
#include <stdio.h>
#include <string.h>

#define LABEL_CHARS 200
#define CODE_CHARS  20

const char *const own_code_lists[] = {
    "profession",
    "specialty",
    "skill_type",
    "practice_setting",
    "practice_mode",
    "segment",
    "tier",
    "professional_category",
    "region",
    "department",
    "therapeutic_interest",
    NULL,
};

static const struct {
    const char *code, *detail;
} problems[] = {
    [OWN_CODES_LIMIT] = {"codes.limit", "An organisation has at most 2000 codes of its own."},
    [OWN_CODES_TAKEN] = {"codes.taken", "The common list has these codes already."},
    [OWN_CODES_USED] = {"codes.used", "Profiles or lists use this code."},
};

static bool replied_problem(struct http_exchange *x, enum err err, const struct own_codes_result *r)
{
    if (err != ERR_OK)
        http_problem_err(x, err);
    else if (r->outcome == OWN_CODES_DONE)
        return false;
    else if (r->outcome == OWN_CODES_LIMIT)
        http_problem(x, 409, problems[r->outcome].code, problems[r->outcome].detail);
    else
        http_problem_reason(x, 409, problems[r->outcome].code, problems[r->outcome].detail,
                            r->names);
    return true;
}

void get_own_codes(struct http_exchange *x)
{
    json_t *items = NULL;
    enum err err = own_codes_list(x->db, &x->who, &items);
    if (err == ERR_OK)
        cursor_reply(x, items, NULL);
    else
        http_problem_err(x, err);
}

static void read_code(struct json_reader *r)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    json_read_word(r, "list", own_code_lists);
    const char *code = json_read_string(r, "code", 1, CODE_CHARS);
    if (code && code[strspn(code, letters)])
        json_reader_fault(r, "code", "not a code");
    read_line(r, "fr", 1, LABEL_CHARS);
    read_line(r, "en", 1, LABEL_CHARS);
}

/* Whether the item has list and code of one before; `seen` has them. */
static bool repeated(json_t *seen, const json_t *item)
{
    char key[64];
    snprintf(key, sizeof key, "%s %s", json_string_value(json_object_get(item, "list")),
             json_string_value(json_object_get(item, "code")));
    bool there = json_object_get(seen, key) != NULL;
    json_object_set_new(seen, key, json_true());
    return there;
}

/* False after having replied. */
static bool read_codes(struct http_exchange *x, json_t *codes)
{
    json_t *seen = json_object(), *item;
    size_t i;
    bool ok = true;
    json_array_foreach(codes, i, item)
    {
        char field[64];
        struct json_reader r = json_reader(item);
        read_code(&r);
        ok = json_reader_end(&r);
        const char *reason = ok ? "repeated" : r.reason;
        snprintf(field, sizeof field, "codes[%zu].%s", i, ok ? "code" : r.field);
        if (ok && !repeated(seen, item))
            continue;
        ok = false;
        http_problem_field(x, field, reason);
        break;
    }
    json_decref(seen);
    return ok;
}

void post_own_codes(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    json_t *codes = json_read_array(&r, "codes", OWN_CODES_MAX);
    if (codes && json_array_size(codes) == 0)
        json_reader_fault(&r, "codes", "empty");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    if (!read_codes(x, codes))
        return;
    struct own_codes_result done;
    enum err err = own_codes_keep(x->db, &x->who, codes, clock_now_us(x->clock), &done);
    if (!replied_problem(x, err, &done))
        http_reply_json(x, 200,
                        json_pack("{s:I, s:I}", "added", (json_int_t)done.added, "changed",
                                  (json_int_t)done.changed));
}

void delete_own_code(struct http_exchange *x)
{
    struct own_codes_result done;
    enum err err = own_codes_remove(x->db, &x->who, http_path_text(x, "list"),
                                    http_path_text(x, "code"), clock_now_us(x->clock), &done);
    if (!replied_problem(x, err, &done))
        http_reply_empty(x, 204);
}
