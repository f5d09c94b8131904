#include "base/person_name.h"
#include <string.h>

/* U+202A…202E and U+2066…2069: they would turn around what stands beside the name. */
static bool turns_text(const char *c)
{
    return (strncmp(c, "\xe2\x80", 2) == 0 && c[2] >= '\xaa' && c[2] <= '\xae') ||
           (strncmp(c, "\xe2\x81", 2) == 0 && c[2] >= '\xa6' && c[2] <= '\xa9');
}

bool person_name_valid(const char *name)
{
    size_t len = strlen(name);
    if (len == 0 || name[0] == ' ' || strstr(name, "www."))
        return false;
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c < 0x20 || turns_text(c) || strchr("<>@:/\\;\"{}[]|=#%&*+!?$^~`_", *c))
            return false;
    return true;
}
