#include "base/json.h"
#include "base/clock.h"
#include <math.h>
#include <string.h>

/* Nesting is counted before jansson, which recurses, sees the text. Brackets inside strings do not
 * count; whatever else is wrong is left to the parser. */
static bool depth_ok(const char *bytes, size_t len)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        char c = bytes[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_MAX_DEPTH)
                return false;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return true;
}

json_t *json_parse(const char *bytes, size_t len)
{
    if (memchr(bytes, '\0', len) || !utf8_valid(bytes, len) || !depth_ok(bytes, len))
        return NULL;
    json_error_t error;
    return json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &error);
}

#define MAX_FIELDS 64 /* of one object: as many as `known` has bits */

void json_reader_fault(struct json_reader *r, const char *field, const char *reason)
{
    if (r->reason)
        return;
    r->field = field;
    r->reason = reason;
}

struct json_reader json_reader(json_t *object)
{
    struct json_reader r = {.object = object};
    if (!json_is_object(object))
        json_reader_fault(&r, "", "wrong type");
    else if (json_object_size(object) > MAX_FIELDS)
        json_reader_fault(&r, "", "too many fields");
    return r;
}

/* The value, null included, remembering that it was asked for; NULL when absent. */
static json_t *get(struct json_reader *r, const char *name)
{
    unsigned n = 0;
    for (void *i = json_object_iter(r->object); i && n < MAX_FIELDS;
         i = json_object_iter_next(r->object, i), n++) {
        if (strcmp(json_object_iter_key(i), name) != 0)
            continue;
        r->known |= 1ULL << n;
        return json_object_iter_value(i);
    }
    return NULL;
}

/* A value that must be there; NULL with a fault otherwise. */
static json_t *need(struct json_reader *r, const char *name)
{
    json_t *value = get(r, name);
    if (!value)
        json_reader_fault(r, name, "missing");
    return value;
}

/* U+0000 to U+001F except \n and \t, and U+007F to U+009F. */
static bool is_control(const unsigned char *c)
{
    return (c[0] < 0x20 && c[0] != '\n' && c[0] != '\t') || c[0] == 0x7f ||
           (c[0] == 0xc2 && c[1] < 0xa0);
}

const char *json_item_string(struct json_reader *r, const char *name, json_t *value, size_t min,
                             size_t max)
{
    if (!json_is_string(value)) {
        json_reader_fault(r, name, "wrong type");
        return NULL;
    }
    const char *text = json_string_value(value);
    size_t bytes = json_string_length(value);
    for (size_t i = 0; i < bytes; i++)
        if (is_control((const unsigned char *)text + i)) {
            json_reader_fault(r, name, "control character");
            return NULL;
        }
    size_t len = utf8_length(text);
    if (len >= min && len <= max)
        return text;
    json_reader_fault(r, name, len < min ? "too short" : "too long");
    return NULL;
}

const char *json_read_string(struct json_reader *r, const char *name, size_t min, size_t max)
{
    json_t *value = need(r, name);
    return value ? json_item_string(r, name, value, min, max) : NULL;
}

const char *json_read_optional_string(struct json_reader *r, const char *name, size_t max)
{
    json_t *value = get(r, name);
    return value && !json_is_null(value) ? json_item_string(r, name, value, 0, max) : NULL;
}

bool json_read_has(struct json_reader *r, const char *name)
{
    json_t *value = get(r, name);
    return value && !json_is_null(value);
}

int64_t json_read_int(struct json_reader *r, const char *name, int64_t min, int64_t max)
{
    json_t *value = need(r, name);
    if (!value)
        return 0;
    if (!json_is_integer(value)) {
        json_reader_fault(r, name, "wrong type");
        return 0;
    }
    int64_t n = json_integer_value(value);
    if (n >= min && n <= max)
        return n;
    json_reader_fault(r, name, "out of range");
    return 0;
}

double json_read_number(struct json_reader *r, const char *name, double min, double max)
{
    json_t *value = need(r, name);
    if (!value)
        return 0;
    if (!json_is_number(value)) {
        json_reader_fault(r, name, "wrong type");
        return 0;
    }
    double n = json_number_value(value);
    if (isfinite(n) && n >= min && n <= max)
        return n;
    json_reader_fault(r, name, "out of range");
    return 0;
}

bool json_read_bool(struct json_reader *r, const char *name)
{
    json_t *value = need(r, name);
    if (value && !json_is_boolean(value))
        json_reader_fault(r, name, "wrong type");
    return json_is_true(value);
}

struct id json_item_id(struct json_reader *r, const char *name, json_t *item)
{
    struct id id = {0};
    if (!json_is_string(item))
        json_reader_fault(r, name, "wrong type");
    else if (!id_parse(json_string_value(item), &id))
        json_reader_fault(r, name, "not an id");
    return id;
}

struct id json_read_id(struct json_reader *r, const char *name)
{
    json_t *value = need(r, name);
    return value ? json_item_id(r, name, value) : (struct id){0};
}

int64_t json_read_time(struct json_reader *r, const char *name)
{
    int64_t at = 0;
    json_t *value = need(r, name);
    if (!value)
        return 0;
    if (!json_is_string(value))
        json_reader_fault(r, name, "wrong type");
    else if (!time_parse(json_string_value(value), &at))
        json_reader_fault(r, name, "not a time");
    return at;
}

const char *json_read_day(struct json_reader *r, const char *name)
{
    const char *day = json_read_string(r, name, 1, 100);
    if (!day || day_valid(day))
        return day;
    json_reader_fault(r, name, "no such day");
    return NULL;
}

int json_read_word(struct json_reader *r, const char *name, const char *const *words)
{
    json_t *value = need(r, name);
    if (!value)
        return -1;
    if (!json_is_string(value)) {
        json_reader_fault(r, name, "wrong type");
        return -1;
    }
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], json_string_value(value)) == 0)
            return i;
    json_reader_fault(r, name, "unknown word");
    return -1;
}

json_t *json_read_array(struct json_reader *r, const char *name, size_t max)
{
    json_t *value = need(r, name);
    if (!value)
        return NULL;
    if (json_is_array(value) && json_array_size(value) <= max)
        return value;
    json_reader_fault(r, name, json_is_array(value) ? "too long" : "wrong type");
    return NULL;
}

json_t *json_read_object(struct json_reader *r, const char *name)
{
    json_t *value = need(r, name);
    if (!value || json_is_object(value))
        return value;
    json_reader_fault(r, name, "wrong type");
    return NULL;
}

bool json_reader_end(struct json_reader *r)
{
    unsigned n = 0;
    for (void *i = json_object_iter(r->object); i && !r->reason;
         i = json_object_iter_next(r->object, i), n++)
        if (!(r->known >> n & 1))
            json_reader_fault(r, json_object_iter_key(i), "unknown");
    return !r->reason;
}

const char *json_text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}
