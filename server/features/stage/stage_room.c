#include "features/stage/stage_room.h"
#include "base/mem.h"
#include <stdlib.h>

struct stage_room *stage_room_of(const struct room *room)
{
    return room_get(room, &stage_feature);
}

struct stage_hand *stage_room_hand(const struct stage_room *s, const struct id *person)
{
    for (size_t i = 0; i < s->hands.n; i++)
        if (id_equal(&s->hands.items[i].person, person))
            return &s->hands.items[i];
    return NULL;
}

void stage_room_drop(void *loaded)
{
    struct stage_room *s = loaded;
    free(s->hands.items);
    free(s);
}

enum err stage_room_load(struct db_conn *c, const struct id *session, void **loaded)
{
    struct stage_room *s = mem_new(sizeof *s);
    enum err err = stage_load(c, session, &s->set);
    if (!err)
        err = stage_hands_load(c, session, &s->hands);
    if (err)
        stage_room_drop(s);
    else
        *loaded = s;
    return err;
}

/* Nobody is here yet: whoever does not come back is lost. */
void stage_room_take(struct room *room, void *loaded)
{
    struct stage_room *s = loaded ? loaded : mem_new(sizeof *s);
    room_set(room, &stage_feature, s);
    for (int i = 0; i < s->set.n; i++)
        stage_live_begin(room, &s->set.people[i]);
    for (size_t i = 0; i < s->hands.n; i++)
        s->hands.items[i].away_at = room_now(room);
}

void stage_room_close(struct room *room)
{
    stage_room_drop(stage_room_of(room));
}

void stage_room_snapshot(struct room *room, unsigned audience, json_t *common)
{
    const struct stage_room *s = stage_room_of(room);
    json_object_set_new(common, "stage", stage_set_json(&s->set, audience));
    json_t *hands = json_array();
    for (size_t i = 0; (audience & ROLE_STAFF) && i < s->hands.n; i++)
        json_array_append_new(hands, stage_hand_json(&s->hands.items[i]));
    json_object_set_new(common, "hands", hands);
}

void stage_room_snapshot_own(struct room *room, const struct member *member, json_t *own)
{
    struct stage_room *s = stage_room_of(room);
    json_object_set_new(own, "stage",
                        stage_own_json(stage_find(&s->set, &member->who.person),
                                       stage_room_hand(s, &member->who.person)));
}
