#include "room/event.h"
#include "base/mem.h"
#include "room/feature.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct event_catalog {
    const struct event_type **types; /* by name */
    size_t n;
};

void event_free(struct event *event)
{
    if (event->attached && event->type && event->type->release)
        event->type->release(event->attached);
    json_decref(event->payload);
    free(event);
}

void events_free(struct list *events)
{
    struct list *node;
    while ((node = list_take_first(events)))
        event_free(container_of(node, struct event, node));
}

bool event_is_known(const struct event *event)
{
    return event->type && event->version > 0 && event->version <= event->type->version;
}

static int by_name(const void *a, const void *b)
{
    const struct event_type *const *left = a, *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

static size_t count_types(const struct feature *const *features)
{
    size_t n = 0;
    for (; *features; features++)
        for (const struct event_type *t = (*features)->events; t && t->name; t++)
            n++;
    return n;
}

struct event_catalog *event_catalog_new(const struct feature *const *features)
{
    struct event_catalog *catalog = mem_new(sizeof *catalog);
    catalog->types = mem_new((count_types(features) + 1) * sizeof(struct event_type *));
    for (; *features; features++)
        for (const struct event_type *t = (*features)->events; t && t->name; t++)
            catalog->types[catalog->n++] = t;
    qsort(catalog->types, catalog->n, sizeof(struct event_type *), by_name);
    for (size_t i = 1; i < catalog->n; i++)
        assert(strcmp(catalog->types[i - 1]->name, catalog->types[i]->name) != 0);
    return catalog;
}

void event_catalog_free(struct event_catalog *catalog)
{
    if (!catalog)
        return;
    free(catalog->types);
    free(catalog);
}

json_t *event_catalog_reads(const struct event_catalog *catalog)
{
    json_t *reads = json_object();
    for (size_t i = 0; i < catalog->n; i++)
        json_object_set_new(reads, catalog->types[i]->name,
                            json_integer(catalog->types[i]->version));
    return reads;
}

static int name_and_type(const void *name, const void *type)
{
    return strcmp(name, (*(const struct event_type *const *)type)->name);
}

const struct event_type *event_type_find(const struct event_catalog *catalog, const char *name)
{
    const struct event_type *const *found =
        bsearch(name, catalog->types, catalog->n, sizeof(struct event_type *), name_and_type);
    return found ? *found : NULL;
}
