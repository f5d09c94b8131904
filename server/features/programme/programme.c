#include "features/programme/programme.h"

#define US_PER_MINUTE ((int64_t)60 * US_PER_S)

struct slot slot_make(const struct id *session, const struct id *talk, int64_t session_starts_at,
                      int64_t start_minute, int64_t minutes)
{
    int64_t from = session_starts_at + start_minute * US_PER_MINUTE;
    return (struct slot){
        .session = *session, .talk = *talk, .from = from, .to = from + minutes * US_PER_MINUTE};
}

bool slots_overlap(const struct slot *a, const struct slot *b)
{
    return a->from < b->to && b->from < a->to;
}

static bool is_whole(const struct slot *s)
{
    return id_equal(&s->talk, &(struct id){0});
}

bool slots_clash(const struct slot *a, const struct slot *b)
{
    bool same_session = id_equal(&a->session, &b->session);
    bool one_is_whole = is_whole(a) || is_whole(b);
    return !(same_session && one_is_whole) && slots_overlap(a, b);
}

bool slot_overruns(const struct slot *talk, int64_t session_ends_at)
{
    return talk->to > session_ends_at;
}
