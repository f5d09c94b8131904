/* What was revoked lately. A join that is on its way was looked up before and may not know: whoever
 * asked before the revocation asks again. */
#include "base/mem.h"
#include "room/home/home.h"
#include <stdlib.h>
#include <string.h>

/* Longer than a look-up and its answer take when the database is slow. */
#define KEPT_US (120 * US_PER_S)

struct revocation {
    struct list node; /* in rooms.revocations, the oldest first */
    struct id id;     /* of a person or a sign-in */
    int64_t at;       /* monotonic */
};

/* One browser signed out, or all of the person's. */
bool revoked_read(const struct news *news, struct id *out)
{
    const json_t *sign_in = json_object_get(news->data, "sign_in");
    const char *text = json_string_value(sign_in ? sign_in : json_object_get(news->data, "person"));
    return strcmp(news->topic, "revoked") == 0 && text && id_parse(text, out);
}

bool revoked_is(const struct id *id, const struct identity *who)
{
    return id_equal(id, &who->person) || id_equal(id, &who->sign_in);
}

void revoked_note(struct rooms *rooms, const struct id *id, int64_t now)
{
    struct revocation *r = map_get(&rooms->revoked, id);
    if (!r) {
        r = mem_new(sizeof *r);
        list_init(&r->node);
        r->id = *id;
        map_put(&rooms->revoked, id, r);
    }
    r->at = now;
    list_remove(&r->node);
    list_append(&rooms->revocations, &r->node);
}

static bool is_since(const struct rooms *rooms, const struct id *id, int64_t asked_at)
{
    const struct revocation *r = map_get(&rooms->revoked, id);
    return r && r->at >= asked_at;
}

bool revoked_since(const struct rooms *rooms, const struct identity *who, int64_t asked_at)
{
    return rooms->revoked.len > 0 &&
           (is_since(rooms, &who->person, asked_at) || is_since(rooms, &who->sign_in, asked_at));
}

static void forget_before(struct rooms *rooms, int64_t before)
{
    list_for_each_safe(node, &rooms->revocations)
    {
        struct revocation *r = container_of(node, struct revocation, node);
        if (r->at >= before)
            return;
        list_remove(&r->node);
        map_remove(&rooms->revoked, &r->id);
        free(r);
    }
}

void revoked_tick(struct rooms *rooms, int64_t now)
{
    forget_before(rooms, now - KEPT_US);
}

void revoked_free(struct rooms *rooms)
{
    forget_before(rooms, INT64_MAX);
    map_release(&rooms->revoked);
}
