#include "features/registration/registration.h"
#include <string.h>

const char *const registration_channels[] = {
    "representative", "email", "web_site", "social_network", "congress_desk", "other", NULL};

const char *const registration_categories[] = {"hcp",   "student", "industry",
                                               "press", "public",  NULL};

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
