/* The strict JSON reader, and what it reads ids, times and texts with. */
#include "base/clock.h"
#include "base/json.h"
#include "fuzz/fuzz.h"
#include <string.h>

static void read_member(json_t *object, const char *name)
{
    static const char *const words[] = {"open", "closed", NULL};
    struct json_reader r = json_reader(object);
    json_read_string(&r, name, 1, 200);
    json_read_optional_string(&r, name, 20);
    json_read_int(&r, name, -5, 1440);
    json_read_number(&r, name, 0, 1);
    json_read_bool(&r, name);
    json_read_id(&r, name);
    json_read_time(&r, name);
    json_read_word(&r, name, words);
    json_read_array(&r, name, 4);
    json_read_object(&r, name);
    MUST(!json_reader_end(&r) || !r.field);
}

/* Alone, so that an earlier fault does not end the reading. */
static void read_items(json_t *object, const char *name)
{
    struct json_reader r = json_reader(object);
    json_t *items = json_read_array(&r, name, 1000), *item;
    size_t i;
    json_array_foreach(items, i, item)
    {
        struct json_reader one = json_reader(object), other = one;
        const char *text = json_item_string(&one, name, item, 0, 100);
        MUST(!text || utf8_length(text) <= 100);
        json_item_id(&other, name, item);
    }
    struct json_reader id = json_reader(object), time = id;
    json_read_id(&id, name);
    int64_t at = json_read_time(&time, name), again;
    char text[TIME_TEXT_SIZE];
    if (!time.field)
        MUST(time_parse(time_text(at, text), &again) && again / 1000 == at / 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    utf8_valid((const char *)data, size);
    json_t *value = json_parse((const char *)data, size);
    if (json_is_object(value)) {
        const char *name;
        json_t *member;
        json_object_foreach(value, name, member)
        {
            read_member(value, name);
            read_items(value, name);
        }
    }
    json_decref(value);
    return 0;
}
