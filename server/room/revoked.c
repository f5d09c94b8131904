/* What was revoked lately. A join that is on its way was looked up before and may not know: whoever
 * asked before the revocation asks again. */
#include "base/mem.h"
#include "room/dispatch_private.h"
#include <stdlib.h>

/* Longer than a look-up and its answer take when the database is slow. */
#define KEPT_US (120 * US_PER_S)

struct revocation {
    struct list node; /* in dispatch.revocations, the oldest first */
    struct id id;     /* of a person or a sign-in */
    int64_t at;       /* monotonic */
};

/* One browser signed out, or all of the person's. */
bool revoked_read(const json_t *data, struct id *out)
{
    const json_t *sign_in = json_object_get(data, "sign_in");
    const char *text = json_string_value(sign_in ? sign_in : json_object_get(data, "person"));
    return text && id_parse(text, out);
}

bool revoked_is(const struct id *id, const struct identity *who)
{
    return id_equal(id, &who->person) || id_equal(id, &who->sign_in);
}

void revoked_note(struct dispatch *d, const struct id *id)
{
    struct revocation *r = map_get(&d->revoked, id);
    if (!r) {
        r = mem_new(sizeof *r);
        list_init(&r->node);
        r->id = *id;
        map_put(&d->revoked, id, r);
    }
    r->at = clock_mono_us(d->config.clock);
    list_remove(&r->node);
    list_append(&d->revocations, &r->node);
}

static bool is_since(const struct dispatch *d, const struct id *id, int64_t asked_at)
{
    const struct revocation *r = map_get(&d->revoked, id);
    return r && r->at >= asked_at;
}

bool revoked_since(const struct dispatch *d, const struct identity *who, int64_t asked_at)
{
    return d->revoked.len > 0 &&
           (is_since(d, &who->person, asked_at) || is_since(d, &who->sign_in, asked_at));
}

static void forget_before(struct dispatch *d, int64_t before)
{
    list_for_each_safe(node, &d->revocations)
    {
        struct revocation *r = container_of(node, struct revocation, node);
        if (r->at >= before)
            return;
        list_remove(&r->node);
        map_remove(&d->revoked, &r->id);
        free(r);
    }
}

void revoked_tick(struct dispatch *d)
{
    forget_before(d, clock_mono_us(d->config.clock) - KEPT_US);
}

void revoked_free(struct dispatch *d)
{
    forget_before(d, INT64_MAX);
    map_release(&d->revoked);
}
