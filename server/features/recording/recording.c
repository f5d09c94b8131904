#include "features/recording/recording.h"

struct recording_consent *recording_person(struct recording_state *s, const struct id *person)
{
    for (size_t i = 0; i < s->n; i++)
        if (id_equal(&s->people[i].person, person))
            return &s->people[i];
    return NULL;
}

void recording_said(struct recording_state *s, const struct id *person, bool given)
{
    struct recording_consent *known = recording_person(s, person);
    if (known)
        known->given = given;
    else if (s->n < RECORDING_PEOPLE)
        s->people[s->n++] = (struct recording_consent){*person, given};
}

bool recording_runs(const struct recording_state *s)
{
    static const struct id none;
    return !id_equal(&s->running, &none);
}
