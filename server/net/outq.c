#include "net/outq.h"
#include "base/mem.h"

struct outq_item {
    struct list node;
    struct payload *frame;
    enum frame_class class;
    uint64_t key;
    int64_t at_us;
    size_t done; /* of media and bulk: whole frames that were sent */
};

void outq_init(struct outq *q)
{
    *q = (struct outq){0};
    list_init(&q->frames);
    list_init(&q->media);
    list_init(&q->bulk);
}

static struct outq_item *item_of(struct list *node)
{
    return container_of(node, struct outq_item, node);
}

static void detach(struct outq *q, struct outq_item *item)
{
    list_remove(&item->node);
    q->bytes -= item->frame->len - item->done;
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
    while (!list_empty(&q->bulk))
        drop_first(q, &q->bulk);
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

/* Between the frames of its payload others are sent. */
static bool in_pieces(enum frame_class class)
{
    return class == FRAME_MEDIA || class == FRAME_BULK;
}

static struct list *list_of(struct outq *q, enum frame_class class)
{
    return class == FRAME_MEDIA ? &q->media : class == FRAME_BULK ? &q->bulk : &q->frames;
}

bool outq_push(struct outq *q, enum frame_class class, uint64_t key, struct payload *frame,
               size_t max, int64_t now_us)
{
    if (class == FRAME_STATE && key)
        drop_older_state(q, key);
    while (q->bytes + frame->len > max && !list_empty(&q->bulk))
        drop_first(q, &q->bulk);
    if (q->bytes + frame->len > max && q->count > 0)
        return in_pieces(class); /* it is simply left out */
    struct outq_item *item = mem_new(sizeof *item);
    *item = (struct outq_item){
        .frame = payload_ref(frame), .class = class, .key = key, .at_us = now_us};
    list_append(list_of(q, class), &item->node);
    q->bytes += frame->len;
    q->count++;
    return true;
}

bool outq_empty(const struct outq *q)
{
    return q->count == 0 && !q->begun;
}

bool outq_may_wait(const struct outq *q)
{
    return !q->begun && list_empty(&q->frames);
}

bool outq_takes_media(const struct outq *q)
{
    return outq_may_wait(q) && list_empty(&q->media);
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

/* Where the frame ends that the byte at offset belongs to: each part of media and bulk is one. */
static size_t frame_end(const struct outq_item *item, size_t offset)
{
    const unsigned char *bytes;
    if (!in_pieces(item->class))
        return item->frame->len;
    return offset + payload_at(item->frame, offset, &bytes);
}

/* The next frame alone, from offset on. */
static size_t peek_one(const struct outq_item *item, size_t offset, unsigned char *scratch,
                       size_t max, const unsigned char **bytes)
{
    size_t n = payload_at(item->frame, offset, bytes), left = frame_end(item, offset) - offset;
    if (n >= max || n == left)
        return n < max ? n : max;
    *bytes = scratch;
    return gather(item->frame, offset, scratch, max);
}

static struct outq_item *first_that_may_wait(const struct outq *q)
{
    const struct list *list = list_empty(&q->media) ? &q->bulk : &q->media;
    return list_empty(list) ? NULL : item_of(list->next);
}

size_t outq_peek(const struct outq *q, unsigned char *scratch, size_t max,
                 const unsigned char **bytes)
{
    const struct outq_item *item = q->begun;
    if (!item && list_empty(&q->frames)) {
        item = first_that_may_wait(q);
        return item ? peek_one(item, item->done, scratch, max, bytes) : 0;
    }
    bool alone = list_empty(&q->frames) || (!item && q->frames.next == q->frames.prev);
    size_t offset = item ? q->sent : 0;
    if (alone || payload_at((item ? item : item_of(q->frames.next))->frame, offset, bytes) >= max)
        return peek_one(item ? item : item_of(q->frames.next), offset, scratch, max, bytes);
    size_t left = item ? frame_end(item, offset) - offset : 0;
    size_t used = item ? gather(item->frame, offset, scratch, left < max ? left : max) : 0;
    *bytes = scratch;
    return used + gather_list(&q->frames, scratch + used, max - used);
}

static void begin(struct outq *q)
{
    q->begun = take_first(q, !list_empty(&q->frames)  ? &q->frames
                             : !list_empty(&q->media) ? &q->media
                                                      : &q->bulk);
    q->sent = q->begun->done;
}

/* Of media and bulk there may be more frames: they wait again, before others. True: none are. */
static bool end(struct outq *q)
{
    struct outq_item *item = q->begun;
    bool whole = q->sent == item->frame->len;
    q->begun = NULL;
    if (whole) {
        item_free(item);
    } else {
        item->done = q->sent;
        list_append(list_of(q, item->class)->next, &item->node); /* before the first */
        q->bytes += item->frame->len - item->done;
        q->count++;
    }
    return whole;
}

int outq_sent(struct outq *q, size_t n)
{
    int ended = 0;
    while (n > 0) {
        if (!q->begun)
            begin(q);
        size_t left = frame_end(q->begun, q->sent) - q->sent;
        q->sent += n < left ? n : left;
        if (n < left)
            break;
        n -= left;
        ended += end(q);
    }
    return ended;
}

int64_t outq_oldest(const struct outq *q)
{
    return list_empty(&q->frames) ? INT64_MAX : item_of(q->frames.next)->at_us;
}
