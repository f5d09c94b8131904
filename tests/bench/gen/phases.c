#include "phases.h"
#include <string.h>

static const struct phase *const phases[] = {
    &phase_target, &phase_connect,  &phase_close,  &phase_publish, &phase_votes,
    &phase_idle,   &phase_requests, &phase_browse, &phase_slides,  &phase_receive,
    &phase_media,  &phase_return,   &phase_arrive,
};

const struct phase *phase_find(const char *name)
{
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++) {
        if (strcmp(phases[i]->name, name) == 0)
            return phases[i];
    }
    return NULL;
}
