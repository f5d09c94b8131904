#include "nodes_page.h"

#include "base/clock.h"
#include "base/html.h"
#include "base/mem.h"
#include "http/http.h"
#include "nodes/node.h"
#include "nodes/node_store.h"
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OLD_US      (6 * US_PER_S) /* a reading older than that: the database does not answer */
#define NUMBER_SIZE 48

struct words {
    const char *language, *other, *other_name, *title, *again, *running, *rooms, *members;
    const char *read[2], *never, *old; /* read: before and after the seconds */
    const char *lives, *away, *ended, *lease, *missed, *bus, *apart, *skew, *since, *build;
    const char *address, *none, *thousands, *point;
};

static const struct words english = {
    .language = "en",
    .other = "fr",
    .other_name = "Français",
    .title = "Nodes",
    .again = "Refresh",
    .running = "Running",
    .rooms = "Rooms",
    .members = "People connected",
    .read = {"Read ", " s ago."},
    .never = "Not read yet. Try again in a moment.",
    .old = "The database has not answered since then; this is the last known state.",
    .lives = "Running",
    .away = "Not responding",
    .ended = "Stopped",
    .lease = "Last sign of life",
    .missed = "Catch-up reads",
    .bus = "NATS connections",
    .apart = "Nodes not heard",
    .skew = "Clock offset",
    .since = "Started",
    .build = "Version",
    .address = "Address",
    .none = "none",
    .thousands = ",",
    .point = ".",
};

static const struct words french = {
    .language = "fr",
    .other = "en",
    .other_name = "English",
    .title = "Nœuds",
    .again = "Actualiser",
    .running = "En service",
    .rooms = "Salles",
    .members = "Personnes connectées",
    .read = {"Lu il y a ", " s."},
    .never = "Pas encore lu. Réessayez dans un instant.",
    .old = "La base de données ne répond plus depuis ; voici le dernier état connu.",
    .lives = "En service",
    .away = "Ne répond pas",
    .ended = "Arrêté",
    .lease = "Dernier signe de vie",
    .missed = "Relectures de rattrapage",
    .bus = "Connexions NATS",
    .apart = "Nœuds non entendus",
    .skew = "Décalage d’horloge",
    .since = "Démarré",
    .build = "Version",
    .address = "Adresse",
    .none = "aucune",
    .thousands = "\u202f",
    .point = ",",
};

static const char css[] =
    ":root{color-scheme:light dark;--paper:#f6f7f5;--surface:#fff;--line:#dde2de;--ink:#14211f;"
    "--ink-2:#46544f;--accent:#0b5d59;--good:#1c6b3c;--good-soft:#e2f2e7;--bad:#b3261e;"
    "--bad-soft:#fbe9e7;--focus:#1668d6}"
    "@media(prefers-color-scheme:dark){:root{--paper:#0d1413;--surface:#141d1b;--line:#2a3734;"
    "--ink:#e9efed;--ink-2:#b6c3be;--accent:#5cc4b8;--good:#7fd6a0;--good-soft:#14301f;"
    "--bad:#ff9b92;--bad-soft:#3a1a18;--focus:#86b8ff}}"
    "*{box-sizing:border-box}body{margin:0 auto;max-width:1200px;padding:24px 16px;"
    "background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}"
    "header{display:flex;flex-wrap:wrap;gap:8px 24px;align-items:baseline;"
    "justify-content:space-between}h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:0;"
    "overflow-wrap:anywhere}nav{display:flex;gap:16px}"
    "a{color:var(--accent);display:inline-block;padding:10px 0}"
    "a:focus-visible{outline:3px solid var(--focus);outline-offset:2px}"
    ".sum,.nodes{display:grid;gap:16px;list-style:none;padding:0;margin:16px 0}"
    ".sum{grid-template-columns:repeat(auto-fit,minmax(100px,1fr))}"
    ".nodes{grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr))}"
    ".card,.sum>div{background:var(--surface);border:1px solid var(--line);border-radius:10px;"
    "padding:16px}.sum dt{color:var(--ink-2)}.sum dd{margin:0;font-size:1.6rem;font-weight:600}"
    ".head{display:flex;gap:8px;justify-content:space-between;align-items:baseline}"
    ".badge{border-radius:999px;padding:2px 10px;font-size:.8125rem;font-weight:600;"
    "white-space:nowrap}"
    ".lives{color:var(--good);background:var(--good-soft)}"
    ".away,.wrong{color:var(--bad);background:var(--bad-soft)}"
    ".ended{color:var(--ink-2);border:1px solid var(--line)}"
    ".card dl{margin:12px 0 0}.card dl div{display:flex;justify-content:space-between;gap:16px;"
    "padding:4px 0;border-top:1px solid var(--line)}.card dt{color:var(--ink-2)}"
    ".card dd{margin:0;text-align:right;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}"
    ".wrong{padding:0 8px;border-radius:6px}.note{color:var(--ink-2);margin:8px 0}"
    ".note.wrong{color:var(--bad);padding:8px 12px}";

