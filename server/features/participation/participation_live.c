#include "features/participation/participation_live.h"
#include "base/mem.h"

void people_init(struct people *p)
{
    *p = (struct people){0};
    map_init(&p->index);
}

void people_release(struct people *p)
{
    for (size_t i = 0; i < p->n; i++)
        times_release(&p->list[i].times);
    free(p->list);
    map_release(&p->index);
    *p = (struct people){0};
}

struct person *people_get(const struct people *p, const struct id *id)
{
    uintptr_t position = (uintptr_t)map_get(&p->index, id);
    return position ? &p->list[position - 1] : NULL;
}

struct person *people_put(struct people *p, const struct id *id)
{
    struct person *person = people_get(p, id);
    if (person)
        return person;
    if (p->n == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 64;
        p->list = mem_resize(p->list, p->cap * sizeof *p->list);
    }
    p->list[p->n] = (struct person){.id = *id};
    map_put(&p->index, id, (void *)(uintptr_t)(p->n + 1));
    return &p->list[p->n++];
}

void people_update(struct people *p, const struct people *fresh, bool whole)
{
    if (whole)
        for (size_t i = 0; i < p->n; i++) {
            p->list[i].registered = false;
            p->list[i].profiles = 0;
        }
    for (size_t i = 0; i < fresh->n; i++) {
        struct person *person = people_put(p, &fresh->list[i].id);
        person->registered = fresh->list[i].registered;
        person->profiles = fresh->list[i].profiles;
        person->other = fresh->list[i].other;
    }
}

static void count(struct figures *f, bool present, bool attended, bool completed)
{
    f->registered++;
    f->present += present;
    f->attended += attended;
    f->completed += completed;
}

void people_figures(const struct people *p, const struct span_rules *rules, int64_t now,
                    struct participation *out)
{
    out->live_us = live_us(rules, now);
    out->all = out->no_profile = out->others = (struct figures){0};
    for (int i = 0; i < out->n; i++)
        out->profiles[i].figures = (struct figures){0};
    for (size_t i = 0; i < p->n; i++) {
        const struct person *one = &p->list[i];
        int64_t here = out->live_us ? times_covered(&one->times, now, rules->live_at,
                                                    rules->live_at + out->live_us)
                                    : 0;
        bool present = one->times.open_n > 0, attended = has_attended(here),
             completed = has_completed(here, out->live_us, rules->threshold);
        if (!one->registered && !attended)
            continue;
        if (one->other) {
            count(&out->others, present, attended, completed);
            continue;
        }
        count(&out->all, present, attended, completed);
        if (!one->profiles)
            count(&out->no_profile, present, attended, completed);
        for (uint64_t bits = one->profiles; bits; bits &= bits - 1)
            count(&out->profiles[__builtin_ctzll(bits)].figures, present, attended, completed);
    }
}
