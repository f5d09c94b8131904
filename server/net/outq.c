#include "net/outq.h"
#include "base/mem.h"

struct outq_item {
    struct list node;
    struct payload *frame;
    enum frame_class class;
    uint64_t key;
    int64_t at_us;
};

void outq_init(struct outq *q)
{
    *q = (struct outq){0};
    list_init(&q->frames);
    list_init(&q->media);
}

static struct outq_item *item_of(struct list *node)
{
    return container_of(node, struct outq_item, node);
}

static void detach(struct outq *q, struct outq_item *item)
{
    list_remove(&item->node);
    q->bytes -= item->frame->len;
    q->count--;
}

static void item_free(struct outq_item *item)
{
    payload_unref(item->frame);
    free(item);
}

/* The list is not empty. */
static struct outq_item *take_first(struct outq *q, struct list *list)
{
    struct outq_item *item = item_of(list_take_first(list));
    detach(q, item);
    return item;
}

static void drop_first(struct outq *q, struct list *list)
{
    item_free(take_first(q, list));
}

void outq_release(struct outq *q)
{
    while (!list_empty(&q->frames))
        drop_first(q, &q->frames);
    while (!list_empty(&q->media))
        drop_first(q, &q->media);
    if (q->begun)
        item_free(q->begun);
    q->begun = NULL;
    q->sent = 0;
}

static void drop_older_state(struct outq *q, uint64_t key)
{
    list_for_each(node, &q->frames)
    {
        struct outq_item *item = item_of(node);
        if (item->class == FRAME_STATE && item->key == key) {
            detach(q, item);
            item_free(item);
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
    struct outq_item *item = mem_new(sizeof *item);
    *item = (struct outq_item){
        .frame = payload_ref(frame), .class = class, .key = key, .at_us = now_us};
    list_append(class == FRAME_MEDIA ? &q->media : &q->frames, &item->node);
    q->bytes += frame->len;
    q->count++;
    return true;
}

bool outq_empty(const struct outq *q)
{
    return q->count == 0 && !q->begun;
}

bool outq_mid_frame(const struct outq *q)
{
    return q->begun != NULL;
}

/* As much as fits of a frame from offset on. */
static size_t gather(const struct payload *frame, size_t offset, unsigned char *out, size_t max)
{
    const unsigned char *bytes;
    size_t used = 0;
    for (size_t n; used < max && (n = payload_at(frame, offset + used, &bytes)) > 0; used += n) {
        if (n > max - used)
            n = max - used;
        memcpy(out + used, bytes, n);
    }
    return used;
}

static size_t gather_list(const struct list *list, unsigned char *out, size_t max)
{
    size_t used = 0;
    list_for_each(node, list)
    {
        if (used == max)
            break;
        used += gather(item_of(node)->frame, 0, out + used, max - used);
    }
    return used;
}

static struct outq_item *first(const struct outq *q)
{
    const struct list *list = list_empty(&q->frames) ? &q->media : &q->frames;
    if (q->begun)
        return q->begun;
    return list_empty(list) ? NULL : item_of(list->next);
}

size_t outq_peek(const struct outq *q, unsigned char *scratch, size_t max,
                 const unsigned char **bytes)
{
    const struct outq_item *item = first(q);
    if (!item)
        return 0;
    size_t n = payload_at(item->frame, q->sent, bytes);
    bool alone = q->sent + n == item->frame->len && q->count == (q->begun ? 0 : 1);
    if (n >= max || alone)
        return n < max ? n : max;
    size_t used = q->begun ? gather(q->begun->frame, q->sent, scratch, max) : 0;
    used += gather_list(&q->frames, scratch + used, max - used);
    used += gather_list(&q->media, scratch + used, max - used);
    *bytes = scratch;
    return used;
}

int outq_sent(struct outq *q, size_t n)
{
    int ended = 0;
    while (n > 0) {
        if (!q->begun)
            q->begun = take_first(q, list_empty(&q->frames) ? &q->media : &q->frames);
        size_t left = q->begun->frame->len - q->sent;
        q->sent += n < left ? n : left;
        if (n < left)
            break;
        n -= left;
        item_free(q->begun);
        q->begun = NULL;
        q->sent = 0;
        ended++;
    }
    return ended;
}

int64_t outq_oldest(const struct outq *q)
{
    return list_empty(&q->frames) ? INT64_MAX : item_of(q->frames.next)->at_us;
}
