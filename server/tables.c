#include "tables.h"

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

/* Those of the connection itself, for everybody who is signed in. */
static void add_connection_commands(json_t *commands)
{
    const char *name;
    for (size_t i = 0; (name = connection_command(i)); i++)
        json_array_append_new(commands,
                              json_pack("{s:s, s:s, s:o, s:[]}", "feature", "connection", "name",
                                        name, "roles", role_words(ROLE_ANY), "ids"));
}

int tables_print(const struct feature *const *features)
{
    json_t *routes = json_array(), *commands = json_array();
    add_connection_commands(commands);
    for (; *features; features++) {
        for (const struct http_route *r = (*features)->routes; r && r->method; r++)
            json_array_append_new(
                routes, json_pack("{s:s, s:s, s:s, s:o, s:s?, s:s?, s:b}", "feature",
                                  (*features)->name, "method", r->method, "pattern", r->pattern,
                                  "roles", role_words(r->roles), "thing", r->thing, "kind",
                                  r->kind ? r->kind : r->thing, "inside", r->inside));
        for (const struct command *c = (*features)->commands; c && c->name; c++)
            json_array_append_new(commands, json_pack("{s:s, s:s, s:o, s:o}", "feature",
                                                      (*features)->name, "name", c->name, "roles",
                                                      role_words(c->roles), "ids", command_ids(c)));
    }
    json_t *tables = json_pack("{s:o, s:o}", "routes", routes, "commands", commands);
    int rc = json_dumpf(tables, stdout, JSON_INDENT(1));
    json_decref(tables);
    return rc || putchar('\n') == EOF;
}
