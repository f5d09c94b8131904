/* Strict reading of JSON that a peer sent. A reader remembers the first fault and which fields were
 * asked for; json_reader_end() is false when anything was missing, of the wrong type, out of its
 * limits, or unknown, and `field` and `reason` then say what. Callers check once, at the end:
 *
 *     struct json_reader r = json_reader(object);
 *     const char *title = json_read_string(&r, "title", 1, 200);
 *     int64_t minutes = json_read_int(&r, "planned_minutes", 1, 1440);
 *     if (!json_reader_end(&r)) return problem(r.field, r.reason);
 *
 * Strings are borrowed from the object, valid UTF-8, without control characters except \n and \t;
 * limits count characters (code points). A read that failed returns NULL, 0 or false. */
#ifndef AMPHI_BASE_JSON_H
#define AMPHI_BASE_JSON_H

#include "base/id.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define JSON_MAX_DEPTH 16

/* NULL unless bytes are one JSON object or array, nested JSON_MAX_DEPTH deep at most, without
 * duplicate keys. The caller owns the result. */
json_t *json_parse(const char *bytes, size_t len);

struct json_reader {
    json_t *object;
    const char *field;  /* of the first fault, else NULL */
    const char *reason; /* "missing", "wrong type", "too long", "out of range", "unknown" … */
    uint64_t known;     /* bit n: the object's nth field was asked for */
};

struct json_reader json_reader(json_t *object);
const char *json_read_string(struct json_reader *r, const char *name, size_t min, size_t max);
/* As above, but may be absent or null: then NULL without a fault. */
const char *json_read_optional_string(struct json_reader *r, const char *name, size_t max);
int64_t json_read_int(struct json_reader *r, const char *name, int64_t min, int64_t max);
bool json_read_has(struct json_reader *r,
                   const char *name); /* present and not null; counts as known */
double json_read_number(struct json_reader *r, const char *name, double min, double max);
bool json_read_bool(struct json_reader *r, const char *name);
struct id json_read_id(struct json_reader *r, const char *name);
int64_t json_read_time(struct json_reader *r, const char *name); /* ISO 8601 → Unix us */
/* A day of the calendar, "2026-02-28"; NULL after a fault. */
const char *json_read_day(struct json_reader *r, const char *name);
/* One of a NULL-terminated list of words; its index, or -1 with a fault. */
int json_read_word(struct json_reader *r, const char *name, const char *const *words);
/* An array of at most max items; borrowed, NULL on fault. */
json_t *json_read_array(struct json_reader *r, const char *name, size_t max);
json_t *json_read_object(struct json_reader *r, const char *name);
/* One item of the array `name`, checked like the fields above. */
const char *json_item_string(struct json_reader *r, const char *name, json_t *item, size_t min,
                             size_t max);
struct id json_item_id(struct json_reader *r, const char *name, json_t *item);
/* A rule of the caller failed: remember it like a fault of its own. */
void json_reader_fault(struct json_reader *r, const char *field, const char *reason);
bool json_reader_end(struct json_reader *r) __attribute__((warn_unused_result));

/* The text of a field; "" where there is none. */
const char *json_text_of(const json_t *object, const char *name);

/* Length of valid UTF-8 text in code points. */
size_t utf8_length(const char *text);
bool utf8_valid(const char *bytes, size_t len);

#endif
