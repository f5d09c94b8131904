#include "features/presence/presence.h"
#include <assert.h>

void crowd_init(struct crowd *p)
{
    *p = (struct crowd){0};
    map_init(&p->tabs);
}

void crowd_release(struct crowd *p)
{
    map_release(&p->tabs);
}

void crowd_enter(struct crowd *p, const struct id *person)
{
    uintptr_t tabs = (uintptr_t)map_get(&p->tabs, person);
    map_put(&p->tabs, person, (void *)(tabs + 1));
    if (tabs == 0)
        p->changed[TOLD_STAFF] = p->changed[TOLD_HCPS] = true;
}

void crowd_leave(struct crowd *p, const struct id *person)
{
    uintptr_t tabs = (uintptr_t)map_get(&p->tabs, person);
    assert(tabs > 0);
    if (tabs > 1) {
        map_put(&p->tabs, person, (void *)(tabs - 1));
        return;
    }
    map_remove(&p->tabs, person);
    p->changed[TOLD_STAFF] = p->changed[TOLD_HCPS] = true;
}

json_t *crowd_tell(struct crowd *p, enum crowd_told whom, int64_t now)
{
    int64_t every = whom == TOLD_HCPS ? (int64_t)p->tabs.len * COUNT_PER_PERSON_US : 0;
    if (every < COUNT_EVERY_US)
        every = COUNT_EVERY_US;
    if (!p->changed[whom] || (p->told_at[whom] && now - p->told_at[whom] < every))
        return NULL;
    p->changed[whom] = false;
    p->told_at[whom] = now;
    return json_pack("{s:I}", "people", (json_int_t)p->tabs.len);
}