/* --- text --- */

/* 1,234,567 as the language writes it. */
static const char *whole(const struct words *w, int64_t n, char text[static NUMBER_SIZE])
{
    char digits[24];
    size_t at = 0;
    if (n == DB_NULL_INT)
        return "–";
    text[0] = '\0';
    int len = snprintf(digits, sizeof digits, "%" PRId64, n < 0 ? 0 : n);
    for (int i = 0; i < len; i++)
        at += (size_t)snprintf(text + at, NUMBER_SIZE - at, "%s%c",
                               i > 0 && (len - i) % 3 == 0 ? w->thousands : "", digits[i]);
    return text;
}

/* With one decimal; sign: always with its sign. */
static const char *tenths(const struct words *w, int64_t n, bool sign,
                          char text[static NUMBER_SIZE])
{
    const char *mark = n < 0 ? "−" : sign ? "+" : "";
    int64_t size = n < 0 ? -n : n;
    snprintf(text, NUMBER_SIZE, "%s%" PRId64 "%s%" PRId64, mark, size / 10, w->point, size % 10);
    return text;
}

static bool is_state(const struct node_report *r, const char *state)
{
    return strcmp(r->state, state) == 0;
}

/* --- the page --- */

static void add_row(struct buf *out, const char *label, const char *value, bool wrong)
{
    buf_addf(out, "<div><dt>%s</dt><dd>%s", label, wrong ? "<span class=\"wrong\">" : "");
    html_add(out, value);
    buf_addf(out, "%s</dd></div>", wrong ? "</span>" : "");
}

static void add_seconds(struct buf *out, const struct words *w, const struct node_report *r)
{
    char number[NUMBER_SIZE], text[NUMBER_SIZE + 8];
    tenths(w, r->age / (US_PER_S / 10), false, number);
    snprintf(text, sizeof text, "%s s", number);
    add_row(out, w->lease, text, is_state(r, "away"));
}

static void add_clock(struct buf *out, const struct words *w, const struct node_report *r)
{
    char number[NUMBER_SIZE], text[NUMBER_SIZE + 8] = "–";
    bool known = r->skew != DB_NULL_INT;
    if (known) {
        tenths(w, r->skew / (US_PER_MS / 10), true, number);
        snprintf(text, sizeof text, "%s ms", number);
    }
    add_row(out, w->skew, text, known && !node_clocks_agree(r->skew));
}

static void add_node(struct buf *out, const struct words *w, const struct node_report *r)
{
    char text[NUMBER_SIZE], since[TIME_TEXT_SIZE];
    bool lives = is_state(r, "lives"), alone = r->bus == DB_NULL_INT;
    const char *state = lives ? w->lives : is_state(r, "away") ? w->away : w->ended;
    buf_adds(out, "<li class=\"card\"><div class=\"head\"><h2>");
    html_add(out, r->name);
    buf_addf(out, "</h2><span class=\"badge %s\">%s</span></div><dl>", r->state, state);
    add_row(out, w->rooms, whole(w, r->rooms, text), false);
    add_row(out, w->members, whole(w, r->members, text), false);
    add_seconds(out, w, r);
    add_row(out, w->missed, whole(w, r->missed, text), false);
    add_row(out, w->bus, alone ? w->none : whole(w, r->bus, text), lives && !alone && r->bus < 4);
    add_row(out, w->apart, whole(w, r->apart, text), lives && r->apart > 0);
    add_clock(out, w, r);
    add_row(out, w->since, time_text(r->started_at, since), false);
    add_row(out, w->build, r->build, false);
    add_row(out, w->address, r->address, false);
    buf_adds(out, "</dl></li>");
}

static void add_figure(struct buf *out, const struct words *w, const char *label, int64_t n)
{
    char text[NUMBER_SIZE];
    buf_addf(out, "<div><dt>%s</dt><dd>%s</dd></div>", label, whole(w, n, text));
}

