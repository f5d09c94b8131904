#include "base/payload.h"
#include "base/mem.h"
#include <stdatomic.h>

struct payload *payload_new(size_t len)
{
    struct payload *p = malloc(sizeof *p + len);
    if (!p)
        abort();
    atomic_init(&p->refs, 1);
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

void payload_unref(struct payload *p)
{
    /* acq_rel: the last owner sees everything the others did with the bytes before it frees. */
    if (p && atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) == 1)
        free(p);
}
