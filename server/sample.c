#include "sample.h"

#include "blob/blob.h"
#include "sample_deck.h"
#include "sample_store.h"
#include <stdio.h>

#define DECK_MAX (128 * 1024)

static enum err sign_in_link(struct db_conn *c, const struct app *app,
                             const struct id *organisation, const char *role,
                             char link[static SAMPLE_LINK_SIZE])
{
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    bool found = false;
    token_new(token, hash);
    enum err err =
        sample_sign_in_link(c, organisation, role, hash, clock_now_us(app->clock), &found);
    if (err == ERR_OK && found)
        snprintf(link, SAMPLE_LINK_SIZE, "%s/sign-in#%s", app->base_url, token);
    return err;
}

static enum err join_link(struct db_conn *c, const struct app *app, const struct id *organisation,
                          char link[static SAMPLE_LINK_SIZE])
{
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    bool found = false;
    token_new(token, hash);
    enum err err = sample_join_link(c, organisation, hash, clock_now_us(app->clock), &found);
    if (err == ERR_OK && found)
        snprintf(link, SAMPLE_LINK_SIZE, "%s/join#%s", app->base_url, token);
    return err;
}

static enum err add_deck(struct db_conn *c, const struct app *app, const struct id *organisation)
{
    struct buf pdf;
    uint8_t hash[BLOB_HASH_SIZE];
    buf_init(&pdf, DECK_MAX);
    sample_deck_write(&pdf);
    enum err err = blob_put(app->blobs, pdf.data, pdf.len, hash);
    if (err == ERR_OK)
        err = sample_add_deck(c, organisation, SAMPLE_DECK_FILE, hash, (int64_t)pdf.len,
                              clock_now_us(app->clock));
    buf_release(&pdf);
    return err;
}

enum err sample_load(struct db_conn *conn, const struct app *app, struct sample_links *links)
{
    struct id organisation;
    bool loaded = false;
    *links = (struct sample_links){0};
    enum err err = sample_find(conn, &loaded, &organisation);
    if (err == ERR_OK && !loaded)
        err = sample_write(conn, clock_now_us(app->clock), &organisation);
    if (err == ERR_OK && !loaded && app->blobs)
        err = add_deck(conn, app, &organisation);
    if (err == ERR_OK)
        err = sign_in_link(conn, app, &organisation, "organiser", links->organiser);
    if (err == ERR_OK)
        err = sign_in_link(conn, app, &organisation, "host", links->host);
    if (err == ERR_OK)
        err = join_link(conn, app, &organisation, links->hcp);
    return err;
}