static void add_sum(struct buf *out, const struct words *w, const struct node_report *all, size_t n)
{
    int64_t lives = 0, rooms = 0, members = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_state(&all[i], "lives"))
            continue;
        lives++;
        rooms += all[i].rooms > 0 ? all[i].rooms : 0;
        members += all[i].members > 0 ? all[i].members : 0;
    }
    buf_adds(out, "<dl class=\"sum\">");
    add_figure(out, w, w->running, lives);
    add_figure(out, w, w->rooms, rooms);
    add_figure(out, w, w->members, members);
    buf_adds(out, "</dl>");
}

static void add_head(struct buf *out, const struct words *w)
{
    buf_addf(out,
             "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\">"
             "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
             "<title>%s · amphi</title><link rel=\"icon\" href=\"data:,\">"
             "<link rel=\"stylesheet\" href=\"/nodes.css\"></head>"
             "<body><header><h1>%s</h1><nav><a href=\"/nodes/%s\">%s</a>"
             "<a href=\"/nodes/%s\" lang=\"%s\" hreflang=\"%s\">%s</a></nav></header><main>",
             w->language, w->title, w->title, w->language, w->again, w->other, w->other, w->other,
             w->other_name);
}

static void add_age(struct buf *out, const struct words *w, int64_t age)
{
    char number[NUMBER_SIZE];
    bool old = age > OLD_US;
    if (age < 0)
        buf_addf(out, "<p class=\"note\">%s</p>", w->never);
    else
        buf_addf(out, "<p class=\"note%s\">%s%s%s %s</p>", old ? " wrong" : "", w->read[0],
                 tenths(w, age / (US_PER_S / 10), false, number), w->read[1], old ? w->old : "");
}

static void write_page(struct buf *out, const struct words *w, const struct node_report *all,
                       size_t n, int64_t age)
{
    add_head(out, w);
    add_age(out, w, age);
    add_sum(out, w, all, n);
    buf_adds(out, "<ul class=\"nodes\">");
    for (size_t i = 0; i < n; i++)
        add_node(out, w, &all[i]);
    buf_adds(out, "</ul></main></body></html>\n");
}

/* --- for programs --- */

static json_t *number_json(int64_t n)
{
    return n == DB_NULL_INT ? json_null() : json_integer(n);
}

static json_t *node_json(const struct node_report *r)
{
    char since[TIME_TEXT_SIZE];
    json_t *node =
        json_pack("{s:s,s:s,s:s,s:s,s:s}", "name", r->name, "state", r->state, "since",
                  time_text(r->started_at, since), "build", r->build, "address", r->address);
    json_object_set_new(node, "lease_age_us", json_integer(r->age));
    json_object_set_new(node, "rooms", number_json(r->rooms));
    json_object_set_new(node, "members", number_json(r->members));
    json_object_set_new(node, "missed", number_json(r->missed));
    json_object_set_new(node, "bus", number_json(r->bus));
    json_object_set_new(node, "apart", number_json(r->apart));
    json_object_set_new(node, "skew_us", number_json(r->skew));
    return node;
}

static void write_json(struct buf *out, const struct node_report *all, size_t n, int64_t age)
{
    json_t *nodes = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(nodes, node_json(&all[i]));
    json_t *told = json_pack("{s:I,s:o}", "age_us", (json_int_t)age, "nodes", nodes);
    char *text = json_dumps(told, JSON_COMPACT);
    if (text)
        buf_adds(out, text);
    free(text);
    json_decref(told);
}

static const struct words *words_for(const char *path, const char *accept_language)
{
    const char *language = "";
    if (strcmp(path, "/nodes") == 0)
        language = http_language_of(accept_language);
    else if (strncmp(path, "/nodes/", strlen("/nodes/")) == 0)
        language = path + strlen("/nodes/");
    return strcmp(language, "fr") == 0 ? &french : strcmp(language, "en") == 0 ? &english : NULL;
}

const char *nodes_page(struct app *app, const char *path, const char *accept_language,
                       struct buf *out)
{
    const struct words *w = words_for(path, accept_language);
    bool json = strcmp(path, "/nodes.json") == 0;
    if (strcmp(path, "/nodes.css") == 0) {
        buf_adds(out, css);
        return "text/css; charset=utf-8";
    }
    if (!json && !w)
        return NULL;
    int64_t age;
    struct node_report *all = mem_new(NODES_MOST * sizeof *all);
    size_t n = node_look(app->node_here, all, NODES_MOST, &age);
    if (json)
        write_json(out, all, n, age);
    else
        write_page(out, w, all, n, age);
    free(all);
    return json ? "application/json" : "text/html; charset=utf-8";
}
