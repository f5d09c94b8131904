#include "base/payload.h"
#include "base/mem.h"
#include <assert.h>
#include <stdatomic.h>

struct payload *payload_new(size_t len)
{
    struct payload *p = malloc(sizeof *p + len);
    if (!p)
        abort();
    atomic_init(&p->refs, 1);
    p->parts = 0;
    p->len = len;
    return p;
}

struct payload *payload_copy(const void *bytes, size_t len)
{
    struct payload *p = payload_new(len);
    if (len)
        memcpy(p->bytes, bytes, len);
    return p;
}

struct payload *payload_ref(struct payload *p)
{
    atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
    return p;
}

/* Of a joined one: where others have their bytes. None of them is joined itself. */
static struct payload **parts_of(const struct payload *p)
{
    static_assert(offsetof(struct payload, bytes) % _Alignof(struct payload *) == 0,
                  "the parts lie where the bytes would");
    return (struct payload **)(void *)p->bytes;
}

void payload_unref(struct payload *p)
{
    /* acq_rel: the last owner sees everything the others did with the bytes before it frees. */
    if (!p || atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (unsigned i = 0; i < p->parts; i++)
        payload_unref(parts_of(p)[i]);
    free(p);
}

size_t payload_at(const struct payload *p, size_t offset, const unsigned char **bytes)
{
    for (unsigned i = 0; i < p->parts; i++) {
        const struct payload *part = parts_of(p)[i];
        if (offset < part->len)
            return payload_at(part, offset, bytes);
        offset -= part->len;
    }
    if (p->parts || offset >= p->len)
        return 0;
    *bytes = p->bytes + offset;
    return p->len - offset;
}

static struct payload *copy_together(struct payload *const *parts, size_t n)
{
    if (n == 1)
        return payload_ref(parts[0]);
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        len += parts[i]->len;
    struct payload *p = payload_new(len);
    unsigned char *end = p->bytes;
    for (size_t i = 0; i < n; i++)
        end = mempcpy(end, parts[i]->bytes, parts[i]->len);
    return p;
}

/* Those of joined ones in their place. */
static struct payload **flatten(struct payload *const *parts, size_t n, size_t *count)
{
    size_t all = 0;
    for (size_t i = 0; i < n; i++)
        all += parts[i]->parts ? parts[i]->parts : 1;
    struct payload **flat = mem_new_array(all, sizeof *flat);
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        for (unsigned k = 0; k < parts[i]->parts; k++)
            flat[(*count)++] = parts_of(parts[i])[k];
        if (!parts[i]->parts)
            flat[(*count)++] = parts[i];
    }
    return flat;
}

struct payload *payload_join(struct payload *const *parts, size_t n)
{
    assert(n > 0);
    if (n == 1)
        return payload_ref(parts[0]);
    size_t count;
    struct payload **flat = flatten(parts, n, &count);
    struct payload *joined = payload_new(count * sizeof *flat);
    joined->len = 0;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; flat[from]->len < PAYLOAD_COPIED && to < count; to++)
            if (flat[to]->len >= PAYLOAD_COPIED)
                break;
        struct payload *part = copy_together(flat + from, to - from);
        parts_of(joined)[joined->parts++] = part;
        joined->len += part->len;
    }
    free(flat);
    if (joined->parts > 1)
        return joined;
    struct payload *only = payload_ref(parts_of(joined)[0]);
    payload_unref(joined);
    return only;
}
