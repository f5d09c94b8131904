#include "features/registration/registration.h"
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

#define PHYSICIAN "10"

const char *specialty_fault(const char *profession, const char *specialty)
{
    return strcmp(profession, PHYSICIAN) == 0 && !specialty ? "missing" : NULL;
}

bool consent_required(const char *kind)
{
    return strcmp(kind, "participation") == 0;
}

const char *consents_fault(const struct consent *asked, int asked_count,
                           const struct consent *answered, int answered_count)
{
    if (asked_count != answered_count)
        return "incomplete";
    for (int i = 0; i < asked_count; i++) {
        const struct consent *found = NULL;
        for (int j = 0; j < answered_count; j++) {
            if (strcmp(asked[i].kind, answered[j].kind) != 0)
                continue;
            if (found)
                return "repeated";
            found = &answered[j];
        }
        if (!found)
            return "incomplete";
        if (found->version != asked[i].version)
            return "outdated";
        if (consent_required(asked[i].kind) && !found->given)
            return "required";
    }
    return NULL;
}
