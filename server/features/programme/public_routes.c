/* /programme/{code}: the public programme of a congress. */
#include "base/app.h"
#include "base/json.h"
#include "base/mem.h"
#include "features/programme/public.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRESH_S 60 /* how long a program may keep a file */

/* Chosen on the page, else the reader's browser's. */
static const struct public_words *words_of(struct http_exchange *x)
{
    const char *chosen = http_query(x, "lang");
    return public_words(strcmp(chosen ? chosen : http_language(x), "fr") == 0);
}

/* What the page is asked for: a new reference; NULL after having replied. */
static json_t *read_query(struct http_exchange *x)
{
    static const char *const names[] = {"q", "track", "room", "language", "level", "speaker", NULL};
    json_t *query = json_object();
    for (const char *const *name = names; *name; name++) {
        const char *text = NULL;
        if (!http_query_text(x, *name, 100, &text)) {
            json_decref(query);
            return NULL;
        }
        if (text)
            json_object_set_new(query, *name, json_string(text));
    }
    return query;
}

static enum err load(struct http_exchange *x, json_t *query, json_t **programme)
{
    const char *code = http_path_text(x, "code");
    return code && strlen(code) <= 40 ? public_programme(x->db, code, query, programme)
                                      : ERR_NOT_FOUND;
}

void get_public_page(struct http_exchange *x)
{
    json_t *query = read_query(x), *programme = NULL;
    if (!query)
        return;
    struct buf out;
    enum err err = load(x, query, &programme);
    buf_init(&out, PUBLIC_PAGE_MAX);
    if (err == ERR_OK)
        public_page_write(&out, &(struct public_page){
                                    .words = words_of(x), .programme = programme, .query = query});
    else
        public_unknown_write(&out, words_of(x));
    if (err == ERR_OK || err == ERR_NOT_FOUND)
        http_reply_page(x, err == ERR_OK ? 200 : 404, &out);
    else
        http_problem_err(x, err);
    buf_release(&out);
    json_decref(programme);
    json_decref(query);
}

/* --- files --- */

/* All of it; NULL after having replied. */
static json_t *load_all(struct http_exchange *x, char url[static 256])
{
    json_t *query = json_object(), *programme = NULL;
    enum err err = load(x, query, &programme);
    json_decref(query);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return NULL;
    }
    snprintf(url, 256, "%s/programme/%s", x->app->base_url, json_text_of(programme, "code"));
    return programme;
}

void get_public_xml(struct http_exchange *x)
{
    char url[256];
    struct buf out;
    json_t *programme = load_all(x, url);
    if (!programme)
        return;
    buf_init(&out, PUBLIC_PAGE_MAX);
    public_xml_write(&out, programme, url);
    if (buf_failed(&out))
        http_problem_err(x, ERR_INTERNAL);
    else
        http_reply_payload(x, payload_copy(out.data, out.len),
                           "application/vnd.c3voc.schedule+xml; charset=utf-8", "", FRESH_S);
    buf_release(&out);
    json_decref(programme);
}

void get_public_json(struct http_exchange *x)
{
    char url[256];
    json_t *programme = load_all(x, url);
    if (!programme)
        return;
    http_reply_json(x, 200, public_json(programme, url));
    json_decref(programme);
}

void get_public_calendar(struct http_exchange *x)
{
    char url[256];
    const char *hall = NULL;
    if (!http_query_text(x, "room", 36, &hall))
        return;
    json_t *programme = load_all(x, url);
    if (!programme)
        return;
    char *text = public_calendar(programme, hall ? hall : "", url, clock_now_us(x->clock));
    http_reply_payload(x, payload_copy(text, strlen(text)), "text/calendar; charset=utf-8", "",
                       FRESH_S);
    free(text);
    json_decref(programme);
}
