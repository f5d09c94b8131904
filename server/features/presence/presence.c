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
    p->changed |= tabs == 0;
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
    p->changed = true;
}

json_t *crowd_tell(struct crowd *p, int64_t now)
{
    if (!p->changed || (p->told_at && now - p->told_at < COUNT_EVERY_US))
        return NULL;
    p->changed = false;
    p->told_at = now;
    return json_pack("{s:I}", "people", (json_int_t)p->tabs.len);
}
