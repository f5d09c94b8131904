#include "room/out.h"
#include "base/mem.h"
#include <stdlib.h>

#define OUT_KEEP 1024 /* entries whose memory is kept between turns */

void out_add(struct out_list *list, const struct out *entry)
{
    if (list->len == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 8;
        list->items = mem_resize(list->items, list->cap * sizeof *list->items);
    }
    list->items[list->len++] = *entry;
}

void out_clear(struct out_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        payload_unref(list->items[i].frame);
    list->len = 0;
    if (list->cap > OUT_KEEP) {
        free(list->items);
        list->items = NULL;
        list->cap = 0;
    }
}

void out_release(struct out_list *list)
{
    out_clear(list);
    free(list->items);
    *list = (struct out_list){0};
}
