#include "features/lists/lists.h"
#include "base/text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* A field that may be null; *has: it is there. */
static bool given(struct json_reader *r, const char *name)
{
    bool there = json_object_get(r->object, name) != NULL;
    (void)json_read_has(r, name);
    return there;
}

void list_input_read(struct json_reader *r, struct list_input *out)
{
    *out = (struct list_input){0};
    if (json_read_has(r, "name"))
        out->name = read_line(r, "name", 1, LIST_NAME_MAX);
    out->has_source = given(r, "source");
    if (json_read_has(r, "source"))
        out->source = read_line(r, "source", 0, LIST_SOURCE_MAX);
    if (out->source && !*out->source)
        out->source = NULL;
    out->has_as_of = given(r, "as_of");
    if (json_read_has(r, "as_of"))
        out->as_of = json_read_day(r, "as_of");
}
