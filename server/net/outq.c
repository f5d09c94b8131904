#include "net/outq.h"
#include "base/mem.h"

struct item {
    struct list node;
    struct payload *frame;
    enum frame_class class;
    uint64_t key;
    int64_t at_us;
};

void outq_init(struct outq *q)
{
    list_init(&q->frames);
    list_init(&q->media);
    q->bytes = q->count = 0;
}

static struct payload *detach(struct outq *q, struct item *item)
{
    struct payload *frame = item->frame;
    list_remove(&item->node);
    q->bytes -= frame->len;
    q->count--;
    free(item);
    return frame;
}

static void drop_first(struct outq *q, struct list *list)
{
    payload_unref(detach(q, container_of(list_take_first(list), struct item, node)));
}

void outq_release(struct outq *q)
{
    while (!list_empty(&q->frames))
        drop_first(q, &q->frames);
    while (!list_empty(&q->media))
        drop_first(q, &q->media);
}

static void drop_older_state(struct outq *q, uint64_t key)
{
    list_for_each(node, &q->frames)
    {
        struct item *item = container_of(node, struct item, node);
        if (item->class == FRAME_STATE && item->key == key) {
            payload_unref(detach(q, item));
            return;
        }
    }
}

bool outq_push(struct outq *q, enum frame_class class, uint64_t key, struct payload *frame,
               size_t max, int64_t now_us)
{
    if (class == FRAME_STATE && key)
        drop_older_state(q, key);
    while (q->bytes + frame->len > max && !list_empty(&q->media))
        drop_first(q, &q->media);
    if (q->bytes + frame->len > max && q->count > 0)
        return class == FRAME_MEDIA; /* a picture is simply left out */
    struct item *item = mem_new(sizeof *item);
    *item = (struct item){.frame = payload_ref(frame), .class = class, .key = key, .at_us = now_us};
    list_append(class == FRAME_MEDIA ? &q->media : &q->frames, &item->node);
    q->bytes += frame->len;
    q->count++;
    return true;
}

bool outq_empty(const struct outq *q)
{
    return q->count == 0;
}

static struct item *first(const struct outq *q)
{
    const struct list *list = list_empty(&q->frames) ? &q->media : &q->frames;
    return list_empty(list) ? NULL : container_of(list->next, struct item, node);
}

struct payload *outq_take(struct outq *q)
{
    struct item *item = first(q);
    return item ? detach(q, item) : NULL;
}

size_t outq_next_size(const struct outq *q)
{
    const struct item *item = first(q);
    return item ? item->frame->len : 0;
}

int64_t outq_oldest(const struct outq *q)
{
    return list_empty(&q->frames) ? INT64_MAX
                                  : container_of(q->frames.next, struct item, node)->at_us;
}
