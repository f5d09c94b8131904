#include "tables.h"
#include "feature_list.h"

#include "http/http.h"
#include "room/dispatch.h"
#include "room/feature.h"
#include <stdio.h>

static const struct {
    unsigned role;
    const char *word;
} roles[] = {{ROLE_ORGANISER, "organiser"},
             {ROLE_HOST, "host"},
             {ROLE_MODERATOR, "moderator"},
             {ROLE_SPEAKER, "speaker"},
             {ROLE_HCP, "hcp"}};

static json_t *role_words(unsigned mask)
{
    json_t *words = json_array();
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (mask & roles[i].role)
            json_array_append_new(words, json_string(roles[i].word));
    return words;
}

static json_t *command_ids(const struct command *command)
{
    json_t *ids = json_array();
    for (size_t i = 0; i < CALL_MAX_IDS; i++)
        if (command->ids[i])
            json_array_append_new(ids, json_string(command->ids[i]));
    return ids;
}

static json_t *route_json(const struct http_route *r)
{
    return json_pack("{s:s, s:s, s:o, s:s?, s:s?, s:b, s:b}", "method", r->method, "pattern",
                     r->pattern, "roles", role_words(r->roles), "thing", r->thing, "kind",
                     r->kind ? r->kind : r->thing, "inside", r->inside, "fresh", r->fresh);
}

static json_t *command_json(const struct command *c)
{
    return json_pack("{s:s, s:o, s:o, s:s?, s:s?, s:s}", "name", c->name, "roles",
                     role_words(c->roles), "ids", command_ids(c), "what", c->what, "data", c->data,
                     "ok", c->ok ? c->ok : "{}");
}

static json_t *event_json(const struct event_type *e)
{
    return json_pack("{s:s, s:i, s:o, s:s?, s:s?, s:s?}", "name", e->name, "version", e->version,
                     "roles", role_words(e->audience), "what", e->what, "data", e->data, "noticed",
                     e->noticed);
}

static json_t *message_json(const struct message_type *m)
{
    return json_pack("{s:s, s:o, s:s?, s:s?, s:s}", "name", m->name, "roles",
                     role_words(m->audience), "key", m->key, "what", m->what, "data", m->data);
}

static json_t *snapshot_json(const struct snapshot_part *p)
{
    return json_pack("{s:s, s:s?, s:s}", "name", p->name, "what", p->what, "data", p->data);
}

static json_t *shape_json(const struct shape *s)
{
    return json_pack("{s:s, s:s}", "name", s->name, "form", s->form);
}

static json_t *exported_json(const struct export_count *e)
{
    return json_pack("{s:s}", "name", e->head.machine);
}

static json_t *store_json(const struct store *s)
{
    static const char *const erasures[] = {[ERASURE_NONE] = "none",
                                           [ERASURE_DELETED] = "deleted",
                                           [ERASURE_EMPTIED] = "emptied",
                                           [ERASURE_KEPT] = "kept"};
    return json_pack("{s:s, s:s?, s:s?, s:s, s:s?, s:s?}", "name", s->name, "person", s->person,
                     "holds", s->holds, "erasure", erasures[s->erasure], "copy", s->copy, "why",
                     s->why);
}

/* Takes row. */
static void add(json_t *tables, const char *table, const char *feature, json_t *row)
{
    json_t *rows = json_object_get(tables, table);
    json_object_set_new(row, "feature", json_string(feature));
    json_array_append_new(rows, row);
}

static void add_live(json_t *tables, const struct feature *f)
{
    for (const struct command *c = f->commands; c && c->name; c++)
        add(tables, "commands", f->name, command_json(c));
    for (const struct event_type *e = f->events; e && e->name; e++)
        add(tables, "events", f->name, event_json(e));
    for (const struct message_type *m = f->tells; m && m->name; m++)
        add(tables, "tells", f->name, message_json(m));
    for (const struct message_type *m = f->states; m && m->name; m++)
        add(tables, "states", f->name, message_json(m));
    for (const struct snapshot_part *p = f->snapshots; p && p->name; p++)
        add(tables, "snapshots", f->name, snapshot_json(p));
    for (const struct shape *s = f->shapes; s && s->name; s++)
        add(tables, "shapes", f->name, shape_json(s));
}

int tables_print(const struct feature *const *features)
{
    static const char *const names[] = {"routes",    "commands", "events", "tells",   "states",
                                        "snapshots", "shapes",   "stores", "exported"};
    json_t *tables = json_object();
    const struct command *own;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        json_object_set_new(tables, names[i], json_array());
    for (size_t i = 0; (own = connection_command(i)); i++) /* for everybody who is signed in */
        add(tables, "commands", "connection", command_json(own));
    for (const struct store *s = house_stores; s->name; s++)
        add(tables, "stores", "house", store_json(s));
    for (; *features; features++) {
        for (const struct http_route *r = (*features)->routes; r && r->method; r++)
            add(tables, "routes", (*features)->name, route_json(r));
        add_live(tables, *features);
        for (const struct store *s = (*features)->stores; s && s->name; s++)
            add(tables, "stores", (*features)->name, store_json(s));
        for (const struct export_count *e = (*features)->exported; e && e->head.machine; e++)
            add(tables, "exported", (*features)->name, exported_json(e));
    }
    int rc = json_dumpf(tables, stdout, JSON_INDENT(1));
    json_decref(tables);
    return rc || putchar('\n') == EOF;
}
