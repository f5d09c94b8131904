#include "features/lists/lists.h"
#include "base/text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool day_valid(const char *text)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static const char form[] = "0000-00-00";
    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i]; i++)
        if (form[i] == '0' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
            return false;
    long year = strtol(text, NULL, 10), month = strtol(text + 5, NULL, 10);
    long day = strtol(text + 8, NULL, 10);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return year >= 1900 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] &&
           (month != 2 || day < 29 || leap);
}

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
        out->as_of = json_read_string(r, "as_of", 1, LIST_DATE_SIZE - 1);
    if (out->as_of && !day_valid(out->as_of))
        json_reader_fault(r, "as_of", "no such day");
}
